"""What a social network is: its family and the numbers that shape it."""

from typing import Annotated, Any, ClassVar, Final

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue, SkipJsonSchema
from pydantic_core import CoreSchema, PydanticCustomError

from abm.base.errors import did_you_mean
from abm.base.parameters import Parameters
from abm.networks.family import FAMILIES, NetworkFamily

MAX_DEGREE: Final = 10_000


class Registered:
    """Mark of a parameter that names a registered family: gives the names for schemas and tables."""

    @property
    def choices(self) -> tuple[str, ...]:
        """All names, including those that plugins have registered by now."""
        return tuple(FAMILIES)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {**handler(schema), "enum": list(self.choices)}


def _registered(name: str) -> str:
    if name not in FAMILIES:
        hint = did_you_mean(name, FAMILIES)
        raise PydanticCustomError("literal_error", "no such network family; {hint}", {"hint": hint})
    return name


class Network(Parameters):
    """The social network of a market.

    Notes
    -----
    A parameter that its family does not use is ignored, so that a sweep over families needs no other change.
    """

    model_config: ClassVar = ConfigDict(arbitrary_types_allowed=True, validate_default=True)

    family: Annotated[str, AfterValidator(_registered), Registered()] = Field(
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
        description="file: path of a network (.csv, .parquet, .graphml ..., see networks.md), relative to its config",
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

    @model_validator(mode="before")
    @classmethod
    def _family_is_said(cls, values: Any) -> Any:
        if isinstance(values, dict) and values.get("file") and "family" not in values:
            raise _refused("file", repr(values["file"]), 'needs family = "file" beside it')
        return values

    @field_validator("degree")
    @classmethod
    def _degree_suits_family(cls, degree: float, info: ValidationInfo) -> float:
        family = _family(info)
        if family is None:  # reported already
            return degree
        if family.whole_degree and degree != int(degree):
            raise _refused("degree", f"{degree:g}", f"family {family.name!r} takes a whole number of ties")
        if family.even_degree and int(degree) % 2:
            raise _refused("degree", f"{degree:g}", f"family {family.name!r} takes an even number (half a side)")
        return degree

    @field_validator("ties_abroad")
    @classmethod
    def _ties_are_stored(cls, ties_abroad: float, info: ValidationInfo) -> float:
        family = _family(info)
        if ties_abroad > 0 and family is not None and not family.is_stored:
            allowed = f"needs a stored network; family {family.name!r} takes only 0"
            raise _refused("ties_abroad", f"{ties_abroad:g}", allowed)
        return ties_abroad

    @field_validator("graph")
    @classmethod
    def _graph_is_a_graph(cls, graph: Any) -> Any:
        if graph is not None:
            import networkx as nx  # here: it takes long to import, and few need it

            if not isinstance(graph, nx.Graph):
                raise _refused("graph", type(graph).__name__, "only a networkx.Graph is taken")
            if not nx.is_frozen(graph):
                return nx.freeze(graph.copy())  # what is done to the user's graph later does not reach this network
        return graph

    @field_validator("file", "graph")
    @classmethod
    def _source_is_given(cls, source: Any, info: ValidationInfo) -> Any:
        family = _family(info)
        requires = family.requires if family is not None else None
        if requires is not None and requires == info.field_name and source in (None, ""):
            needed = "the path of an edge list" if requires == "file" else "a networkx.Graph (from Python only)"
            raise _refused(requires, repr(source), f"family {info.data['family']!r} takes {needed}")
        return source


def _family(info: ValidationInfo) -> NetworkFamily | None:
    """Return the family of the network that is being validated, or None if it was refused."""
    return FAMILIES[info.data["family"]] if "family" in info.data else None


def _refused(key: str, value: str, allowed: str) -> PydanticCustomError:
    """Return the error for a value that its key refuses; braces would be read as placeholders."""
    return PydanticCustomError(
        "network", "{key} = {value}: {allowed}", {"key": key, "value": value, "allowed": allowed}
    )
