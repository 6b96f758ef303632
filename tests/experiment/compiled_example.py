"""A compiled function with several forms, for worker processes that compile at the same time."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numba
import numpy as np

from abm.numerics.jit import entry_point


@entry_point
def double(values):
    return values + values


def write_doubles(item: tuple[Path, int]) -> None:
    """Double an array of so many dimensions, each a compiled form; write what came out, and where it is kept."""
    file, n_dimensions = item
    values = np.arange(2.0**n_dimensions).reshape((2,) * n_dimensions)
    right = bool((double(values) == 2 * values).all())
    stats = double.stats
    loaded = any(signature[0].ndim == n_dimensions for signature in stats.cache_hits)
    report = {"right": right, "cache": stats.cache_path, "loaded": loaded, "process": os.getpid()}
    file.write_text(json.dumps(report))


def compile_in_another_process(n_dimensions: int) -> None:
    """Compile one form into the cache folder that is set now."""
    program = (
        "import numba; from pathlib import Path; import abm.numerics.jit\n"
        f"numba.config.CACHE_DIR = {str(numba.config.CACHE_DIR)!r}\n"
        f"from tests.experiment.compiled_example import write_doubles\n"
        f"write_doubles((Path('/dev/null'), {n_dimensions}))"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=Path(__file__).parents[2])
