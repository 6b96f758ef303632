"""Calls the rules of all mechanisms, whichever there are.

Each function is written twice. The plain form goes through the registry. Its ``specialized`` form is what Numba
compiles: it is put together, once for each set of mechanisms, from functions that each add one mechanism to those
before it. The fields of a named tuple, ``StepParams``, say which mechanisms there are, so that nothing is looked up
while a week runs, and the compiler sees one flat loop.
"""

from abm.engine.dispatch.gathering import gather_columns
from abm.engine.dispatch.params import neutral_steps, step_params
from abm.engine.dispatch.person import person_at, person_class
from abm.engine.dispatch.updating import update_columns
from abm.engine.dispatch.utility import add_costly_terms, quick_terms, utility

__all__ = [
    "add_costly_terms", "gather_columns", "neutral_steps", "person_at", "person_class", "quick_terms", "step_params",
    "update_columns", "utility",
]  # fmt: skip
