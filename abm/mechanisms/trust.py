"""Trust: learned from one's own purchases, and lost through other people's bad ones.

Source: exponential learning from experience, Rescorla & Wagner (1972); negative word of mouth,
Chevalier & Mayzlin (2006), Journal of Marketing Research 43(3).
"""

from abm.mechanisms.base import Mechanism
from abm.numerics.fixed_point import ONE, Q32_BITS, U16_MAX, approach, share_of_many
from abm.numerics.jit import inline
from abm.parameters import parameter


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


@inline
def trust(weight: int, level: int) -> int:
    """Return tau (T - 1/2) as Q32 (equation 3); ``weight`` is per half level, ``level`` 0 .. 65535."""
    return weight * (2 * level - U16_MAX)


@inline
def learn_trust(level: int, good: int, learning: int) -> int:
    """Return the trust after a purchase that went well (``good`` = 1) or badly (0) (equation 4)."""
    return approach(level, U16_MAX * good, learning)


@inline
def hear_bad_news(level: int, bad_news: int, n_let_down: int, n_neighbors: int) -> int:
    """Return the trust after ``n_let_down`` of ``n_neighbors`` had a bad experience; ``bad_news`` as Q32."""
    lost = share_of_many(bad_news, n_let_down, n_neighbors)
    return level - ((lost * level + ONE // 2) >> Q32_BITS)
