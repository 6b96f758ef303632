"""Run in a process of its own: ``python -m tests.exactness.probe THREADS ...`` prints what each run hashes to, as JSON.

Every hash covers the result table, its Parquet file, and every number that the consumers are left with.
"""

import hashlib
import json
import locale
import sys
import tempfile
from contextlib import suppress
from datetime import date
from pathlib import Path

import numpy as np

from abm import Simulation
from abm.experiment.result_files import write_table
from tests.exactness.busy import LEVERS, markets

WEEKS = 9


def fingerprint(simulation: Simulation) -> str:
    """Return a hash over everything that a run leaves behind."""
    trajectory = simulation.trajectory()
    digest = hashlib.sha256(trajectory.table.to_csv().encode())
    digest.update(trajectory.tallies.tobytes() + trajectory.merchants.tobytes())
    for name in ("aware", "mode", "habit", "trust", "degree"):
        digest.update(np.ascontiguousarray(trajectory.consumers[name]).tobytes())
    for values in (*simulation.population.traits, *simulation.population.state, *simulation.population.adjacency):
        if values is not None:
            digest.update(np.ascontiguousarray(values).tobytes())
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "table.parquet"
        write_table(trajectory.table, file)
        digest.update(file.read_bytes())
    return digest.hexdigest()


def run(threads: int, scale: int = 10_000) -> str:
    """Return what the busy markets hash to, run on so many threads."""
    simulation = Simulation(
        markets(scale), seed=42, replicate=1, levers=LEVERS, start=date(2023, 10, 30), threads=threads
    )
    simulation.advance(WEEKS)
    return fingerprint(simulation)


if __name__ == "__main__":
    with suppress(locale.Error):
        locale.setlocale(locale.LC_ALL, "")
    sys.stdout.write(json.dumps({text: run(int(text)) for text in sys.argv[1:]}))
