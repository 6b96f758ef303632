"""Check 3, Brock-Durlauf and Glauber: logistic choice with a norm of strength J, everyone a neighbour of everyone.

Theory: x' = (1 - rho) x + rho / (1 + exp(-(b + J x))). A fixed point solves ln(x / (1 - x)) = b + J x; between the
turning points of ln(x / (1 - x)) - J x, the fold bifurcation points,
there are three, the middle one unstable. These points need J > 4.

Sources: Brock & Durlauf (2001), Review of Economic Studies 68(2); Glauber (1963), J. Math. Phys. 4:294.
"""

import math

import numpy as np

from abm import Market, simulate
from abm.numerics.array_types import Floats
from abm.verify.check import Check, CheckSettings, Comparison, Plot, Series, equal, follows, near
from abm.verify.logistic_map import bifurcation_points, fixed_points, long_run_tolerance, noise, step
from abm.verify.mean_field_maps import orbit, orbit_tolerance

_WEEKS = 12  # of an orbit


def market(j: float, b: float, start: float, consumers: int, rho: float = 1.0) -> Market:
    """Return the market that is a Brock-Durlauf model.

    Parameters
    ----------
    j : float
        Norm.
    b : float
        Private utility.
    start : float
        Share in mode super in week 0.
    consumers : int
        Size of the population.
    rho : float
        Occasion rate.
    """
    return Market(
        consumers=consumers,
        initial_adoption=start,
        occasion_rate=rho,
        norm={"strength": j},
        preference={"mean": b},
    )


def check(settings: CheckSettings) -> Check:
    """Compare orbits, stable states, the condition J > 4, and hysteresis between the bifurcation points."""
    parts = [_orbits(settings), _states(settings), _two_states(settings), _hysteresis(settings)]
    comparisons = [comparison for found, _ in parts for comparison in found]
    plots = [plot for _, plot in parts if plot is not None]
    statement = "x' = (1 - rho) x + rho / (1 + exp(-(b + J x)))"
    return Check(3, "Brock-Durlauf and Glauber", "Brock & Durlauf (2001)", statement, comparisons, plots)


def compare_orbit(j: float, b: float, start: float, rho: float, settings: CheckSettings) -> tuple[Comparison, Floats]:
    """Compare one run of 12 weeks with the map.

    Parameters
    ----------
    j, b : float
        Norm and private utility.
    start : float
        Share in mode super in week 0.
    rho : float
        Occasion rate.
    settings : CheckSettings

    Returns
    -------
    tuple of Comparison and float64[13]
        The comparison, and the simulated share by week.
    """
    table = simulate(market(j, b, start, settings.consumers, rho), weeks=_WEEKS, seed=settings.seed).table
    got = table["adoption"].to_numpy()
    allowed = orbit_tolerance(step(j, b, rho), noise(j, b, rho), start, _WEEKS, settings.consumers)
    name = f"J = {j:g}, b = {b:g}, x(0) = {start}, rho = {rho:g}"
    return follows(name, orbit(step(j, b, rho), start, _WEEKS), got, allowed), got


def _orbits(settings: CheckSettings) -> tuple[list[Comparison], Plot]:
    comparisons, series = [], []
    cases = [(6.0, -3.0, 0.55, 1.0), (6.0, -3.0, 0.45, 1.0), (6.0, -3.0, 0.55, 0.3), (-5.0, 1.0, 0.9, 0.6)]
    for group, (j, b, start, rho) in enumerate(cases):
        theory = orbit(step(j, b, rho), start, _WEEKS)
        comparison, got = compare_orbit(j, b, start, rho, settings)
        if group == 0:
            allowed = orbit_tolerance(step(j, b, rho), noise(j, b, rho), start, _WEEKS, settings.consumers)
            name = f"J = {j:g}, b = {b:g}, x(0) = {start}, rho = {rho:g}"
            comparisons += [near(f"{name}: x({t})", theory[t], got[t], allowed[t]) for t in range(1, 6)]
        comparisons.append(comparison)
        label, axis = f"J {j:g}, rho {rho:g}", np.arange(_WEEKS + 1)
        series += [Series(label, axis, theory, "theory", group), Series("", axis, got, "simulated", group)]
    return comparisons, Plot("Orbits", "week", "share of consumers in the super-app", series)


