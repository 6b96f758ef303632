"""A lever: something a platform does in one market in given weeks."""

from datetime import date
from typing import ClassVar, Self

from pydantic import BaseModel, model_validator

from abm.calendar import week_of
from abm.errors import Problem
from abm.market import MAX_CONSUMERS, Market
from abm.mechanisms.base import STRICT, parameter


class Lever(BaseModel):
    """What all levers share: the market they act in and their window of weeks.

    Week t means the step that reads week t, so a lever that starts in week t first shows in row t + 1.
    """

    model_config: ClassVar = STRICT

    kind: str
    market: str = parameter(..., unit="-", source="scenario", meaning="name of the market it acts in")
    start: int | date = parameter(..., unit="week or date", source="scenario", meaning="first week")
    weeks: int | None = parameter(
        None, ge=1, le=MAX_CONSUMERS, unit="weeks", source="scenario", meaning="how long; without it, to the end"
    )

    @model_validator(mode="after")
    def _start_is_not_negative(self) -> Self:
        if isinstance(self.start, int) and self.start < 0:
            raise ValueError(f"start = {self.start}: allowed: a week of 0 or more, or a date")
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
