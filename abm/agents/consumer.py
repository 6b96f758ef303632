"""One consumer as a Mesa agent: a light view of a row of arrays, with the week in readable Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mesa import Agent

from abm.agents.agent_set import ConsumerSet
from abm.agents.agent_step import AgentStep
from abm.agents.attributes import AgentAttribute, ColumnAttribute, ComputedAttribute, IdAttribute, attribute_of
from abm.agents.protocol import ConsumerModel
from abm.base.errors import InputError, Problem
from abm.engine.columns import BASKET_COLUMN, gathered_columns, updated_columns
from abm.engine.dispatch import person_class, utility
from abm.engine.market_params import MarketParams
from abm.mechanisms import MECHANISMS, Mechanism, Occasion
from abm.mechanisms.awareness import p_aware
from abm.mechanisms.base import column_named
from abm.mechanisms.choice import p_super
from abm.mechanisms.stockpile import STOCK_BITS, ahead_levels, buy_ahead, restocked, use_stock
from abm.mechanisms.trust import trust_after_bad_news
from abm.numerics.fixed_point import BASKET, ONE, RANK_BITS, U16_MAX, to_q32


class Consumer(Agent):  # type: ignore[misc]  # Mesa is not typed
    """A shopper: a node of the social network of a market.

    Consumers hold nothing themselves. They are made when asked for, are equal if they are the same person of the
    same model, and write what is set into the model's arrays. Every method below ``step`` is one rule of
    docs/model.md; a subclass may replace any of them and run with ``engine="mesa"``.

    Parameters
    ----------
    model : ShoppingModel
    row : int
        Row of the model's arrays.
    """

    market = ComputedAttribute("name of the market")
    degree = ComputedAttribute("number of neighbours")
    n_super = ComputedAttribute("number of neighbours in mode super")
    unique_id = ComputedAttribute("1 .. number of consumers, market after market")
    node_id = IdAttribute("id in the file or graph of the market's network; else 0 .. consumers - 1")
    basket = ColumnAttribute(BASKET_COLUMN)
    if TYPE_CHECKING:  # there is an attribute for every column (see below); type checkers see the built-in ones
        aware: bool
        mode: int
        habit: float
        trust: float
        stock: float
        taste: float
        live_rank: float
        reach_rank: float
    model: ConsumerModel
    row: int
    pos = None  # consumers live on a network, not on a grid

    def __init__(self, model: ConsumerModel, row: int) -> None:
        object.__setattr__(self, "model", model)
        object.__setattr__(self, "row", row)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.row == self.row and other.model is self.model

    def __hash__(self) -> int:
        return hash((id(self.model), self.row))

    def __repr__(self) -> str:
        mode = "super" if self.mode else "single"
        own = "" if self.model.row_index.node_ids[self.market_index] is None else f" (id {self.node_id!r})"
        return f"<{type(self).__name__} {self.unique_id}{own} in {self.market}: {mode}>"

    def __setattr__(self, name: str, value: Any) -> None:
        if not isinstance(getattr(type(self), name, None), AgentAttribute | property):
            raise AttributeError(
                f"a {type(self).__name__} is a view and cannot keep {name!r}; "
                f"declare it in your subclass as {name} = abm.agents.OwnAttribute(default)"
            )
        object.__setattr__(self, name, value)

    @property
    def neighbors(self) -> ConsumerSet:
        """The consumers this one is tied to."""
        return ConsumerSet(self.model, self.model.row_index.neighbors(self.row))

    @property
    def week(self) -> AgentStep:
        """The week under way."""
        return self.model.current_step()

    @property
    def market_index(self) -> int:
        """Position of the consumer's market in the list of markets."""
        return self.model.row_index.market_index(self.row)

    @property
    def number(self) -> int:
        """Number within the market, 0 and up: with the market's name, what random numbers know a consumer by."""
        return self.row - self.model.row_index.first_row(self.market_index)

    @property
    def market_params(self) -> MarketParams:
        """What everybody in the market shares this week, in whole numbers."""
        return self.week.market_params[self.market_index]

    def step(self) -> None:
        """Take one step: read week t, plan week t + 1. The week is over when everybody has stepped."""
        week, let_down, stock, need, sale = self.week, False, self.stock, 0, 0
        awareness, choice, experience = week.words(self.market_index, self.number)
        aware = self.aware or (self.market_params.launched and awareness < to_q32(self.p_aware()))
        mode, changed = self.mode, {}
        if self.has_occasion():
            mode = self.choose(aware, choice / ONE)
            good = experience < to_q32(self.p_good())
            let_down = mode == 1 and not good
            changed = self.after_occasion(mode, good)
            stock = self.restock(mode)
            need = round(self.basket * BASKET)
            sale = restocked(need, *(round(baskets * (1 << STOCK_BITS)) for baskets in (self.stock, stock)))
        trust = self.trust_after_bad_news(changed.pop("trust", self.trust))
        bought = sale * mode
        week.set_plan(
            self.row, aware=aware, mode=mode, let_down=let_down, stock=round(stock * (1 << STOCK_BITS)), needed=need,
            trust=round(trust * U16_MAX), spend=sale, super_spend=bought, live_spend=bought * self.watches_live(),
            discounted=bought * self.sees_deal(), **{name: self._stored(name, to) for name, to in changed.items()},
        )  # fmt: skip

    def p_aware(self) -> float:
        """Return the chance to learn of the shop this week, if it is open and unknown (equation 1)."""
        params = self.market_params.params.awareness
        if self.market_params.market.complete:
            return params.p_complete / ONE  # type: ignore[no-any-return]
        return p_aware(params, *self._neighbors_in_super()) / ONE

    def has_occasion(self) -> bool:
        """Say whether the consumer (re)considers how to shop this week (equation 2)."""
        return self.week.has_occasion(self.market_index, self.number)

    def utility(self) -> float:
        """Return V, what speaks for the super-app (equation 3); multiples of 2**-32, so that sums are exact."""
        return utility(self.market_params.params, self._person()) / ONE

    def p_super(self) -> float:
        """Return the chance that utility exceeds the noise (equation 3)."""
        return p_super(to_q32(self.utility()), self.market_params.params.choice.noise, self.week.curves) / ONE

    def choose(self, aware: bool, chance: float) -> int:
        """Return the mode of an occasion; ``chance`` is uniform on 0 .. 1."""
        if not (aware and self.market_params.launched):
            return 0  # nobody shops in a shop that is closed or unknown
        if self.mode == 1 and not self.market_params.params.choice.reversible:
            return 1
        return int(chance < self.p_super())

    def p_good(self) -> float:
        """Return the chance that a purchase in the super-app goes well (equation 4)."""
        return self.market_params.params.trust.p_good / ONE  # type: ignore[no-any-return]

    def after_occasion(self, mode: int, good: bool) -> dict[str, float]:
        """Return the next value of every column that an occasion in ``mode`` changes (equations 4 and 5)."""
        changed: dict[str, float] = {}
        for mechanism, column in updated_columns(self.model.mechanisms):
            if column.updated == "purchase" and mode == 0:
                continue
            if column.name == "habit":
                changed["habit"] = self.form_habit(mode)
            elif column.name == "trust":
                changed["trust"] = self.learn_trust(good)
            else:
                changed[column.name] = self._updated(mechanism, column.name, mode, good, changed)
        return changed

    def learn_trust(self, good: bool) -> float:
        """Return the trust after a purchase in the super-app (equation 4)."""
        return self._updated("trust", "trust", 1, good, {})

    def form_habit(self, mode: int) -> float:
        """Return the habit after an occasion in ``mode`` (equation 5)."""
        return self._updated("habit", "habit", mode, True, {})

    def trust_after_bad_news(self, trust: float) -> float:
        """Return what is left of ``trust`` after hearing of the neighbours who were let down (equation 4)."""
        shared, week = self.market_params, self.week
        if shared.market.complete:
            n_let_down, n_neighbors = shared.n_let_down - week.let_down_before(self.row), shared.market.n_others
        else:
            n_let_down, n_neighbors = int(week.n_let_down[self.row]), self.degree
        return (
            trust_after_bad_news(round(trust * U16_MAX), shared.params.trust.bad_news, n_let_down, n_neighbors)
            / U16_MAX
        )

    def restock(self, mode: int) -> float:
        """Return the stock after an occasion, in baskets: some is used up, a deal in the super-app fills it."""
        params = self.market_params.params
        after = use_stock(round(self.stock * (1 << STOCK_BITS)), params.stockpile.use)
        if mode == 1 and self.sees_deal():
            after = buy_ahead(after, ahead_levels(params.stockpile.ahead, params.price.deal))
        return after / (1 << STOCK_BITS)

    def sees_deal(self) -> bool:
        """Say whether this week's deal, if there is one, reaches the consumer (equation 3)."""
        return self.reach_rank * (1 << RANK_BITS) < self.market_params.params.price.deal_rank  # type: ignore[no-any-return]

    def watches_live(self) -> bool:
        """Say whether live streams reach the consumer this week (equation 7)."""
        return self.live_rank * (1 << RANK_BITS) < self.market_params.params.livestream.rank  # type: ignore[no-any-return]

    def _neighbors_in_super(self) -> tuple[int, int]:
        """Return how many neighbours are in mode super, and how many there are."""
        market = self.market_params.market
        if market.complete:
            return market.n_super - self.mode, market.n_others
        return int(self.week.n_super[self.row]), self.degree

    def _person(self, **changed: int) -> Any:
        """Return what the rules of mechanisms see of the consumer, in whole numbers."""
        n_super, n_neighbors = self._neighbors_in_super()
        known = {"n_super": n_super, "n_neighbors": n_neighbors, "mode": self.mode} | changed
        fields = gathered_columns(self.model.mechanisms)
        values = {name: known[name] if name in known else self._stored(name, getattr(self, name)) for name in fields}
        return person_class(fields)(**values, mode=known["mode"])

    def _updated(self, mechanism: str, column: str, mode: int, good: bool, changed: dict[str, float]) -> float:
        """Return a column's value after an occasion, by the rule of its mechanism."""
        rule, params = MECHANISMS[mechanism].rules.updates[column], getattr(self.market_params.params, mechanism)
        known = {name: self._stored(name, value) for name, value in changed.items()}
        after: int = rule(params, self._person(**known, mode=mode), Occasion(mode, int(good)))
        return after / column_named(column).scale

    @staticmethod
    def _stored(name: str, value: float) -> int:
        return round(value * column_named(name).scale)

    def remove(self) -> None:
        """Consumers cannot leave: the network is fixed for the run."""
        raise TypeError("consumers cannot leave a market; the network is fixed for the run")

    @classmethod
    def create_agents(cls, *args: Any, **kwargs: Any) -> Any:
        """Consumers come with their market, not one by one."""
        raise TypeError("consumers come with their market: ShoppingModel(markets=[Market(consumers=...)])")

    from_dataframe = create_agents


def _add_attributes(name: str, kind: type[Mechanism]) -> None:
    """Give consumers an attribute for each column of a mechanism; counts of neighbours are computed.

    Raises
    ------
    InputError
        Consumers have something of this name already.
    """
    for column in kind.columns:
        if hasattr(Consumer, column.name) and not column.counts:
            raise InputError([Problem(f"{name}.columns", column.name, "consumers have something of this name already")])
    for column in kind.columns:
        if not column.counts:
            attribute = attribute_of(column)
            attribute.__set_name__(Consumer, column.name)
            setattr(Consumer, column.name, attribute)


def _remove_attributes(name: str, kind: type[Mechanism]) -> None:
    for column in kind.columns:
        if not column.counts:
            delattr(Consumer, column.name)


MECHANISMS.follow(_add_attributes, _remove_attributes)
