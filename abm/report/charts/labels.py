"""Positions of labels beside each other."""

from __future__ import annotations

from collections.abc import Sequence

ROW = 13.0  # pixels between labels


def spread_labels(positions: Sequence[float], low: float, high: float) -> list[float]:
    """Return positions moved apart by at least a row, within the limits if they fit.

    Parameters
    ----------
    positions : sequence of float
        Pixels, rising.
    low, high : float
        The limits.

    Returns
    -------
    list of float
    """
    moved: list[float] = []
    for position in positions:
        moved.append(max(position, low, moved[-1] + ROW if moved else low))
    for i in reversed(range(len(moved))):
        moved[i] = min(moved[i], high if i == len(moved) - 1 else moved[i + 1] - ROW)
    return moved
