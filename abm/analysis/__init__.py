"""Analyses of results: what happened, why, and what would change it.

summarize
    One row per scenario, sweep point and market: each outcome and its difference to the baseline, from a results table.
compare, Comparison
    What every scenario changes, paired with the baseline by replicate, from the results of an experiment.
Estimate, estimate
    A mean over replicates with its 95 % confidence interval.
ResultCube
    A results table as arrays [scenario, replicate, market, week].
"""

from abm.analysis.effects.compare import Comparison, compare
from abm.analysis.effects.cube import ResultCube
from abm.analysis.effects.estimate import Estimate, estimate
from abm.analysis.effects.summary import summarize

__all__ = ["Comparison", "Estimate", "ResultCube", "compare", "estimate", "summarize"]
