"""What a social network is: its family and the numbers that shape it."""

from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

Family = Literal[
    "complete",
    "small_world",
    "scale_free",
    "random",
    "regular",
    "ring",
    "communities",
    "procedural",
    "file",
    "graph",
]

MAX_DEGREE: Final = 10_000
_WHOLE_DEGREE: Final = ("small_world", "scale_free", "regular", "ring", "procedural")
NOT_STORED: Final = ("complete", "procedural")  # a simulation needs no ties in memory for these
_EVEN_DEGREE: Final = ("small_world", "scale_free", "ring")


class Network(BaseModel):
    """The social network of a market.

    Notes
    -----
    A parameter that its family does not use is ignored, so that a sweep over families needs no other change.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
        arbitrary_types_allowed=True,
        validate_default=True,
    )

    family: Family = Field(
        "complete",
        description="kind of network; complete and procedural store no ties",
        json_schema_extra={"unit": "-", "source": "Newman (2010), Networks: an introduction"},
    )
    degree: float = Field(
        10,
        ge=0,
        le=MAX_DEGREE,
        description="mean number of ties a consumer has (exact in regular, ring and procedural; "
        "even in small_world, ring and scale_free, which gives each newcomer half of it)",
        json_schema_extra={"unit": "ties per consumer", "source": "Dunbar (1992), sympathy group of 10-15"},
    )
    rewiring: float = Field(
        0.1,
        ge=0,
        le=1,
        description="small_world: chance that a ring tie gets a new random end",
        json_schema_extra={"unit": "probability", "source": "Watts & Strogatz (1998), Nature 393:440"},
    )
    communities: int = Field(
        10,
        ge=1,
        description="communities: number of equally large groups",
        json_schema_extra={"unit": "groups", "source": "Holland, Laskey & Leinhardt (1983)"},
    )
    within: float = Field(
        0.8,
        ge=0,
        le=1,
        description="communities: share of ties inside the own community",
        json_schema_extra={"unit": "share of ties", "source": "Holland, Laskey & Leinhardt (1983)"},
    )
    file: str | None = Field(
        None,
        description="file: path of an edge list (.csv, .parquet or .graphml), relative to its config",
        json_schema_extra={"unit": "path", "source": "the user's data"},
    )
    ties_abroad: float = Field(
        0.0,
        ge=0,
        le=1,
        description="share of the ties that lead to consumers of other markets",
        json_schema_extra={"unit": "share of ties", "source": "assumption"},
    )
    graph: SkipJsonSchema[Any] = Field(
        None,
        exclude=True,
        description="graph: an undirected networkx.Graph (Python only)",
        json_schema_extra={"unit": "-", "source": "the user's data"},
    )

    @field_validator("degree")
    @classmethod
    def _degree_suits_family(cls, degree: float, info: ValidationInfo) -> float:
        family = info.data.get("family")
        if family in _WHOLE_DEGREE and degree != int(degree):
            raise _refused("degree", f"{degree:g}", f"family {family!r} takes a whole number of ties")
        if family in _EVEN_DEGREE and int(degree) % 2:
            raise _refused("degree", f"{degree:g}", f"family {family!r} takes an even number (half a side)")
        return degree

    @field_validator("file")
    @classmethod
    def _file_is_named(cls, file: str | None, info: ValidationInfo) -> str | None:
        if info.data.get("family") == "file" and not file:
            raise _refused("file", repr(file), "family 'file' takes the path of an edge list")
        return file

    @field_validator("ties_abroad")
    @classmethod
    def _ties_are_stored(cls, ties_abroad: float, info: ValidationInfo) -> float:
        family = info.data.get("family")
        if ties_abroad > 0 and family in NOT_STORED:
            raise _refused("ties_abroad", f"{ties_abroad:g}", f"needs a stored network; family {family!r} takes only 0")
        return ties_abroad

    @field_validator("graph")
    @classmethod
    def _graph_is_given(cls, graph: Any, info: ValidationInfo) -> Any:
        if graph is not None:
            import networkx as nx

            if not isinstance(graph, nx.Graph):
                raise _refused("graph", type(graph).__name__, "only a networkx.Graph is taken")
        elif info.data.get("family") == "graph":
            raise _refused("graph", "None", "family 'graph' takes a networkx.Graph (from Python only)")
        return graph


def _refused(key: str, value: str, allowed: str) -> PydanticCustomError:
    """Return the error for a value that its key refuses; braces would be read as placeholders."""
    return PydanticCustomError(
        "network", "{key} = {value}: {allowed}", {"key": key, "value": value, "allowed": allowed}
    )
