"""The compiled week: step the market, scatter the counts, reduce them, close.

A week is synchronous: everything is read at week t and written for week t + 1. It is also event-driven: each
consumer keeps the number of its neighbours in mode super, and only those who switch change the counts of their
neighbours; the changes are reduced when everybody has decided.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from abm.engine.barrier import arrive, is_aborted, wait
from abm.engine.batch_step import (
    Tally,
    add_up_utility,
    choose,
    draw_words,
    find_let_down,
    gather_inputs,
    one_basket_each,
    p_super_of_all,
    price_baskets,
    spend,
    write_modes,
)
from abm.engine.columns import Names
from abm.engine.dispatch import update_columns
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
from abm.engine.market_params import MarketParams, market_params_at
from abm.engine.neighbor_counts import (
    CountDelta,
    SenderBuffer,
    new_sender_buffer,
    reduce_counts,
    scatter_counts,
    zero_delta,
)
from abm.engine.social_learning import spread_awareness, spread_bad_experience
from abm.engine.state import END_OF_FLOWS, FIRST_FLOW, SPEND, SUPER_SPEND, Population, Run
from abm.mechanisms.supply import merchants_join
from abm.numerics.jit import ast_inline, device_function, entry_point_without_nrt
from abm.numerics.random import Purpose, bernoulli_masks

_OCCASION = int(Purpose.OCCASION)
_STEP, _PHASE, _DUE = range(3)  # entries of a thread's progress
_DECIDE, _REDUCE, _NEXT = range(3)  # phases of a step

Parts = npt.NDArray[np.int64]  # [parts, 3]: market, first block and end, blocks counted within the market


class Workspace(NamedTuple):
    """What one thread works with; nothing in it outlives a week."""

    masks: Masks
    buffers: BatchBuffers
    senders: SenderBuffer
    delta: CountDelta


class ThreadPartition(NamedTuple):
    """The part of the population that one of the threads takes through the weeks."""

    number: int
    parts: Parts
    workspace: Workspace
    progress: npt.NDArray[np.int64]  # [3]: step, phase, arrivals it waits for; zeros in the beginning


def new_workspaces(population: Population, names: Names, threads: int) -> tuple[list[Workspace], CountDelta]:
    """Return a workspace for each of some threads, and the count changes of all of them."""
    delta = zero_delta(population.state, threads)
    workspaces = [
        Workspace(
            new_masks(),
            new_batch_buffers(names),
            new_sender_buffer(),
            CountDelta(delta.n_super[thread], delta.n_let_down[thread]),
        )
        for thread in range(threads)
    ]
    return workspaces, delta


@ast_inline
def draw_occasions(market_params: MarketParams, local: int, n_blocks: int, masks: Masks) -> None:
    """Draw who has an occasion to shop this week (equation 2)."""
    bernoulli_masks(
        market_params.stream,
        local,
        n_blocks,
        market_params.week,
        _OCCASION,
        market_params.p_occasion,
        masks.occasions,
        masks.undecided,
    )
    for block in range(n_blocks):
        masks.occasions[block] &= masks.present[block]


@ast_inline
def step_market(run: Run, first_week: int, step: int, part: Parts, tally: Tally, workspace: Workspace) -> None:
    """Take a part of a market, int64[3], through a week: its order is that of docs/model.md; add up in ``tally``."""
    market, first_block, last_block = part[0], part[1], part[2]
    layout = run.layouts[market]
    market_params = market_params_at(
        first_week + step, layout, run.steps, run.schedule[step, market], run.merchants[step, market],
        run.tallies[step, market],
    )  # fmt: skip
    population, state, masks, buffers = run.population, run.population.state, workspace.masks, workspace.buffers
    bad_news = market_params.n_let_down > 0 if market_params.market.complete else state.n_let_down.size > 0
    for local in range(first_block, last_block, BLOCKS):
        n_blocks, first = min(BLOCKS, last_block - local), layout.first_block + local
        batch = Batch(64 * local, np.uint64(64 * first), first, n_blocks)
        for block in range(n_blocks):
            masks.present[block] = present_bits(layout.n_consumers - 64 * (local + block))
        if market_params.spreads:
            spread_awareness(market_params, batch, masks, buffers, population, tally)
        draw_occasions(market_params, local, n_blocks, masks)
        active = Active(select_active(masks.occasions, n_blocks, buffers.positions), buffers.positions, batch)
        n_padded = round_up_simd(active.n)
        draw_words(market_params, active, buffers, n_padded)
        gather_inputs(market_params, active, masks, buffers, population)
        add_up_utility(market_params, buffers, n_padded)
        p_super_of_all(market_params, buffers, n_padded, run.curves)
        choose(market_params, active, masks, buffers, n_padded)
        if not one_basket_each(population):  # to be called with so many parameters takes time
            price_baskets(market_params, active, buffers, n_padded, population, tally)
        spend(market_params, buffers, n_padded, population, tally)
        update_columns(market_params.params, active, buffers, n_padded, state, tally)
        find_let_down(market_params, active, buffers, n_padded, masks)
        if bad_news:
            spread_bad_experience(market_params, batch, masks, buffers, population, tally)
        write_modes(batch, masks, state, tally)


@ast_inline
def step_partition(
    run: Run, first_week: int, step: int, parts: Parts, tallies: npt.NDArray[np.int64], workspace: Workspace
) -> None:
    """Let one thread's parts decide, and scatter what changes for their neighbours; add up in ``tallies``."""
    state, adjacency, delta, senders = (
        run.population.state, run.population.adjacency, workspace.delta, workspace.senders
    )  # fmt: skip
    for number in range(parts.shape[0]):
        market = parts[number, 0]
        step_market(run, first_week, step, parts[number], tallies[market], workspace)
        layout = run.layouts[market]
        if layout.complete == 0:
            first, last = layout.first_block + parts[number, 1], layout.first_block + parts[number, 2]
            scatter_counts(
                state.switched, state.mode, first, last, adjacency, adjacency.procedures, delta.n_super, senders
            )
            if state.n_let_down.size > 0:
                scatter_counts(
                    state.let_down, state.let_down, first, last, adjacency, adjacency.procedures, delta.n_let_down,
                    senders,
                )  # fmt: skip