def _states(settings: CheckSettings) -> tuple[list[Comparison], None]:
    comparisons = []
    for j, b in ((6.0, -3.0), (8.0, -3.6)):
        low, middle, high = fixed_points(j, b)
        ends = {}
        for start, state in ((low, low), (high, high), (middle - 0.03, low), (middle + 0.03, high)):
            consumers = settings.consumers // 4
            shares = simulate(market(j, b, start, consumers), weeks=90, seed=settings.seed).table["adoption"]
            allowed = long_run_tolerance(state, j, 50, consumers)
            ends[start] = near(
                f"J = {j:g}, b = {b:g}: state reached from {start:.2f}", state, shares.iloc[41:].mean(), allowed
            )
        comparisons += list(ends.values())
    return comparisons, None


def _two_states(settings: CheckSettings) -> tuple[list[Comparison], None]:
    comparisons = []
    for j in (3.6, 4.4):
        ends = []
        for start in (0.1, 0.9):
            weeks, consumers = 400, settings.consumers // 10
            shares = simulate(market(j, -j / 2, start, consumers), weeks=weeks, seed=settings.seed).table["adoption"]
            ends.append(float(shares.iloc[-200:].mean()))
        states = fixed_points(j, -j / 2)
        name = f"J = {j} ({'three states' if len(states) > 1 else 'one state'})"
        for start, state, end in zip((0.1, 0.9), (states[0], states[-1]), ends, strict=True):
            allowed = long_run_tolerance(state, j, 200, consumers)
            comparisons.append(near(f"{name}: from {start}", state, end, allowed))
    return comparisons, None


def sweep(j: float, pace: float, margin: float) -> Floats:
    """Return the b of a slow sweep up and down again, from beyond one bifurcation point to beyond the other.

    Parameters
    ----------
    j : float
        Norm.
    pace : float
        Step of b.
    margin : float
        How far the sweep goes beyond both points.
    """
    lower, upper = bifurcation_points(j)
    rise = np.arange(lower - margin, upper + margin, pace)
    return np.concatenate([rise, rise[::-1]])


def _hysteresis(settings: CheckSettings) -> tuple[list[Comparison], Plot]:
    """Push b up slowly, then down, and compare where the share jumps with the bifurcation points.

    Near a bifurcation point the map itself takes a while to leave, so that the jump comes a little late: that lag,
    found by iterating the map through the same sweep, and one step of b are the tolerance.
    """
    j, pace, hold = 6.0, 0.02, 40
    path = sweep(j, pace, 0.25)
    levers = [
        {"kind": "set", "market": "market", "start": hold * i, "weeks": hold, "values": {"preference.mean": float(b)}}
        for i, b in enumerate(path)
    ]
    start = fixed_points(j, path[0])[0]
    table = simulate(
        market(j, path[0], start, settings.consumers // 50), weeks=hold * path.size, levers=levers, seed=settings.seed
    ).table
    got = table["adoption"].to_numpy()[hold::hold]
    theory, x = np.empty(path.size), start
    for i, b in enumerate(path):
        x = orbit(step(j, b), x, hold)[-1]
        theory[i] = x
    comparisons = []
    for what, bifurcation_point, jump in zip(("down", "up"), bifurcation_points(j), (_falls, _rises), strict=True):
        lag = abs(jump(path, theory) - bifurcation_point)
        comparisons.append(
            near(f"J = {j:g}: jump on the way {what} at b", bifurcation_point, jump(path, got), lag + pace)
        )
    comparisons.append(equal("the way up and the way down differ", True, bool(_falls(path, got) < _rises(path, got))))
    marks = Series("bifurcation points", list(bifurcation_points(j)), [0.0, 1.0], "limit", 2)
    series = [Series("map", path, theory, "theory", 0), Series("", path, got, "simulated", 0), marks]
    return comparisons, Plot(
        "Hysteresis, J = 6: b pushed up and let down slowly", "b", "share in the super-app", series
    )


def _rises(path: Floats, shares: Floats) -> float:
    """Return the first b on the way up at which more than half are in the super-app."""
    half = path.size // 2
    above = np.flatnonzero(shares[:half] > 0.5)
    return float(path[:half][above[0]]) if above.size else math.nan


def _falls(path: Floats, shares: Floats) -> float:
    """Return the first b on the way down at which less than half are."""
    half = path.size // 2
    below = np.flatnonzero(shares[half:] < 0.5)
    return float(path[half:][below[0]]) if below.size else math.nan
