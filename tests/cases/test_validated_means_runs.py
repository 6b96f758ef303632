"""What ``abm validate`` calls fine runs to its report; what cannot run is refused."""

import math
import re
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from abm import Market, simulate
from abm.experiment.results import Results
from tests.cases.experiments import complete, config, refusal

US = "[markets.us]\nconsumers = 60\ninitial_adoption = 0.2\n"


def values(results: Results, column: str) -> list[Any]:
    """Return the swept values of a summary, which are also those of the table and of the report."""
    found = results.summary[column].tolist()
    assert set(results.table[column]) == set(found)
    page = (results.path / "report.html").read_text()
    assert all(f"{value:g}" in page if isinstance(value, float) else str(value) in page for value in found)
    return found


def types_in_files(results: Results, column: str) -> set[str]:
    return {str(pq.read_schema(file).field(column).type) for file in results.path.rglob("*.parquet")}


def test_bom_toml(tmp_path: Path) -> None:
    complete(config(tmp_path, "\ufeffname = 'b'\nweeks = 5\n[markets.us]\nconsumers = 50\n"))


@pytest.mark.parametrize("start", ["9999-12-01", "0001-01-01"])
def test_date_overflow(tmp_path: Path, start: str) -> None:
    said = refusal(config(tmp_path, f"name = 'end'\nstart = {start}\nweeks = 6\n{US}"))
    assert f"start = '{start}': outside the calendar; allowed with 6 weeks: 0001-01-02 to 9999-11-19" in said


@pytest.mark.parametrize("start", ["9999-11-19", "0001-01-02"])
def test_the_ends_of_the_calendar_run(tmp_path: Path, start: str) -> None:
    complete(config(tmp_path, f"name = 'end'\nstart = {start}\nweeks = 6\n{US}"))


def test_lhs_whole_ends(tmp_path: Path) -> None:
    text = """name = "lhs"\nweeks = 3\n[markets.us]\nconsumers = 50\ninitial_adoption = 0.2
        network = { family = "small_world", degree = 4 }
        [sweep]\ndesign = "latin_hypercube"\nsamples = 4\n"markets.us.network.rewiring" = [0, 1]\n"""
    found = values(complete(config(tmp_path, text)), "markets.us.network.rewiring")
    assert sorted(math.floor(4 * value) for value in found) == list(range(4))


def test_pandas23_dates() -> None:
    """Nanoseconds, the unit of pandas 2 unless told otherwise, end in the year 2262."""
    dates = simulate(Market(consumers=5), weeks=13_000).table["date"]
    assert dates.dtype == "datetime64[ms]"
    assert dates.iloc[-1].date() == date(2269, 3, 1)
    assert (np.diff(dates.to_numpy()) == np.timedelta64(7, "D")).all()


@pytest.mark.parametrize("place", ["here", "elsewhere"])
def test_sweep_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    (tmp_path / "ring.csv").write_text("0,1\n1,2\n2,3\n3,0\n")
    (tmp_path / "star.csv").write_text("0,1\n0,2\n0,3\n0,4\n0,5\n")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path if place == "here" else tmp_path / "elsewhere")
    text = """name = "sfl"\nweeks = 10\n[markets.us]\ninitial_adoption = 0.5
        network = { family = "file", file = "ring.csv" }
        [sweep]\n"markets.us.network.file" = ["ring.csv", "star.csv"]\n"""
    results = complete(config(tmp_path, text))
    sizes = results.table.groupby("markets.us.network.file")["consumers"].unique().map(list).to_dict()
    assert sizes == {"ring.csv": [4], "star.csv": [6]}


def test_sweep_int_float(tmp_path: Path) -> None:
    results = complete(
        config(tmp_path, f'name = "s"\nweeks = 6\n{US}[sweep]\n"markets.us.norm.strength" = [1, 1.5, 2]\n')
    )
    assert types_in_files(results, "markets.us.norm.strength") == {"double"}
    assert values(results, "markets.us.norm.strength") == [1.0, 1.5, 2.0]


def test_sweep_launch_mixed(tmp_path: Path) -> None:
    text = f'name = "s"\nweeks = 30\n{US}[sweep]\n"markets.us.launch" = [0, 10, 2020-06-01]\n'
    results = complete(config(tmp_path, text))
    assert values(results, "markets.us.launch") == ["0", "10", "2020-06-01"]
    assert len(types_in_files(results, "markets.us.launch")) == 1
    assert "the shop opens" in (results.path / "report.html").read_text() or results.table["gmv_usd"].eq(0).all()


def test_sweep_name(tmp_path: Path) -> None:
    said = refusal(config(tmp_path, f'name = "s"\nweeks = 3\n{US}[sweep]\n"markets.us.name" = ["a", "b"]\n'))
    assert "sweep.markets.us.name: a market's name cannot be swept" in said


