"""Awareness: nobody can choose a shop they have never heard of.

Source: Bass (1969), "A new product growth for model consumer durables", Management Science 15(5);
Goldenberg, Libai & Muller (2001) for independent contacts.
"""

from typing import ClassVar, Literal, NamedTuple

import numpy as np

from abm.base.parameters import parameter
from abm.mechanisms.base import Column, MarketWeek, Mechanism, mechanism
from abm.numerics.fixed_point import ONE, share_of, share_of_many, to_q32
from abm.numerics.jit import inline

LINEAR, INDEPENDENT = 0, 1
FORMS = {"linear": LINEAR, "independent": INDEPENDENT}


class Step(NamedTuple):
    """What the compiled week knows of it."""

    advertising: int  # Q32
    word_of_mouth: int  # Q32
    p_miss_advertising: float
    p_miss_neighbor: float
    form: int


class Params(NamedTuple):
    """The same in one week."""

    advertising: int  # Q32
    word_of_mouth: int  # Q32
    p_miss_advertising: float
    p_miss_neighbor: float
    linear: bool
    spreads: bool  # whether anybody can learn of the shop
    p_complete: int  # Q32, everyone's chance in a complete network


@inline
def aware_linear(advertising: int, word_of_mouth: int, n_super: int, n_neighbors: int) -> int:
    """Return the chance (Q32) to become aware this week: p + q s (equation 1, linear)."""
    return advertising + share_of(word_of_mouth, n_super, n_neighbors)


@inline
def aware_of_all(advertising: int, word_of_mouth: int, n_super: int, n_others: int) -> int:
    """Return p + q s as Q32 where everyone is everyone's neighbour: populations of up to 2**31."""
    return advertising + share_of_many(word_of_mouth, n_super, n_others)


@inline
def aware_independent(p_miss_advertising: float, p_miss_neighbor: float, n_super: int) -> int:
    """Return the chance (Q32) to become aware this week: 1 - (1-p)(1-q)^c (equation 1, independent).

    The power is taken by squaring: multiplications alone round the same way on every machine.
    """
    p_miss = p_miss_advertising
    factor = p_miss_neighbor
    while n_super > 0:
        if n_super & 1:
            p_miss *= factor
        factor *= factor
        n_super >>= 1
    return ONE - int(p_miss * ONE + 0.5)


def week(step: Step, market: MarketWeek) -> Params:
    """Return the parameters of a week."""
    if step.form == INDEPENDENT:
        p_complete = aware_independent(step.p_miss_advertising, step.p_miss_neighbor, market.n_super)
    else:
        p_complete = aware_of_all(step.advertising, step.word_of_mouth, market.n_super, market.n_others)
    spreads = step.advertising > 0 or step.word_of_mouth > 0 or step.p_miss_neighbor < 1.0
    return Params(
        step.advertising, step.word_of_mouth, step.p_miss_advertising, step.p_miss_neighbor,
        step.form != INDEPENDENT, spreads, p_complete,
    )  # fmt: skip


@inline
def p_aware(params: Params, n_super: int, n_neighbors: int) -> int:
    """Return the chance (Q32) that an unaware consumer becomes aware (equation 1), networks with edges."""
    if params.linear:
        return aware_linear(params.advertising, params.word_of_mouth, n_super, n_neighbors)
    return aware_independent(params.p_miss_advertising, params.p_miss_neighbor, n_super)


@mechanism("awareness", week=week)
class Awareness(Mechanism):
    """How consumers come to know that they can shop inside the super-app."""

    advertising: float = parameter(
        0.0, ge=0, le=1, unit="chance per week", source="Bass (1969), p",
        meaning="chance that an unaware consumer learns of the shop from outside",
    )  # fmt: skip
    word_of_mouth: float = parameter(
        0.0, ge=0, le=1, unit="chance per week", source="Bass (1969), q",
        meaning="chance to learn from neighbours: if all shop there (linear), or from each that does (independent)",
    )  # fmt: skip
    initial: float = parameter(
        1.0, ge=0, le=1, unit="share of consumers", source="scenario", fixed=True,
        meaning="share aware at week 0",
    )  # fmt: skip
    form: Literal["linear", "independent"] = parameter(
        "linear", unit="-", source="Bass (1969); Goldenberg et al. (2001)", fixed=True,
        meaning="p + q s (linear) or 1 - (1-p)(1-q)^c (independent)",
    )  # fmt: skip

    columns: ClassVar[tuple[Column, ...]] = (
        Column("aware", np.bool_, "-", "whether the consumer knows that one can shop in the super-app", scale=1),
    )

    def step(self) -> Step:
        """See ``Mechanism``."""
        return Step(
            to_q32(self.advertising),
            to_q32(self.word_of_mouth),
            1.0 - self.advertising,
            1.0 - self.word_of_mouth,
            FORMS[self.form],
        )

    def mean_field(self) -> float | None:
        """See ``Mechanism``: everybody has to know of the shop, sooner or later."""
        return 0.0 if self.initial >= 1 or self.advertising > 0 else None
