"""What all consumers of a market share in a week: its parameters in whole numbers, and its state so far."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from abm.engine.dispatch import step_params
from abm.engine.state import LET_DOWN, N_SUPER
from abm.mechanisms.base import MarketWeek
from abm.numerics.jit import inline
from abm.numerics.random import Stream


class MarketParams(NamedTuple):
    """One market in one week."""

    week: int
    stream: Stream
    launched: bool
    spreads: bool  # whether anybody can become aware of the shop
    p_occasion: np.uint64  # Q32
    n_let_down: int  # consumers of the market let down last week
    market: MarketWeek
    params: Any  # StepParams: one named tuple for each mechanism


@inline
def market_params_at(
    week: int, layout: Any, steps: Any, scheduled: Any, merchants: float, tally: npt.NDArray[np.int64]
) -> MarketParams:
    """Return what all consumers of a market share.

    Parameters
    ----------
    week : int
        The week that the step reads.
    layout : record
        The market's MARKET_LAYOUT.
    steps : StepParams
        Of neutral mechanisms.
    scheduled : record
        The market's entry of the schedule for this week.
    merchants : float
        M, share of merchants present.
    tally : int64[n_tallies]
        The market's tallies of this week.
    """
    market = MarketWeek(layout.complete != 0, layout.n_consumers - 1, tally[N_SUPER], merchants)
    params = step_params(steps, scheduled, market)
    launched = scheduled.launched != 0
    return MarketParams(
        week,
        Stream(layout.seed, layout.replicate, layout.market),
        launched,
        launched and params.awareness.spreads,
        np.uint64(scheduled.occasion),
        tally[LET_DOWN],
        market,
        params,
    )
