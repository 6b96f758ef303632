"""What was taken from a run, or stored of it, stays what it was or refuses to be read."""

from dataclasses import replace
from pathlib import Path

import networkx as nx

from abm import run
from abm.experiment.config import load_experiment


def test_graph_key(tmp_path: Path) -> None:
    """Another graph of the same size in the same folder gets results of its own."""
    config = tmp_path / "c.toml"
    config.write_text(
        'name = "g"\nweeks = 10\n[markets.u]\nconsumers = 60\ninitial_adoption = 0.3\n'
        "norm.strength = 4.0\npreference.mean = -2.0\n"
    )
    base = load_experiment(config)

    def adoption(graph: nx.Graph, folder: str) -> float:
        market = base.markets["u"].replace({"network.family": "graph", "network.graph": graph})
        results = run(replace(base, markets={"u": market}), out=tmp_path / folder)
        return float(results.table["adoption"].iloc[-1])

    path = adoption(nx.path_graph(60), "a")
    complete = adoption(nx.complete_graph(60), "a")
    assert complete == adoption(nx.complete_graph(60), "b") != path
    assert adoption(nx.path_graph(60), "a") == path
