"""The compiled week: decide and pass on, take in, close.

A week is synchronous: everything is read at week t and written for week t + 1. It is also event-driven: each
consumer keeps the number of its neighbours in mode super, and only those who switch tell their neighbours; what they
tell is taken in when everybody has decided.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from abm.engine.barrier import arrive, is_aborted, wait
from abm.engine.batch_step import (
    chances,
    choose,
    draw_words,
    experience,
    form_habits,
    gather_person,
    price_baskets,
    settle,
    spend,
    value_shop,
)
from abm.engine.gather import (
    BLOCKS,
    Active,
    Batch,
    BatchBuffers,
    Masks,
    new_batch_buffers,
    new_masks,
    present_bits,
    round_up_simd,
    select_active,
)
from abm.engine.neighbor_counts import (
    CountDelta,
    SenderBuffer,
    new_sender_buffer,
    reduce_counts,
    scatter_counts,
    zero_delta,
)
from abm.engine.social_learning import hear, learn
from abm.engine.state import FIRST_FLOW, N_TALLIES, SPEND, SUPER_SPEND, State
from abm.engine.utility import step_params
from abm.mechanisms.supply import merchants_join
from abm.numerics.jit import ast_inline, device_function, entry_point_without_nrt
from abm.numerics.random import Purpose, bernoulli_masks

_OCCASION = int(Purpose.OCCASION)
_STEP, _NEXT, _DUE = range(3)  # entries of a thread's turn
_LIVE, _HEAR, _GO_ON = range(3)  # what may come next


class Workspace(NamedTuple):
    """What one thread writes its notes on; nothing in it outlives a week."""

    masks: Masks
    buffers: BatchBuffers
    senders: SenderBuffer
    delta: CountDelta


class ThreadPartition(NamedTuple):
    """One of the threads that go through the weeks together."""

    number: int
    parts: npt.NDArray[np.int64]  # market, first block and end of each of its parts, blocks counted within the market
    room: Workspace
    turn: npt.NDArray[np.int64]  # step it is at, what comes next in it, arrivals it waits for; zeros in the beginning


def new_workspaces(state: State, threads: int) -> tuple[list[Workspace], CountDelta]:
    """Return room for each of some threads, and the count changes of all of them."""
    delta = zero_delta(state, threads)
    rooms = [
        Workspace(
            new_masks(),
            new_batch_buffers(),
            new_sender_buffer(),
            CountDelta(delta.n_super[lane], delta.n_let_down[lane]),
        )
        for lane in range(threads)
    ]
    return rooms, delta


@ast_inline
def occasions(now, local, n_blocks, masks):  # type: ignore[no-untyped-def]
    """Draw who has an occasion to shop this week (equation 2)."""
    bernoulli_masks(now.stream, local, n_blocks, now.week, _OCCASION, now.occasion, masks.occasions, masks.undecided)
    for block in range(n_blocks):
        masks.occasions[block] &= masks.present[block]


@ast_inline
def decide(run, first_week, step, market, first_block, last_block, tally, room):  # type: ignore[no-untyped-def]
    """Take blocks ``first_block`` .. ``last_block`` - 1 of a market through a week; add up in ``tally``."""
    place = run.layouts[market]
    now = step_params(
        first_week + step, place, run.rules[step, market], run.merchants[step, market], run.tallies[step, market]
    )
    population, state, masks, buffers = run.population, run.population.state, room.masks, room.buffers
    hears = now.total_let_down > 0 if now.complete else state.n_let_down.size > 0
    for local in range(first_block, last_block, BLOCKS):
        n_blocks, first = min(BLOCKS, last_block - local), place.first_block + local
        batch = Batch(64 * local, np.uint64(64 * first), first, n_blocks)
        for block in range(n_blocks):
            masks.present[block] = present_bits(place.n_consumers - 64 * (local + block))
        if now.spreads:
            learn(now, batch, masks, buffers, population, tally)
        occasions(now, local, n_blocks, masks)
        active = Active(select_active(masks.occasions, n_blocks, buffers.who), buffers.who, batch)
        lanes = round_up_simd(active.n)
        draw_words(now, active, buffers, lanes)
        gather_person(now, active, masks, buffers, population)
        value_shop(now, buffers, lanes)
        chances(now, buffers, lanes, run.curves)
        choose(now, active, masks, buffers, lanes)
        price_baskets(now, active, buffers, lanes, population, tally)
        spend(now, buffers, lanes, population, tally)
        form_habits(now, active, buffers, lanes, state.habit, tally)
        experience(now, active, buffers, lanes, masks, state.trust, tally)
        if hears:
            hear(now, batch, masks, buffers, population, tally)
        settle(batch, masks, state, tally)


@ast_inline
def live(run, first_week, step, parts, tallies, room):  # type: ignore[no-untyped-def]
    """Let one thread's parts of the population decide, and tell their neighbours; add up in ``tallies``."""
    state, adjacency, told, senders = run.population.state, run.population.adjacency, room.delta, room.senders
    for part in range(parts.shape[0]):
        market, first, last = parts[part, 0], parts[part, 1], parts[part, 2]
        decide(run, first_week, step, market, first, last, tallies[market], room)
        place = run.layouts[market]
        if place.complete == 0:
            first, last = place.first_block + first, place.first_block + last
            scatter_counts(
                state.switched, state.mode, first, last, adjacency, adjacency.procedures, told.n_super, senders
            )
            if state.n_let_down.size > 0:
                scatter_counts(
                    state.let_down,
                    state.let_down,
                    first,
                    last,
                    adjacency,
                    adjacency.procedures,
                    told.n_let_down,
                    senders,
                )


