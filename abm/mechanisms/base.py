"""What a mechanism is: parameters, the state it keeps, its term in the utility, and how its state changes.

A mechanism is one file. Its class holds the parameters, ``columns`` the values it keeps for every consumer, and
``step`` the numbers that the compiled week works with. The rules are plain functions on numbers; ``@mechanism`` says
which of them is the term and which changes what. Everything else follows from the registry: the population's arrays,
snapshots, Mesa attributes, the memory estimate, tables of outcomes, the groups of ``abm explain``, the schema, the
sliders and the documentation.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from types import MappingProxyType
from typing import Any, ClassVar, Final, Literal, NamedTuple, get_type_hints

import numpy as np

from abm.base.parameters import Parameters
from abm.base.registry import Registry, further_source
from abm.mechanisms.checking import check_mechanism
from abm.numerics.fixed_point import U16_MAX
from abm.numerics.jit import depend_on_source, inline

Rule = Callable[..., Any]


class Column(NamedTuple):
    """One value that every consumer has, declared by the mechanism that owns it.

    Parameters
    ----------
    name : str
        What it is called everywhere: in the state, in snapshots, as an attribute of Mesa agents.
    dtype : type
        Whole numbers that fit into int32; ``np.bool_`` is kept as one bit a consumer.
    unit, meaning : str
    initial : str or float
        The mechanism's parameter that gives everybody's value in week 0, or that value itself.
    scale : int
        Stored number that stands for 1.
    fixed : bool
        A trait: drawn once, never changed.
    drawn : {"", "normal", "uniform"}
        How a trait differs between consumers: standard normal, or uniform on 0 .. 1.
    kept_if : str
        Parameter without which no array is kept: nobody needs it while this is 0 (``"stockpile.ahead"``).
    counts : bool
        Number of neighbours with some property: as wide as the largest number of neighbours needs.
    updated : {"", "occasion", "purchase"}
        When its update applies: on every occasion to shop, or on those spent in the super-app.
    settable : bool
        Whether Mesa agents may be given another value; False for what follows from what consumers do.
    """

    name: str
    dtype: type[np.generic]
    unit: str
    meaning: str
    initial: str | float = 0.0
    scale: int = U16_MAX
    fixed: bool = False
    drawn: Literal["", "normal", "uniform"] = ""
    kept_if: str = ""
    counts: bool = False
    updated: Literal["", "occasion", "purchase"] = ""
    settable: bool = True

    @property
    def bit(self) -> bool:
        """Whether it is kept as one bit a consumer, 64 to a word."""
        return self.dtype is np.bool_


class MarketWeek(NamedTuple):
    """What all consumers of a market share in a week, beside the parameters of the mechanisms."""

    complete: bool  # everyone is a neighbour of everyone
    n_others: int  # consumers of the market but one
    n_super: int  # consumers in mode super
    merchants: float  # M, share of merchants present


class Occasion(NamedTuple):
    """What came of a consumer's occasion to shop."""

    mode: int  # 1: shopped in the super-app, 0: in a single app
    good: int  # 1: a purchase there goes well


class Rules(NamedTuple):
    """The compiled functions of a mechanism; None where it has none."""

    utility: Rule | None  # (params, person) -> its term in Q32
    week: Rule | None  # (step, market_week) -> the parameters of this week, where they depend on the market's state
    gathered: Rule  # (params) -> whether its columns are needed this week
    changing: Rule  # (params) -> whether its columns change this week
    updates: Mapping[str, Rule]  # column -> (params, person, occasion) -> its next value
    own_loop: bool  # the term is costly: a loop of its own, left out where the columns are not needed


@inline
def always(params: Any) -> bool:
    """Say that columns are needed, or change, every week."""
    return True


class Mechanism(Parameters):
    """Parameters of one behavioural idea; unknown names, wrong types, NaN and infinities are refused."""

    columns: ClassVar[tuple[Column, ...]] = ()
    reads: ClassVar[tuple[str, ...]] = ()  # columns of others that its rules look at
    name: ClassVar[str] = ""
    rules: ClassVar[Rules]

    def step(self) -> Any:
        """Return the numbers that the compiled week works with: a NamedTuple of whole numbers and floats."""
        raise NotImplementedError

    def mean_field(self) -> float | None:
        """Return the part of everybody's utility that never changes; None if there is more to it than that.

        A mechanism that does not say is taken to be no part of mean-field theory unless it is off.
        """
        return 0.0 if self == type(self)() else None


