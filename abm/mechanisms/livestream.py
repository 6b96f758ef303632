"""Live streams: shopping as a show, for those who watch.

Source: reach by country from one questionnaire (ECDB / Statista Consumer Insights 2024: ever bought live,
China 81 %, US 40 %, Germany 26 %, Japan 15 % of online shoppers).
"""

from abm.mechanisms.base import Mechanism
from abm.numerics.jit import inline
from abm.parameters import parameter


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


@inline
def livestream(weight: int, watches: bool) -> int:
    """Return ell [v < L] as Q32 (equation 3)."""
    return weight if watches else 0


@inline
def livestream_reach(reach: float, growth: float, merchants: float) -> float:
    """Return L = min(1, L0 + L1 M) (equation 7)."""
    return min(1.0, reach + growth * merchants)
