"""The social network of one market, this week."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from scipy.spatial import ConvexHull, QhullError

from abm.report.charts.style import INK
from abm.view.images import SINGLE, SUPER, sheet, to_address
from abm.view.live_model import Stage
from abm.view.network_sample import MOST_DRAWN, Neighborhood, neighborhood

_WIDTH, _HEIGHT = 500, 330


class NetworkPicture:
    """A drawing whose ties stay and whose dots change colour; one per market and model."""

    def __init__(self, stage: Stage, place: int) -> None:
        simulation = stage.simulation
        self._stage = stage
        drawn = MOST_DRAWN // max(len(simulation.layouts), 2)
        self.sample = neighborhood(simulation.layouts[place], simulation.population.adjacency, drawn, simulation.seed)
        self._figure = sheet(_WIDTH, _HEIGHT)
        axes = self._figure.add_axes((0.01, 0.01, 0.98, 0.98))
        axes.set_axis_off()
        axes.set(xlim=(-0.03, 1.03), ylim=(-0.03, 1.03))
        _communities(axes, self.sample)
        lines = self.sample.positions[self.sample.ties]
        axes.add_collection(LineCollection(list(lines), colors="#9AA5B1", linewidths=0.5, alpha=0.6, zorder=1))
        self._dots = _dots(axes, self.sample)

    def address(self) -> str:
        """Return the picture of this week."""
        rows, model = self.sample.rows, self._stage.consumer
        mode, aware = model.mode.read(self._stage, rows), model.aware.read(self._stage, rows)
        self._dots.set_facecolor(np.where(mode == 1, SUPER, SINGLE).tolist())
        self._dots.set_edgecolor(np.where(aware, INK, "#FFFFFF").tolist())
        self._dots.set_linewidth(np.where(aware, 0.9, 0.5).tolist())
        return to_address(self._figure)


def _dots(axes: Axes, sample: Neighborhood) -> PathCollection:
    degree = np.sqrt(np.maximum(sample.degree, 1))
    size = 20 + 64 * (degree - degree.min()) / max(float(np.ptp(degree)), 1.0) if np.ptp(degree) else 40.0
    across, up = sample.positions.T
    return axes.scatter(across, up, s=size, zorder=2, linewidths=0.8)


def _communities(axes: Axes, sample: Neighborhood) -> None:
    """Shade where each community stands, behind everything."""
    for group in sample.communities:
        points = sample.positions[list(group)]
        near = np.linalg.norm(points - np.median(points, 0), axis=1)
        points = points[near <= np.quantile(near, 0.85)]  # a few who stand far off would blur the picture
        try:
            corners = points[ConvexHull(points).vertices]
        except (QhullError, ValueError):
            continue
        axes.fill(*corners.T, color="#E9EEF3", alpha=0.75, lw=7, ec="#E9EEF3", joinstyle="round", zorder=0)
