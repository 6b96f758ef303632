"""Mechanisms that repeat built-in ones under names and columns of their own: both must come to the same numbers."""

from typing import Any, ClassVar, NamedTuple

import numpy as np

from abm.base.parameters import parameter
from abm.mechanisms.base import Column, MarketWeek, Mechanism, Occasion, mechanism
from abm.mechanisms.habit import form_habit, habit
from abm.mechanisms.livestream import livestream
from abm.mechanisms.norm import norm
from abm.mechanisms.preference import preference
from abm.mechanisms.supply import supply
from abm.mechanisms.trust import learn_trust, trust
from abm.numerics.fixed_point import RANK_BITS, TASTE_BITS, approach, q32_per_level, to_q16, to_q32, to_rank

NAMES = ("imitation", "familiarity", "routine", "variety", "temperament", "audience", "momentum")


def number(default: float, meaning: str) -> Any:
    """Return a parameter of a test."""
    return parameter(default, ge=-100, le=100, unit="-", source="test", meaning=meaning)


class Strength(NamedTuple):
    """Parameters of one weight."""

    strength: int


class Imitation(Mechanism):
    """The norm once more, in the loop that all terms share: the counts of neighbours are gathered for it."""

    strength: float = number(0.0, "as norm.strength")
    reads: ClassVar[tuple[str, ...]] = ("mode", "n_super", "n_neighbors")

    def step(self) -> Strength:
        """See ``Mechanism``."""
        return Strength(to_q32(self.strength))


def imitation(params: Strength, person: Any) -> int:
    """Return the term of a consumer."""
    return norm(params.strength, person.n_super, person.n_neighbors)


class Learning(NamedTuple):
    """Parameters of a level that is learned."""

    weight: int
    rate: int


class Familiarity(Mechanism):
    """Trust once more, without word of mouth: a column that purchases update."""

    weight: float = number(0.0, "as trust.weight")
    initial: float = number(0.5, "as trust.initial")
    learning: float = number(0.0, "as trust.learning")
    columns: ClassVar[tuple[Column, ...]] = (
        Column("familiarity", np.uint16, "level", "familiarity", initial="initial", updated="purchase"),
    )

    def step(self) -> Learning:
        """See ``Mechanism``."""
        return Learning(q32_per_level(self.weight / 2), to_q16(self.learning))


def familiarity(params: Learning, person: Any) -> int:
    """Return the term of a consumer."""
    return trust(params.weight, person.familiarity)


def after_purchase(params: Learning, person: Any, occasion: Occasion) -> int:
    """Return a consumer's familiarity after a purchase in the super-app."""
    return learn_trust(person.familiarity, occasion.good, params.rate)


class Routine(Mechanism):
    """Habit once more: a column that every occasion updates."""

    strength: float = number(0.0, "as habit.strength")
    initial: float = number(0.5, "as habit.initial")
    rate: float = number(0.0, "as habit.rate")
    columns: ClassVar[tuple[Column, ...]] = (
        Column("routine", np.uint16, "level", "routine", initial="initial", updated="occasion"),
    )

    def step(self) -> Learning:
        """See ``Mechanism``."""
        return Learning(q32_per_level(self.strength), to_q16(self.rate))


def routine(params: Learning, person: Any) -> int:
    """Return the term of a consumer."""
    return habit(params.weight, person.routine)


def after_occasion(params: Learning, person: Any, occasion: Occasion) -> int:
    """Return a consumer's routine after an occasion."""
    return form_habit(person.routine, occasion.mode, params.rate)


class Range(NamedTuple):
    """Parameters of a term that changes with the market; of one type before and after ``week``."""

    weight: float
    value: int


class Variety(Mechanism):
    """Supply once more: a term that is worked out each week, from the merchants present."""

    weight: float = number(0.0, "as supply.weight")

    def step(self) -> Range:
        """See ``Mechanism``."""
        return Range(self.weight, 0)


def variety_in(step: Range, market: MarketWeek) -> Range:
    """Return the parameters of a week."""
    return Range(step.weight, to_q32(supply(step.weight, market.merchants)))


def variety(params: Range, person: Any) -> int:
    """Return the term of a consumer."""
    return params.value


class Temperament(Mechanism):
    """Preference once more: a trait that is standard normal."""

    spread: float = number(0.0, "as preference.spread")
    columns: ClassVar[tuple[Column, ...]] = (
        Column("temperament", np.int32, "-", "temper", scale=1 << TASTE_BITS, fixed=True, drawn="normal"),
        Column("mood", np.int32, "-", "another", scale=1 << TASTE_BITS, fixed=True, drawn="normal"),
    )

    def step(self) -> Strength:
        """See ``Mechanism``."""
        return Strength(to_q32(self.spread))


def temperament(params: Strength, person: Any) -> int:
    """Return the term of a consumer."""
    return preference(0, params.strength, person.temperament)


class Reach(NamedTuple):
    """Parameters of a term that some receive."""

    weight: int
    rank: int


class Audience(Mechanism):
    """Live streams once more: a trait that is uniform."""

    weight: float = number(0.0, "as livestream.weight")
    reach: float = number(0.0, "as livestream.reach")
    columns: ClassVar[tuple[Column, ...]] = (
        Column("seat", np.uint16, "rank", "rank", scale=1 << RANK_BITS, fixed=True, drawn="uniform"),
    )

    def step(self) -> Reach:
        """See ``Mechanism``."""
        return Reach(to_q32(self.weight), to_rank(self.reach))


def audience(params: Reach, person: Any) -> int:
    """Return the term of a consumer."""
    return livestream(params.weight, person.seat < params.rank)


class Momentum(Mechanism):
    """Two columns, the second of which follows what the first has become on the same occasion."""

    weight: float = number(0.0, "utility of a full drift")
    rate: float = number(0.0, "share of the distance that an occasion closes")
    columns: ClassVar[tuple[Column, ...]] = (
        Column("pace", np.uint16, "level", "pace", initial=0.25, updated="occasion"),
        Column("drift", np.uint16, "level", "drift", initial=0.75, updated="purchase"),
    )

    def step(self) -> Learning:
        """See ``Mechanism``."""
        return Learning(q32_per_level(self.weight), to_q16(self.rate))


def momentum(params: Learning, person: Any) -> int:
    """Return the term of a consumer."""
    return params.weight * person.drift


def next_pace(params: Learning, person: Any, occasion: Occasion) -> int:
    """Return a consumer's pace after an occasion."""
    return form_habit(person.pace, occasion.mode, params.rate)


def next_drift(params: Learning, person: Any, occasion: Occasion) -> int:
    """Return a consumer's drift after a purchase in the super-app."""
    return approach(person.drift, person.pace, params.rate)


def register() -> None:
    """Register them all, in the order of ``NAMES``."""
    mechanism("imitation", utility=imitation)(Imitation)
    mechanism("familiarity", utility=familiarity, updates={"familiarity": after_purchase})(Familiarity)
    mechanism("routine", utility=routine, updates={"routine": after_occasion})(Routine)
    mechanism("variety", utility=variety, week=variety_in)(Variety)
    mechanism("temperament", utility=temperament)(Temperament)
    mechanism("audience", utility=audience)(Audience)
    mechanism("momentum", utility=momentum, updates={"pace": next_pace, "drift": next_drift})(Momentum)
