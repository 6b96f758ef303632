"""Habit: what was done last time is done again, in either kind of shop.

Source: Lally et al. (2010), European Journal of Social Psychology 40(6): 18-254 days to 95 % automaticity.
"""

from typing import Any, ClassVar, NamedTuple

import numpy as np

from abm.base.parameters import parameter
from abm.mechanisms.base import Column, Mechanism, Occasion, mechanism
from abm.numerics.fixed_point import U16_MAX, approach, q32_per_level, to_q16
from abm.numerics.jit import inline


class Step(NamedTuple):
    """What the compiled week knows of it."""

    strength: int  # Q32 per level
    rate: int  # Q16


@inline
def habit(strength: int, level: int) -> int:
    """Return lambda (2 h - 1) in Q32 (equation 3); ``strength`` is per level, ``level`` 0 .. 65535."""
    return strength * (2 * level - U16_MAX)


@inline
def form_habit(level: int, mode: int, rate: int) -> int:
    """Return the habit, 0 .. 65535, after an occasion in ``mode`` (equation 5); ``rate`` in Q16."""
    return approach(level, U16_MAX * mode, rate)


def utility(params: Step, person: Any) -> int:
    """Return the term of a consumer."""
    return habit(params.strength, person.habit)


def gathered(params: Step) -> bool:
    """Say whether habits matter or change this week."""
    return params.strength != 0 or params.rate != 0


def changing(params: Step) -> bool:
    """Say whether habits form this week."""
    return params.rate != 0


def after_occasion(params: Step, person: Any, occasion: Occasion) -> int:
    """Return a consumer's habit after an occasion."""
    return form_habit(person.habit, occasion.mode, params.rate)


@mechanism("habit", utility=utility, gathered=gathered, changing=changing, updates={"habit": after_occasion})
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

    columns: ClassVar[tuple[Column, ...]] = (
        Column("habit", np.uint16, "level", "h, 0 (single) .. 1 (super)", initial="initial", updated="occasion"),
    )

    def step(self) -> Step:
        """See ``Mechanism``."""
        return Step(q32_per_level(self.strength), to_q16(self.rate))

    def mean_field(self) -> float | None:
        """See ``Mechanism``."""
        return None if self.strength else 0.0
