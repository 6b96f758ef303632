"""Why do two markets differ? The gap split into mechanisms, and whether it is taste or a trap."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from abm.analysis.cached_executor import CachedExecutor
from abm.analysis.explain.decomposition import Decomposition, RunSettings, ShapleyResult, over_draws, standard_error
from abm.analysis.explain.mechanism_groups import By, two_markets
from abm.analysis.explain.path_dependence import LONG_RUN, Histories, States, parts_at, state_job, states_of
from abm.analysis.market_run import check_outcome
from abm.analysis.result_cache import ResultCache
from abm.base.errors import InputError, Problem
from abm.experiment.config import Experiment, load_experiment
from abm.experiment.configurations import publish
from abm.experiment.executor import Job
from abm.experiment.inputs import hash_of
from abm.experiment.manifest import provenance
from abm.experiment.memo import Memo
from abm.experiment.progress import Progress, ProgressCallback
from abm.experiment.result_files import configuration_folder, write_json, write_table
from abm.markets.market import Market

FOLDER = "explain"
_YEAR = 52  # weeks: the shortest horizon, curves are means of a year


@dataclass(frozen=True)
class ExplainQuestion:
    """What to explain.

    Parameters
    ----------
    outcome : str
        One of ``abm.analysis.market_run.OUTCOMES``.
    low, high : str, optional
        Names of the two markets; without them, the experiment's two in the order given.
    by : {"group", "parameter"}
    permutations : int, optional
        Draw so many orders instead of running all subsets.
    horizon : int
        Weeks for which the markets are followed from each other's history; 0 leaves this part out.
    """

    outcome: str = "gmv_share"
    low: str | None = None
    high: str | None = None
    by: By = "group"
    permutations: int | None = None
    horizon: int = 520


@dataclass(frozen=True)
class Explanation:
    """What was found.

    Attributes
    ----------
    table : DataFrame
        One row per mechanism: mechanism, differs, value (Shapley), standard_error, first_in, last_in (and their
        errors); with parameter sets also draw_low and draw_high.
    pairs : DataFrame
        Interactions of pairs; empty where orders were drawn.
    facts : dict
        The gap, its ends and errors, what was run.
    history, curves : DataFrame
        The gap after some weeks split into taste, mechanisms and history; the runs behind it.
    states : dict
        ``States`` by market name.
    """

    table: pd.DataFrame
    pairs: pd.DataFrame
    facts: Mapping[str, Any]
    history: pd.DataFrame
    curves: pd.DataFrame
    states: Mapping[str, States]
    draws: pd.DataFrame


def explain_gap(
    config: str | Path | Experiment,
    question: ExplainQuestion | None = None,
    *,
    draws: pd.DataFrame | None = None,
    out: str | Path | None = None,
    workers: int | None = None,
    overrides: Sequence[str] = (),
    progress: ProgressCallback | None = None,
) -> Explanation:
    """Explain the gap between two markets of an experiment (its baseline; scenarios and sweeps are left aside).

    Parameters
    ----------
    config : path or Experiment
        Its consumers, weeks, seed and replicates are used.
    question : ExplainQuestion, optional
    draws : DataFrame, optional
        Parameter sets, one a row, columns such as ``markets.west.norm.strength``: each is explained, and the spread
        over them reported.
    out : path, optional
        Results folder, ``results/<name>`` without it; files go to its ``explain/``. Finished runs are kept there.
    workers : int, optional
    overrides : sequence of str
    progress : callable, optional
        Called with the consumer-weeks done and to do.

    Raises
    ------
    InputError, NetworkError
    """
    asked = question or ExplainQuestion()
    check_outcome(asked.outcome)
    if 0 < asked.horizon < _YEAR:
        raise InputError([Problem("horizon", asked.horizon, f"allowed: 0, or {_YEAR} weeks and more")])
    experiment = config if isinstance(config, Experiment) else load_experiment(config, tuple(overrides))
    folder = (Path(out) if out is not None else Path("results") / experiment.name) / FOLDER
    inputs = [experiment.config_hash, vars(asked), None if draws is None else draws.to_dict("records")]
    home = configuration_folder(folder, hash_of(inputs))
    memos = {replicate: Memo() for replicate in range(experiment.replicates)}
    settings = RunSettings(experiment.weeks, experiment.start, experiment.seed, experiment.replicates)

    def decomposition(markets: Mapping[str, Market]) -> Decomposition:
        low, high = two_markets(markets, asked.low, asked.high)
        return Decomposition(low, high, settings, asked.by, asked.permutations, memos)

    gap = decomposition(experiment.markets)
    gaps = [gap] if draws is None else [decomposition(markets) for markets in _drawn(experiment.markets, draws)]
    executor = CachedExecutor(ResultCache(home / "runs.jsonl"), Progress(progress), workers)
    found = _run_and_read(gap, gaps, asked, executor)
    _write(found, home, experiment)
    publish(folder, home)
    return found


def _run_and_read(
    gap: Decomposition, gaps: Sequence[Decomposition], asked: ExplainQuestion, executor: CachedExecutor
) -> Explanation:
    own_name = gap.high_under_own_name()
    by_group = Decomposition(gap.low, gap.high, gap.settings, memos=gap.memos)  # whatever was asked
    histories = Histories(by_group, asked.horizon)
    states = {name: _state_jobs(by_group, market) for name, market in _ends(by_group).items()} if asked.horizon else {}
    jobs = [job for one in gaps for job in one.jobs.values()] + own_name
    if asked.horizon:
        jobs += [*histories.jobs(), *(job for some in states.values() for job in some)]
    executor.run(jobs)
    cache = executor.cache
    results = [one.result(cache, asked.outcome) for one in gaps]
    column = "adoption" if asked.outcome == "adoption" else "gmv_share"
    curves = histories.curves(cache) if asked.horizon else pd.DataFrame()
    horizons = [h for h in (52, 104, 260, 520, asked.horizon) if h <= asked.horizon]
    return Explanation(
        table=results[0].table() if len(results) == 1 else over_draws(results),
        pairs=results[0].interactions() if len(results) == 1 else pd.DataFrame(),
        facts=_facts(gap, results, asked, [cache[job.key][asked.outcome] for job in own_name]),
        history=parts_at(curves, column, sorted(set(horizons))) if asked.horizon else pd.DataFrame(),
        curves=curves,
        states={name: states_of(some, cache) for name, some in states.items()},
        draws=_by_draw(results) if len(results) > 1 else pd.DataFrame(),
    )


def _ends(gap: Decomposition) -> dict[str, Market]:
    return {gap.low.name: gap.low, gap.high.name: gap.market((1 << len(gap.players)) - 1)}


def _state_jobs(gap: Decomposition, market: Market) -> list[Job]:
    return [state_job(gap.market_run(market, replicate)) for replicate in range(gap.settings.replicates)]


def _drawn(markets: Mapping[str, Market], draws: pd.DataFrame) -> list[dict[str, Market]]:
    """Return the markets of every parameter set."""
    unknown = [path for path in draws.columns if path.split(".")[0] != "markets" or path.split(".")[1:2] == []]
    unknown += [path for path in draws.columns if path not in unknown and path.split(".")[1] not in markets]
    if unknown or draws.empty:
        reason = "must be markets.<one of the experiment's>.<parameter>" if unknown else "has no rows"
        raise InputError(
            [Problem(f"draws.{path}", None, reason) for path in unknown] or [Problem("draws", None, reason)]
        )
    rows = []
    for values in draws.to_dict("records"):
        changed = dict(markets)
        for name in markets:
            prefix = f"markets.{name}."
            own = {str(p).removeprefix(prefix): v for p, v in values.items() if str(p).startswith(prefix)}
            changed[name] = markets[name].replace(own) if own else markets[name]
        rows.append(changed)
    return rows


def _facts(
    gap: Decomposition, results: Sequence[ShapleyResult], asked: ExplainQuestion, own_name: Sequence[float]
) -> dict[str, Any]:
    def over_all(values: Sequence[Any]) -> dict[str, float]:
        errors = [standard_error(v) for v in values]
        error = float(np.sqrt(np.square(errors).sum()) / len(values))
        return {"mean": float(np.mean([v.mean() for v in values])), "standard_error": error}

    own = np.array(own_name)
    first, last = ([s.gap - part.sum(axis=0) for s, part in ((s, getattr(s, kind)) for s in results)] for kind in
                   ("first_in", "last_in"))  # fmt: skip
    return {
        "low": gap.low.name, "high": gap.high.name, "outcome": asked.outcome, "by": asked.by,
        "weeks": gap.settings.weeks, "start": str(gap.settings.start), "seed": gap.settings.seed,
        "replicates": gap.settings.replicates, "consumers": gap.low.consumers, "draws": len(results),
        "subsets": len(gap.subsets), "orders": len(gap.orders), "horizon": asked.horizon, "long_run": LONG_RUN,
        "low_value": over_all([s.low for s in results]), "high_value": over_all([s.high for s in results]),
        "gap": over_all([s.gap for s in results]),
        "left_by_first_in": over_all(first), "left_by_last_in": over_all(last),
        "high_under_its_own_name": {"mean": float(own.mean()), "standard_error": standard_error(own)},
    }  # fmt: skip


def _by_draw(results: Sequence[ShapleyResult]) -> pd.DataFrame:
    columns = ["draw", "mechanism", "value", "standard_error", "first_in", "last_in", "gap"]
    tables = [result.table().assign(draw=i, gap=float(result.gap.mean()))[columns] for i, result in enumerate(results)]
    return pd.concat(tables, ignore_index=True)


def _write(found: Explanation, folder: Path, experiment: Experiment) -> None:
    write_table(found.table, folder / "shapley.parquet")
    tables = {"interactions": found.pairs, "draws": found.draws, "history": found.history, "curves": found.curves}
    states = [states.curves.assign(market=name) for name, states in found.states.items()]
    tables["states"] = pd.concat(states, ignore_index=True) if states else pd.DataFrame()
    for name, table in tables.items():
        if not table.empty:
            write_table(table, folder / f"{name}.parquet")
    verdicts = {name: states.verdict for name, states in found.states.items()}
    write_json({**provenance(experiment), **found.facts, "stable_states": verdicts}, folder / "explain.json")
