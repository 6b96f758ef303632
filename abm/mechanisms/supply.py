"""Supply: merchants follow sales, buyers follow merchants.

Source: two-sided markets, Rochet & Tirole (2006), RAND Journal of Economics 37(3).
"""

from abm.mechanisms.base import Mechanism
from abm.numerics.fixed_point import ONE, natural_log
from abm.numerics.jit import inline
from abm.parameters import parameter

FLOOR_SHARE = 0.01  # merchants try out a shop that sells nothing yet (equation 7, c)
LEAST = 1e-6  # merchants never vanish: ln M stays finite


class Supply(Mechanism):
    """The share of merchants present in the super-app."""

    weight: float = parameter(
        0.0, ge=0, le=100, unit="utility per ln(merchants)", source="fitted; see the market profiles",
        meaning="appeal of a full range of merchants",
    )  # fmt: skip
    initial: float = parameter(
        1.0, ge=LEAST, le=1, unit="share of merchants", source="scenario", fixed=True,
        meaning="merchants present at launch",
    )  # fmt: skip
    rate: float = parameter(
        0.0, ge=0, le=1, unit="share per week", source="fitted; see the market profiles",
        meaning="share of the distance to their target that merchants close in a week",
    )  # fmt: skip
    half_saturation: float = parameter(
        0.0, ge=0, le=100, unit="GMV share", source="fitted; see the market profiles",
        meaning="GMV share at which half of the merchants have joined",
    )  # fmt: skip


@inline
def supply(weight: float, merchants: float) -> float:
    """Return gamma ln M as utility (equation 3)."""
    return weight * (natural_log(int(merchants * ONE + 0.5)) / ONE)


@inline
def merchants_join(merchants: float, gmv_share: float, rate: float, half_saturation: float) -> float:
    """Return M a week later: M + nu ((G+c) / (G+c+K) - M) (equation 7)."""
    pull = gmv_share + FLOOR_SHARE
    return max(LEAST, merchants + rate * (pull / (pull + half_saturation) - merchants))
