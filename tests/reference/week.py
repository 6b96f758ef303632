"""The weeks, one consumer at a time; numbered equations are those of docs/model.md."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple

from abm.markets.market import Market
from tests.reference.arithmetic import (
    ONE,
    U16_MAX,
    approach,
    natural_log,
    nearest,
    p_super,
    q32_per_level,
    share,
    to_q32,
    to_rank,
)
from tests.reference.philox import WEEK, Stream
from tests.reference.population import Person, State, settle


class Purchase(NamedTuple):
    """What one consumer spends on an occasion, in 2**-16 baskets (equation 6)."""

    spend: int = 0
    super_spend: int = 0
    live_spend: int = 0
    discounted: int = 0
    needed: int = 0


class Tally(NamedTuple):
    """What is counted in one market: how things are, and what happened in the step that led there."""

    n_aware: int
    n_super: int
    habit: int
    trust: int
    to_super: int
    to_single: int
    spend: int
    super_spend: int
    live_spend: int
    let_down: int
    discounted: int
    needed: int


class Now(NamedTuple):
    """What everyone in a market shares in one step."""

    week: int
    market: Market
    stream: Stream
    merchants: float
    launched: bool

    @property
    def live_rank(self) -> int:
        """Those with a lower rank watch live streams (equation 7)."""
        live = self.market.livestream
        return to_rank(min(1.0, live.reach + live.growth * self.merchants))


class History(NamedTuple):
    """A run: tallies[week][market], merchants[week][market], the people and their last state."""

    tallies: list[list[Tally]]
    merchants: list[list[float]]
    people: list[Person]
    states: list[State]


def run(
    markets_at: Callable[[int], Sequence[Market]],
    neighbors: Sequence[Sequence[int]],
    *,
    weeks: int,
    seed: int = 0,
    replicate: int = 0,
) -> History:
    """Run the model.

    Parameters
    ----------
    markets_at : function
        The markets with the parameters that govern the step from a week to the next.
    neighbors : sequence of sequences
        For everyone, market after market, the places of their neighbours in this same order.
    weeks, seed, replicate : int
    """
    markets = markets_at(0)
    streams = [Stream(seed, replicate, market.name) for market in markets]
    people: list[Person] = []
    states: list[State] = []
    for place, market in enumerate(markets):
        newcomers, fresh = settle(place, market, streams[place])
        people += newcomers
        states += fresh
    homes = [[row for row, person in enumerate(people) if person.market == m] for m in range(len(markets))]
    merchants = [[market.supply.initial for market in markets]]
    nothing = [Purchase()] * len(people)
    tallies = [[count(home, states, states, nothing) for home in homes]]
    for week in range(weeks):
        nows = [
            Now(week, market, streams[place], merchants[-1][place], week >= market.launch)
            for place, market in enumerate(markets_at(week))
        ]
        lived = [
            live(nows[person.market], person, states[row], [states[i] for i in neighbors[row]])
            for row, person in enumerate(people)
        ]
        new_states, purchases = [state for state, _ in lived], [purchase for _, purchase in lived]
        tallies.append([count(home, states, new_states, purchases) for home in homes])
        merchants.append([trade(now, tally) for now, tally in zip(nows, tallies[-1], strict=True)])
        states = new_states
    return History(tallies, merchants, people, states)


def count(home: list[int], old: list[State], new: list[State], purchases: list[Purchase]) -> Tally:
    """Add up over the consumers of one market."""
    return Tally(
        n_aware=sum(new[i].aware for i in home),
        n_super=sum(new[i].mode for i in home),
        habit=sum(new[i].habit for i in home),
        trust=sum(new[i].trust for i in home),
        to_super=sum(new[i].mode > old[i].mode for i in home),
        to_single=sum(new[i].mode < old[i].mode for i in home),
        spend=sum(purchases[i].spend for i in home),
        super_spend=sum(purchases[i].super_spend for i in home),
        live_spend=sum(purchases[i].live_spend for i in home),
        let_down=sum(new[i].let_down for i in home),
        discounted=sum(purchases[i].discounted for i in home),
        needed=sum(purchases[i].needed for i in home),
    )


def live(now: Now, person: Person, old: State, neighbors: list[State]) -> tuple[State, Purchase]:
    """Take one consumer from week t to week t + 1."""
    words = now.stream.draw(person.number, now.week, WEEK)
    aware = old.aware or (now.launched and words[0] < p_aware(now, neighbors))
    mode, habit, trust, let_down, stock, purchase = old.mode, old.habit, old.trust, False, old.stock, Purchase()
    if now.stream.has_occasion(person.number, now.week, to_q32(now.market.occasion_rate)):  # equation 2
        mode = choose(now, person, old, aware, neighbors, words[1])
        habit = approach(habit, U16_MAX * mode, now.market.habit.rate)  # equation 5
        stock = restock(now, person, old, mode)
        purchase = buy(now, person, mode, old.stock, stock)
        if mode:
            good = words[2] < to_q32(now.market.trust.service_quality)
            trust = approach(trust, U16_MAX * good, now.market.trust.learning)  # equation 4
            let_down = not good
    trust = hear(now, trust, neighbors)
    return State(aware, mode, habit, trust, let_down, stock), purchase


def p_aware(now: Now, neighbors: list[State]) -> int:
    """Equation 1, as Q32."""
    awareness = now.market.awareness
    n_super = sum(neighbor.mode for neighbor in neighbors)
    if awareness.form == "linear":
        return to_q32(awareness.advertising) + share(to_q32(awareness.word_of_mouth), n_super, len(neighbors))
    missed = (1 - Fraction(awareness.advertising)) * (1 - Fraction(awareness.word_of_mouth)) ** n_super
    return ONE - nearest(missed * ONE)


def choose(now: Now, person: Person, old: State, aware: bool, neighbors: list[State], word: int) -> int:
    """Return the mode of an occasion (equation 3)."""
    if not (now.launched and aware):
        return 0
    if old.mode and not now.market.choice.reversible:
        return 1
    return int(word < p_super(utility(now, person, old, neighbors), now.market.choice.noise))


def utility(now: Now, person: Person, old: State, neighbors: list[State]) -> int:
    """V of equation 3, as Q32, term by term."""
    market = now.market
    joined, price = market.integration, market.price
    n_super = sum(neighbor.mode for neighbor in neighbors)
    log_functions, log_merchants = natural_log(joined.functions), natural_log(now.merchants)
    preference = to_q32(market.preference.mean) + to_q32(market.preference.spread) * person.taste // 2**16
    clutter = Fraction(joined.clutter) * (Fraction(joined.functions) - 1)
    integration = to_q32(Fraction(joined.benefit) * Fraction(log_functions, ONE) - clutter)
    habit = q32_per_level(market.habit.strength) * (2 * old.habit - U16_MAX)
    norm = share(to_q32(market.norm.strength), n_super, len(neighbors))
    trust = q32_per_level(market.trust.weight / 2) * (2 * old.trust - U16_MAX)
    live_streams = to_q32(market.livestream.weight) if person.live_rank < now.live_rank else 0
    advantage = to_q32(Fraction(price.sensitivity) * Fraction(price.discount))
    discount = advantage if person.reach_rank < to_rank(price.reach) else 0
    deal = to_q32(Fraction(price.sensitivity) * Fraction(price.deal)) if has_deal(now, person) else 0
    subsidy = to_q32(Fraction(price.sensitivity) * Fraction(price.subsidy))
    supply = to_q32(Fraction(market.supply.weight) * Fraction(log_merchants, ONE))
    return preference + integration + habit + norm + trust + live_streams + discount + deal + subsidy + supply


def has_deal(now: Now, person: Person) -> bool:
    """Say whether this week's deal reaches the consumer; without a deal the price is everybody's."""
    price = now.market.price
    return person.reach_rank < to_rank(price.deal_reach if price.deal > 0 else 1.0)


def restock(now: Now, person: Person, old: State, mode: int) -> int:
    """Return the stock after an occasion: some of it used up, some bought ahead where a deal reaches."""
    stockpile = now.market.stockpile
    stock = max(0, old.stock - max(1, nearest(Fraction(stockpile.use) * 2**13)))
    if mode and has_deal(now, person):
        stock += nearest(Fraction(stockpile.ahead) * Fraction(now.market.price.deal) * 2**13)
    return min(65535, stock)


def buy(now: Now, person: Person, mode: int, before: int, after: int) -> Purchase:
    """Equation 6; a change of the stock adds to the basket or is taken from it."""
    sale = person.basket + person.basket * after // 2**13 - person.basket * before // 2**13
    if not mode:
        return Purchase(sale, needed=person.basket)
    live_sale = sale if person.live_rank < now.live_rank else 0
    return Purchase(sale, sale, live_sale, sale if has_deal(now, person) else 0, person.basket)


def hear(now: Now, trust: int, neighbors: list[State]) -> int:
    """Equation 4, second half: trust lost over neighbours who were let down."""
    n_let_down = sum(neighbor.let_down for neighbor in neighbors)
    lost = share(to_q32(now.market.trust.bad_news), n_let_down, len(neighbors))
    return trust - nearest(Fraction(lost * trust, ONE))


def trade(now: Now, tally: Tally) -> float:
    """Equation 7: merchants a week later, in double precision and in the order written."""
    if not now.launched:
        return now.merchants
    gmv_share = tally.super_spend / tally.spend if tally.spend else 0.0
    pull = gmv_share + 0.01
    supply = now.market.supply
    return max(1e-6, now.merchants + supply.rate * (pull / (pull + supply.half_saturation) - now.merchants))