@device_function
def reduce_partition(run, parts, delta):  # type: ignore[no-untyped-def]
    """Let one thread's parts of the population take in what all threads have to tell."""
    state = run.population.state
    for part in range(parts.shape[0]):
        place = run.layouts[parts[part, 0]]
        if place.complete == 0:
            first, last = 64 * (place.first_block + parts[part, 1]), 64 * (place.first_block + parts[part, 2])
            reduce_counts(state.n_super, delta.n_super, first, last, False)
            if state.n_let_down.size > 0:
                reduce_counts(state.n_let_down, delta.n_let_down, first, last, True)


@device_function
def open_week(run, step):  # type: ignore[no-untyped-def]
    """Start the tallies of the week after ``step``: stocks carried over, flows at zero."""
    for market in range(run.layouts.size):
        for column in range(N_TALLIES):
            stock = run.tallies[step, market, column]
            run.tallies[step + 1, market, column] = stock if column < FIRST_FLOW else 0


@device_function
def close_week(run, step, tallies):  # type: ignore[no-untyped-def]
    """Add up what all threads have counted; let merchants join or leave every open market (equation 7)."""
    for market in range(run.layouts.size):
        total = run.tallies[step + 1, market]
        for column in range(N_TALLIES):
            for thread in range(tallies.shape[0]):
                total[column] += tallies[thread, market, column]
                tallies[thread, market, column] = 0
        values = run.rules[step, market]
        merchants = run.merchants[step, market]
        if values.launched != 0:
            gmv_share = total[SUPER_SPEND] / total[SPEND] if total[SPEND] > 0 else 0.0
            merchants = merchants_join(merchants, gmv_share, values.supply_rate, values.half_saturation)
        run.merchants[step + 1, market] = merchants


@entry_point_without_nrt
def run_weeks(run, first_week, lane, tallies, delta, arrivals):  # type: ignore[no-untyped-def]
    """Take one thread's parts of the population through all steps of ``run.rules``, together with the other threads.

    Parameters
    ----------
    run : Run
    first_week : int
        The week of the first step; its tallies have been opened.
    lane : ThreadPartition
        Number 0 closes the weeks.
    tallies : int64[threads, markets, N_TALLIES]
        What each thread adds up in a week.
    delta : CountDelta
        Of all threads.
    arrivals : int64[1]
        Arrivals at meetings, of all threads (abm.engine.barrier).

    Returns
    -------
    bool
        Whether nothing is left to do: all steps are done, or called off. If not, the thread has waited in vain for a
        while, and is to be active again.
    """
    threads, turn = tallies.shape[0], lane.turn
    while turn[_STEP] < run.rules.shape[0] and not is_aborted(arrivals):
        step = turn[_STEP]
        if turn[_NEXT] == _LIVE:
            live(run, first_week, step, lane.parts, tallies[lane.number], lane.room)
            turn[_NEXT], turn[_DUE] = _HEAR, arrive(arrivals, threads)
        if not wait(arrivals, turn[_DUE]):
            return False
        if turn[_NEXT] == _HEAR:
            reduce_partition(run, lane.parts, delta)
            if lane.number == 0:
                close_week(run, step, tallies)
                if step + 1 < run.rules.shape[0]:
                    open_week(run, step + 1)
            turn[_NEXT], turn[_DUE] = _GO_ON, arrive(arrivals, threads)
            if not wait(arrivals, turn[_DUE]):
                return False
        turn[_STEP], turn[_NEXT] = step + 1, _LIVE
    return True
