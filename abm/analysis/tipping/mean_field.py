"""Where mean-field theory puts the two stable states: Brock and Durlauf's choice with a norm on the complete network.

x' = 1 / (1 + exp(-(b + J x))). For J > 4 there are two stable shares between the bifurcation points (saddle-node)

    b = ln(x / (1 - x)) - J x    at    x = (1 +- sqrt(1 - 4 / J)) / 2.

Source: Brock & Durlauf (2001), Review of Economic Studies 68(2).
"""

from math import log, sqrt
from typing import NamedTuple

from abm.markets.market import Market
from abm.mechanisms import MECHANISMS
from abm.networks import FAMILIES

_J_CRITICAL = 4.0


class MeanField(NamedTuple):
    """The two numbers of the theory: b, the private utility, and J, the norm."""

    b: float
    j: float

    @property
    def depth(self) -> float:
        """How far b is between the bifurcation points: negative outside, with one stable state; -1 up to J = 4."""
        ends = bifurcation_points(self.j)
        return -1.0 if ends is None else min(self.b - ends[0], ends[1] - self.b)


def bifurcation_points(j: float) -> tuple[float, float] | None:
    """Return the values of b between which there are two stable states, None if there are none (J <= 4)."""
    if j <= _J_CRITICAL:
        return None
    root = sqrt(1 - _J_CRITICAL / j)
    low, high = ((1 + root) / 2, (1 - root) / 2)
    return log(low / (1 - low)) - j * low, log(high / (1 - high)) - j * high


def mean_field(market: Market) -> MeanField | None:
    """Return b and J of a market to which the theory applies, else None.

    It applies to the complete network, and where every mechanism is the same for everybody and for ever: what each
    adds to b is said by its ``mean_field``.
    """
    parts = [getattr(market, name).mean_field() for name in MECHANISMS]
    if not FAMILIES[market.network.family].all_pairs or any(part is None for part in parts):
        return None
    return MeanField(sum(parts), market.norm.strength)
