"""Awareness: nobody can choose a shop they have never heard of.

Source: Bass (1969), "A new product growth for model consumer durables", Management Science 15(5);
Goldenberg, Libai & Muller (2001) for independent contacts.
"""

from typing import Literal

from abm.mechanisms.base import Mechanism
from abm.numerics.fixed_point import ONE, share_of, share_of_many
from abm.numerics.jit import inline
from abm.parameters import parameter

LINEAR, INDEPENDENT = 0, 1
FORMS = {"linear": LINEAR, "independent": INDEPENDENT}


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
