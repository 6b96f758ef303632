"""Who switched to the super-app: by taste, and by how many friends were there already."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from abm.engine.layout import rows_of
from abm.numerics.fixed_point import TASTE_BITS
from abm.report.charts.style import SOFT
from abm.view.curves import Floats, key_of
from abm.view.images import hint, panel, to_address
from abm.view.live_model import Stage

_LEAST_AT_RISK = 200  # consumer-weeks below which a chance says nothing
_LEAST_PEOPLE = 5
_EDGES = np.linspace(-2.5, 2.5, 11)  # of bins of taste, in standard deviations
_MIDDLES = (_EDGES[:-1] + _EDGES[1:]) / 2


class BarPanel:
    """Bars of all markets side by side; a subclass says how high they are."""

    title, unit, along = "", "", ""

    def __init__(self, stage: Stage, where: Floats) -> None:
        self._stage = stage
        key = key_of(stage)
        self._axes: Axes = panel(self.title, key)
        hint(self._axes, self.unit)
        self._axes.set_xlabel(self.along, fontsize=9.5)
        width = 0.84 * float(where[1] - where[0]) / len(key)
        self._bars = [
            self._axes.bar(where + (place - (len(key) - 1) / 2) * width, 0.0, width=0.92 * width, color=colour, lw=0)
            for place, colour in enumerate(key.values())
        ]
        self._remark = self._axes.text(
            0.5, 0.5, "", transform=self._axes.transAxes, ha="center", va="center", color=SOFT, fontsize=10.5
        )

    def address(self) -> str:
        """Return the picture of this week."""
        shares = [np.nan_to_num(100 * self.share(place)) for place in range(len(self._bars))]
        for bars, heights in zip(self._bars, shares, strict=True):
            for bar, height in zip(bars, heights, strict=True):
                bar.set_height(height)
        top = max(float(heights.max()) for heights in shares)
        self._axes.set_ylim(0, max(1.08 * top, 0.1))
        self._remark.set_text("" if top else self.empty())
        return to_address(self._axes.get_figure(root=True))  # type: ignore[arg-type]

    def share(self, place: int) -> Floats:
        """Return the height of each bar of a market, 0 .. 1, NaN where there are too few to tell."""
        raise NotImplementedError

    def empty(self) -> str:
        """Return what to say where there is no bar."""
        return "nobody so far" if self._stage.week else "press Step, or play"


class TastePanel(BarPanel):
    """The share of consumers who switched at least once, by taste."""

    title, unit = "Who switched, by taste", "% that tried it so far"
    along = "taste for one app: standard deviations from average"

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage, _MIDDLES)
        taste = stage.population.traits.taste
        tastes = [taste[rows_of(place)] / (1 << TASTE_BITS) for place in stage.simulation.layouts]
        self._bins = [np.clip(np.digitize(taste, _EDGES) - 1, 0, len(_MIDDLES) - 1) for taste in tastes]

    def share(self, place: int) -> Floats:
        """See ``BarPanel``."""
        bins, n = self._bins[place], len(_MIDDLES)
        joined = np.bincount(bins, weights=self._stage.joined(place), minlength=n)
        everyone = np.bincount(bins, minlength=n)
        return np.divide(joined, everyone, out=np.full(n, np.nan), where=everyone >= _LEAST_PEOPLE)


class FriendsPanel(BarPanel):
    """The chance to switch within a week, by the number of neighbours in the super-app."""

    title, unit = "Who switched, by friends", "% that switch in a week"
    along = "friends in the super-app that week (last bar: 12 or more)"

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage, np.arange(stage.exposure.shape[2], dtype=np.float64))

    def share(self, place: int) -> Floats:
        """See ``BarPanel``."""
        at_risk, switched = self._stage.exposure[place]
        none = np.full(len(at_risk), np.nan)
        return np.divide(switched, at_risk, out=none, where=at_risk >= _LEAST_AT_RISK)

    def empty(self) -> str:
        """See ``BarPanel``."""
        if self._stage.simulation.layouts["complete"].all():
            return "everybody knows everybody here"
        return super().empty()
