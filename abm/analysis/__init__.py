"""Analyses of results: what happened, why, and what would change it.

summarize
    One row per scenario, sweep point and market: each outcome and its difference to the baseline, from a results table.
compare, Comparison
    What every scenario changes, paired with the baseline by replicate, from the results of an experiment.
Estimate, estimate
    A mean over replicates with its 95 % confidence interval.
ResultCube
    A results table as arrays [scenario, replicate, market, week].
explain_gap, ExplainQuestion, Explanation
    The gap between two markets, attributed to mechanisms by Shapley values, and the part of each market's history.
tip, TipQuestion, Tipping
    Stable states, critical sizes of interventions, hysteresis, phase diagram, the cheapest mix of levers.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from abm.analysis.effects.compare import Comparison, compare
    from abm.analysis.effects.cube import ResultCube
    from abm.analysis.effects.estimate import Estimate, estimate
    from abm.analysis.effects.summary import summarize
    from abm.analysis.explain.explain import ExplainQuestion, Explanation, explain_gap
    from abm.analysis.tipping.question import TipQuestion
    from abm.analysis.tipping.tip import Tipping, tip

_MODULES = {
    "Comparison": "abm.analysis.effects.compare",
    "Estimate": "abm.analysis.effects.estimate",
    "ExplainQuestion": "abm.analysis.explain.explain",
    "Explanation": "abm.analysis.explain.explain",
    "ResultCube": "abm.analysis.effects.cube",
    "TipQuestion": "abm.analysis.tipping.question",
    "Tipping": "abm.analysis.tipping.tip",
    "compare": "abm.analysis.effects.compare",
    "estimate": "abm.analysis.effects.estimate",
    "explain_gap": "abm.analysis.explain.explain",
    "summarize": "abm.analysis.effects.summary",
    "tip": "abm.analysis.tipping.tip",
}

__all__ = [
    "Comparison",
    "Estimate",
    "ExplainQuestion",
    "Explanation",
    "ResultCube",
    "TipQuestion",
    "Tipping",
    "compare",
    "estimate",
    "explain_gap",
    "summarize",
    "tip",
]


def __getattr__(name: str) -> Any:
    """Import an analysis only when it is asked for: they need libraries that take long to load."""
    if name in _MODULES:
        return getattr(import_module(_MODULES[name]), name)
    raise AttributeError(f"module 'abm.analysis' has no attribute {name!r}")
