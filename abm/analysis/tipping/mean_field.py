"""Where mean-field theory puts the two stable states: Brock and Durlauf's choice with a norm on the complete network.

x' = 1 / (1 + exp(-(b + J x))). For J > 4 there are two stable shares between the bifurcation points (saddle-node)

    b = ln(x / (1 - x)) - J x    at    x = (1 +- sqrt(1 - 4 / J)) / 2.

Source: Brock & Durlauf (2001), Review of Economic Studies 68(2).
"""

from math import log, sqrt
from typing import NamedTuple

from abm.markets.market import Market
from abm.mechanisms.integration import integration

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

    It applies to the complete network, logistic reversible choice, and utilities that are the same for everybody and
    for ever: no spread of taste, and no weight on habit, trust, merchants or partial reach.
    """
    if market.network.family != "complete" or market.choice.noise != "logistic" or not market.choice.reversible:
        return None
    if not _all_become_aware(market) or _differs_by_consumer(market) or _changes_over_time(market):
        return None
    b = market.preference.mean + integration(**dict(market.integration))
    if market.livestream.reach >= 1:
        b += market.livestream.weight
    price = market.price
    if price.discount and price.reach > 0:
        b += price.sensitivity * price.discount
    b += price.sensitivity * getattr(price, "subsidy", 0.0)
    return MeanField(b, market.norm.strength)


def _all_become_aware(market: Market) -> bool:
    return market.awareness.initial >= 1 or market.awareness.advertising > 0


def _differs_by_consumer(market: Market) -> bool:
    """Say whether some consumers have other utilities than others."""
    live, price = market.livestream, market.price
    some_watch = live.weight != 0 and (0 < live.reach < 1 or live.growth != 0)
    some_pay_less = price.sensitivity * price.discount != 0 and 0 < price.reach < 1
    some_get_deals = price.sensitivity * getattr(price, "deal", 0.0) != 0
    return market.preference.spread != 0 or some_watch or some_pay_less or some_get_deals


def _changes_over_time(market: Market) -> bool:
    """Say whether utilities change with what has happened."""
    return bool(market.habit.strength or market.trust.weight or market.supply.weight)
