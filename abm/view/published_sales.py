"""Published yearly sales, drawn beside the simulated ones."""

import csv
from functools import cache
from importlib import resources
from typing import NamedTuple

from abm.markets.market import Market


class PublishedShare(NamedTuple):
    """Sales of a calendar year with the lowest and highest figure, as shares of online spend, 0 .. 1."""

    year: int
    share: float
    low: float
    high: float


def published_shares(market: Market) -> list[PublishedShare]:
    """Return the published figures of a market that have a source, as shares of its online spend."""
    shares = []
    for year, *usd in _published().get(market.name, ()):
        spend = market.shoppers * market.annual_spend_in(year)
        if spend:
            shares.append(PublishedShare(year, *(value / spend for value in usd)))
    return shares


@cache
def _published() -> dict[str, list[tuple[int, float, float, float]]]:
    found: dict[str, list[tuple[int, float, float, float]]] = {}
    with (resources.files("abm.markets") / "data" / "observed_gmv.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if row["quality"] != "memory" and float(row["gmv_usd"]) > 0:
                found.setdefault(row["market"], []).append(
                    (int(row["year"]), float(row["gmv_usd"]), float(row["low"]), float(row["high"]))
                )
    return found
