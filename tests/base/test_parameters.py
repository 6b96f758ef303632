"""How parameters are declared."""

from pydantic import BaseModel, Field

from abm.base.parameters import bounds, parameter


class Example(BaseModel):
    both: float = parameter(0.5, meaning="", unit="-", source="", ge=0, le=1)
    below: float = parameter(0.5, meaning="", unit="-", source="", ge=-2.5)
    above: float = parameter(0.5, meaning="", unit="-", source="", le=7)
    exclusive: float = Field(1.0, gt=0)
    free: str = ""


def test_bounds_are_those_declared() -> None:
    found = {name: bounds(field) for name, field in Example.model_fields.items()}
    assert found == {
        "both": (0, 1), "below": (-2.5, None), "above": (None, 7), "exclusive": (None, None), "free": (None, None)
    }  # fmt: skip
