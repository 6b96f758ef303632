"""All pictures of a stage; drawn again only when a week has passed."""

from __future__ import annotations

from abm.view.curves import mind_panel, records_of, sales_panel, shoppers_panel
from abm.view.images import sketch
from abm.view.live_model import Stage
from abm.view.network_plot import NetworkPicture
from abm.view.switcher_charts import FriendsPanel, TastePanel


class Board:
    """The pictures of one model, as addresses for image elements.

    Parameters
    ----------
    stage : Stage
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        with sketch():
            self._networks = [NetworkPicture(stage, place) for place in range(len(stage.markets))]
            self._curves = {"shoppers": shoppers_panel(stage), "sales": sales_panel(stage), "mind": mind_panel(stage)}
            self._bars = {"taste": TastePanel(stage), "friends": FriendsPanel(stage)}
        self._drawn: dict[str, str] = {}
        self._state: tuple[int, int] | None = None

    def pictures(self) -> dict[str, str]:
        """Return the addresses by name: ``network 0`` and so on, shoppers, sales, mind, taste and friends."""
        state = (self._stage.week, len(self._stage.pulled))
        if state != self._state:
            records = records_of(self._stage)
            with sketch():
                drawn = {f"network {place}": picture.address() for place, picture in enumerate(self._networks)}
                drawn |= {name: panel.address(records) for name, panel in self._curves.items()}
                drawn |= {name: panel.address() for name, panel in self._bars.items()}
            self._drawn, self._state = drawn, state
        return self._drawn
