"""Check 10, metamorphic: what must not change, or only one way, when something else does.

Everything off, the share is that of the noise alone; a lever without effect changes no byte, one from week t on none
before t; a larger discount never loses anybody (trust and supply held fixed); consumers far away and markets without
ties change nobody else.

Source: Chen et al. (2018), "Metamorphic testing", ACM Computing Surveys 51(1).
"""

import math
from collections.abc import Iterator
from typing import Any, Final

import networkx as nx
import numpy as np

from abm import Market, Trajectory, simulate
from abm.verify.check import Check, CheckSettings, Comparison, Plot, Series, equal, near
from abm.verify.mean_field_maps import N_STANDARD_ERRORS

_ARRAYS = ("aware", "mode", "habit", "trust", "degree")
_WEEKS = 24
# Every mechanism is on.
EVERYTHING: Final[dict[str, Any]] = {
    "consumers": 5000,
    "occasion_rate": 0.7,
    "basket_sigma": 1.0,
    "initial_adoption": 0.1,
    "network": {"family": "small_world", "degree": 8},
    "awareness": {"initial": 0.6, "advertising": 0.02, "word_of_mouth": 0.2},
    "preference": {"mean": -1.0, "spread": 1.0},
    "integration": {"functions": 4.0, "benefit": 0.4, "clutter": 0.1},
    "habit": {"strength": 1.0, "rate": 0.2},
    "norm": {"strength": 2.0},
    "trust": {"weight": 1.0, "learning": 0.2, "service_quality": 0.8, "bad_news": 0.3},
    "livestream": {"weight": 0.5, "reach": 0.2, "growth": 0.4},
    "price": {"sensitivity": 2.0, "discount": 0.1, "reach": 0.5},
    "supply": {"weight": 0.3, "initial": 0.2, "rate": 0.1, "half_saturation": 0.2},
}


def check(settings: CheckSettings) -> Check:
    """Check each relation on a market with every mechanism on."""
    comparisons = [*_everything_off(settings), *_levers(settings.seed), *_discounts(settings.seed)]
    comparisons += [*_far_away(settings.seed), *_markets(settings.seed)]
    statement = "share = 1 / (1 + exp(-alpha)) with everything off; what has no effect changes no byte"
    return Check(10, "What must not change", "Chen et al. (2018)", statement, comparisons, [_plot(settings)])


def differing_bytes(left: Trajectory, right: Trajectory) -> int:
    """Return how many bytes differ between two runs: tables, merchants and consumers.

    Parameters
    ----------
    left : Trajectory
    right : Trajectory
    """
    pairs = [(left.tallies, right.tallies), (left.merchants, right.merchants)]
    pairs += [(left.consumers[name], right.consumers[name]) for name in _ARRAYS]
    return sum(_differing(a, b) for a, b in pairs)


def _differing(left: Any, right: Any) -> int:
    if left.shape != right.shape or left.dtype != right.dtype:
        return max(int(left.nbytes), int(right.nbytes), 1)
    a, b = (np.frombuffer(np.ascontiguousarray(values).tobytes(), np.uint8) for values in (left, right))
    return int((a != b).sum())


def _everything_off(settings: CheckSettings) -> Iterator[Comparison]:
    for alpha in (-3.0, -0.5, 0.0, 1.7):
        table = simulate(
            Market(consumers=settings.consumers, preference={"mean": alpha}), weeks=1, seed=settings.seed
        ).table
        p = 1 / (1 + math.exp(-alpha))
        allowed = N_STANDARD_ERRORS * math.sqrt(p * (1 - p) / settings.consumers)
        yield near(f"everything off, alpha = {alpha}: share", p, table["adoption"].iloc[-1], allowed)


def _set(values: dict[str, Any], start: int = 5) -> dict[str, Any]:
    return {"kind": "set", "market": "market", "start": start, "values": values}


