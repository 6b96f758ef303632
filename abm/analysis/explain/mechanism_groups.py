"""Mechanism groups: how a market is given some of another market's mechanisms.

A *mixed market* is the low market in which some groups of parameters have the high market's values. It keeps the low
market's name, so that all mixed markets share their random numbers and differ only by what their parameters do.
"""

from collections.abc import Iterable, Mapping
from functools import reduce
from typing import Any, Literal

from abm.base.errors import InputError, Problem, did_you_mean
from abm.markets.market import Market, parameter_paths
from abm.mechanisms import MECHANISMS
from abm.networks import FAMILIES, NetworkError, node_rows

_SIZE = {"name", "consumers", "shoppers", "annual_spend", "returns"}  # sizes and labels: no part of any share of spend
_GATHERED = {
    "occasion_rate": "occasion", "basket_sigma": "occasion",
    "initial_adoption": "start", "seed_adopters": "start", "seed_consumers": "start",
}  # fmt: skip
By = Literal["group", "parameter"]


def group_order() -> list[str]:
    """Return the groups that every explanation lists: mechanisms, those with a term first, and two more."""
    with_term = [name for name, kind in MECHANISMS.items() if kind.rules.utility]
    with_state = [name for name, kind in MECHANISMS.items() if kind.rules.week and name not in with_term]
    return [*with_term, *with_state, "network", "launch"]


def group_of(path: str) -> str | None:
    """Return the group that a parameter belongs to; None for sizes and labels, which no share depends on."""
    field = path.partition(".")[0]
    return None if field in _SIZE else _GATHERED.get(field, field)


def differences(low: Market, high: Market, by: By = "group") -> dict[str, dict[str, Any]]:
    """Return the high market's values where the two differ, gathered by group (or one by one).

    Parameters
    ----------
    low, high : Market
    by : {"group", "parameter"}

    Returns
    -------
    dict
        Player name -> {parameter path: value in the high market}; in the order of ``group_order``, then others.
    """
    found: dict[str, dict[str, Any]] = {}
    for path, _ in parameter_paths():
        group = group_of(path)
        if group is not None and _value(low, path) != _value(high, path):
            found.setdefault(group if by == "group" else path, {})[path] = _value(high, path)
    if by == "parameter":
        return _with_network_together(found)
    order = group_order()
    known = [name for name in order if name in found]
    return {name: found[name] for name in [*known, *(name for name in found if name not in known)]}


def _with_network_together(found: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return players in which a network of one's own is one player: family and file mean nothing without the other."""
    given = [path for path in found if path in ("network.family", "network.file", "network.graph")]
    if given in ([], ["network.family"]):
        return found
    rest = {name: values for name, values in found.items() if name not in given}
    return {**rest, "network.family": {path: value for path in given for value in found[path].values()}}


def mixed(low: Market, changes: Iterable[Mapping[str, Any]]) -> Market:
    """Return the low market with these values of the high one.

    Parameters
    ----------
    low : Market
    changes : iterable of mapping
        Parameter path to value, as in ``differences``; a later one wins.
    """
    together: dict[str, Any] = reduce(lambda all_of_them, more: {**all_of_them, **more}, changes, {})
    return low.replace(together) if together else low


def two_markets(markets: Mapping[str, Market], low: str | None, high: str | None) -> tuple[Market, Market]:
    """Return the two markets to compare; without names, the only two there are, in the order given.

    Parameters
    ----------
    markets : mapping
        Market by name.
    low, high : str or None
        Names; None takes the next market that is not named.

    Raises
    ------
    InputError
        Unknown names, not two markets, or ties abroad (each market is simulated on its own).
    """
    names = list(markets)
    for key, name in (("low", low), ("high", high)):
        if name is not None and name not in markets:
            raise InputError([Problem(key, name, f"no such market in this experiment; {did_you_mean(name, names)}")])
    if low is None or high is None:
        rest = [name for name in names if name not in (low, high)]
        chosen = [low or (rest.pop(0) if rest else None), high or (rest.pop(0) if rest else None)]
        if rest or None in chosen:
            few = f"{len(names)} market{'s' if len(names) > 1 else ''} ({', '.join(names)})"
            raise InputError([Problem("markets", None, f"the experiment has {few}; name two with --low and --high")])
        low, high = (str(name) for name in chosen)
    pair = markets[low], markets[high]
    problems = [
        Problem(f"markets.{market.name}.network.ties_abroad", market.network.ties_abroad, "allowed here: 0 only")
        for market in pair
        if market.network.ties_abroad
    ]
    problems += _swap_problems(*pair)
    if problems:
        raise InputError(problems)
    return pair


def _swap_problems(low: Market, high: Market) -> list[Problem]:
    """Return why the low market cannot have the high one's network or seed consumers."""
    if low.network == high.network:
        return []
    key, own_size = f"markets.{high.name}", FAMILIES[high.network.family].brings_own_size
    if own_size and low.consumers != high.consumers:
        message = (
            f"its network has {high.consumers:,} consumers, but {low.name} has {low.consumers:,}: networks of "
            "different sizes cannot be swapped; give both markets networks of one size, or a generated one"
        )
        return [Problem(f"{key}.network", None, message)]
    problems = []
    for owner, other in ((low, high), (high, low)):
        try:
            node_rows(other.network, low.consumers, owner.seed_consumers)
        except NetworkError as error:
            message = f"networks cannot be swapped where {other.name} lacks seed consumers of {owner.name}: {error}"
            problems.append(Problem(f"markets.{owner.name}.seed_consumers", None, message))
    return problems


def _value(market: Market, path: str) -> Any:
    return reduce(getattr, path.split("."), market)
