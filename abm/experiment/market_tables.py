"""The tables ``[markets.NAME]`` of a config: a profile, if named, with what differs from it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from abm.base.errors import InputError, Problem, did_you_mean
from abm.markets.market import Market
from abm.markets.own_network import seed_rows, with_own_size
from abm.markets.profile import load_profile, overlay
from abm.networks import FAMILIES, NetworkError


def parse_markets(tables: Mapping[str, Any], folder: Path, problems: list[Problem]) -> dict[str, Market]:
    """Return the markets by name; what is wrong with others is added to ``problems``."""
    markets = {}
    for name, table in tables.items():
        if not isinstance(table, dict):
            continue  # reported with the top level
        try:
            markets[name] = make_market(name, table, folder)
        except InputError as error:
            problems += [p._replace(key=f"markets.{name}.{p.key}".rstrip(".")) for p in error.problems]
        except NetworkError as error:
            problems.append(Problem(f"markets.{name}.network", None, str(error)))
    return markets


def make_market(name: str, table: Mapping[str, Any], folder: Path = Path()) -> Market:
    """Return the market a config table describes: a profile, if named, with the table laid over it.

    Raises
    ------
    InputError, NetworkError
    """
    own = dict(table)
    profile = own.pop("profile", None)
    if profile is not None and not isinstance(profile, str):
        raise InputError([Problem("profile", profile, "must be text")])
    if "name" in own:
        raise InputError([Problem("name", own["name"], "has no effect: the name of its table names the market")])
    base = load_profile(profile).values if profile else {}
    values = overlay(base, own)
    network = values.get("network")
    if isinstance(network, dict) and isinstance(network.get("file"), str):
        values["network"] = {**network, "file": str(folder / network["file"])}
        if "family" not in own.get("network", {}) and network.get("family") != "file":
            raise InputError([Problem("network.file", network["file"], 'needs network.family = "file" beside it')])
    try:
        market = Market(**{**values, "name": name})
    except InputError as error:
        raise InputError(_with_profile_hint(problem) for problem in error.problems) from None
    FAMILIES[market.network.family].require_feasible(market.network, market.consumers)
    market = with_own_size(market)
    seed_rows(market)
    return market


def _with_profile_hint(problem: Problem) -> Problem:
    """Think of ``profile`` too where a key is unknown: a table may have it, ``Market`` itself does not."""
    if "." in problem.key or not problem.message.startswith("unknown key"):
        return problem
    return problem._replace(message=f"unknown key; {did_you_mean(problem.key, [*Market.model_fields, 'profile'])}")
