"""The settings of a view."""

from __future__ import annotations

import pytest

from abm.view.settings import CALENDAR, CONFIG, MARKET_SIZES, load_settings

pytestmark = pytest.mark.needs_compiled


def test_settings_of_an_experiment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CONFIG, "experiments/countries.toml")
    settings = load_settings()
    assert settings.clock == CALENDAR
    assert set(settings.initial_markets) <= set(settings.markets)
    assert settings.week_of_year(settings.initial_markets[0], settings.start.year + 1, CALENDAR) > 20


def test_a_market_can_have_a_million_consumers() -> None:
    assert MARKET_SIZES[-1] == 1_000_000
