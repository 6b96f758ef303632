"""What all tests share."""

import os
from pathlib import Path

import numba
import pytest
from hypothesis import settings

# The same examples every time: a test that fails does so for everyone.
settings.register_profile("fixed", derandomize=True, deadline=None, max_examples=100)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))

# What takes minutes in plain Python (NUMBA_DISABLE_JIT=1, for coverage): many consumers, or whole experiments. The
# rules behind it are covered by small runs elsewhere. Folders and files, from here.
NEED_SIZE = (
    "analysis/",
    "baselines/test_baselines.py::test_numbers",
    "exactness/test_independence.py::test_traits",
    "levers/test_ledger.py::test_a_budget_is_never",  # one whole run for each example
    "levers/test_ledger.py::test_a_deal_costs",
    "report/experiment/test_answer.py",
    "report/explain/",
    "cli/test_app.py",  # in processes of its own, which coverage does not see
    "cli/test_analysis_commands.py",
    "test_reference_results.py",
    "verify/test_checks.py",
    "view/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out, without compilation, what needs so many consumers that plain Python would take minutes."""
    if not numba.config.DISABLE_JIT:
        return
    here = Path(__file__).parent
    reason = pytest.mark.skip(reason="takes minutes without compilation")
    for item in items:
        name = item.path.relative_to(here).as_posix() + "::" + item.name
        if name.startswith(NEED_SIZE):
            item.add_marker(reason)
