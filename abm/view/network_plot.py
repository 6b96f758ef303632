"""The plot of one market's social network."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from scipy.spatial import ConvexHull, QhullError

from abm.agents.agent_set import ConsumerSet
from abm.report.charts.style import INK
from abm.view.images import SINGLE, SUPER, new_figure, to_data_uri
from abm.view.live_model import LiveModel
from abm.view.network_sample import MAX_NODES_DRAWN, NetworkSample, sample_network

_WIDTH, _HEIGHT = 500, 330


class NetworkPlot:
    """A plot whose ties stay the same while the nodes change colour with the consumers' state.

    Parameters
    ----------
    model : LiveModel
    market_index : int
    """

    def __init__(self, model: LiveModel, market_index: int) -> None:
        simulation = model.simulation
        self._model = model
        n_nodes = MAX_NODES_DRAWN // max(len(simulation.layouts), 2)
        layout = simulation.layouts[market_index]
        self.sample = sample_network(layout, simulation.population.adjacency, n_nodes, simulation.seed)
        self._figure = new_figure(_WIDTH, _HEIGHT)
        axes = self._figure.add_axes((0.01, 0.01, 0.98, 0.98))
        axes.set_axis_off()
        axes.set(xlim=(-0.03, 1.03), ylim=(-0.03, 1.03))
        _communities(axes, self.sample)
        lines = self.sample.positions[self.sample.ties]
        axes.add_collection(LineCollection(list(lines), colors="#9AA5B1", linewidths=0.5, alpha=0.6, zorder=1))
        self._nodes = _nodes(axes, self.sample)

    def data_uri(self) -> str:
        """Return the image of this week."""
        shown = ConsumerSet(self._model, self.sample.rows)
        mode, aware = shown.get("mode"), shown.get("aware")
        self._nodes.set_facecolor(np.where(mode == 1, SUPER, SINGLE).tolist())
        self._nodes.set_edgecolor(np.where(aware, INK, "#FFFFFF").tolist())
        self._nodes.set_linewidth(np.where(aware, 0.9, 0.5).tolist())
        return to_data_uri(self._figure)


def _nodes(axes: Axes, sample: NetworkSample) -> PathCollection:
    degree = np.sqrt(np.maximum(sample.degree, 1))
    size = 20 + 64 * (degree - degree.min()) / max(float(np.ptp(degree)), 1.0) if np.ptp(degree) else 40.0
    x, y = sample.positions.T
    return axes.scatter(x, y, s=size, zorder=2, linewidths=0.8)


def _communities(axes: Axes, sample: NetworkSample) -> None:
    """Shade the area of each community, behind everything else."""
    for group in sample.communities:
        points = sample.positions[list(group)]
        near = np.linalg.norm(points - np.median(points, 0), axis=1)
        points = points[near <= np.quantile(near, 0.85)]  # without outliers, which would make the area too large
        try:
            corners = points[ConvexHull(points).vertices]
        except (QhullError, ValueError):
            continue
        axes.fill(*corners.T, color="#E9EEF3", alpha=0.75, lw=7, ec="#E9EEF3", joinstyle="round", zorder=0)
