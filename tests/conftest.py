"""Settings of all tests."""

import os

import numba
import pytest
from hypothesis import settings

# The same examples every time: a test that fails does so for everyone.
settings.register_profile("fixed", derandomize=True, deadline=None, max_examples=100)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs compiled code if the tests run without compilation (NUMBA_DISABLE_JIT=1, for coverage)."""
    if not numba.config.DISABLE_JIT:
        return
    skip = pytest.mark.skip(reason="needs compiled code")
    for item in items:
        if item.get_closest_marker("needs_compiled"):
            item.add_marker(skip)
