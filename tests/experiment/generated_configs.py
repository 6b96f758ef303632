"""Configs made from the JSON Schema and a seed: valid, at the ends of what is allowed, and slightly wrong."""

import random
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from abm.experiment.schema import config_schema
from abm.markets import profile_names

EDGE_LISTS = {"ring.csv": "0,1\n1,2\n2,3\n3,0\n", "star.csv": "0,1\n0,2\n0,3\n0,4\n0,5\n"}
SMALL = {  # greatest values by the last part of a path, below those of the schema: runs are to be short
    "consumers": 200, "weeks": 60, "replicates": 2, "samples": 4, "communities": 12, "degree": 12, "least": 2,
    "most": 3, "seed_adopters": 120,
}  # fmt: skip
DATES = (date(1, 1, 1), date(1, 1, 2), date(1899, 12, 31), date(2020, 1, 6), date(2023, 9, 11), date(2024, 12, 30),
         date(9998, 12, 28), date(9999, 11, 1), date(9999, 12, 31))  # fmt: skip
OTHER_TYPES = ("x", -1, 1.5, True, [], {}, [1], {"a": 1}, 10**30, float("inf"), date(2024, 2, 29), "", 0)


class ConfigGenerator:
    """Makes configs; the same seed makes the same ones.

    Parameters
    ----------
    seed : int
    """

    def __init__(self, seed: int) -> None:
        self.seed, self.random = seed, random.Random()
        self.schema = config_schema()
        self.levers = self.schema["properties"]["scenarios"]["items"]["properties"]["levers"]["items"]["oneOf"]
        self.parameters = dict(self._paths(self.schema["$defs"]["Market"]))
        self.weeks, self.start, self.markets = 1, date(2020, 1, 6), [""]

    def config(self, number: int) -> dict[str, Any]:
        """Return a config by its number, as nested tables."""
        self.random.seed(f"{self.seed} {number}")
        chance = self.random.random
        self.weeks = self.random.choice([1, 2, 3, 5, 8, 12, 12, 20, 30, 54, 60])
        self.start = self._date() if chance() < 0.2 else self.random.choice(DATES[3:6])
        self.markets = self.random.sample(["us", "west", "asia", "x-1", "B_2"], self.random.choice([1, 1, 1, 1, 2, 3]))
        config: dict[str, Any] = {"name": "generated", "start": self.start, "weeks": self.weeks}
        config["markets"] = {name: self._market() for name in self.markets}
        if chance() < 0.55:
            config["scenarios"] = self._scenarios()
        if chance() < 0.5:
            config["sweep"] = self._sweep(config)
        for key, part in {"seed": 0.2, "question": 0.1, "replicates": 0.4}.items():
            if chance() < part:
                config[key] = self._valid(self._resolved(self.schema["properties"][key], number=True), key)
        if chance() < 0.1:
            config |= {"replicates": "auto", "precision": self._precision(config)}
        if chance() < 0.15:
            config["target"] = self._target()
        if chance() < 0.25:
            self._spoil(config)
        return config

    def overrides(self, config: Mapping[str, Any]) -> tuple[str, ...]:
        """Return what is set on the command line; mostly nothing."""
        if self.random.random() > 0.1:
            return ()
        found = ["weeks=4", "seed=5", "markets.us.norm.strength=1", "markets.west.consumers=30", "question=why"]
        scenarios = config.get("scenarios")
        for scenario in scenarios if isinstance(scenarios, list) else ():
            if isinstance(scenario, dict):
                found.append(f"scenarios.{scenario.get('name')}.levers.0.start=0")
        return (self.random.choice(found),)

    def _paths(self, node: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield the paths of all parameters of a market with what the schema says of each."""
        for key, value in node["properties"].items():
            inner = self.schema["$defs"].get(value.get("$ref", "").rpartition("/")[2])
            if inner is None:
                yield prefix + key, value
            else:
                yield from self._paths(inner, f"{prefix}{key}.")

    def _market(self) -> dict[str, Any]:
        market: dict[str, Any] = {"consumers": self.random.choice([1, 2, 24, 40, 60, 80, 100, 130, 160, 200])}
        if self.random.random() < 0.5:
            market["profile"] = self.random.choice(profile_names())
        if self.random.random() < 0.6:
            market |= {"shoppers": 1e6, "annual_spend": 1000.0}
        if self.random.random() < 0.6:
            market["network"] = self._network()
            if market["network"]["family"] == "file" and self.random.random() < 0.8:
                del market["consumers"]  # the file brings them
        for path in self.random.sample(sorted(self.parameters), self.random.randint(0, 7)):
            self._put(market, path)
        return market

    def _network(self) -> dict[str, Any]:
        family = self.random.choice([each for each in self.parameters["network.family"]["enum"] if each != "graph"])
        network: dict[str, Any] = {"family": family, "degree": self.random.choice([0, 2, 2, 4, 4.0])}
        if family == "file":
            return network | {"file": self.random.choice(list(EDGE_LISTS))}
        return network

    def _put(self, market: dict[str, Any], path: str) -> None:
        if path in {"profile", "consumers"} or (path.startswith("network.") and self.random.random() < 0.6):
            return
        if path in {"initial_adoption", "seed_adopters", "seed_consumers"}:
            for other in ("initial_adoption", "seed_adopters", "seed_consumers"):
                market.pop(other, None)
        *tables, key = path.split(".")
        for table in tables:
            market = market.setdefault(table, {})
        market[key] = self._valid(self.parameters[path], path)

    def _scenarios(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for name in self.random.sample(["deal", "push", "all_of-it"], self.random.choice([1, 1, 2, 3])):
            scenario: dict[str, Any] = {"name": name}
            if found and self.random.random() < 0.5:
                names = [other["name"] for other in found]
                scenario["extends"] = self.random.choice([names, names[0]])
            if "extends" not in scenario or self.random.random() < 0.5:
                scenario["levers"] = [self._lever() for _ in range(self.random.choice([0, 1, 1, 2]))]
            found.append(scenario)
        return found

    def _lever(self) -> dict[str, Any]:
        schema = self.random.choice(self.levers)
        lever: dict[str, Any] = {"kind": schema["properties"]["kind"]["const"]}
        lever |= {"market": self.random.choice(self.markets), "start": self._moment()}
        for key in sorted(schema["properties"].keys() - {"kind", "market", "start", "values"}):
            if self.random.random() < 0.4 and (key, lever["kind"]) != ("weeks", "launch"):
                lever[key] = self._valid(schema["properties"][key], key)
        if lever["kind"] == "set":
            lever["values"] = {path: self._valid(self.parameters[path], path) for path in self._changeable()}
        return lever

    def _changeable(self) -> list[str]:
        changeable = [
            p for p, node in self.parameters.items() if not node.get("fixed", p.startswith(("network.", "pro")))
        ]
        return self.random.sample(changeable, self.random.randint(1, 2))

    def _sweep(self, config: Mapping[str, Any]) -> dict[str, Any]:
        paths = dict(self._sweepable(config))
        levers = {path: node for path, node in paths.items() if path.startswith("scenarios.")}
        if levers and self.random.random() < 0.4:
            paths = levers  # few beside the parameters of markets
        n = min(self.random.choice([1, 1, 2]), len(paths))
        design = self.random.choice(["grid", "points", "latin_hypercube", "sobol"])
        if design in {"latin_hypercube", "sobol"}:
            numbers = [path for path, node in paths.items() if self._is_number(node)]
            chosen = self.random.sample(numbers, min(n, len(numbers)))
            ranges = {path: self._range(path, paths[path]) for path in chosen}
            seed = {"seed": self.random.randint(0, 9)} if self.random.random() < 0.3 else {}
            return {"design": design, "samples": self.random.randint(1, 4)} | seed | ranges
        chosen = self.random.sample(sorted(paths), n)
        if design == "points":
            listed = [
                {path: self._valid(paths[path], path) for path in chosen} for _ in range(self.random.choice([1, 2, 3]))
            ]
            return {"points": [point for position, point in enumerate(listed) if point not in listed[:position]]}
        return {path: self._two(path, paths[path]) for path in chosen}

    def _sweepable(self, config: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
        for name in self.markets:
            for path, node in self.parameters.items():
                has_file = "file" in config["markets"][name].get("network", {})
                if path != "profile" and (path != "network.file" or has_file):
                    yield f"markets.{name}.{path}", node
        kinds = {lever["properties"]["kind"]["const"]: lever["properties"] for lever in self.levers}
        for scenario in config.get("scenarios", []):
            for number, lever in enumerate(scenario.get("levers", [])):
                prefix = f"scenarios.{scenario['name']}.levers.{number}."
                for key in kinds[lever["kind"]].keys() - {"kind", "market", "values"}:
                    yield prefix + key, kinds[lever["kind"]][key]
                for path in lever.get("values", {}):
                    yield f"{prefix}values.{path}", self.parameters[path]

    def _range(self, path: str, node: Mapping[str, Any]) -> list[Any]:
        if path.endswith((".launch", ".start", ".annual_spend")):
            return self.random.choice([[0, 3], [1, 60], [2, 500]])
        return sorted(self._two(path, self._resolved(node, number=True)))

    def _two(self, path: str, node: Mapping[str, Any]) -> list[Any]:
        first = self._valid(node, path)
        for _ in range(20):
            other = self._valid(node, path)
            if other != first:
                return [first, other]
        return [first]

    def _is_number(self, node: Mapping[str, Any]) -> bool:
        return self._resolved(node, number=True).get("type") in {"number", "integer"}

    def _precision(self, config: Mapping[str, Any]) -> dict[str, Any]:
        outcome = self.random.choice(["adoption", "gmv_share", "gmv_usd", "gmv_share_change", "gmv_usd_change"])
        rule: dict[str, Any] = {"outcome": outcome, "least": 2, "most": self.random.choice([2, 3])}
        rule[self.random.choice(["half_width", "relative"])] = self.random.choice([0.001, 0.2, 5.0])
        if self.random.random() < 0.4:
            rule["market"] = self.random.choice(self.markets)
        if self.random.random() < 0.4:
            rule["scenario"] = self.random.choice(["baseline", *(s["name"] for s in config.get("scenarios", []))])
        return rule

    def _target(self) -> dict[str, Any]:
        years = [self.start.year, self.start.year, min(self.start.year + 1, 9999)]
        return {"market": self.random.choice(self.markets), "year": self.random.choice(years),
                "gmv_usd": self.random.choice([1.0, 1e6, 1e15])}  # fmt: skip

    def _date(self) -> date:
        return self.random.choice([*DATES, date(2020, 1, 1) + timedelta(days=self.random.randint(0, 3000))])

    def _moment(self) -> int | date:
        """Return a week or a date, mostly in the run."""
        week = self.random.choice(
            [0, 0, 1, self.random.randrange(self.weeks), self.weeks - 1, self.random.randint(0, 70)]
        )
        if self.random.random() < 0.7 or self.start > date(9990, 1, 1):
            return week
        return self._date() if self.random.random() < 0.2 else self.start + timedelta(days=7 * week)

    def _resolved(self, node: Mapping[str, Any], *, number: bool = False) -> Mapping[str, Any]:
        if "$ref" in node:
            node = self.schema["$defs"][node["$ref"].rpartition("/")[2]]
        if "anyOf" in node:
            kinds = [kind for kind in node["anyOf"] if kind.get("type") != "null"]
            numbers = [kind for kind in kinds if kind.get("type") in {"number", "integer"}]
            node = self.random.choice(numbers if number and numbers else kinds)
        return node

    def _valid(self, node: Mapping[str, Any], path: str) -> Any:
        """Return a value that the schema allows, often at the ends of its range."""
        key = path.rpartition(".")[2]
        if special := self._special(key):
            return special()
        node = self._resolved(node)
        if "const" in node:
            return node["const"]
        if "enum" in node:
            return self.random.choice([choice for choice in node["enum"] if choice not in {"file", "graph"}])
        kind = node.get("type")
        if kind == "boolean":
            return self.random.random() < 0.5
        if kind in {"number", "integer"}:
            return self._number(node, key, whole=kind == "integer")
        return self.random.choice(["a", "Why?", "<b>&"]) if kind == "string" else {}

    def _special(self, key: str) -> Callable[[], Any] | None:
        """Return how a value is made of which the schema tells the type alone."""
        return {
            "launch": lambda: self.random.choice([0, self._moment(), self._moment(), 521_722]),
            "start": self._moment,
            "file": lambda: self.random.choice(list(EDGE_LISTS)),
            "annual_spend": lambda: self.random.choice(
                [0, 800.0, {"2020": 500, "2023": 600.5}, {"1900": 1}, {"2200": 1e9}]
            ),
            "seed_consumers": lambda: self.random.choice([[], [0], [0, 1], [3, 2], [199]]),
            "name": lambda: self.random.choice(["a", "b"]),
        }.get(key)

    def _number(self, node: Mapping[str, Any], key: str, *, whole: bool) -> float:
        low = node.get("minimum", node.get("exclusiveMinimum", 0))
        high = min(node.get("maximum", 100), SMALL.get(key, float("inf")))
        ends = self.random.random()
        if ends < 0.25:
            return self.random.choice([low, high])
        if whole:
            return self.random.randint(int(low), int(high))
        if ends < 0.4:
            return min(max(self.random.choice([0, 1, 1e-12, 0.5]), low), high)
        return round(low + (high - low) * self.random.random() ** 2, 4)

    def _spoil(self, config: dict[str, Any]) -> None:
        """Make one thing wrong, or at least odd: a value of another type, a key too many, a name that nothing has."""
        tables = list(_tables(config))
        table = self.random.choice(tables)
        key = self.random.choice(sorted(table)) if table else "kee"
        match self.random.randrange(5):
            case 0:
                table[key] = self.random.choice(OTHER_TYPES)
            case 1:
                table[key + "s"] = table.get(key, 1)
            case 2:
                table.pop(key, None)
            case 3 if isinstance(table.get(key), int | float):
                table[key] = self.random.choice([-table[key], table[key] * 1000, table[key] + 0.5])
            case _:
                table[key] = self.random.choice(["us", "deal", "2020-01-06", 3])


def _tables(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _tables(part)
