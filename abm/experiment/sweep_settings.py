"""What a sweep says beside its parameters."""

from typing import Any, Final, Literal

from pydantic import Field

from abm.base.parameters import Parameters
from abm.numerics.random import MAX_SEED

MOST_POINTS: Final = 1_000_000


class SweepSettings(Parameters):
    """The keys of ``[sweep]`` that are no paths of parameters."""

    design: Literal["grid", "latin_hypercube", "sobol"] = Field(
        "grid", description="grid: all combinations of the values; otherwise samples between [low, high]"
    )
    samples: int | None = Field(None, ge=1, le=MOST_POINTS, description="points of a Latin hypercube or Sobol sequence")
    seed: int = Field(0, ge=0, le=MAX_SEED, description="random seed of a Latin hypercube or of Sobol's scrambling")
    points: list[dict[str, Any]] | None = Field(None, description="points listed one by one, instead of a design")

    @property
    def is_sampled(self) -> bool:
        """Whether points are drawn between the ends of ranges."""
        return self.design != "grid"
