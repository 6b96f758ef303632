"""What was taken from a run, or stored of it, stays what it was or refuses to be read."""

from dataclasses import replace
from pathlib import Path

import networkx as nx
import pytest

from abm import load, run
from abm.base.errors import Interrupted, ResultsError
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


def test_stale_summary(tmp_path: Path) -> None:
    """After a finished run the config is changed and the new run stopped: no part speaks of the old config."""
    config = tmp_path / "c.toml"
    config.write_text(
        'name = "stale"\nweeks = 20\nreplicates = 3\n[markets.us]\nconsumers = 400\ninitial_adoption = 0.2\n'
    )
    out = tmp_path / "out"
    finished = run(config, out=out)

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    changed = ["markets.us.initial_adoption=0.9", "weeks=90", "replicates=2"]
    with pytest.raises(Interrupted):
        run(config, out=out, overrides=changed, progress=stop)
    stopped = load(out)
    assert not stopped.manifest["complete"]
    assert stopped.manifest["config"]["markets"]["us"]["initial_adoption"] == 0.9
    for part in ("summary", "adoption_by_group", "ledger", "table"):
        with pytest.raises(ResultsError, match="not complete"):
            getattr(stopped, part)
    assert finished.summary["replicates"].tolist() == [3]
