"""The runs that are frozen, and their tallies by name."""

from typing import Any

from abm import MODEL_VERSION, Market, simulate
from abm.engine import state as arrays
from abm.numerics.random import RNG_VERSION

SEED, REPLICATE, WEEKS = 20_250, 3, 26
COLUMNS = (
    "N_AWARE", "N_SUPER", "HABIT", "TRUST", "TO_SUPER", "TO_SINGLE", "SPEND", "SUPER_SPEND", "LIVE_SPEND", "LET_DOWN",
)  # fmt: skip
BUSY: dict[str, Any] = {
    "consumers": 1500, "occasion_rate": 0.55, "basket_sigma": 1.0, "initial_adoption": 0.1,
    "awareness": {"initial": 0.4, "advertising": 0.02, "word_of_mouth": 0.15},
    "preference": {"mean": -1.5, "spread": 1.2}, "integration": {"functions": 5.0, "benefit": 0.5, "clutter": 0.1},
    "habit": {"strength": 1.5, "rate": 0.1, "initial": 0.3}, "norm": {"strength": 2.0},
    "trust": {"weight": 2.0, "initial": 0.6, "learning": 0.1, "service_quality": 0.85, "bad_news": 0.1},
    "livestream": {"weight": 0.8, "reach": 0.2, "growth": 0.5},
    "price": {"sensitivity": 2.0, "discount": 0.1, "reach": 0.7},
    "supply": {"weight": 0.5, "initial": 0.05, "rate": 0.1, "half_saturation": 0.15},
}  # fmt: skip


def a_set(market: str, start: int, weeks: int, **values: float) -> dict[str, Any]:
    """Return a lever; dots in paths are written as double underscores."""
    return {
        "kind": "set", "market": market, "start": start, "weeks": weeks,
        "values": {path.replace("__", "."): value for path, value in values.items()},
    }  # fmt: skip


def busy(name: str, family: str, **more: Any) -> Market:
    """Return a market with every mechanism on and some kind of network."""
    network = {"family": family} | ({"degree": 8} if family != "complete" else {}) | more.pop("network", {})
    return Market(**(BUSY | {"name": name, "network": network} | more))


def all_runs() -> dict[str, tuple[list[Market], list[dict[str, Any]]]]:
    """Return markets and levers by name of the run; no profiles, whose values follow the data."""
    families = ("complete", "small_world", "scale_free", "random", "regular", "ring", "communities")
    runs: dict[str, tuple[list[Market], list[dict[str, Any]]]] = {
        family: ([busy("only", family)], []) for family in families
    }
    runs["two markets with ties abroad"] = (
        [
            busy("left", "small_world", network={"ties_abroad": 0.2}),
            busy("right", "scale_free", network={"ties_abroad": 0.3}, launch=5, consumers=1001),
        ],
        [a_set("left", 4, 6, price__discount=0.4, price__reach=0.3), a_set("right", 8, 99, trust__service_quality=0.5)],
    )
    for noise in ("normal", "uniform", "none"):
        runs[f"{noise} noise"] = ([busy("only", "random", choice={"noise": noise})], [])
    word_of_mouth = {"initial": 0.01, "word_of_mouth": 0.1, "form": "independent"}
    runs["independent contacts, no way back"] = (
        [busy("only", "small_world", awareness=word_of_mouth, choice={"reversible": False})], []
    )  # fmt: skip
    return runs


def tallies(name: str) -> dict[str, dict[str, list[int]]]:
    """Return one run's tallies by market and column, every week."""
    markets, levers = all_runs()[name]
    record = simulate(markets, weeks=WEEKS, seed=SEED, replicate=REPLICATE, levers=levers).tallies
    return {
        market.name: {column.lower(): record[:, place, getattr(arrays, column)].tolist() for column in COLUMNS}
        for place, market in enumerate(markets)
    }


def versions() -> dict[str, int]:
    """Return the versions that the numbers belong to."""
    return {"model_version": MODEL_VERSION, "rng_version": RNG_VERSION}
