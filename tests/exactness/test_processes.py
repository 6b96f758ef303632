"""The same bytes on any number of threads, any processor, in any process: each case is a fresh interpreter."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.exactness import probe

ROOT = Path(__file__).parents[2]


def numpy_features() -> str:
    """Return the vector instructions that NumPy would use here and can be told not to."""
    from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

    return " ".join(name for name in __cpu_dispatch__ if __cpu_features__.get(name))


def hashes(*threads: int, **environment: str) -> dict[str, str]:
    """Return what the runs hash to in a new process with other environment variables."""
    command = [sys.executable, "-m", "tests.exactness.probe", *map(str, threads)]
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": path} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def expected() -> str:
    return probe.run(threads=1)


@pytest.mark.needs_compiled
@pytest.mark.parametrize("threads", [2, 3, 8])
def test_threads_do_not_show(threads: int, expected: str) -> None:
    assert probe.run(threads) == expected


@pytest.mark.needs_compiled
def test_a_fresh_process_in_another_place(expected: str) -> None:
    """Other hash seed, time zone, language, and NumPy without the vector instructions it would choose."""
    found = hashes(
        1, 3, PYTHONHASHSEED="4711", TZ="Pacific/Kiritimati", LC_ALL="de_DE.UTF-8", LANG="tr_TR.UTF-8",
        NPY_DISABLE_CPU_FEATURES=numpy_features(),
    )  # fmt: skip
    assert found == {"1": expected, "3": expected}


@pytest.mark.needs_compiled
@pytest.mark.slow
@pytest.mark.parametrize(
    "environment",
    [
        {"NUMBA_CPU_NAME": "generic"},
        {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": "", "NUMBA_OPT": "1"},
        {"NUMBA_DISABLE_INTEL_SVML": "1"},
        {"NUMBA_LOOP_VECTORIZE": "0", "NUMBA_ENABLE_AVX": "0"},
    ],
    ids=lambda environment: ",".join(f"{key}={value}" for key, value in environment.items()),
)
def test_code_for_other_processors(environment: dict[str, str], expected: str, tmp_path: Path) -> None:
    """Compiled anew, into a cache of its own, for another processor or with other instructions."""
    found = hashes(1, 2, 3, 8, NUMBA_CACHE_DIR=str(tmp_path), PYTHONHASHSEED="1", **environment)
    assert found == dict.fromkeys("1238", expected)
    assert any(tmp_path.rglob("*.nbi")), "nothing was compiled: the test would compare cached code"


def test_the_hash_sees_a_single_bit() -> None:
    """Guard against a hash of nothing: one flipped bit of one consumer shows."""
    simulation = probe.Simulation(probe.markets(200), seed=42)
    simulation.advance(2)
    before = probe.fingerprint(simulation)
    simulation.population.state.trust[5] ^= 1
    assert probe.fingerprint(simulation) != before


def test_the_probe_is_busy() -> None:
    """Guard against a run in which nothing happens: every column of every tally moves."""
    simulation = probe.Simulation(probe.markets(200), seed=42, levers=probe.LEVERS)
    simulation.advance(probe.WEEKS)
    tallies = simulation.trajectory().tallies
    moves = (tallies[1:] != tallies[:-1]).any(axis=0)
    assert moves[:, : probe_columns()].all()


def probe_columns() -> int:
    """Return how many columns of the tally belong to the mechanisms that the probe switches on."""
    from abm.engine.state import LET_DOWN

    return LET_DOWN + 1
