"""Preference: some people want one app for everything, others one app per job.

Source: random-utility choice, McFadden (1974); a normal spread of tastes as in mixed logit, Train (2009).
"""

from abm.mechanisms.base import Mechanism
from abm.numerics.fixed_point import TASTE_BITS
from abm.numerics.jit import inline
from abm.parameters import parameter


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


@inline
def preference(mean: int, spread: int, taste: int) -> int:
    """Return alpha + sigma z as Q32 (equation 3); ``taste`` is z in units of 2**-16."""
    return mean + ((spread * taste) >> TASTE_BITS)
