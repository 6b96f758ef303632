"""The outcomes people ask for first: sales of the last year, adoption at the end, differences to baseline."""

from typing import Any

import numpy as np
import pandas as pd

from abm.analysis.effects.cube import ResultCube, by_sweep_point
from abm.analysis.effects.estimate import estimate
from abm.analysis.effects.yearly import sweep_columns
from abm.experiment.scenarios import BASELINE
from abm.experiment.stopping import OUTCOMES


def outcomes(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row per run and market: adoption at the end, GMV and its share in the last full year.

    A run without a full year is taken as a whole; ``year`` is then 0.
    """
    parts = []
    for point, rows in by_sweep_point(table):
        cube = ResultCube(rows)
        year = max(cube.full_years, default=None)
        sales = {name: cube.sales(name, year) for name in ("gmv_share", "gmv_usd")}
        parts.append(_rows(point, cube, adoption=cube.column("adoption")[..., -1], **sales, year=year or 0))
    return pd.concat(parts, ignore_index=True)


def _rows(point: dict[str, Any], cube: ResultCube, **values: Any) -> pd.DataFrame:
    """Return values per run and market as rows, with the sweep point they belong to."""
    columns = ["scenario", *point, "replicate", "market", *values]
    return cube.long(**values).assign(**point)[columns]


def summarize(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row per scenario, sweep point and market: each outcome and its difference to baseline.

    Every outcome comes with the ends of its 95 % t interval over replicates (``_low``, ``_high``); differences
    (``_change``) are paired, run by run under the same random numbers, so that chance common to both drops out.
    """
    runs = outcomes(table)
    points = sweep_columns(table)
    pairs = runs.merge(
        runs[runs["scenario"] == BASELINE].drop(columns=["scenario", "year"]),
        on=[*points, "replicate", "market"], how="left", suffixes=("", "_base"),
    )  # fmt: skip
    for outcome in OUTCOMES:
        pairs[f"{outcome}_change"] = pairs[outcome] - pairs[f"{outcome}_base"]
    rows = []
    for key, group in pairs.groupby(["scenario", *points, "market"], sort=False):
        row = dict(zip(["scenario", *points, "market"], key, strict=True))
        row |= {"replicates": len(group), "year": int(group["year"].iloc[0])}
        for column in [*OUTCOMES, *(f"{outcome}_change" for outcome in OUTCOMES)]:
            found = estimate(group[column].to_numpy(np.float64))
            row |= {column: found.value, f"{column}_low": found.low, f"{column}_high": found.high}
        rows.append(row)
    return pd.DataFrame(rows)
