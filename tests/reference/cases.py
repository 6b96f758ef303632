"""Random small configurations in which every mechanism is on, and every family of networks occurs."""

import random
from collections.abc import Callable, Sequence
from typing import Any

import networkx as nx

from abm.markets.market import Market

FAMILIES = ("complete", "small_world", "scale_free", "random", "regular", "ring", "communities", "graph", "file")
NOISES = ("logistic", "normal", "uniform", "none")

Levers = list[dict[str, Any]]


def configuration(case: int, file: str) -> tuple[list[Market], Levers]:
    """Return markets and levers number ``case``; ``file`` is an edge list of 50 consumers or so."""
    rng = random.Random(case)
    n_markets = 1 + case % 3
    has_ties_abroad = n_markets > 1 and rng.random() < 0.6
    markets = [_market(rng, f"m{i}-{case}", FAMILIES[(case + 2 * i) % 9], file) for i in range(n_markets)]
    if has_ties_abroad:
        markets = [
            market if market.network.family == "complete"
            else market.replace({"network.ties_abroad": rng.choice([0.0, 0.1, 0.5])})
            for market in markets
        ]  # fmt: skip
    return markets, [_lever(rng, rng.choice(markets).name) for _ in range(rng.randrange(4))]


def _market(rng: random.Random, name: str, family: str, file: str) -> Market:
    consumers = rng.choice([40, 63, 64, 65, 100, 128, 150])
    values: dict[str, Any] = {"name": name, "network": _network(rng, family, file, consumers)}
    if family != "file":
        values["consumers"] = consumers
    start = rng.choice(["initial_adoption", "seed_adopters", "seed_consumers", ""])
    if start:
        values[start] = {"initial_adoption": rng.random() / 2, "seed_adopters": 7, "seed_consumers": (0, 3, 38)}[start]
    values |= {
        "launch": rng.choice([0, 0, 4]),
        "occasion_rate": rng.choice([1.0, rng.random()]),
        "basket_sigma": rng.choice([0.0, 1.0, 2.0]),
        "awareness": {
            "advertising": rng.choice([0.0, rng.random() / 5]), "word_of_mouth": rng.random(),
            "initial": rng.random(), "form": rng.choice(["linear", "independent"]),
        },
        "preference": {"mean": rng.uniform(-2, 1), "spread": rng.uniform(0, 2)},
        "integration": {"functions": rng.uniform(1, 9), "benefit": rng.random(), "clutter": rng.random() / 5},
        "habit": {"strength": rng.uniform(0, 2), "rate": rng.random(), "initial": rng.random()},
        "norm": {"strength": rng.uniform(-1, 3)},
        "trust": {
            "weight": rng.uniform(0, 3), "initial": rng.random(), "learning": rng.random(),
            "service_quality": rng.uniform(0.5, 1), "bad_news": rng.choice([0.0, rng.random(), 1.0]),
        },
        "livestream": {"weight": rng.random(), "reach": rng.random() / 2, "growth": rng.random()},
        "price": {
            "sensitivity": 2 * rng.random(), "discount": rng.uniform(-0.2, 0.5), "reach": rng.random(),
            "deal": rng.choice([0.0, rng.random()]), "deal_reach": rng.random(), "subsidy": rng.choice([0.0, 0.2]),
        },
        "stockpile": {"ahead": rng.choice([0.0, 9 * rng.random()]), "use": rng.uniform(0.01, 1)},
        "supply": {
            "weight": rng.random(), "initial": rng.uniform(0.01, 1), "rate": rng.random(),
            "half_saturation": rng.random(),
        },
        "choice": {"noise": rng.choice(NOISES), "reversible": rng.random() < 0.7},
    }  # fmt: skip
    return Market(**values)


def _network(rng: random.Random, family: str, file: str, consumers: int) -> dict[str, Any]:
    network: dict[str, Any] = {"family": family}
    if family == "file":
        network["file"] = file
    elif family == "graph":
        network["graph"] = nx.gnm_random_graph(consumers, 2 * consumers, seed=rng.randrange(1000))
    elif family != "complete":
        network |= {"degree": rng.choice([2, 4, 6]), "rewiring": rng.random(), "communities": 4, "within": rng.random()}
    return network


def _lever(rng: random.Random, market: str) -> dict[str, Any]:
    values = {
        "price.discount": rng.random(), "trust.service_quality": rng.random(), "trust.bad_news": rng.random(),
        "awareness.advertising": rng.random(), "livestream.reach": rng.random(), "supply.rate": rng.random(),
        "occasion_rate": rng.random(), "integration.functions": rng.uniform(1, 9), "habit.rate": rng.random(),
        "norm.strength": rng.uniform(-2, 3),
    }  # fmt: skip
    chosen = rng.sample(sorted(values), 3)
    lever = {"kind": "set", "market": market, "start": rng.randrange(8), "values": {key: values[key] for key in chosen}}
    return lever | ({"weeks": rng.randint(1, 5)} if rng.random() < 0.7 else {})


def with_levers(markets: Sequence[Market], levers: Levers) -> Callable[[int], list[Market]]:
    """Return the function week -> markets that a list of ``set`` levers means."""

    def markets_at(week: int) -> list[Market]:
        changed = {market.name: market for market in markets}
        for lever in levers:
            if lever["start"] <= week < lever["start"] + lever.get("weeks", 10**9):
                changed[lever["market"]] = changed[lever["market"]].replace(lever["values"])
        return list(changed.values())

    return markets_at
