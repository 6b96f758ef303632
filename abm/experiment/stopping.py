"""When an experiment has enough replicates, and which sales are to be reached."""

from typing import Self

from pydantic import Field, field_validator, model_validator

from abm.base.errors import did_you_mean
from abm.base.parameters import Parameters

OUTCOMES = ("adoption", "gmv_share", "gmv_usd")  # what a summary holds, each with its difference to baseline
MOST_REPLICATES = 1_000_000


class StoppingRule(Parameters):
    """How many replicates are enough, with ``replicates = "auto"``: until a 95 % interval is narrow."""

    outcome: str = Field("gmv_share_change", description="column of the summary, such as adoption or gmv_usd_change")
    half_width: float | None = Field(None, gt=0, description="half the interval, in the outcome's own unit")
    relative: float | None = Field(None, gt=0, le=10, description="half the interval, as a share of the mean")
    scenario: str | None = Field(None, description="which scenario has to be precise; without it, all")
    market: str | None = Field(None, description="which market has to be precise; without it, all")
    least: int = Field(4, ge=2, le=MOST_REPLICATES, description="replicates to begin with")
    most: int = Field(256, ge=2, le=MOST_REPLICATES, description="replicates at which it stops in any case")

    @field_validator("outcome")
    @classmethod
    def _outcome_is_known(cls, outcome: str) -> str:
        known = [*OUTCOMES, *(f"{name}_change" for name in OUTCOMES)]
        if outcome not in known:
            raise ValueError(f"outcome = {outcome!r}: {did_you_mean(outcome, known)}")
        return outcome

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        if (self.half_width is None) == (self.relative is None):
            raise ValueError("needs either half_width or relative")
        if self.least > self.most:
            raise ValueError(f"least = {self.least}: allowed: 2 to most = {self.most}")
        return self


class Target(Parameters):
    """Sales that are to be reached: the report says which scenarios do, and at what cost."""

    market: str = Field(description="name of the market")
    year: int = Field(ge=1900, le=2200, description="calendar year, covered by the run")
    gmv_usd: float = Field(gt=0, le=1e15, description="gross sales in that year, US$")
