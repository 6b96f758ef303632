"""Supply: merchants follow sales, buyers follow merchants.

Source: two-sided markets, Rochet & Tirole (2006), RAND Journal of Economics 37(3).
"""

from typing import Any, NamedTuple

from abm.base.parameters import parameter
from abm.mechanisms.base import MarketWeek, Mechanism, mechanism
from abm.numerics.fixed_point import ONE, natural_log, to_q32
from abm.numerics.jit import inline

FLOOR_SHARE = 0.01  # merchants try out a shop that sells nothing yet (equation 7, c)
LEAST = 1e-6  # merchants never vanish: ln M stays finite


class Step(NamedTuple):
    """What the compiled week knows of it."""

    weight: float
    rate: float
    half_saturation: float


class Params(NamedTuple):
    """The same in one week."""

    value: int  # Q32, the same for everybody


@inline
def supply(weight: float, merchants: float) -> float:
    """Return gamma ln M as utility (equation 3)."""
    return weight * (natural_log(int(merchants * ONE + 0.5)) / ONE)


@inline
def merchants_join(merchants: float, gmv_share: float, rate: float, half_saturation: float) -> float:
    """Return M a week later: M + nu ((G+c) / (G+c+K) - M) (equation 7)."""
    pull = gmv_share + FLOOR_SHARE
    return max(LEAST, merchants + rate * (pull / (pull + half_saturation) - merchants))


def week(step: Step, market: MarketWeek) -> Params:
    """Return the parameters of a week."""
    return Params(to_q32(supply(step.weight, market.merchants)))


def utility(params: Params, person: Any) -> int:
    """Return the term of a consumer."""
    return params.value


@mechanism("supply", utility=utility, week=week)
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

    def step(self) -> Step:
        """See ``Mechanism``."""
        return Step(self.weight, self.rate, self.half_saturation)

    def mean_field(self) -> float | None:
        """See ``Mechanism``."""
        return None if self.weight else 0.0
