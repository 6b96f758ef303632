"""Memory: what is predicted, what is measured, what is left under limits, and what is refused."""

import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from abm import Market, Simulation
from abm.base.errors import InputError
from abm.experiment import memory
from abm.experiment.allocation import Allocation
from abm.experiment.memory import TooLarge, bytes_available, bytes_needed, fitting, refuse_if_too_large, size_of
from abm.experiment.plan import plan
from abm.levers import make_lever
from abm.numerics.jit import is_compiled
from tests.experiment.run_specs import ALONE, market, spec


def test_memory_grows_with_consumers_and_ties() -> None:
    once, twice = size_of([market()]), size_of([market(consumers=2_000_000)])
    assert twice.building == 2 * once.building
    assert twice.running == 2 * once.running
    assert once.running - size_of([market(degree=8)]).running == 8e6
    unequal = market(name="unequal").replace({"basket_sigma": 1.0})
    assert size_of([unequal]).running - once.running == 4e6
    assert size_of([market(), unequal]).running - size_of([market(), market(name="equal")]).running == 8e6
    assert size_of([market("complete")]).running < size_of([market("procedural")]).running < 30e6 < once.running
    both = size_of([market("complete"), market(name="other")]).running
    assert both - size_of([market("complete")]).running - once.running == 2e6  # numbers of neighbours, for everybody


def test_what_is_stored_while_building_counts() -> None:
    assert size_of([market("regular")]).building > size_of([market("regular")]).running
    assert size_of([market("scale_free")]).building > size_of([market("random")]).building


def test_runs_side_by_side_and_rows_add_up() -> None:
    one = bytes_needed([spec(market())], ALONE)
    three = bytes_needed([spec(market())], ALONE._replace(n_side_by_side=3))
    assert three - one == pytest.approx(2 * max(size_of([market()])))
    processes = bytes_needed([spec(market())], Allocation(3, 1, in_processes=True))
    assert processes - three == pytest.approx(3 * memory.PROCESS)
    longer = bytes_needed([spec(market(), weeks=1_005)], ALONE)
    assert longer - one == pytest.approx(1_000 * memory.PER_ROW)


def test_processes_are_given_up_where_there_is_no_memory_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    processes, specs = Allocation(16, 1, in_processes=True), [spec(market(consumers=2_000))]
    in_threads = processes._replace(in_processes=False)
    monkeypatch.setattr(memory, "bytes_available", lambda: bytes_needed(specs, processes))
    assert fitting(specs, processes) == processes
    monkeypatch.setattr(memory, "bytes_available", lambda: bytes_needed(specs, processes) - 1)
    assert fitting(specs, processes) == in_threads


def test_what_fits_is_not_refused() -> None:
    refuse_if_too_large([spec(Market())], ALONE)
    assert bytes_available() > 0


def test_what_does_not_fit_is_refused_with_both_figures() -> None:
    with pytest.raises(TooLarge, match=r"GB of memory, .* GB are free") as refused:
        refuse_if_too_large([spec(market(consumers=2**31 - 1, degree=100))], ALONE._replace(threads=2), "big.toml")
    assert str(refused.value).startswith("big.toml: consumers = 2,147,483,647: ")


CONFIG = """
name = "size"
weeks = 4
[markets.west]
profile = "west"
consumers = {consumers}
network = {{ family = "{family}", degree = 10 }}
"""


def test_the_impossible_is_refused_at_once(tmp_path: Path) -> None:
    config = tmp_path / "huge.toml"
    config.write_text(CONFIG.format(consumers=1_000, family="small_world"))
    tracemalloc.start()
    with pytest.raises(InputError, match="1,000,000,000,000"):
        plan(config, 1, ("markets.west.consumers=1_000_000_000_000",))
    found = plan(config, 1, ("markets.west.consumers=2_000_000_000",))
    assert found.refusal is not None
    assert found.probe is None
    assert found.n_fitting < 2_000_000_000
    assert tracemalloc.get_traced_memory()[1] < 50e6, "nothing was allocated, let alone tried"
    tracemalloc.stop()


