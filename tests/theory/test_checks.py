"""Every check of ``abm verify`` holds: with few consumers always, in full and with other seeds among the slow tests."""

from collections.abc import Callable

import pytest

from abm.verify import CHECKS
from abm.verify.check import Check, CheckSettings

pytestmark = pytest.mark.needs_compiled

SETTINGS = [
    pytest.param(CheckSettings.quick(), id="quick"),
    pytest.param(CheckSettings(), id="full", marks=pytest.mark.slow),
    pytest.param(CheckSettings.quick(2), id="seed 2", marks=pytest.mark.slow),
    pytest.param(CheckSettings.quick(3), id="seed 3", marks=pytest.mark.slow),
]


@pytest.mark.parametrize("settings", SETTINGS)
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__module__.rpartition(".")[2])
def test_check_holds(check: Callable[[CheckSettings], Check], settings: CheckSettings) -> None:
    done = check(settings)
    assert done.passed, [comparison for comparison in done.comparisons if not comparison.passed]
