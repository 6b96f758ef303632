"""Where a week's time goes, against what the memory allows: `python -m benchmarks.profile [CONSUMERS]`.

The two halves of a week are timed apart, on one thread: deciding, which reads every consumer called up, and telling the
neighbours, which follows ties all over memory. Beside them stands what the same traffic would cost if nothing else were
done: bytes read in a row, and single counts changed at random places.
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
from abm.engine.parallel import parts_of
from abm.engine.state import N_TALLIES, TO_SINGLE, TO_SUPER, Run
from abm.numerics.jit import entry_point_without_nrt
from abm.numerics.lookup_tables import choice_curves
from benchmarks import machine, work

FOLDER = Path(__file__).parents[1] / "docs" / "performance"
WEEKS = 10


@entry_point_without_nrt
def _decide(run, first_week, step, n_blocks, tally, room):  # type: ignore[no-untyped-def]
    kernel.decide(run, first_week, step, 0, 0, n_blocks, tally, room)


@entry_point_without_nrt
def _tell(run, parts, n_blocks, delta, told, senders):  # type: ignore[no-untyped-def]
    state, ties = run.population.state, run.population.adjacency
    kernel.scatter_counts(state.switched, state.mode, 0, n_blocks, ties, ties.procedures, told.n_super, senders)
    if state.n_let_down.size:
        kernel.scatter_counts(
            state.let_down, state.let_down, 0, n_blocks, ties, ties.procedures, told.n_let_down, senders
        )
    kernel.reduce_partition(run, parts, delta)


def halves(market: Market, warm_up: int) -> dict[str, float]:
    """Return nanoseconds per consumer-week of deciding and telling, and the share who switched."""
    simulation = Simulation([market], seed=1, threads=1)
    simulation.advance(warm_up)
    tallies, merchants = np.zeros((WEEKS + 1, 1, N_TALLIES), np.int64), np.zeros((WEEKS + 1, 1))
    tallies[0] = simulation.present_tallies
    rules, _, merchants[0] = simulation.present()
    rules = np.repeat(rules[None], WEEKS, axis=0).view(np.recarray)
    places = simulation.layouts.view(np.recarray)
    rooms, delta = kernel.new_workspaces(simulation.population.state, 1)
    run = Run(simulation.population, places, rules, choice_curves(), tallies, merchants)
    n, n_blocks = market.consumers, int(places.n_blocks[0])
    room, parts = rooms[0], parts_of(places)
    summed = np.zeros((1, 1, N_TALLIES), np.int64)
    deciding, telling = [], []
    for step in range(WEEKS):
        kernel.open_week(run, step)
        deciding.append(seconds(lambda s=step: _decide(run, warm_up, s, n_blocks, summed[0, 0], room)))
        telling.append(seconds(lambda: _tell(run, parts, n_blocks, delta, room.delta, room.senders)))
        kernel.close_week(run, step, summed)
    switched = tallies[1:, 0, [TO_SUPER, TO_SINGLE]].sum() / (n * WEEKS)
    return {
        "deciding": 1e9 * statistics.median(deciding) / n,
        "telling": 1e9 * statistics.median(telling) / n,
        "switched": float(switched),
    }


def seconds(work_done: Callable[[], object]) -> float:
    """Return how long something takes."""
    began = time.perf_counter()
    work_done()
    return time.perf_counter() - began


@njit
def _read(numbers):  # type: ignore[no-untyped-def]
    total = 0
    for number in numbers:
        total += number
    return total


@njit
def _change(counts, places):  # type: ignore[no-untyped-def]
    for place in places:
        counts[place] += 1


def limits(n: int) -> dict[str, float]:
    """Return nanoseconds per byte read in a row, and per count changed at a random place, on one thread."""
    numbers = np.ones(8 * n, np.int64)
    counts, places = np.zeros(n, np.uint8), np.random.default_rng(1).integers(0, n, 10 * n, np.uint32)
    _read(numbers)
    _change(counts, places)
    read = statistics.median(seconds(lambda: _read(numbers)) for _ in range(5))
    change = statistics.median(seconds(lambda: _change(counts, places)) for _ in range(5))
    return {"read_byte": 1e9 * read / numbers.nbytes, "change_count": 1e9 * change / places.size}


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
    print(f"{'ns per consumer-week':32s} deciding  telling    sum   switched")
    rows = {}
    for title, (market, warm_up) in cases.items():
        row = rows[title] = halves(market, warm_up)
        total = row["deciding"] + row["telling"]
        print(
            f"{title:32s} {row['deciding']:8.2f} {row['telling']:8.2f} {total:6.2f} {row['switched']:9.2%}", flush=True
        )
    found = limits(n)
    print(
        f"\nmemory: {found['read_byte']:.3f} ns per byte in a row, {found['change_count']:.2f} ns per count at random"
    )
    for title, row in rows.items():
        least = work.DEGREE * row["switched"] * found["change_count"]
        print(f"{title:32s} telling takes {row['telling'] / least:4.1f} times what its {work.DEGREE} counts cost alone")
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
