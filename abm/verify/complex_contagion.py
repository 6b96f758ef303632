"""Check 8, complex contagion on a ring: adopt once ``a`` of the r neighbours on either side have.

Theory: from a contiguous seed the front moves exactly r - a + 1 consumers a side and week; never if a > r.

Source: Centola & Macy (2007), "Complex contagions and the weakness of long ties", American Journal of Sociology 113(3).
"""

import numpy as np

from abm import Market, simulate
from abm.verify.check import Check, CheckSettings, Comparison, Plot, Series, equal


def market(side: int, least: int, consumers: int, first: int, last: int, *, reversible: bool) -> Market:
    """Return a ring in which consumers ``first`` .. ``last`` - 1 start and ``least`` neighbours convince.

    Parameters
    ----------
    side : int
        Neighbours on either side, r.
    least : int
        Neighbours in mode super that it takes, a.
    consumers : int
        Size of the population.
    first : int
        First consumer in mode super in week 0.
    last : int
        One after the last of them.
    reversible : bool
        Whether consumers can go back to mode single.
    """
    return Market(
        consumers=consumers,
        seed_consumers=tuple(range(first, last)),
        network={"family": "ring", "degree": 2 * side},
        norm={"strength": 1.0},
        preference={"mean": -least / (2 * side)},
        choice={"noise": "none", "reversible": reversible},
    )


def speed(side: int, least: int) -> int:
    """Return how far the front moves a side and week.

    Parameters
    ----------
    side : int
        Neighbours on either side, r.
    least : int
        Neighbours in mode super that it takes, a.
    """
    return max(0, side - least + 1)


def reached(side: int, least: int, weeks: int, *, reversible: bool = False) -> tuple[list[int], list[int], bool]:
    """Return the number in mode super by week, expected and got, and whether exactly the expected ones are.

    Parameters
    ----------
    side : int
        Neighbours on either side, r.
    least : int
        Neighbours in mode super that it takes, a.
    weeks : int
        Length of the run.
    reversible : bool
        Whether consumers can go back to mode single.
    """
    n_seeds = 2 * side + 3
    consumers = n_seeds + 2 * weeks * side + 10
    first = (consumers - n_seeds) // 2
    last = first + n_seeds
    trajectory = simulate(market(side, least, consumers, first, last, reversible=reversible), weeks=weeks)
    expected = [n_seeds + 2 * speed(side, least) * week for week in range(weeks + 1)]
    far = weeks * speed(side, least)
    mode = np.zeros(consumers, np.uint8)
    mode[first - far : last + far] = 1
    return expected, trajectory.table["super"].tolist(), bool((trajectory.consumers.mode == mode).all())


def check(settings: CheckSettings) -> Check:
    """Follow fronts week by week, for all r up to 6 and all a up to r + 1."""
    weeks, comparisons, series = 12, [], []
    for side in range(1, 7):
        for least in range(1, side + 2):
            comparisons.append(_front(side, least, weeks))
    for group, least in enumerate(range(1, 6)):
        expected, got, _ = reached(4, least, weeks)
        axis = np.arange(weeks + 1)
        series += [Series(f"a = {least}", axis, expected, "theory", group), Series("", axis, got, "simulated", group)]
    plot = Plot("Fronts on a ring, r = 4", "week", "consumers in the super-app", series)
    statement = "the front moves r - a + 1 consumers a side and week"
    return Check(8, "Complex contagion on a ring", "Centola & Macy (2007)", statement, comparisons, [plot])


def _front(side: int, least: int, weeks: int) -> Comparison:
    """Follow one front; where one side can convince, also with a way back."""
    expected, got, same = reached(side, least, weeks)
    name = f"r = {side}, a = {least}: {weeks} weeks at {speed(side, least)} a side"
    if least <= side:
        back = reached(side, least, weeks, reversible=True)
        same = same and back[2] and back[1] == expected
        name += ", also with a way back"
    comparison = equal(name, expected[-1], got[-1])
    return Comparison(
        comparison.what, comparison.expected, comparison.got, "exact, every week", same and got == expected
    )