@pytest.mark.parametrize("weeks", [1, 30])
def test_sweep_seed_lists(tmp_path: Path, weeks: int) -> None:
    text = f'name = "s"\nweeks = {weeks}\n[markets.us]\nconsumers = 60\n'
    results = complete(config(tmp_path, f'{text}[sweep]\n"markets.us.seed_consumers" = [[1, 2], [3, 4], [5]]\n'))
    assert values(results, "markets.us.seed_consumers") == ["1, 2", "3, 4", "5"]


@pytest.mark.parametrize("first", ["1000.0", "{ 2021 = 1200, 2020 = 1000 }"])
def test_sweep_spend_table(tmp_path: Path, first: str) -> None:
    text = f'name = "s"\nweeks = 20\nreplicates = 2\n{US}shoppers = 1e6\n'
    text += f'[sweep]\n"markets.us.annual_spend" = [{first}, {{ 2020 = 500, 2021 = 600 }}]\n'
    results = complete(config(tmp_path, text))
    named = "1000" if first == "1000.0" else "2020: 1000, 2021: 1200"
    assert values(results, "markets.us.annual_spend") == [named, "2020: 500, 2021: 600"]
    spent = results.table.groupby("markets.us.annual_spend")["spend_usd"].sum()
    assert spent[named] == pytest.approx(2 * spent["2020: 500, 2021: 600"])


def test_target_partial_year(tmp_path: Path) -> None:
    text = f"name = 't'\nstart = 2023-09-11\nweeks = 20\n{US}shoppers = 1e6\nannual_spend = 1000\n"
    text += "[target]\nmarket = 'us'\nyear = 2024\ngmv_usd = 3.6e8\n"
    text += "[[scenarios]]\nname = 's'\nlevers = [{ kind = 'subsidy', market = 'us', start = 3, discount = 0.1 }]\n"
    results = complete(config(tmp_path, text))
    assert results.manifest["notes"] == [
        "target: the run covers 28 of the 366 days of 2024 (2024-01-01 to 2024-01-28); sales of these days alone are "
        "set against the aim."
    ]
    page = re.sub(r"\s+", " ", (results.path / "report.html").read_text())
    assert re.search(r"the run covers 28 of its 366 days, 1\W+Jan\W+2024 to 28\W+Jan\W+2024", page)
    assert "in these days" in page
    assert "outside the run; allowed: 2023 to 2024" in refusal(tmp_path / "config.toml", "target.year=2025")


def test_a_target_without_levers_is_answered(tmp_path: Path) -> None:
    text = f"name = 't'\nweeks = 60\n{US}shoppers = 1e6\nannual_spend = 1000\n"
    results = complete(config(tmp_path, f"{text}[target]\nmarket = 'us'\nyear = 2020\ngmv_usd = 1e6\n"))
    assert "The aim was" in (results.path / "report.html").read_text()


def test_a_sweep_over_a_lever_has_every_point(tmp_path: Path) -> None:
    text = f"name = 's'\nweeks = 12\nreplicates = 2\n{US}shoppers = 1e6\nannual_spend = 1000\nprice.sensitivity = 9.0\n"
    text += "[[scenarios]]\nname = 'deal'\nlevers = [{ kind = 'subsidy', market = 'us', start = 3, weeks = 2 }]\n"
    text += "[sweep]\n'scenarios.deal.levers.0.discount' = [0, 0.5]\nscenarios.deal.levers.0.weeks = [1, 4]\n"
    results = complete(config(tmp_path, text))
    discount, weeks = "scenarios.deal.levers.0.discount", "scenarios.deal.levers.0.weeks"
    assert results.summary.groupby([discount, weeks, "scenario"]).ngroups == 8
    assert types_in_files(results, discount) == {"double"}
    assert types_in_files(results, weeks) == {"int64"}
    spans = results.table[results.table["discount"] > 0].groupby([discount, weeks])["week"].nunique().to_dict()
    assert spans == {(0.5, 1): 1, (0.5, 4): 4}


def test_a_series_with_gaps_runs(tmp_path: Path) -> None:
    text = f"name = 's'\nstart = 2020-12-28\nweeks = 60\n{US}shoppers = 1e6\n"
    spent = complete(config(tmp_path, f"{text}annual_spend = {{ 2019 = 900, 2023 = 1300 }}\n")).table["spend_usd"]
    assert Market(annual_spend={2019: 900, 2023: 1300}).annual_spend_in(2021) == 1100
    assert spent.iloc[30] == pytest.approx(1e6 * 1100 * 7 / 365.25)
    assert spent.iloc[-1] == pytest.approx(1e6 * 1200 * 7 / 365.25)
