"""Preference: some people want one app for everything, others one app per job.

Source: random-utility choice, McFadden (1974); a normal spread of tastes as in mixed logit, Train (2009).
"""

from typing import Any, ClassVar, NamedTuple

import numpy as np

from abm.base.parameters import parameter
from abm.mechanisms.base import Column, Mechanism, mechanism
from abm.numerics.fixed_point import TASTE_BITS, to_q32
from abm.numerics.jit import inline


class Step(NamedTuple):
    """What the compiled week knows of it."""

    mean: int  # Q32
    spread: int  # Q32


@inline
def preference(mean: int, spread: int, taste: int) -> int:
    """Return alpha + sigma z in Q32 (equation 3); ``taste`` is z in units of 2**-16."""
    return mean + ((spread * taste) >> TASTE_BITS)


def utility(params: Step, person: Any) -> int:
    """Return the term of a consumer."""
    return preference(params.mean, params.spread, person.taste)


@mechanism("preference", utility=utility)
class Preference(Mechanism):
    """Taste for shopping inside the super-app: integration (> 0) against separation (< 0) of functions."""

    mean: float = parameter(
        0.0, ge=-1000, le=1000, unit="utility", source="fitted; see the market profiles",
        meaning="taste of the average consumer",
    )  # fmt: skip
    spread: float = parameter(
        0.0, ge=0, le=100, unit="utility", source="fitted; see the market profiles",
        meaning="standard deviation of tastes between consumers",
    )  # fmt: skip

    columns: ClassVar[tuple[Column, ...]] = (
        Column("taste", np.int32, "-", "z, standard normal", scale=1 << TASTE_BITS, fixed=True, drawn="normal"),
    )

    def step(self) -> Step:
        """See ``Mechanism``."""
        return Step(to_q32(self.mean), to_q32(self.spread))

    def mean_field(self) -> float | None:
        """See ``Mechanism``."""
        return self.mean if self.spread == 0 else None
