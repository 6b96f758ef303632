"""The same work in this model and in what people would use otherwise: `python -m benchmarks.peers [CONSUMERS] [NAMES]`.

Every tool runs in a process of its own; all take turns, several rounds, in one session. What is printed, and written to
docs/performance/peers_CONSUMERS.json, are medians and the ratio to this model round by round. Networks and compiling
are not counted. Peers that need packages of their own get an environment under .benchmarks/ (built by uv, once).
"""

import importlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from abm.networks import Network, build
from benchmarks import machine, work
from benchmarks.peers import NAMES
from benchmarks.peers.environments import CannotBuild, python_of

ROUNDS = 7
ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "performance"
SETTLED = ("this_model", "scipy_sparse", "numba_gather")  # also timed near equilibrium


class Peer(NamedTuple):
    """A tool that waits for weeks to run."""

    name: str
    tool: ModuleType
    process: subprocess.Popen[str]

    def seconds(self, weeks: int) -> float:
        """Have it run so many weeks; return how long they took."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{weeks}\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())


def start(name: str, path: Path) -> Peer:
    """Start a peer on the work in a file, and wait until it is ready.

    Raises
    ------
    CannotBuild
    """
    tool = importlib.import_module(f"benchmarks.peers.{name}")
    command = [python_of(name, tool.PACKAGES), "-m", "benchmarks.peers.worker", name, str(path)]
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    for line in process.stdout:
        if line.strip() == "ready":
            return Peer(name, tool, process)
    _, errors = process.communicate()
    raise CannotBuild((errors.strip().splitlines() or ["ended before it was ready"])[-1])


def measure(path: Path, regime: work.Regime, n: int, names: list[str]) -> dict[str, list[float]]:
    """Return consumer-weeks per second of every tool, one figure a round."""
    peers = []
    for name in names:
        try:
            peers.append(start(name, path))
        except CannotBuild as problem:
            print(f"left out: {name}: {problem}", file=sys.stderr)
    rates: dict[str, list[float]] = {peer.name: [] for peer in peers}
    for peer in peers:
        peer.seconds(regime.warm_up if peer.tool.WEEKS > 2 else peer.tool.WEEKS)
    for _ in range(ROUNDS):
        for peer in peers:
            weeks = peer.tool.WEEKS
            rates[peer.name].append(n * weeks / peer.seconds(weeks))
    for peer in peers:
        peer.process.communicate()
    return rates


def table(rates: dict[str, list[float]]) -> list[dict[str, object]]:
    """Return one row a tool: median rate, and the median of the ratios round by round."""
    own = rates["this_model"]
    return [
        {
            "tool": importlib.import_module(f"benchmarks.peers.{name}").TITLE,
            "consumer_weeks_per_second": statistics.median(found),
            "this_model_is_faster_by": statistics.median(a / b for a, b in zip(own, found, strict=True)),
        }
        for name, found in rates.items()
    ]


def main() -> None:
    """Print the ratio tables, in transition and near equilibrium, and write them down."""
    n = int(float(sys.argv[1])) if len(sys.argv) > 1 else 1_000_000
    chosen = ["this_model", *sys.argv[2:]] if len(sys.argv) > 2 else list(NAMES)
    family = Network(family="small_world", degree=work.DEGREE, rewiring=work.REWIRING)
    csr = build(family, n=n, seed=1)
    written = {"consumers": n, "rounds": ROUNDS, "machine": machine.describe(), "tables": {}}
    print(f"{n:,} consumers, medians of {ROUNDS} rounds; {written['machine']}")
    for regime in (work.IN_TRANSITION, work.NEAR_EQUILIBRIUM):
        names = [
            name for name in chosen
            if (regime is work.IN_TRANSITION or name in SETTLED)
            and n <= getattr(importlib.import_module(f"benchmarks.peers.{name}"), "LARGEST", n)
        ]  # fmt: skip
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "work.npz"
            work.write(path, csr.indptr, csr.indices, regime.mean)
            rows = table(measure(path, regime, n, names))
        written["tables"][regime.title] = rows
        print(f"\n{regime.title:30s} consumer-weeks/s   this model is faster by")
        for row in rows:
            print(
                f"{row['tool']:30s} {row['consumer_weeks_per_second']:16.3g}   {row['this_model_is_faster_by']:8.1f} x"
            )
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"peers_{n}.json").write_text(json.dumps(written, indent=2) + "\n")


if __name__ == "__main__":
    main()
