"""``shutdown``: the shop is closed for a while, and opens again afterwards.

Source: Indonesia barred sales inside social apps from October to December 2023 (tiktokshop_gmv, SE Asia 2023).
"""

from collections.abc import Mapping
from typing import ClassVar, Literal

from abm.levers.base import Lever, lever
from abm.markets.market import Market


@lever
class Shutdown(Lever):
    """Nobody can shop in the super-app; habits and trust stay, merchants wait."""

    closes_shop: ClassVar[bool] = True
    contradicts: ClassVar[Mapping[str, str]] = {"shutdown": "the shop is closed already"}

    kind: Literal["shutdown"] = "shutdown"

    def change(self, market: Market) -> Market:
        """Return the market as it is: the schedule closes it."""
        return market
