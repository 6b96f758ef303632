"""All figures of a live model; drawn again only when a week has passed or a lever was pulled."""

from __future__ import annotations

from abm.view.curves import consumer_state_panel, curve_tables, sales_panel, shoppers_panel
from abm.view.images import drawing_settings
from abm.view.live_model import LiveModel
from abm.view.network_plot import NetworkPlot
from abm.view.switcher_charts import FriendsPanel, TastePanel


class Figures:
    """The figures of one model, as images that the page embeds.

    Parameters
    ----------
    model : LiveModel
    """

    def __init__(self, model: LiveModel) -> None:
        self._model = model
        with drawing_settings():
            self._networks = [NetworkPlot(model, i) for i in range(len(model.markets))]
            self._curves = {
                "shoppers": shoppers_panel(model),
                "sales": sales_panel(model),
                "states": consumer_state_panel(model),
            }
            self._bars = {"taste": TastePanel(model), "friends": FriendsPanel(model)}
        self._images: dict[str, str] = {}
        self._drawn_state: tuple[int, int] | None = None

    @property
    def n_nodes_drawn(self) -> int:
        """Consumers drawn in all network plots."""
        return sum(len(network.sample.rows) for network in self._networks)

    def images(self) -> dict[str, str]:
        """Return the images as data URIs by name: ``network 0`` and so on, shoppers, sales, states, taste, friends."""
        state = (self._model.week, len(self._model.pulled))
        if state != self._drawn_state:
            tables = curve_tables(self._model)
            with drawing_settings():
                images = {f"network {i}": network.data_uri() for i, network in enumerate(self._networks)}
                images |= {name: curves.data_uri(tables) for name, curves in self._curves.items()}
                images |= {name: bars.data_uri() for name, bars in self._bars.items()}
            self._images, self._drawn_state = images, state
        return self._images
