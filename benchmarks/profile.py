"""Where a week's time goes, against what the memory allows: `python -m benchmarks.profile [CONSUMERS]`.

The two halves of a week are timed apart, on one thread: deciding, which reads every consumer with an occasion, and
keeping the counts of neighbours, which follows edges all over memory. Beside them stands what the same traffic would
cost if nothing else were done: bytes read in a row, and single counts changed at random rows.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numba import njit

from abm import Market, Simulation
from abm.engine import kernel
from abm.engine.batch_step import Tally
from abm.engine.neighbor_counts import CountDelta, SenderBuffer, scatter_counts
from abm.engine.parallel import parts_of
from abm.engine.state import TO_SINGLE, TO_SUPER, Run
from abm.numerics.jit import entry_point_without_nrt
from benchmarks import machine, work

FOLDER = Path(__file__).parents[1] / "docs" / "performance"
WEEKS = 10


@entry_point_without_nrt
def _decide(
    run: Run, first_week: int, step: int, parts: kernel.Parts, tally: Tally, workspace: kernel.Workspace
) -> None:
    for number in range(parts.shape[0]):
        kernel.step_market(run, first_week, step, parts[number], tally, workspace)


@entry_point_without_nrt
def _count(
    run: Run, parts: kernel.Parts, n_blocks: int, total: CountDelta, own: CountDelta, senders: SenderBuffer
) -> None:
    state, adjacency = run.population.state, run.population.adjacency
    procedures = adjacency.procedures
    scatter_counts(state.switched, state.mode, 0, n_blocks, adjacency, procedures, own.n_super, senders)
    if state.n_let_down.size:
        scatter_counts(state.let_down, state.let_down, 0, n_blocks, adjacency, procedures, own.n_let_down, senders)
    kernel.reduce_partition(run, parts, total)


def halves(market: Market, warm_up: int) -> dict[str, float]:
    """Return nanoseconds per consumer-week of deciding and of counting neighbours, and the share who switched."""
    simulation = Simulation([market], seed=1, threads=1)
    simulation.advance(warm_up)
    run, parts = simulation.prepare(WEEKS), parts_of(simulation.layouts)
    workspaces, delta = kernel.new_workspaces(simulation.population, simulation.mechanisms, 1)
    n, n_blocks, workspace = market.consumers, int(simulation.layouts["n_blocks"][0]), workspaces[0]
    summed = np.zeros((1, 1, run.tallies.shape[2]), np.int64)
    deciding, counting = [], []
    for step in range(WEEKS):
        kernel.open_week(run, step)
        deciding.append(seconds(lambda s=step: _decide(run, warm_up, s, parts, summed[0, 0], workspace)))
        counting.append(seconds(lambda: _count(run, parts, n_blocks, delta, workspace.delta, workspace.senders)))
        kernel.close_week(run, step, summed)
    switched = run.tallies[1:, 0, [TO_SUPER, TO_SINGLE]].sum() / (n * WEEKS)
    return {
        "deciding": 1e9 * statistics.median(deciding) / n,
        "counting": 1e9 * statistics.median(counting) / n,
        "switched": float(switched),
    }


def seconds(work_done: Callable[[], object]) -> float:
    """Return how long something takes."""
    began = time.perf_counter()
    work_done()
    return time.perf_counter() - began


@njit
def _read(numbers):
    total = 0
    for number in numbers:
        total += number
    return total


@njit
def _change(counts, rows):
    for row in rows:
        counts[row] += 1


def limits(n: int) -> dict[str, float]:
    """Return nanoseconds per byte read in a row, and per count changed at a random place, on one thread."""
    numbers = np.ones(8 * n, np.int64)
    counts, rows = np.zeros(n, np.uint8), np.random.default_rng(1).integers(0, n, 10 * n, np.uint32)
    _read(numbers)
    _change(counts, rows)
    read = statistics.median(seconds(lambda: _read(numbers)) for _ in range(5))
    change = statistics.median(seconds(lambda: _change(counts, rows)) for _ in range(5))
    return {"read_byte": 1e9 * read / numbers.nbytes, "change_count": 1e9 * change / rows.size}


def main() -> None:
    """Print the halves of a week in three states of a market, and the limits."""
    n = int(float(sys.argv[1])) if len(sys.argv) > 1 else 1_000_000
    asia = Market.profile("asia").replace({"consumers": n, "network.degree": 10})
    cases = {
        "peers' work, in transition": (_peers_market(n, work.IN_TRANSITION), work.IN_TRANSITION.warm_up),
        "peers' work, near equilibrium": (_peers_market(n, work.NEAR_EQUILIBRIUM), work.NEAR_EQUILIBRIUM.warm_up),
        "profile asia, week 200": (asia, 200),
    }
    print(f"{n:,} consumers, one thread; {machine.describe()}\n")
    print(f"{'ns per consumer-week':32s} deciding counting    sum   switched")
    rows = {}
    for title, (market, warm_up) in cases.items():
        row = rows[title] = halves(market, warm_up)
        total = row["deciding"] + row["counting"]
        print(
            f"{title:32s} {row['deciding']:8.2f} {row['counting']:8.2f} {total:6.2f} {row['switched']:9.2%}", flush=True
        )
    found = limits(n)
    print(
        f"\nmemory: {found['read_byte']:.3f} ns per byte in a row, {found['change_count']:.2f} ns per count at random"
    )
    for title, row in rows.items():
        least = work.DEGREE * row["switched"] * found["change_count"]
        print(f"{title:32s} counting takes {row['counting'] / least:4.1f} times what {work.DEGREE} counts cost alone")
    FOLDER.mkdir(parents=True, exist_ok=True)
    written = {"machine": machine.describe(), "consumers": n, "cases": rows, "limits": found}
    (FOLDER / "profile.json").write_text(json.dumps(written, indent=2) + "\n")


def _peers_market(n: int, regime: work.Regime) -> Market:
    return Market(
        consumers=n,
        occasion_rate=work.RATE,
        initial_adoption=work.START,
        preference={"mean": regime.mean, "spread": work.SPREAD},
        norm={"strength": work.STRENGTH},
        network={"family": "small_world", "degree": work.DEGREE, "rewiring": work.REWIRING},
    )


if __name__ == "__main__":
    main()