def _levers(seed: int) -> Iterator[Comparison]:
    market = Market(**EVERYTHING)
    base = simulate(market, weeks=_WEEKS, seed=seed)
    for values in ({"norm.strength": 2.0}, {"trust.bad_news": 0.3, "price.discount": 0.1}, {"occasion_rate": 0.7}):
        pulled = simulate(market, weeks=_WEEKS, seed=seed, levers=[_set(values)])
        yield equal(f"a lever that sets {', '.join(values)} as it is: bytes changed", 0, differing_bytes(base, pulled))
    for start in (0, 1, 9, _WEEKS - 1):
        pulled = simulate(market, weeks=_WEEKS, seed=seed, levers=[_set({"preference.mean": 1.0}, start)])
        before = _differing(base.tallies[: start + 1], pulled.tallies[: start + 1])
        yield equal(f"a lever from week {start} on: bytes changed before", 0, before)
        changed = bool((base.tallies[start + 1] != pulled.tallies[start + 1]).any())
        yield equal(f"a lever from week {start} on: row {start + 1} changed", True, changed)


def _discounts(seed: int) -> Iterator[Comparison]:
    market = Market(**EVERYTHING).replace({"trust.learning": 0.0, "trust.bad_news": 0.0, "supply.rate": 0.0})
    before = None
    for discount in (0.0, 0.05, 0.2, 0.6, 1.0):
        run = simulate(market, weeks=_WEEKS, seed=seed, levers=[_set({"price.discount": discount})])
        if before is not None:
            lost = int((run.consumers.mode < before.consumers.mode).sum())
            weeks_lower = int((run.table["super"] < before.table["super"]).sum())
            yield equal(f"discount up to {discount}: consumers or weeks lost", 0, lost + weeks_lower)
        before = run


def _far_away(seed: int) -> Iterator[Comparison]:
    """Add consumers without ties to the 600 who are watched; supply, the market's common memory, is held fixed."""
    values = {key: value for key, value in EVERYTHING.items() if key not in ("consumers", "initial_adoption")}
    values |= {"supply": {"weight": 0.3, "initial": 0.2}, "seed_consumers": tuple(range(0, 600, 9))}
    near_by = nx.gnm_random_graph(600, 2000, seed=seed)
    runs = [
        simulate(Market(**(values | {"network": {"family": "graph", "graph": graph}})), weeks=_WEEKS, seed=seed)
        for graph in (near_by, *(nx.disjoint_union(near_by, far) for far in (nx.path_graph(3), nx.complete_graph(90))))
    ]
    for more, run in zip((3, 90), runs[1:], strict=True):
        changed = sum(_differing(runs[0].consumers[name], run.consumers[name][:600]) for name in _ARRAYS)
        yield equal(f"{more} more consumers far away: bytes changed for the others", 0, changed)


def _markets(seed: int) -> Iterator[Comparison]:
    one, two = (Market(**(EVERYTHING | {"name": name, "consumers": n})) for name, n in (("one", 1001), ("two", 700)))
    for markets in ([one, two], [two, one]):
        together = simulate(markets, weeks=_WEEKS, seed=seed)
        for i, market in enumerate(markets):
            alone = simulate(market, weeks=_WEEKS, seed=seed)
            own = together.consumers.market == market.name
            changed = _differing(together.tallies[:, i], alone.tallies[:, 0])
            changed += sum(_differing(together.consumers[name][own], alone.consumers[name]) for name in _ARRAYS)
            order = " and ".join(m.name for m in markets)
            yield equal(f"markets {order}: bytes of {market.name} changed by the other", 0, changed)


def _plot(settings: CheckSettings) -> Plot:
    """Show the share against alpha for the four kinds of noise."""
    fine, coarse = np.linspace(-4, 4, 161), np.linspace(-4, 4, 17)
    curves = {
        "logistic": [1 / (1 + math.exp(-v)) for v in fine],
        "normal": [0.5 * math.erfc(-v / math.sqrt(2)) for v in fine],
        "uniform": [min(max(v, 0.0), 1.0) for v in fine],
    }
    series = []
    for group, (noise, theory) in enumerate(curves.items()):
        markets = [
            Market(
                name=f"a{i}", consumers=settings.consumers // 20, preference={"mean": float(v)}, choice={"noise": noise}
            )
            for i, v in enumerate(coarse)
        ]
        got = simulate(markets, weeks=1, seed=settings.seed).table["adoption"].to_numpy()[-coarse.size :]
        series += [Series(noise, fine, theory, "theory", group), Series("", coarse, got, "simulated", group)]
    return Plot("Everything off: the noise alone", "utility alpha", "share in the super-app", series)
