"""Interventions: what a platform can do for a while, each with one size."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from abm.engine.initial_adoption import draw_keys
from abm.engine.snapshot import Snapshot
from abm.levers import Lever, make_lever
from abm.numerics.array_types import Bools
from abm.numerics.bits import pack
from abm.numerics.random import stream


@dataclass(frozen=True)
class Intervention:
    """One kind of intervention.

    Parameters
    ----------
    name : str
        Such as ``seeds`` or ``discount``.
    largest : float
        Largest size that is tried.
    weeks : int
        How long it lasts; seeds are there at once.
    reach : float
        Share of consumers a discount reaches.
    """

    name: str
    largest: float
    weeks: int = 0
    reach: float = 1.0

    def levers(self, size: float, market: str, first: int) -> list[Lever]:
        """Return the levers of an intervention of some size that starts in week ``first``.

        Parameters
        ----------
        size : float
            From 0 to ``largest``.
        market : str
            Name of the market.
        first : int
            Week in which it starts.
        """
        if self.name == "seeds" or not self.weeks:
            return []
        window: Mapping[str, Any] = {"market": market, "start": first, "weeks": self.weeks}
        values = {"price.discount": size, "price.reach": self.reach}
        if self.name == "livestream":
            values = {"livestream.reach": size}
        return [make_lever({"kind": "set", **window, "values": values})]

    def apply_seeds(self, state: Snapshot, size: float, order: npt.NDArray[np.int64]) -> Snapshot:
        """Return a state with the intervention's seeds; ``order`` is that in which consumers are converted.

        Parameters
        ----------
        state : Snapshot
        size : float
            Share of consumers.
        order : int64[consumers]
            Order in which consumers are converted.
        """
        return with_seeds(state, size, order) if self.name == "seeds" else state


def order_of_seeds(consumers: int, seed: int, replicate: int, market: str) -> npt.NDArray[np.int64]:
    """Return consumers in the random order in which ``initial_adoption`` takes them: more seeds contain fewer.

    Parameters
    ----------
    consumers : int
    seed, replicate : int
    market : str
        Name of the market.
    """
    keys = np.zeros(consumers, np.uint64)
    draw_keys(stream(seed, replicate, market), keys)
    return np.argsort(keys, kind="stable").astype(np.int64)


def with_seeds(state: Snapshot, share: float, order: npt.NDArray[np.int64]) -> Snapshot:
    """Return the state in which the first consumers of an order, a share of all, are in mode super as well.

    Parameters
    ----------
    state : Snapshot
    share : float
        Share of consumers.
    order : int64[consumers]
        Order in which consumers are converted.
    """
    n_seeds = int(share * order.size + 0.5)
    chosen: Bools = np.zeros(64 * state.state.mode.size, np.bool_)
    chosen[order[:n_seeds]] = True
    return state.altered(mode=state.state.mode | pack(chosen))


def standard_interventions() -> list[Intervention]:
    """Return the interventions that are compared: seeds, discounts by reach and weeks, live streams by weeks."""
    discounts = [Intervention("discount", 1.0, weeks, reach) for reach in (0.5, 1.0) for weeks in (13, 52, 104, 208)]
    return [
        Intervention("seeds", 1.0),
        *discounts,
        *(Intervention("livestream", 1.0, weeks) for weeks in (52, 104, 208)),
    ]
