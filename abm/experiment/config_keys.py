"""The keys of a config file; what is inside markets, scenarios and sweep is checked part by part."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, field_validator, model_validator

from abm.base.calendar import DEFAULT_START
from abm.base.errors import Problem
from abm.base.parameters import Parameters
from abm.base.plain_values import Date
from abm.base.validation import problems_of
from abm.experiment.stopping import MOST_REPLICATES, StoppingRule, Target
from abm.experiment.toml_file import plain_name
from abm.numerics.random import MAX_SEED


class ExperimentConfig(Parameters):
    """The top level of a config."""

    name: str = Field(description="names the results folder: letters, digits, - and _")
    question: str = Field("", description="what the experiment is to answer")
    extends: str | None = Field(None, description="another config, relative to this one, that this one changes")
    start: Date = Field(DEFAULT_START, description="date of week 0")
    weeks: int = Field(ge=1, le=100_000, description="weeks to simulate")
    seed: int = Field(0, ge=0, le=MAX_SEED, description="random seed; same seed, same results")
    replicates: Annotated[int, Field(ge=1, le=MOST_REPLICATES)] | Literal["auto"] = Field(
        1, description='runs of each scenario with different random numbers, or "auto": see precision'
    )
    precision: StoppingRule | None = Field(None, description='how precise replicates = "auto" has to be')
    target: Target | None = Field(None, description="sales to be reached, for the answer in the report")
    plugins: list[str] = Field(
        [],
        description="relative to this file: own mechanisms, levers, networks, outcomes (.py), profiles (.toml)",
    )
    markets: dict[str, dict[str, Any]] = Field(description="one table per market: a profile and what differs from it")
    scenarios: list[dict[str, Any]] = Field([], description="named lists of levers; baseline, without any, is added")
    sweep: dict[str, Any] = Field({}, description="parameter paths with the values to try; design, samples, points")

    @field_validator("name")
    @classmethod
    def _name_is_plain(cls, name: str) -> str:
        return plain_name(name)

    @model_validator(mode="after")
    def _auto_needs_precision(self) -> Self:
        if (self.replicates == "auto") != (self.precision is not None):
            raise ValueError('replicates = "auto" and the table precision go together')
        return self


def parse_top_level(raw: Mapping[str, Any], problems: list[Problem]) -> ExperimentConfig | None:
    """Return the keys of a config, None if they cannot be read; what is wrong is added to ``problems``.

    Parameters
    ----------
    raw : mapping
        The config as written.
    problems : list of Problem
    """
    try:
        config = ExperimentConfig(**raw)
    except ValidationError as error:
        problems += problems_of(error, ExperimentConfig)
        return None
    if not config.markets:
        problems.append(Problem("markets", None, "needs at least one market"))
    return config
