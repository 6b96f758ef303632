"""Cost of a consumer-week against the size of the population and the number of threads: `python -m benchmarks.scale`.

Profile `asia` with all mechanisms, degree 10. Every size runs in a fresh process; a size that does not fit into memory
is left out. Figures and a log-log picture go to docs/performance/.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks import machine

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "performance"
SIZES = [10**3, 10**4, 10**5, 10**6, 10**7, 10**8]
FAMILIES = ("small_world", "procedural")
TURNS, LEAST_SECONDS = 5, 0.2


def one(family: str, n: int, threads: int) -> dict[str, float]:
    """Build a market and time its weeks; return seconds, nanoseconds and bytes."""
    from abm import Market, Simulation

    Simulation([_market(Market, family, 1000)], threads=threads).advance(2)  # compiles
    began = time.perf_counter()
    simulation = Simulation([_market(Market, family, n)], seed=1, threads=threads)
    built = time.perf_counter() - began
    simulation.advance(2)
    weeks, costs = 1, []
    while len(costs) < (TURNS if n < 10**8 else 2):
        began = time.perf_counter()
        simulation.advance(weeks)
        seconds = time.perf_counter() - began
        if seconds < LEAST_SECONDS and weeks < 1000:
            weeks *= 2
        else:
            costs.append(1e9 * seconds / (n * weeks))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {
        "family": family, "consumers": n, "threads": threads, "build_seconds": built,
        "nanoseconds": statistics.median(costs), "peak_bytes": peak,
    }  # fmt: skip


def _market(market: type, family: str, n: int) -> object:
    changes = {"consumers": n, "launch": 0, "network.family": family, "network.degree": 10}
    if family != "small_world":
        profile = market.profile("asia")
        values = profile.values() | {"network": {"family": family, "degree": 10}, "consumers": n, "launch": 0}
        return market(**values)
    return market.profile("asia").replace(changes)


def draw(rows: list[dict[str, float]], path: Path) -> None:
    """Draw cost against size, one line per family and number of threads."""
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 4.2), layout="constrained")
    lines = sorted({(row["family"], row["threads"]) for row in rows})
    for family, threads in lines:
        own = [row for row in rows if (row["family"], row["threads"]) == (family, threads)]
        axes.plot(
            [row["consumers"] for row in own], [row["nanoseconds"] for row in own],
            marker="o", linestyle="-" if threads == 1 else "--",
            label=f"{str(family).replace('_', ' ')}, {threads} thread{'s' if threads > 1 else ''}",
        )  # fmt: skip
    axes.set(xscale="log", yscale="log", xlabel="consumers", ylabel="nanoseconds per consumer and week")
    axes.set_yticks([1, 2, 5, 10, 20, 50, 100], [1, 2, 5, 10, 20, 50, 100])
    axes.yaxis.set_minor_formatter("")
    axes.set_ylim(min(row["nanoseconds"] for row in rows) / 3, max(row["nanoseconds"] for row in rows) * 1.3)
    axes.grid(which="both", alpha=0.25)
    axes.legend(frameon=False, loc="lower right", ncols=2)
    figure.savefig(path)


def main() -> None:
    """Measure every size in its own process; print, write and draw what came out."""
    if sys.argv[1:2] == ["one"]:
        print(json.dumps(one(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))))
        return
    largest = int(float(sys.argv[1])) if len(sys.argv) > 1 else SIZES[-1]
    cores = len(os.sched_getaffinity(0))
    rows = []
    for family in FAMILIES:
        for n in (size for size in SIZES if size <= largest):
            for threads in sorted({1, cores}):
                command = [sys.executable, "-m", "benchmarks.scale", "one", family, str(n), str(threads)]
                done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
                if done.returncode:
                    reason = (done.stderr.strip().splitlines() or ["ended without a word"])[-1]
                    print(f"left out: {family}, {n:,}: {reason}", file=sys.stderr)
                    continue
                row = json.loads(done.stdout)
                rows.append(row)
                print(
                    f"{family:12s} {n:>12,} consumers {threads} threads {row['nanoseconds']:7.2f} ns "
                    f"built in {row['build_seconds']:7.2f} s, peak {row['peak_bytes'] / 1e9:6.2f} GB",
                    flush=True,
                )
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "scale.json").write_text(json.dumps({"machine": machine.describe(), "rows": rows}, indent=2) + "\n")
    draw(rows, FOLDER / "scale.svg")


if __name__ == "__main__":
    main()
