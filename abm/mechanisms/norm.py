"""Descriptive norm: people do what the people around them do.

Source: Brock & Durlauf (2001), Review of Economic Studies 68(2); size: one friend in five at strength 2
multiplies the odds by 1.5, as found in a randomised trial by Bapna & Umyarov (2015), Management Science 61(8).
"""

from typing import Any, ClassVar, NamedTuple

import numpy as np

from abm.base.parameters import parameter
from abm.mechanisms.base import Column, MarketWeek, Mechanism, mechanism
from abm.numerics.fixed_point import share_of, share_of_many, to_q32
from abm.numerics.jit import inline


class Step(NamedTuple):
    """What the compiled week knows of it."""

    strength: int  # Q32


class Params(NamedTuple):
    """The same in one week, with the two terms of a complete network, where everyone is everyone's neighbour."""

    strength: int  # Q32
    complete: bool
    of_single: int  # Q32, of those in mode single ...
    of_super: int  # ... and in mode super, who do not count themselves


@inline
def norm(strength: int, n_super: int, n_neighbors: int) -> int:
    """Return J s in Q32 (equation 3), s = n_super / n_neighbors, 0 without neighbours."""
    return share_of(strength, n_super, n_neighbors)


@inline
def norm_of_all(strength: int, n_super: int, n_others: int) -> int:
    """Return J s in Q32 where everyone is everyone's neighbour: populations of up to 2**31."""
    return share_of_many(strength, n_super, n_others)


def week(step: Step, market: MarketWeek) -> Params:
    """Return the parameters of a week."""
    return Params(
        step.strength,
        market.complete,
        norm_of_all(step.strength, market.n_super, market.n_others),
        norm_of_all(step.strength, market.n_super - 1, market.n_others),
    )


def utility(params: Params, person: Any) -> int:
    """Return the term of a consumer."""
    if params.complete:
        return params.of_super if person.mode else params.of_single
    return norm(params.strength, person.n_super, person.n_neighbors)


def gathered(params: Params) -> bool:
    """Say whether neighbours matter this week."""
    return params.strength != 0


@mechanism("norm", utility=utility, week=week, gathered=gathered, own_loop=True)
class Norm(Mechanism):
    """Pull of the share of neighbours who shop in the super-app."""

    strength: float = parameter(
        0.0, ge=-100, le=100, unit="utility", source="Bapna & Umyarov (2015)",
        meaning="utility if every neighbour shops in the super-app",
    )  # fmt: skip

    columns: ClassVar[tuple[Column, ...]] = (
        Column("n_super", np.uint32, "neighbours", "number of neighbours in mode super", scale=1, counts=True),
    )
    reads: ClassVar[tuple[str, ...]] = ("n_neighbors",)  # and the mode, where all modes are at hand

    def step(self) -> Step:
        """See ``Mechanism``."""
        return Step(to_q32(self.strength))

    def mean_field(self) -> float | None:
        """See ``Mechanism``: the norm is the field itself, J of the theory."""
        return 0.0
