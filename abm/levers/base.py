"""A lever: something a platform does in one market in given weeks, and what it pays for it."""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Final, NamedTuple, Self

from pydantic import model_validator

from abm.base.calendar import LAST_WEEK, week_of
from abm.base.errors import Problem
from abm.base.parameters import Parameters, parameter
from abm.base.plain_values import Date
from abm.base.registry import Registry
from abm.markets.market import MAX_CONSUMERS, Market

WEEKS_A_YEAR = 52  # yearly costs are spread over as many weeks


LEVERS: Final[Registry[type["Lever"]]] = Registry("lever")


def lever[L: Lever](kind: type[L]) -> type[L]:
    """Register a lever under the value of its field ``kind``.

    Raises
    ------
    InputError
        The name is taken.
    """
    LEVERS.add(kind.model_fields["kind"].default, kind)
    return kind


class Sales(NamedTuple):
    """What the super-app sold in one market in one week, gross, in US$."""

    gmv_usd: float = 0.0
    deal_gmv_usd: float = 0.0  # to consumers whom a deal reached (price.deal_reach)


class Lever(Parameters):
    """What all levers share: the market they act in and their window of weeks.

    Week t means the step that reads week t, so a lever that starts in week t first shows in row t + 1.
    """

    cost_item: ClassVar[str] = ""  # what the ledger calls its costs; empty for a lever that costs nothing
    opens_shop: ClassVar[bool] = False  # the shop opens in its first week, whenever the market's own launch is
    closes_shop: ClassVar[bool] = False  # nobody can shop in the super-app while it acts
    contradicts: ClassVar[Mapping[str, str]] = {}  # kinds it cannot meet in a week of a market, each with the reason

    kind: str
    market: str = parameter(..., unit="-", source="scenario", meaning="name of the market it acts in")
    start: int | Date = parameter(..., unit="week or date", source="scenario", meaning="first week")
    weeks: int | None = parameter(
        None, ge=1, le=MAX_CONSUMERS, unit="weeks", source="scenario", meaning="how long; without it, to the end"
    )

    @model_validator(mode="after")
    def _start_is_not_negative(self) -> Self:
        if isinstance(self.start, int) and not 0 <= self.start <= LAST_WEEK:
            raise ValueError(f"start = {self.start}: allowed: a week of 0 or more (at most {LAST_WEEK:,}), or a date")
        return self

    def window(self, start: date) -> tuple[int, float]:
        """Return the first week and the week after the last; ``start`` is the date of week 0."""
        first = week_of(self.start, start)
        return first, float("inf") if self.weeks is None else first + self.weeks

    def problems(self) -> list[Problem]:
        """Return what is wrong beyond types and ranges."""
        return []

    def change(self, market: Market) -> Market:
        """Return the market as it is while the lever is pulled."""
        raise NotImplementedError

    def cost(self, market: Market, sales: Sales, age: int) -> float:
        """Return what a week of it costs the platform, in US$ (negative: saved).

        Parameters
        ----------
        market : Market
            As it is without levers.
        sales : Sales
            Those of the week.
        age : int
            Weeks since the lever's first.
        """
        return 0.0


class Capped(Lever):
    """A lever that may have a budget, and stops when it is used up."""

    budget: float | None = parameter(
        None, ge=0, le=1e12, unit="US$", source="scenario",
        meaning="most that it may cost in all; without it, whatever the window costs",
    )  # fmt: skip

    def expected_cost(self, market: Market, last: Sales, age: int) -> float:
        """Return what the next week will probably cost, given the sales of the week before, US$.

        Parameters
        ----------
        market : Market
            As it is without levers.
        last : Sales
            Those of the week before.
        age : int
            Weeks since the lever's first.
        """
        return self.cost(market, last, age)

    def cut(self, share: float) -> Self | None:
        """Return the lever at a share (0 .. 1) of its size, for the last money of a budget; None if it has no half."""
        return None