MECHANISMS: Final[Registry[type[Mechanism]]] = Registry("mechanism")


def mechanism[M: Mechanism](
    name: str,
    *,
    utility: Rule | None = None,
    week: Rule | None = None,
    gathered: Rule = always,
    changing: Rule = always,
    updates: Mapping[str, Rule] = MappingProxyType({}),
    own_loop: bool = False,
) -> Callable[[type[M]], type[M]]:
    """Register a mechanism under the name that it has in configs, results and docs.

    Parameters
    ----------
    name : str
        Field of ``Market``; parameters are called ``name.parameter``.
    utility : function of (params, person), optional
        Its term in the utility of the super-app, in Q32 (equation 3). ``params`` is what ``step`` or ``week`` returned,
        ``person`` has a value for each column, as whole numbers.
    week : function of (step, market_week), optional
        The parameters of this week, where these depend on the state of the market (``MarketWeek``).
    gathered : function of (params), optional
        Whether the columns it owns and reads are needed this week; saves time where they often are not.
    changing : function of (params), optional
        Whether its columns change this week.
    updates : mapping of column name to function of (params, person, occasion)
        The next value of a column after an occasion; applied on every occasion, or on purchases in the super-app
        only, as ``Column.updated`` says. Values beyond the range of the column's dtype become its ends.
    own_loop : bool
        The term is costly: it is computed in a loop of its own, and only where its columns are gathered.

    Raises
    ------
    InputError
        The name is taken, a column's name is taken, or an update names no column of the mechanism.
    """

    def register(kind: type[M]) -> type[M]:
        check_mechanism(name, kind, updates, MECHANISMS)
        rules = [rule for rule in (utility, week, gathered, changing, *updates.values()) if rule and rule is not always]
        for rule in rules:
            inline(rule)
        if _is_further(kind):
            depend_on_source(further_source(kind.__module__, rules))
        kind.name = name
        within = {column: _within_range(rule, column, kind) for column, rule in updates.items()}
        kind.rules = Rules(utility, week, gathered, changing, within, own_loop)
        return MECHANISMS.add(name, kind)  # type: ignore[return-value]  # the same class

    return register


def _is_further(kind: type[Mechanism]) -> bool:
    """Say whether a mechanism is from outside the package."""
    return not kind.__module__.startswith("abm.")


def _within_range(rule: Rule, column: str, kind: type[Mechanism]) -> Rule:
    """Return an update that stays in the range of its column; the package's own are known to do so."""
    if not _is_further(kind):
        return rule
    limits = np.iinfo(next(one.dtype for one in kind.columns if one.name == column))  # type: ignore[type-var]
    low, high = int(limits.min), int(limits.max)

    @wraps(rule)
    def within(params: Any, person: Any, occasion: Occasion) -> int:
        return min(max(rule(params, person, occasion), low), high)  # type: ignore[no-any-return]

    return inline(within)


def column_named(name: str) -> Column:
    """Return the column of a name."""
    return next(column for kind in MECHANISMS.values() for column in kind.columns if column.name == name)


def owner_of(column: str) -> str:
    """Return the name of the mechanism that declares a column."""
    return next(name for name, kind in MECHANISMS.items() if any(own.name == column for own in kind.columns))


def step_dtype(names: tuple[str, ...]) -> list[tuple[str, type[np.generic]]]:
    """Return the fields of a schedule: ``habit.rate`` ..., int64 or float64 as their ``step`` is annotated."""
    fields: list[tuple[str, type[np.generic]]] = []
    for name in names:
        neutral = MECHANISMS[name]().step()
        kinds = get_type_hints(type(neutral))
        fields += [(f"{name}.{field}", np.float64 if kinds[field] is float else np.int64) for field in neutral._fields]
    return fields
