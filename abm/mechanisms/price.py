"""Price: a discount, for those whom it reaches.

Source: Bijmolt, van Heerde & Pieters (2005), Journal of Marketing Research 42(2): mean elasticity -2.62.
"""

from abm.mechanisms.base import Mechanism
from abm.numerics.jit import inline
from abm.parameters import parameter


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


@inline
def price(value: int, reached: bool) -> int:
    """Return eta d [w < reach] as Q32 (equation 3); ``value`` is eta d."""
    return value if reached else 0
