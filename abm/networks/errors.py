"""The error and the warning of this package."""

from abm.base.errors import AbmError


class NetworkError(AbmError, ValueError):
    """A network that cannot be built; the text says what was asked and what is allowed."""


class IgnoredWarning(UserWarning):
    """Something of the user's data has no effect; the text says what and why."""


def require_degree(family: str, degree: float, n: int, *, even: bool = False) -> None:
    """Check that everyone can have so many neighbours.

    Parameters
    ----------
    family : str
        For the message.
    degree : float
        Mean number of ties.
    n : int
        Number of consumers.
    even : bool
        The family takes even degrees only.

    Raises
    ------
    NetworkError
        The degree is n or more.
    """
    if degree > n - 1:
        highest = (n - 1) // 2 * 2 if even else n - 1
        raise NetworkError(
            f"family {family!r}: degree {degree:g} with {n:,} consumer{'s' * (n != 1)} is too high: "
            f"{'an even number of ' if even else ''}at most {highest:,}"
        )
