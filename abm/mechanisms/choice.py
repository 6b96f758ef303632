"""Choice: what is left unexplained, and whether there is a way back.

Sources: logit, McFadden (1974); probit, Thurstone (1927); thresholds, Granovetter (1978).
"""

from typing import ClassVar, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from abm.base.parameters import parameter
from abm.mechanisms.base import Column, Mechanism, mechanism
from abm.numerics.fixed_point import ONE
from abm.numerics.jit import inline, int64
from abm.numerics.lookup_tables import CURVE_BOUND, CURVE_STEP_BITS

LOGISTIC, NORMAL, UNIFORM, NONE = 0, 1, 2, 3
NOISES = {"logistic": LOGISTIC, "normal": NORMAL, "uniform": UNIFORM, "none": NONE}

_NEXT = np.uint64(1)  # unsigned: an index that cannot be negative needs no check
_EDGE = CURVE_BOUND * ONE
_FRACTION = (1 << CURVE_STEP_BITS) - 1


class Step(NamedTuple):
    """What the compiled week knows of it."""

    noise: int
    reversible: int  # 0 or 1


@inline
def p_super(utility: int, noise: int, curves: npt.NDArray[np.int64]) -> int:
    """Return the chance (Q32) that ``utility`` exceeds the noise (equation 3)."""
    if noise == NONE:
        return p_certain(utility)
    if noise == UNIFORM:
        return p_uniform(utility)
    return p_curve(utility, curves[noise])


@inline
def p_certain(utility: int) -> int:
    """Return the chance without noise: all or nothing, ties adopt."""
    return ONE if utility >= 0 else 0


@inline
def p_uniform(utility: int) -> int:
    """Return the chance that ``utility`` exceeds a number uniform on 0 .. 1."""
    return min(max(utility, 0), ONE)


@inline
def p_curve(utility: int, curve: npt.NDArray[np.int64]) -> int:
    """Return the chance from a tabulated distribution function, int64[12289] on -24 .. 24.

    Between its points, 2**-8 apart, the chance is interpolated in whole numbers; the error is below 2e-7 (logistic) and
    5e-7 (normal). The curve ends in 0 and 1, so that utilities beyond it need no case of their own.
    """
    return on_curve(curve_position(utility), curve)


@inline
def curve_position(utility: int) -> int:
    """Return how far along the curve a utility lies: 0 .. 2 * 24 * 2**32 - 1."""
    return min(max(utility, -_EDGE), _EDGE - 1) + _EDGE


@inline
def on_curve(position: int, curve: npt.NDArray[np.int64]) -> int:
    """Return the height of the curve at a position."""
    point = np.uint64(position >> CURVE_STEP_BITS)
    low = int64(curve[point])
    return low + (((int64(curve[point + _NEXT]) - low) * (position & _FRACTION)) >> CURVE_STEP_BITS)


@mechanism("choice")
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

    columns: ClassVar[tuple[Column, ...]] = (
        Column("mode", np.bool_, "0 or 1", "1: the last occasion was spent in the super-app, 0: elsewhere", scale=1),
        Column("switched", np.bool_, "-", "whether the last step changed the mode", scale=1, settable=False),
    )

    def step(self) -> Step:
        """See ``Mechanism``."""
        return Step(NOISES[self.noise], int(self.reversible))

    def mean_field(self) -> float | None:
        """See ``Mechanism``: the theory is that of logistic, reversible choice."""
        return 0.0 if self.noise == "logistic" and self.reversible else None
