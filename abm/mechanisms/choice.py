"""Choice: what is left unexplained, and whether there is a way back.

Sources: logit, McFadden (1974); probit, Thurstone (1927); thresholds, Granovetter (1978).
"""

from typing import Literal

from abm.compiled import rule
from abm.fixed_point import ONE
from abm.mechanisms.base import Mechanism, parameter
from abm.tables import CURVE_BOUND, CURVE_STEP_BITS

LOGISTIC, NORMAL, UNIFORM, NONE = 0, 1, 2, 3
NOISES = {"logistic": LOGISTIC, "normal": NORMAL, "uniform": UNIFORM, "none": NONE}

_EDGE = CURVE_BOUND * ONE
_FRACTION = (1 << CURVE_STEP_BITS) - 1


class Choice(Mechanism):
    """How utility becomes a decision."""

    noise: Literal["logistic", "normal", "uniform", "none"] = parameter(
        "logistic", unit="-", source="McFadden (1974); Granovetter (1978)", fixed=True,
        meaning="distribution of the unobserved part of utility; none: utility >= 0 decides",
    )  # fmt: skip
    reversible: bool = parameter(
        True, unit="-", source="Bass (1969) for false", fixed=True,
        meaning="whether a consumer who shops in the super-app can go back",
    )  # fmt: skip


@rule
def p_super(utility, noise, curves):  # type: ignore[no-untyped-def]
    """Return the chance (in quanta) that ``utility`` exceeds the noise (equation 3).

    Between the points of a curve, 2**-8 apart, the chance is interpolated in whole numbers; the error is below
    2e-7 (logistic) and 5e-7 (normal).
    """
    if noise == NONE:
        return ONE if utility >= 0 else 0
    if noise == UNIFORM:
        return min(max(utility, 0), ONE)
    if utility <= -_EDGE:
        return 0
    if utility >= _EDGE:
        return ONE
    position = utility + _EDGE
    point = position >> CURVE_STEP_BITS
    low = curves[noise, point]
    return low + (((curves[noise, point + 1] - low) * (position & _FRACTION)) >> CURVE_STEP_BITS)
