"""Tables of results in a terminal: no digit is lost, however narrow."""

from io import StringIO

import pandas as pd
import pytest
from rich.console import Console

from abm.analysis.effects.compare import Comparison
from abm.cli import console, result_tables

EFFECTS = pd.DataFrame(
    {
        "scenario": "deals_for_you", "market": "west", "measure": ["gmv_during", "gmv_after", "adopters_after", "cost"],
        "value": [6_444.2e6, 1_162.7e6, 53_867e3, 0.0], "low": [6_274.3e6, 1_108.9e6, 50_000e3, 0.0],
        "high": [6_614.1e6, 1_216.5e6, 57_734e3, 0.0],
    }
)  # fmt: skip


@pytest.mark.parametrize("width", [30, 50, 60, 80, 120])
def test_no_digit_is_cut(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    page = StringIO()
    monkeypatch.setattr(console, "terminal", Console(file=page, width=width, highlight=False))
    result_tables.print_comparison(Comparison(EFFECTS, pd.DataFrame()), {"name": "trial"})
    text = page.getvalue()
    assert "\u2026" not in text
    for figure in ("deals_for_you", "west", "6,444.2", "±169.9", "1,162.7", "±53.8", "53,867.0"):
        assert figure in text
    assert "cost per" not in text  # nothing has one


@pytest.mark.parametrize("config", [{}, {"sweep": {"markets.us.norm.strength": [1, 2]}}])
def test_a_sweep_without_scenarios_is_sent_to_its_report(config: dict, capsys: pytest.CaptureFixture[str]) -> None:
    result_tables.print_comparison(Comparison(pd.DataFrame(), pd.DataFrame()), {"name": "trial", "config": config})
    printed = capsys.readouterr().out
    assert "no scenario with levers" in printed
    assert ("in its report" in printed) == bool(config)
