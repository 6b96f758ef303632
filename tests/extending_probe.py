"""Loads one plugin in a process of its own and prints, as JSON, where it is found."""

import json
import sys
from typing import Any

import numba
import numpy as np

from abm import Market, load_plugin, simulate
from abm.analysis.explain.mechanism_groups import differences, group_order
from abm.engine import kernel
from abm.experiment.memory import size_of
from abm.experiment.schema import config_schema, parameter_table
from abm.markets import profile_names
from abm.view.parameter_panel import parameter_groups

MARKETS: dict[str, dict[str, Any]] = {
    "buzz": {"buzz": {"strength": 1.5}},
    "privacy": {"privacy": {"weight": 2.0, "relief": 0.4}, "trust": {"service_quality": 0.7}},
    "random_tree": {"network": {"family": "random_tree"}, "norm": {"strength": 2.0}},
}
BUSY: dict[str, Any] = {
    "consumers": 700, "initial_adoption": 0.2, "occasion_rate": 0.7, "preference": {"mean": -0.5, "spread": 1.0},
    "habit": {"strength": 1.0, "rate": 0.2}, "network": {"family": "small_world", "degree": 6},
    "price": {"sensitivity": 3.0}, "shoppers": 1e6, "annual_spend": 1000.0,
}  # fmt: skip


def market(name: str) -> Market:
    """Return a market in which the plugin matters."""
    base = Market.profile("denmark") if name == "denmark" else Market(name="town", **BUSY)
    return base.replace({"consumers": 700} | MARKETS.get(name, {}))


def main(file: str, name: str) -> None:
    """Print what a test asks."""
    load_plugin(file)
    own = market(name)
    levers = [{"kind": "coupons", "market": "town", "start": 3, "cut": 0.2}] if name == "coupons" else []
    compiled = simulate(own, weeks=12, seed=5, levers=levers, threads=2)
    plain = simulate(own, weeks=12, seed=5, levers=levers, engine="mesa")
    state = (compiled.population.state, plain.population.state)
    neutral = simulate(Market(name="town", **BUSY), weeks=12, seed=5)
    sys.stdout.write(
        json.dumps(
            {
                "same": compiled.tallies.tobytes() == plain.tallies.tobytes()
                and all(np.array_equal(*pair) for pair in zip(*state, strict=True)),
                "matters": compiled.tallies.tobytes() != neutral.tallies.tobytes(),
                "is_compiled": numba.config.DISABLE_JIT or len(kernel.run_weeks.signatures) > 0,
                "columns": list(compiled.table.columns),
                "ledger": float(compiled.ledger["cost_usd"].sum()),
                "schema": json.dumps(config_schema()),
                "table": parameter_table(),
                "groups": group_order(),
                "differs": list(differences(Market(name="a"), own)),
                "sliders": list(parameter_groups()),
                "profiles": profile_names(),
                "bytes": size_of([own]).running,
                "mean_worry": float(compiled.table["mean_worry"].iloc[-1]) if name == "privacy" else None,
                "worry": float(compiled.consumers["worry"].mean()) if name == "privacy" else None,
            }
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
