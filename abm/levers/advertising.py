"""``advertising``: more of those who do not know the shop hear of it (p goes up).

Source: Bass (1969), Management Science 15(5), coefficient of innovation; cost by impressions, assumed.
"""

from typing import ClassVar, Literal, Self

from abm.base.parameters import parameter
from abm.levers.base import Capped, Sales, lever
from abm.markets.market import Market


@lever
class Advertising(Capped):
    """A campaign, paid per shopper whom it would reach, aware or not."""

    cost_item: ClassVar[str] = "advertising"

    kind: Literal["advertising"] = "advertising"
    chance: float = parameter(
        0.01, ge=0, le=1, unit="chance per week", source="assumed; a year of it reaches four in ten",
        meaning="further chance that an unaware consumer learns of the shop",
    )  # fmt: skip
    cost_per_person: float = parameter(
        0.5, ge=0, le=1e6, unit="US$ per person reached", source="assumed: 50 impressions at US$ 10 a thousand",
        meaning="price of reaching one person",
    )  # fmt: skip

    def change(self, market: Market) -> Market:
        """Return the market with the campaign."""
        return market.replace({"awareness.advertising": min(1.0, market.awareness.advertising + self.chance)})

    def cost(self, market: Market, sales: Sales, age: int) -> float:
        """Return the price of the campaign's reach, US$."""
        return self.cost_per_person * self.chance * market.shoppers

    def cut(self, share: float) -> Self:
        """Return a smaller effort."""
        return self.model_copy(update={"chance": self.chance * share})
