"""Descriptive norm: people do what the people around them do.

Source: Brock & Durlauf (2001), Review of Economic Studies 68(2); size: one friend in five at strength 2
multiplies the odds by 1.5, as found in a randomised trial by Bapna & Umyarov (2015), Management Science 61(8).
"""

from abm.mechanisms.base import Mechanism
from abm.numerics.fixed_point import share_of, share_of_many
from abm.numerics.jit import inline
from abm.parameters import parameter


class Norm(Mechanism):
    """Pull of the share of neighbours who shop in the super-app."""

    strength: float = parameter(
        0.0, ge=-100, le=100, unit="utility", source="Bapna & Umyarov (2015)",
        meaning="utility if every neighbour shops in the super-app",
    )  # fmt: skip


@inline
def norm_of_all(strength: int, n_super: int, n_others: int) -> int:
    """Return J s as Q32 where everyone is everyone's neighbour: populations of up to 2**31."""
    return share_of_many(strength, n_super, n_others)


@inline
def norm(strength: int, n_super: int, n_neighbors: int) -> int:
    """Return J s as Q32 (equation 3), s = n_super / n_neighbors, 0 without neighbours."""
    return share_of(strength, n_super, n_neighbors)
