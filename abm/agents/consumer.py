"""One consumer as a Mesa agent: a light view of a row of arrays, with the week in readable Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mesa import Agent

from abm.agents.agent_set import ConsumerSet
from abm.agents.attributes import Basket, Bit, Column, Computed, Fixed, Level, Stock
from abm.engine.utility import Person, StepParams, p_aware, utility
from abm.mechanisms.choice import p_super
from abm.mechanisms.habit import form_habit
from abm.mechanisms.stockpile import STOCK_BITS, buy_ahead, restocked, use_stock
from abm.mechanisms.trust import hear_bad_news, learn_trust
from abm.numerics.fixed_point import BASKET, ONE, U16_MAX, to_q32

if TYPE_CHECKING:
    from abm.agents.agent_step import AgentStep
    from abm.agents.model import ShoppingModel


class Consumer(Agent):  # type: ignore[misc]  # Mesa is not typed
    """A shopper: a node of the social network of a market.

    Consumers hold nothing themselves. They are made when asked for, are equal if they are the same person of the
    same model, and write what is set into the model's arrays. Every method below ``step`` is one rule of
    docs/model.md; a subclass may replace any of them and run with ``engine="mesa"``.

    Parameters
    ----------
    model : ShoppingModel
    row : int
        Place in the model's arrays.
    """

    mode = Bit("1 shopped in the super-app at the last occasion, 0 in a single app", int)
    aware = Bit("whether the consumer knows that one can shop in the super-app", bool)
    habit = Level("h, 0 (single) .. 1 (super)")
    trust = Level("T, 0 .. 1")
    stock = Stock("bought ahead, in baskets")
    taste = Fixed("z, standard normal")
    live_rank = Fixed("v, 0 .. 1: watches live streams if below their reach")
    reach_rank = Fixed("w, 0 .. 1: is reached by a discount if below its reach")
    basket = Basket("b, spend on an occasion; 1 on average")
    market = Computed("name of the market")
    degree = Computed("number of neighbours")
    n_super = Computed("number of neighbours in mode super")
    unique_id = Computed("1 .. number of consumers, market after market")
    model: ShoppingModel
    row: int
    pos = None  # consumers live on a network, not on a grid

    def __init__(self, model: ShoppingModel, row: int) -> None:
        object.__setattr__(self, "model", model)
        object.__setattr__(self, "row", row)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.row == self.row and other.model is self.model

    def __hash__(self) -> int:
        return hash((id(self.model), self.row))

    def __repr__(self) -> str:
        mode = "super" if self.mode else "single"
        return f"<{type(self).__name__} {self.unique_id} in {self.market}: {mode}>"

    def __setattr__(self, name: str, value: Any) -> None:
        if not isinstance(getattr(type(self), name, None), Column | property):
            raise AttributeError(
                f"a {type(self).__name__} is a view and cannot keep {name!r}; "
                f"declare it in your subclass as {name} = abm.agents.attributes.Own(default)"
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
    def place(self) -> int:
        """Position of the consumer's market in the list of markets."""
        return self.model.row_index.place_of(self.row)

    @property
    def number(self) -> int:
        """Number within the market, 0 and up: with the market's name, what random numbers know a consumer by."""
        return self.row - self.model.row_index.first_row(self.place)

    @property
    def now(self) -> StepParams:
        """What everybody in the market shares this week, in whole numbers (see abm.engine.utility)."""
        return self.week.step_params[self.place]

    def step(self) -> None:
        """Live one week: read week t, plan week t + 1. The week is over when everybody has lived it."""
        week, now, trust, let_down, stock = self.week, self.now, self.trust, False, self.stock
        need = sale = 0
        awareness, choice, experience = week.words(self.place, self.number)
        aware = self.aware or (now.launched and awareness < to_q32(self.p_aware()))
        mode, habit = self.mode, self.habit
        if self.has_occasion():
            mode = self.choose(aware, choice / ONE)
            habit = self.form_habit(mode)
            stock = self.restock(mode)
            need = round(self.basket * BASKET)
            sale = restocked(need, *(round(baskets * (1 << STOCK_BITS)) for baskets in (self.stock, stock)))
            if mode == 1:
                let_down = not experience < to_q32(self.p_good())
                trust = self.learn_trust(not let_down)
        trust = self.hear_bad_news(trust)
        bought = sale * mode
        week.lived(
            self.row, aware=aware, mode=mode, habit=round(habit * U16_MAX), trust=round(trust * U16_MAX),
            let_down=let_down, stock=round(stock * (1 << STOCK_BITS)), needed=need, spend=sale, super_spend=bought,
            live_spend=bought * self.watches_live(), discounted=bought * self.sees_deal(),
        )  # fmt: skip

    def p_aware(self) -> float:
        """Return the chance to learn of the shop this week, if it is open and unknown (equation 1)."""
        return p_aware(self.now, *self._neighbors_in_super()) / ONE  # type: ignore[no-any-return]

    def has_occasion(self) -> bool:
        """Say whether the consumer (re)considers how to shop this week (equation 2)."""
        return self.week.has_occasion(self.place, self.number)

    def utility(self) -> float:
        """Return V, what speaks for the super-app (equation 3); multiples of 2**-32, so that sums are exact."""
        person = Person(
            round(self.taste * 65536), round(self.live_rank * 65536), round(self.reach_rank * 65536),
            round(self.habit * U16_MAX), round(self.trust * U16_MAX),
        )  # fmt: skip
        return utility(self.now, person, *self._neighbors_in_super()) / ONE  # type: ignore[no-any-return]

    def p_super(self) -> float:
        """Return the chance that utility exceeds the noise (equation 3)."""
        return p_super(to_q32(self.utility()), self.now.noise, self.week.curves) / ONE  # type: ignore[no-any-return]

    def choose(self, aware: bool, luck: float) -> int:
        """Return the mode of an occasion; ``luck`` is uniform on 0 .. 1."""
        if not (aware and self.now.launched):
            return 0  # nobody shops in a shop that is closed or unknown
        if self.mode == 1 and not self.now.reversible:
            return 1
        return int(luck < self.p_super())

    def p_good(self) -> float:
        """Return the chance that a purchase in the super-app goes well (equation 4)."""
        return self.now.p_good / ONE

    def learn_trust(self, good: bool) -> float:
        """Return the trust after a purchase in the super-app (equation 4)."""
        return learn_trust(round(self.trust * U16_MAX), int(good), self.now.trust_learning) / U16_MAX  # type: ignore[no-any-return]

    def hear_bad_news(self, trust: float) -> float:
        """Return what is left of ``trust`` after hearing of the neighbours who were let down (equation 4)."""
        now, week = self.now, self.week
        if now.complete:
            n_let_down, n_neighbors = now.total_let_down - week.let_down_before(self.row), now.n_others
        else:
            n_let_down, n_neighbors = int(week.n_let_down[self.row]), self.degree
        return hear_bad_news(round(trust * U16_MAX), now.bad_news, n_let_down, n_neighbors) / U16_MAX  # type: ignore[no-any-return]

    def form_habit(self, mode: int) -> float:
        """Return the habit after an occasion in ``mode`` (equation 5)."""
        return form_habit(round(self.habit * U16_MAX), mode, self.now.habit_rate) / U16_MAX  # type: ignore[no-any-return]

    def restock(self, mode: int) -> float:
        """Return the stock after an occasion, in baskets: some is used up, a deal in the super-app fills it."""
        deal = self.now.deal
        after = use_stock(round(self.stock * (1 << STOCK_BITS)), deal.use)
        if mode == 1 and self.sees_deal():
            after = buy_ahead(after, deal.ahead)
        return after / (1 << STOCK_BITS)  # type: ignore[no-any-return]

    def sees_deal(self) -> bool:
        """Say whether this week's deal, if there is one, reaches the consumer (equation 3)."""
        return self.reach_rank * 65536 < self.now.deal.rank  # type: ignore[no-any-return]

    def watches_live(self) -> bool:
        """Say whether live streams reach the consumer this week (equation 7)."""
        return self.live_rank * 65536 < self.now.live_rank  # type: ignore[no-any-return]

    def _neighbors_in_super(self) -> tuple[int, int]:
        """Return how many neighbours are in mode super, and how many there are."""
        now = self.now
        if now.complete:
            return now.total_super - self.mode, now.n_others
        return int(self.week.n_super[self.row]), self.degree

    def remove(self) -> None:
        """Consumers cannot leave: the network is fixed for the run."""
        raise TypeError("consumers cannot leave a market; the network is fixed for the run")

    @classmethod
    def create_agents(cls, *args: Any, **kwargs: Any) -> Any:
        """Consumers come with their market, not one by one."""
        raise TypeError("consumers come with their market: ShoppingModel(markets=[Market(consumers=...)])")

    from_dataframe = create_agents
