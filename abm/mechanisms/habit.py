"""Habit: what was done last time is done again, in either kind of shop.

Source: Lally et al. (2010), European Journal of Social Psychology 40(6): 18-254 days to 95 % automaticity.
"""

from abm.mechanisms.base import Mechanism
from abm.numerics.fixed_point import U16_MAX, approach
from abm.numerics.jit import inline
from abm.parameters import parameter


class Habit(Mechanism):
    """Lock-in by repetition; below one half it holds a consumer in the single apps."""

    strength: float = parameter(
        0.0, ge=0, le=100, unit="utility", source="fitted; see the market profiles",
        meaning="pull of a full habit (h = 1), and of its opposite (h = 0)",
    )  # fmt: skip
    rate: float = parameter(
        0.0, ge=0, le=1, unit="share per occasion", source="Lally et al. (2010)",
        meaning="share of the distance to the last mode that one occasion closes",
    )  # fmt: skip
    initial: float = parameter(
        0.5, ge=0, le=1, unit="level", source="scenario", fixed=True,
        meaning="habit at week 0: 0 all single, 1 all super",
    )  # fmt: skip


@inline
def habit(strength: int, level: int) -> int:
    """Return lambda (2 h - 1) as Q32 (equation 3); ``strength`` is per level, ``level`` 0 .. 65535."""
    return strength * (2 * level - U16_MAX)


@inline
def form_habit(level: int, mode: int, rate: int) -> int:
    """Return the habit after an occasion in ``mode`` (equation 5)."""
    return approach(level, U16_MAX * mode, rate)
