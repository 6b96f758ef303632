"""Trust: learned from one's own purchases, and lost through other people's bad ones.

Source: exponential learning from experience, Rescorla & Wagner (1972); negative word of mouth,
Chevalier & Mayzlin (2006), Journal of Marketing Research 43(3).
"""

from typing import Any, ClassVar, NamedTuple

import numpy as np

from abm.base.parameters import parameter
from abm.mechanisms.base import Column, Mechanism, Occasion, mechanism
from abm.numerics.fixed_point import ONE, Q32_BITS, U16_MAX, approach, q32_per_level, share_of_many, to_q16, to_q32
from abm.numerics.jit import inline


class Step(NamedTuple):
    """What the compiled week knows of it."""

    weight: int  # Q32 per half level
    learning: int  # Q16
    p_good: int  # Q32
    bad_news: int  # Q32


@inline
def trust(weight: int, level: int) -> int:
    """Return tau (T - 1/2) in Q32 (equation 3); ``weight`` is per half level, ``level`` 0 .. 65535."""
    return weight * (2 * level - U16_MAX)


@inline
def learn_trust(level: int, good: int, learning: int) -> int:
    """Return the trust after a purchase that went well (``good`` = 1) or badly (0) (equation 4)."""
    return approach(level, U16_MAX * good, learning)


@inline
def trust_after_bad_news(level: int, bad_news: int, n_let_down: int, n_neighbors: int) -> int:
    """Return the trust after ``n_let_down`` of ``n_neighbors`` had a bad experience; ``bad_news`` in Q32."""
    lost = share_of_many(bad_news, n_let_down, n_neighbors)
    return level - ((lost * level + ONE // 2) >> Q32_BITS)


def utility(params: Step, person: Any) -> int:
    """Return the term of a consumer."""
    return trust(params.weight, person.trust)


def gathered(params: Step) -> bool:
    """Say whether trust matters or is learned this week."""
    return params.weight != 0 or params.learning != 0


def changing(params: Step) -> bool:
    """Say whether purchases teach trust this week."""
    return params.learning != 0


def after_purchase(params: Step, person: Any, occasion: Occasion) -> int:
    """Return a consumer's trust after a purchase in the super-app."""
    return learn_trust(person.trust, occasion.good, params.learning)


@mechanism("trust", utility=utility, gathered=gathered, changing=changing, updates={"trust": after_purchase})
class Trust(Mechanism):
    """Confidence that an order placed inside the super-app arrives as promised."""

    weight: float = parameter(
        0.0, ge=0, le=100, unit="utility", source="fitted; see the market profiles",
        meaning="utility between no trust and full trust",
    )  # fmt: skip
    initial: float = parameter(
        0.5, ge=0, le=1, unit="level", source="Edelman Trust Barometer, by country", fixed=True,
        meaning="trust at week 0",
    )  # fmt: skip
    learning: float = parameter(
        0.0, ge=0, le=1, unit="share per purchase", source="Rescorla & Wagner (1972)",
        meaning="share of the distance to the last experience that one purchase closes",
    )  # fmt: skip
    service_quality: float = parameter(
        1.0, ge=0, le=1, unit="chance per purchase", source="see the market profiles",
        meaning="chance that a purchase goes well",
    )  # fmt: skip
    bad_news: float = parameter(
        0.0, ge=0, le=1, unit="share per week", source="Chevalier & Mayzlin (2006)",
        meaning="share of trust lost in a week in which every neighbour had a bad experience",
    )  # fmt: skip

    columns: ClassVar[tuple[Column, ...]] = (
        Column("trust", np.uint16, "level", "T, 0 .. 1", initial="initial", updated="purchase"),
        Column("let_down", np.bool_, "-", "whether the last step held a bad purchase", scale=1, settable=False),
        Column(
            "n_let_down", np.uint32, "neighbours", "number of neighbours let down last week", scale=1, counts=True,
            kept_if="trust.bad_news",
        ),
    )  # fmt: skip

    def step(self) -> Step:
        """See ``Mechanism``."""
        return Step(
            q32_per_level(self.weight / 2), to_q16(self.learning), to_q32(self.service_quality), to_q32(self.bad_news)
        )

    def mean_field(self) -> float | None:
        """See ``Mechanism``."""
        return None if self.weight else 0.0
