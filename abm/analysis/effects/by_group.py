"""Who switches under a scenario: extra adopters by group of consumers."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from abm.analysis.effects.paired import paired_difference
from abm.experiment.adoption_by_group import GROUPS, TRAITS
from abm.experiment.scenarios import BASELINE

LEAST_GROUP = 0.1  # of a market, before anything is said about a group of its consumers
MOMENTS = ("after", "end")  # when the levers end, and at the end of the run
_KEYS = ["replicate", "market", "trait", "group"]


def adopters_by_group(table: pd.DataFrame, scenario: str) -> Iterator[dict[str, Any]]:
    """Yield extra adopters per 100 consumers of each group, when the levers end and at the end of the run.

    Parameters
    ----------
    table : pandas.DataFrame
        One row per run, market, trait and group of one sweep point: consumers, super_after, super_end.
    scenario : str
        Compared with the baseline, replicate by replicate.

    Yields
    ------
    dict
        A row of ``Comparison.by_group``. A group that is hardly there is left out: where nearly all consumers have the
        same value of a trait, the others are few and not typical of anything.
    """
    changed, baseline = (table[table["scenario"] == name].set_index(_KEYS) for name in (scenario, BASELINE))
    for market, trait in product(changed.index.unique("market"), TRAITS):
        everybody = (
            baseline.loc[(slice(None), market, trait), "consumers"].sum() / baseline.index.unique("replicate").size
        )
        for group in GROUPS:
            cell = (slice(None), market, trait, group)
            consumers = baseline.loc[cell, "consumers"].to_numpy(np.float64)
            if consumers.min() < LEAST_GROUP * everybody:
                continue
            for moment in MOMENTS:
                sides = (rows.loc[cell, f"super_{moment}"].to_numpy(np.float64) for rows in (changed, baseline))
                found = paired_difference(*(100 * side / consumers for side in sides))
                yield {
                    "scenario": scenario, "market": market, "trait": trait, "group": group, "moment": moment,
                    **found._asdict(),
                }  # fmt: skip
