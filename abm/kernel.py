"""The compiled week: decide, pass on, close.

A week is synchronous: everything is read at week t and written for week t + 1. It is also event-driven: each
consumer keeps the number of its neighbours in mode super, and only those who switch tell their neighbours.
"""

from typing import NamedTuple

import numpy as np

from abm.arrays import FIRST_FLOW, N_TALLIES, SPEND, SUPER_SPEND
from abm.batch import (
    chances,
    choose,
    collect_person,
    draw_words,
    experience,
    form_habits,
    hear,
    learn,
    price_baskets,
    settle,
    spend,
    value_shop,
)
from abm.compiled import bare, rule
from abm.desk import BLOCKS, Batch, Desk, Masks, call_up, new_desk, new_masks, present_bits, whole_lanes
from abm.mechanisms.supply import merchants_join
from abm.random import Purpose, bernoulli_masks
from abm.telling import BATCH, Messages, new_messages, note_messengers, procedure_number, tell
from abm.week import this_week

_OCCASION = int(Purpose.OCCASION)


class Room(NamedTuple):
    """What one thread writes its notes on; nothing in it outlives a week."""

    masks: Masks
    desk: Desk
    messages: Messages


def new_room() -> Room:
    """Return room for one thread."""
    return Room(new_masks(), new_desk(), new_messages())


@rule
def occasions(now, local, n_blocks, masks):  # type: ignore[no-untyped-def]
    """Draw who has an occasion to shop this week (equation 2)."""
    bernoulli_masks(now.stream, local, n_blocks, now.week, _OCCASION, now.occasion, masks.occasions, masks.undecided)
    for block in range(n_blocks):
        masks.occasions[block] &= masks.present[block]


@bare
def decide(run, first_week, step, market, first_block, last_block, tally, room):  # type: ignore[no-untyped-def]
    """Take blocks ``first_block`` .. ``last_block`` - 1 of a market through a week; add up in ``tally``."""
    place = run.places[market]
    now = this_week(
        first_week + step, place, run.rules[step, market], run.merchants[step, market], run.tallies[step, market]
    )
    population, state = run.population, run.population.state
    hears = now.total_let_down > 0 if now.complete else state.n_let_down.size > 0
    masks, desk = room.masks, room.desk
    for local in range(first_block, last_block, BLOCKS):
        n_blocks, first = min(BLOCKS, last_block - local), place.first_block + local
        batch = Batch(64 * local, np.uint64(64 * first), first, n_blocks)
        for block in range(n_blocks):
            masks.present[block] = present_bits(place.n_consumers - 64 * (local + block))
        if now.spreads:
            learn(now, batch, masks, desk, population, tally)
        occasions(now, local, n_blocks, masks)
        n = call_up(masks.occasions, n_blocks, desk.who)
        lanes = whole_lanes(n)
        draw_words(now, batch, desk, lanes)
        collect_person(now, batch, masks, desk, n, population)
        value_shop(now, batch, desk, n, lanes, population)
        chances(now, desk, lanes, run.curves)
        choose(now, batch, masks, desk, n, lanes)
        price_baskets(now, batch, desk, n, lanes, population, tally)
        spend(now, desk, lanes, tally)
        form_habits(now, batch, desk, n, lanes, population, tally)
        experience(now, batch, desk, n, lanes, masks, population, tally)
        if hears:
            hear(now, batch, masks, population, tally)
        settle(batch, masks, state, tally)


@bare
def pass_on(population, first_block, last_block, shared, room):  # type: ignore[no-untyped-def]
    """Tell the neighbours of those in some blocks of a market who switched or were let down.

    ``shared``: other threads do the same for other blocks.
    """
    state, ties, messages = population.state, population.ties, room.messages
    procedure = procedure_number(ties, 64 * first_block)
    for batch in range(first_block, last_block, BATCH):
        last = min(batch + BATCH, last_block)
        n = note_messengers(state.switched, state.mode, batch, last, messages)
        tell(state.n_super, ties, procedure, messages, n, shared)
        if state.n_let_down.size > 0:
            n = note_messengers(state.let_down, state.let_down, batch, last, messages)
            tell(state.n_let_down, ties, procedure, messages, n, shared)


@bare
def decide_parts(run, first_week, step, parts, tallies, room):  # type: ignore[no-untyped-def]
    """Take one thread's parts of the population through a week; add up in ``tallies``, int64[markets, N_TALLIES]."""
    for part in range(parts.shape[0]):
        market = parts[part, 0]
        decide(run, first_week, step, market, parts[part, 1], parts[part, 2], tallies[market], room)


@bare
def pass_on_parts(population, places, parts, room):  # type: ignore[no-untyped-def]
    """Tell the neighbours of one thread's parts of the population, while other threads do the same."""
    for part in range(parts.shape[0]):
        place = places[parts[part, 0]]
        if place.complete == 0:
            pass_on(population, place.first_block + parts[part, 1], place.first_block + parts[part, 2], True, room)


@bare
def open_week(run, step):  # type: ignore[no-untyped-def]
    """Start the tallies of the week after ``step``: stocks carried over, flows at zero."""
    for market in range(run.places.size):
        for column in range(N_TALLIES):
            stock = run.tallies[step, market, column]
            run.tallies[step + 1, market, column] = stock if column < FIRST_FLOW else 0


@bare
def close_week(run, step):  # type: ignore[no-untyped-def]
    """Let merchants join or leave every open market, given the week's sales (equation 7)."""
    for market in range(run.places.size):
        values = run.rules[step, market]
        merchants = run.merchants[step, market]
        spend = run.tallies[step + 1, market, SPEND]
        if values.launched != 0:
            gmv_share = run.tallies[step + 1, market, SUPER_SPEND] / spend if spend > 0 else 0.0
            merchants = merchants_join(merchants, gmv_share, values.supply_rate, values.half_saturation)
        run.merchants[step + 1, market] = merchants


@bare
def run_weeks(run, first_week, room):  # type: ignore[no-untyped-def]
    """Run all weeks of ``run.rules`` on one thread, from week ``first_week`` on."""
    for step in range(run.rules.shape[0]):
        open_week(run, step)
        for market in range(run.places.size):
            n_blocks = run.places[market].n_blocks
            decide(run, first_week, step, market, 0, n_blocks, run.tallies[step + 1, market], room)
        for market in range(run.places.size):
            place = run.places[market]
            if place.complete == 0:
                pass_on(run.population, place.first_block, place.first_block + place.n_blocks, False, room)
        close_week(run, step)
