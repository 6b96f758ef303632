"""Price: a discount, for those whom it reaches.

Source: Bijmolt, van Heerde & Pieters (2005), Journal of Marketing Research 42(2): mean elasticity -2.62.
"""

from typing import Any, ClassVar, NamedTuple

import numpy as np

from abm.base.parameters import parameter
from abm.mechanisms.base import Column, Mechanism, mechanism
from abm.numerics.fixed_point import RANK_BITS, some_below, to_q32, to_rank
from abm.numerics.jit import inline


class Step(NamedTuple):
    """What the compiled week knows of it."""

    subsidy: int  # Q32, for everybody
    value: int  # Q32, of the everyday price advantage ...
    rank: int  # ... for those with a lower rank
    deal_value: int  # Q32, of the week's deal ...
    deal_rank: int  # ... for those with a lower rank
    deal: float  # share of price
    discount: float  # everyday advantage, deal and subsidy together, share of price


@inline
def price(value: int, reached: bool) -> int:
    """Return eta d [w < reach] in Q32 (equation 3); ``value`` is eta d."""
    return value if reached else 0


def utility(params: Step, person: Any) -> int:
    """Return the term of a consumer."""
    return (
        params.subsidy
        + price(params.value, person.reach_rank < params.rank)
        + price(params.deal_value, person.reach_rank < params.deal_rank)
    )


def gathered(params: Step) -> bool:
    """Say whether prices differ between consumers."""
    return some_below(params.deal_rank) or (params.value != 0 and some_below(params.rank))


@mechanism("price", utility=utility, gathered=gathered)
class Price(Mechanism):
    """The super-app's price advantage."""

    sensitivity: float = parameter(
        0.0, ge=0, le=100, unit="utility per share of price", source="Bijmolt et al. (2005)",
        meaning="appeal of a price advantage of 100 %",
    )  # fmt: skip
    discount: float = parameter(
        0.0, ge=-1, le=1, unit="share of price", source="see the market profiles",
        meaning="how much cheaper the super-app is",
    )  # fmt: skip
    reach: float = parameter(
        1.0, ge=0, le=1, unit="share of consumers", source="scenario",
        meaning="share of consumers whom the price advantage reaches",
    )  # fmt: skip
    deal: float = parameter(
        0.0, ge=0, le=1, unit="share of price", source="scenario",
        meaning="further price advantage while a deal lasts; invites to buy ahead (stockpile)",
    )  # fmt: skip
    deal_reach: float = parameter(
        1.0, ge=0, le=1, unit="share of consumers", source="scenario",
        meaning="share of consumers whom the deal reaches",
    )  # fmt: skip
    subsidy: float = parameter(
        0.0, ge=0, le=1, unit="share of price", source="scenario",
        meaning="further price advantage for everybody, paid for by the platform",
    )  # fmt: skip

    columns: ClassVar[tuple[Column, ...]] = (
        Column(
            "reach_rank", np.uint16, "rank", "w, 0 .. 1: is reached by a discount if below its reach",
            scale=1 << RANK_BITS, fixed=True, drawn="uniform",
        ),
    )  # fmt: skip

    def step(self) -> Step:
        """See ``Mechanism``."""
        return Step(
            to_q32(self.sensitivity * self.subsidy),
            to_q32(self.sensitivity * self.discount),
            to_rank(self.reach),
            to_q32(self.sensitivity * self.deal),
            to_rank(self.deal_reach if self.deal > 0 else 1.0),
            self.deal,
            self.discount + self.deal + self.subsidy,
        )

    def mean_field(self) -> float | None:
        """See ``Mechanism``: no deals, and everyday prices that are the same for everybody."""
        if self.sensitivity * self.deal != 0 or (self.sensitivity * self.discount != 0 and 0 < self.reach < 1):
            return None
        everyday = self.sensitivity * self.discount if self.discount and self.reach > 0 else 0.0
        return everyday + self.sensitivity * self.subsidy
