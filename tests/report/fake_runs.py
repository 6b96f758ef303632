"""Small tables like those of an experiment, without running one."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

START = date(2020, 1, 6)
EFFECT = 0.02  # what scenario "push" adds to the GMV share of west in its last 20 weeks


def make_table(
    markets=("west", "asia"), scenarios=("baseline", "push"), replicates=3, weeks=120, spend=1e9, levels=(0.02, 0.3)
):
    rng = np.random.default_rng(1)
    week = np.arange(weeks + 1)
    flows = np.minimum(week, 1)
    parts = []
    for replicate in range(replicates):
        for position, market in enumerate(markets):
            ceiling = levels[position % len(levels)] * (1 + 0.02 * rng.standard_normal())
            usual = flows * ceiling * (1 - np.exp(-week / 30))
            for scenario in scenarios:
                pushed = EFFECT * (week > weeks - 20) * (scenario != "baseline") * (market == markets[0])
                share = usual + pushed
                parts.append(
                    pd.DataFrame(
                        {
                            "scenario": scenario, "replicate": replicate, "seed": 7, "week": week,
                            "date": pd.to_datetime([START + timedelta(weeks=int(w)) for w in week]),
                            "market": market, "consumers": 1000, "aware": (900 * (1 - np.exp(-week / 20))).astype(int),
                            "super": (1000 * share).astype(int), "switched_to_super": 12 * flows,
                            "switched_to_single": 9 * flows, "adoption": share, "gmv_share": share,
                            "gmv_usd": share * spend, "gmv_net_usd": 0.8 * share * spend,
                            "live_gmv_usd": 0.3 * share * spend, "spend_usd": spend, "merchants": 0.1 + share,
                            "livestream_reach": 0.2 + share, "mean_trust": 0.5, "mean_habit": share,
                            "discount": 0.1 * flows, "cost_usd": 0.0,
                        }
                    )
                )  # fmt: skip
    return pd.concat(parts, ignore_index=True)
