"""Live streams: shopping as a show, for those who watch.

Source: reach by country from one questionnaire (ECDB / Statista Consumer Insights 2024: ever bought live,
China 81 %, US 40 %, Germany 26 %, Japan 15 % of online shoppers).
"""

from typing import Any, ClassVar, NamedTuple

import numpy as np

from abm.base.parameters import parameter
from abm.mechanisms.base import Column, MarketWeek, Mechanism, mechanism
from abm.numerics.fixed_point import RANK_BITS, some_below, to_q32, to_rank
from abm.numerics.jit import inline


class Step(NamedTuple):
    """What the compiled week knows of it."""

    weight: int  # Q32
    reach: float  # L0
    growth: float  # L1


class Params(NamedTuple):
    """The same in one week."""

    weight: int  # Q32
    rank: int  # those with a lower rank watch


@inline
def livestream(weight: int, watches: bool) -> int:
    """Return ell [v < L] in Q32 (equation 3)."""
    return weight if watches else 0


@inline
def livestream_reach(reach: float, growth: float, merchants: float) -> float:
    """Return L = min(1, L0 + L1 M) (equation 7)."""
    return min(1.0, reach + growth * merchants)


def week(step: Step, market: MarketWeek) -> Params:
    """Return the parameters of a week: merchants bring streams."""
    return Params(step.weight, to_rank(livestream_reach(step.reach, step.growth, market.merchants)))


def utility(params: Params, person: Any) -> int:
    """Return the term of a consumer."""
    return livestream(params.weight, person.live_rank < params.rank)


def gathered(params: Params) -> bool:
    """Say whether some watch and others do not."""
    return some_below(params.rank)


@mechanism("livestream", utility=utility, week=week, gathered=gathered)
class Livestream(Mechanism):
    """Who is reached by live streams and what watching adds to the super-app's appeal."""

    weight: float = parameter(
        0.0, ge=0, le=100, unit="utility", source="fitted; see the market profiles",
        meaning="added appeal for those who watch",
    )  # fmt: skip
    reach: float = parameter(
        0.0, ge=0, le=1, unit="share of consumers", source="ECDB (2024), by country",
        meaning="share who watch when no merchant has joined yet",
    )  # fmt: skip
    growth: float = parameter(
        0.0, ge=0, le=1, unit="share of consumers", source="fitted; see the market profiles",
        meaning="further share who watch once all merchants have joined",
    )  # fmt: skip

    columns: ClassVar[tuple[Column, ...]] = (
        Column(
            "live_rank", np.uint16, "rank", "v, 0 .. 1: watches live streams if below their reach",
            scale=1 << RANK_BITS, fixed=True, drawn="uniform",
        ),
    )  # fmt: skip

    def step(self) -> Step:
        """See ``Mechanism``."""
        return Step(to_q32(self.weight), self.reach, self.growth)

    def mean_field(self) -> float | None:
        """See ``Mechanism``: everybody has to watch, or nobody for ever."""
        if self.weight != 0 and (0 < self.reach < 1 or self.growth != 0):
            return None
        return self.weight if self.reach >= 1 else 0.0