@device_function
def reduce_partition(run: Run, parts: Parts, delta: CountDelta) -> None:
    """Add what all threads have counted to the neighbour counts of one thread's parts."""
    state = run.population.state
    for part in range(parts.shape[0]):
        layout = run.layouts[parts[part, 0]]
        if layout.complete == 0:
            first, last = 64 * (layout.first_block + parts[part, 1]), 64 * (layout.first_block + parts[part, 2])
            reduce_counts(state.n_super, delta.n_super, first, last, False)
            if state.n_let_down.size > 0:
                reduce_counts(state.n_let_down, delta.n_let_down, first, last, True)


@device_function
def open_week(run: Run, step: int) -> None:
    """Start the tallies of the week after ``step``: stocks carried over, flows at zero."""
    for market in range(run.layouts.size):
        for column in range(run.tallies.shape[2]):
            stock = run.tallies[step, market, column]
            run.tallies[step + 1, market, column] = 0 if FIRST_FLOW <= column < END_OF_FLOWS else stock


@device_function
def close_week(run: Run, step: int, tallies: npt.NDArray[np.int64]) -> None:
    """Add up what all threads have counted; let merchants join or leave every open market (equation 7)."""
    for market in range(run.layouts.size):
        total = run.tallies[step + 1, market]
        for column in range(tallies.shape[2]):
            for thread in range(tallies.shape[0]):
                total[column] += tallies[thread, market, column]
                tallies[thread, market, column] = 0
        scheduled = run.schedule[step, market]
        merchants = run.merchants[step, market]
        if scheduled.launched != 0:
            gmv_share = total[SUPER_SPEND] / total[SPEND] if total[SPEND] > 0 else 0.0
            merchants = merchants_join(
                merchants, gmv_share, scheduled["supply.rate"], scheduled["supply.half_saturation"]
            )
        run.merchants[step + 1, market] = merchants


@entry_point_without_nrt
def run_weeks(
    run: Run, first_week: int, partition: ThreadPartition, tallies: npt.NDArray[np.int64], delta: CountDelta,
    arrivals: npt.NDArray[np.int64],
) -> bool:  # fmt: skip
    """Take one thread's partition through all steps of ``run.schedule``, together with the other threads.

    Parameters
    ----------
    run : Run
    first_week : int
        The week of the first step; its tallies have been opened.
    partition : ThreadPartition
        Number 0 closes the weeks.
    tallies : int64[threads, markets, n_tallies]
        What each thread adds up in a week.
    delta : CountDelta
        Of all threads.
    arrivals : int64[1]
        Arrivals at the barrier, of all threads.

    Returns
    -------
    bool
        Whether nothing is left to do: all steps are done, or aborted. If not, the thread has waited in vain for a
        while, and is to be called again.
    """
    threads, progress = tallies.shape[0], partition.progress
    while progress[_STEP] < run.schedule.shape[0] and not is_aborted(arrivals):
        step = progress[_STEP]
        if progress[_PHASE] == _DECIDE:
            step_partition(run, first_week, step, partition.parts, tallies[partition.number], partition.workspace)
            progress[_PHASE], progress[_DUE] = _REDUCE, arrive(arrivals, threads)
        if not wait(arrivals, progress[_DUE]):
            return False
        if progress[_PHASE] == _REDUCE:
            reduce_partition(run, partition.parts, delta)
            if partition.number == 0:
                close_week(run, step, tallies)
                if step + 1 < run.schedule.shape[0]:
                    open_week(run, step + 1)
            progress[_PHASE], progress[_DUE] = _NEXT, arrive(arrivals, threads)
            if not wait(arrivals, progress[_DUE]):
                return False
        progress[_STEP], progress[_PHASE] = step + 1, _DECIDE
    return True
