"""The one error of this package."""

from abm.errors import AbmError


class NetworkError(AbmError, ValueError):
    """A network that cannot be built; the text says what was asked and what is allowed."""


def require_degree(family: str, degree: float, n: int, *, even: bool = False) -> None:
    """Raise NetworkError if the degree is higher than the number of others there are."""
    if degree > n - 1:
        highest = (n - 1) // 2 * 2 if even else n - 1
        raise NetworkError(
            f"family {family!r}: degree {degree:g} with {n:,} consumer{'s' * (n != 1)} is too high: "
            f"{'an even number of ' if even else ''}at most {highest:,}"
        )
