"""What theory says the model must do, checked through the public interface: the checks behind ``abm verify``.

One file per line of theory. Each holds the prediction (a map, a recursion, an exact chain), the simulation that has to
meet it, and ``check``, which compares them at the listed parameters; every prediction takes other parameters as well.
The predictions are written a second time, in other ways, in ``tests/theory/expected.py``; ``tests/verify`` compares.
"""

from collections.abc import Callable, Iterator
from time import perf_counter
from typing import Final

from abm.verify import (
    bass,
    bethe,
    brock_durlauf,
    complex_contagion,
    gleeson_cahalane,
    metamorphic,
    networks,
    randomness,
    si_epidemic,
    voter,
    watts,
)
from abm.verify.check import Check, CheckSettings, Comparison

__all__ = ["CHECKS", "Check", "CheckSettings", "Comparison", "run_checks"]

CHECKS: Final[tuple[Callable[[CheckSettings], Check], ...]] = (
    bass.check,
    si_epidemic.check,
    brock_durlauf.check,
    bethe.check,
    watts.check,
    gleeson_cahalane.check,
    voter.check,
    complex_contagion.check,
    networks.check,
    metamorphic.check,
    randomness.check,
)


def run_checks(settings: CheckSettings) -> Iterator[tuple[Check, float]]:
    """Run all checks, one after the other.

    Parameters
    ----------
    settings : CheckSettings
        How many consumers and runs, and from which seed on.

    Yields
    ------
    tuple of Check and float
        A finished check and the seconds it took.
    """
    for check in CHECKS:
        begin = perf_counter()
        done = check(settings)
        yield done, perf_counter() - begin