def test_limits_of_control_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tightest limit above a process counts, less what is used, plus what is only kept of files."""
    files = {
        "/proc/self/cgroup": "0::/outer/inner\n4:memory:/box\n",
        "/proc/meminfo": "MemTotal: 9000000 kB\nMemAvailable: 8000000 kB\n",
        "/sys/fs/cgroup/outer/inner/memory.max": "max\n",
        "/sys/fs/cgroup/outer/inner/memory.current": "5\n",
        "/sys/fs/cgroup/outer/memory.max": "4000000000\n",
        "/sys/fs/cgroup/outer/memory.current": "1500000000\n",
        "/sys/fs/cgroup/outer/memory.stat": "anon 7\ninactive_file 500000000\n",
        "/sys/fs/cgroup/memory/box/memory.limit_in_bytes": "3500000000\n",
        "/sys/fs/cgroup/memory/box/memory.usage_in_bytes": "1000000000\n",
    }
    monkeypatch.setattr(memory, "_lines", lambda path: files.get(str(path), "").splitlines())
    assert bytes_available() == 2.5e9
    del files["/sys/fs/cgroup/memory/box/memory.limit_in_bytes"]
    assert bytes_available() == 3.0e9
    files["/sys/fs/cgroup/outer/memory.max"] = "max\n"
    assert bytes_available() == 8_000_000 * 1024


MEASURED = r"""
import atexit, re
from abm.cli.app import main
atexit.register(lambda: print(re.search(r"VmHWM:\s+(\d+) kB", open("/proc/self/status").read())[1]))
main()
"""


def peak_of(*words: str) -> int:
    """Return the peak memory of a command in a process of its own, in bytes.

    It says so itself: what the system reports of a process that has ended includes the peak of the one it came from.
    """
    ended = subprocess.run([sys.executable, "-c", MEASURED, *words], stdout=subprocess.PIPE, text=True, check=True)
    return int(ended.stdout.split()[-1]) * 1024


@pytest.mark.slow
@pytest.mark.parametrize(
    ("family", "consumers"),
    [
        ("small_world", 1_000), ("small_world", 1_000_000), ("small_world", 4_000_000), ("complete", 4_000_000),
        ("procedural", 4_000_000), ("scale_free", 4_000_000), ("random", 3_000_000), ("regular", 4_000_000),
        ("communities", 2_000_000),
    ],
)  # fmt: skip
def test_prediction_against_measured_peak(family: str, consumers: int, tmp_path: Path) -> None:
    """Never less than what is used, and at most a quarter more."""
    config = tmp_path / "size.toml"
    config.write_text(CONFIG.format(consumers=consumers, family=family))
    predicted = plan(config, 1).bytes_needed  # its probe compiles what is not compiled yet
    predicted = min(predicted, plan(config, 1).bytes_needed)
    measured = peak_of("run", str(config), "--out", str(tmp_path / "run"), "--workers", "1")
    assert measured <= predicted <= 1.25 * measured, f"predicted {predicted / 1e6:.0f} MB, used {measured / 1e6:.0f} MB"


@pytest.mark.needs_compiled
def test_knows_whether_the_week_is_compiled() -> None:
    """That it is not before is in test_jit.py."""
    for family, form in (("ring", "week"), ("procedural", "week_with_procedural_networks")):
        Simulation([market(family, consumers=100, degree=2)], seed=1).advance(1)
        assert is_compiled(form)


def test_counts_are_as_wide_as_somebody_needs() -> None:
    narrow, wide = market("procedural", degree=200), market("procedural", degree=300)
    assert size_of([wide], threads=3).running - size_of([narrow], threads=3).running == 5e6
    lever = make_lever({"kind": "set", "market": "west", "start": 1, "values": {"trust.bad_news": 0.2}})
    more = [size_of([each], levers=[lever], threads=3).running for each in (narrow, wide)]
    assert more[1] - more[0] == 9e6
    assert size_of([narrow, market("scale_free", name="us")]).running > sum(
        size_of([one]).running for one in (narrow, market("scale_free", name="us"))
    )
