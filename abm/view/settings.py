"""Settings of the view: the markets to choose from, and the initial choices."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from abm.base.calendar import DEFAULT_START, WEEKS_PER_YEAR, week_of
from abm.experiment.config import load_experiment
from abm.markets.market import Market
from abm.markets.profile import load_profile, profile_names
from abm.networks import FAMILIES

CONFIG = "ABM_VIEW_CONFIG"  # environment: path of the experiment, if any
QUESTION = "Why does shopping inside a video app sweep Asia and stall in the West?"
MAX_MARKETS = 4
MARKET_SIZES = (1_000, 5_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000)
SINCE_LAUNCH, CALENDAR = "weeks since each shop opened", "calendar"
NO_MARKET = "none"


@dataclass(frozen=True)
class Settings:
    """Markets to choose from, and what is chosen at first."""

    markets: Mapping[str, Market]  # by name: those of the experiment, and all profiles
    initial_markets: tuple[str, ...] = ("west", "asia")
    question: str = QUESTION
    start: date = DEFAULT_START
    weeks: int = 520
    seed: int = 2024
    consumers: int = 20_000
    clock: str = SINCE_LAUNCH
    titles: Mapping[str, str] = field(default_factory=dict)

    def market(self, name: str, consumers: int, clock: str) -> Market:
        """Return a market as it is simulated.

        Parameters
        ----------
        name : str
        consumers : int
            Ignored by markets whose network comes from a file: it sets the size.
        clock : str
            With ``SINCE_LAUNCH`` the launch is in week 0.
        """
        market = self.markets[name]
        changes: dict[str, Any] = {} if FAMILIES[market.network.family].brings_own_size else {"consumers": consumers}
        if clock == SINCE_LAUNCH:
            changes["launch"] = 0
        return market.replace(changes)

    def launch_week(self, name: str, clock: str) -> float:
        """Return the week, counted from ``start``, that is week 0 of the clock: that of the launch, or 0.

        Parameters
        ----------
        name : str
            Name of the market.
        clock : str
            ``SINCE_LAUNCH`` or ``CALENDAR``.
        """
        if clock != SINCE_LAUNCH:
            return 0.0
        return float(week_of(self.markets[name].launch, self.start))

    def week_of_year(self, name: str, year: int, clock: str) -> float:
        """Return the week of the clock in which the middle of a calendar year lies (July 1).

        Parameters
        ----------
        name : str
            Name of the market.
        year : int
        clock : str
            ``SINCE_LAUNCH`` or ``CALENDAR``.
        """
        return (date(year, 7, 1) - self.start).days / 7 - self.launch_week(name, clock)


def load_settings() -> Settings:
    """Return the settings for the experiment that the environment names, or the default settings.

    Raises
    ------
    InputError
        The experiment cannot be read.
    """
    profiles = {name: Market.profile(name) for name in profile_names()}
    titles = {name: load_profile(name).title for name in profiles}
    path = os.environ.get(CONFIG)
    if not path:
        return Settings(markets=profiles, titles=titles)
    experiment = load_experiment(Path(path))
    sizes = [market.consumers for market in experiment.markets.values()]
    return Settings(
        markets=profiles | dict(experiment.markets),
        initial_markets=tuple(experiment.markets)[:MAX_MARKETS],
        question=experiment.question or experiment.name,
        start=experiment.start,
        weeks=experiment.weeks,
        seed=experiment.seed,
        consumers=min(MARKET_SIZES, key=lambda size: abs(size - max(sizes))),
        clock=CALENDAR,
        titles={name: title for name, title in titles.items() if name not in experiment.markets},
    )


def years_of(weeks: int) -> float:
    """Return a number of weeks in years."""
    return weeks / WEEKS_PER_YEAR
