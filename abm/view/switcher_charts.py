"""Bar charts of who switched to the super-app: by taste, and by the number of friends who used it already."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from abm.engine.layout import rows_of
from abm.numerics.array_types import Floats
from abm.numerics.fixed_point import TASTE_BITS
from abm.report.charts.style import SOFT
from abm.view.curves import market_colours
from abm.view.images import caption, new_panel, to_data_uri
from abm.view.live_model import LiveModel

_MIN_AT_RISK = 200  # consumer-weeks below which a chance says nothing
_MIN_CONSUMERS = 5
_EDGES = np.linspace(-2.5, 2.5, 11)  # of bins of taste, in standard deviations
_MIDDLES = (_EDGES[:-1] + _EDGES[1:]) / 2


class BarPanel:
    """Bars of all markets side by side; a subclass computes their heights.

    Parameters
    ----------
    model : LiveModel
    x : float64[n]
        Centre of each group of bars, evenly spaced.
    """

    title, y_label, x_label = "", "", ""

    def __init__(self, model: LiveModel, x: Floats) -> None:
        self._model = model
        market_colour = market_colours(model)
        self._axes: Axes = new_panel(self.title, market_colour)
        caption(self._axes, self.y_label)
        self._axes.set_xlabel(self.x_label, fontsize=9.5)
        width = 0.84 * float(x[1] - x[0]) / len(market_colour)
        self._bars = [
            self._axes.bar(x + (i - (len(market_colour) - 1) / 2) * width, 0.0, width=0.92 * width, color=colour, lw=0)
            for i, colour in enumerate(market_colour.values())
        ]
        self._message = self._axes.text(
            0.5, 0.5, "", transform=self._axes.transAxes, ha="center", va="center", color=SOFT, fontsize=10.5
        )

    def data_uri(self) -> str:
        """Return the image of this week."""
        shares = [np.nan_to_num(100 * self.share(i)) for i in range(len(self._bars))]
        for bars, heights in zip(self._bars, shares, strict=True):
            for bar, height in zip(bars, heights, strict=True):
                bar.set_height(height)
        top = max(float(heights.max()) for heights in shares)
        self._axes.set_ylim(0, max(1.08 * top, 0.1))
        self._message.set_text("" if top else self.message())
        return to_data_uri(self._axes.get_figure(root=True))

    def share(self, market_index: int) -> Floats:
        """Return the height of each bar of a market, 0 .. 1; NaN where there are too few observations."""
        raise NotImplementedError

    def message(self) -> str:
        """Return the message shown instead of bars as long as there are none."""
        return "nobody so far" if self._model.week else "press Step, or play"


class TastePanel(BarPanel):
    """The share of consumers who switched at least once, by taste."""

    title, y_label = "Who switched, by taste", "% that tried it so far"
    x_label = "taste for one app: standard deviations from average"

    def __init__(self, model: LiveModel) -> None:
        super().__init__(model, _MIDDLES)
        taste = model.population.traits.taste
        tastes = [taste[rows_of(layout)] / (1 << TASTE_BITS) for layout in model.simulation.layouts]
        self._bins = [np.clip(np.digitize(taste, _EDGES) - 1, 0, len(_MIDDLES) - 1) for taste in tastes]

    def share(self, market_index: int) -> Floats:
        """See ``BarPanel``."""
        bins, n = self._bins[market_index], len(_MIDDLES)
        switched = np.bincount(bins, weights=self._model.ever_switched(market_index), minlength=n)
        everyone = np.bincount(bins, minlength=n)
        return np.divide(switched, everyone, out=np.full(n, np.nan), where=everyone >= _MIN_CONSUMERS)


class FriendsPanel(BarPanel):
    """The chance to switch within a week, by the number of neighbours in the super-app."""

    title, y_label = "Who switched, by friends", "% that switch in a week"
    x_label = "friends in the super-app that week (last bar: 12 or more)"

    def __init__(self, model: LiveModel) -> None:
        super().__init__(model, np.arange(model.exposure.shape[2], dtype=np.float64))

    def share(self, market_index: int) -> Floats:
        """See ``BarPanel``."""
        at_risk, switched = self._model.exposure[market_index]
        unknown = np.full(len(at_risk), np.nan)
        return np.divide(switched, at_risk, out=unknown, where=at_risk >= _MIN_AT_RISK)

    def message(self) -> str:
        """See ``BarPanel``."""
        if self._model.simulation.layouts["complete"].all():
            return "everybody knows everybody here"
        return super().message()
