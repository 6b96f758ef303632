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
from tests.reference.population import Consumer, State, initial_population


class Purchase(NamedTuple):
    """What one consumer spends on an occasion, in 2**-16 baskets (equation 6)."""

    spend: int = 0
    super_spend: int = 0
    live_spend: int = 0
    discounted: int = 0
    needed: int = 0


class Tally(NamedTuple):
    """What is counted in one market: stocks at this week, and flows in the step that led to it."""

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


class MarketStep(NamedTuple):
    """What all consumers of a market share in one step."""

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
    """A run: tallies[week][market], merchants[week][market], the consumers and their last state."""

    tallies: list[list[Tally]]
    merchants: list[list[float]]
    consumers: list[Consumer]
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
        For every consumer, market after market, the indices of the neighbours in this same order.
    weeks, seed, replicate : int
    """
    markets = markets_at(0)
    streams = [Stream(seed, replicate, market.name) for market in markets]
    consumers: list[Consumer] = []
    states: list[State] = []
    for i, market in enumerate(markets):
        own_consumers, own_states = initial_population(i, market, streams[i])
        consumers += own_consumers
        states += own_states
    rows_by_market = [[row for row, one in enumerate(consumers) if one.market == i] for i in range(len(markets))]
    merchants = [[market.supply.initial for market in markets]]
    no_purchases = [Purchase()] * len(consumers)
    tallies = [[count(rows, states, states, no_purchases) for rows in rows_by_market]]
    for week in range(weeks):
        steps = [
            MarketStep(week, market, streams[i], merchants[-1][i], week >= market.launch)
            for i, market in enumerate(markets_at(week))
        ]
        outcomes = [
            step_consumer(steps[consumer.market], consumer, states[row], [states[i] for i in neighbors[row]])
            for row, consumer in enumerate(consumers)
        ]
        new_states, purchases = [state for state, _ in outcomes], [purchase for _, purchase in outcomes]
        tallies.append([count(rows, states, new_states, purchases) for rows in rows_by_market])
        merchants.append([next_merchants(step, tally) for step, tally in zip(steps, tallies[-1], strict=True)])
        states = new_states
    return History(tallies, merchants, consumers, states)


def count(rows: list[int], old: list[State], new: list[State], purchases: list[Purchase]) -> Tally:
    """Add up over the consumers of one market."""
    return Tally(
        n_aware=sum(new[i].aware for i in rows),
        n_super=sum(new[i].mode for i in rows),
        habit=sum(new[i].habit for i in rows),
        trust=sum(new[i].trust for i in rows),
        to_super=sum(new[i].mode > old[i].mode for i in rows),
        to_single=sum(new[i].mode < old[i].mode for i in rows),
        spend=sum(purchases[i].spend for i in rows),
        super_spend=sum(purchases[i].super_spend for i in rows),
        live_spend=sum(purchases[i].live_spend for i in rows),
        let_down=sum(new[i].let_down for i in rows),
        discounted=sum(purchases[i].discounted for i in rows),
        needed=sum(purchases[i].needed for i in rows),
    )


def step_consumer(step: MarketStep, consumer: Consumer, old: State, neighbors: list[State]) -> tuple[State, Purchase]:
    """Take one consumer from week t to week t + 1."""
    words = step.stream.draw(consumer.number, step.week, WEEK)
    aware = old.aware or (step.launched and words[0] < p_aware(step, neighbors))
    mode, habit, trust, let_down, stock, purchase = old.mode, old.habit, old.trust, False, old.stock, Purchase()
    if step.stream.has_occasion(consumer.number, step.week, to_q32(step.market.occasion_rate)):  # equation 2
        mode = choose(step, consumer, old, aware, neighbors, words[1])
        habit = approach(habit, U16_MAX * mode, step.market.habit.rate)  # equation 5
        stock = restock(step, consumer, old, mode)
        purchase = buy(step, consumer, mode, old.stock, stock)
        if mode:
            good = words[2] < to_q32(step.market.trust.service_quality)
            trust = approach(trust, U16_MAX * good, step.market.trust.learning)  # equation 4
            let_down = not good
    trust = lose_trust(step, trust, neighbors)
    return State(aware, mode, habit, trust, let_down, stock), purchase


def p_aware(step: MarketStep, neighbors: list[State]) -> int:
    """Return the chance to become aware (equation 1), as Q32."""
    awareness = step.market.awareness
    n_super = sum(neighbor.mode for neighbor in neighbors)
    if awareness.form == "linear":
        return to_q32(awareness.advertising) + share(to_q32(awareness.word_of_mouth), n_super, len(neighbors))
    p_miss = (1 - Fraction(awareness.advertising)) * (1 - Fraction(awareness.word_of_mouth)) ** n_super
    return ONE - nearest(p_miss * ONE)


def choose(step: MarketStep, consumer: Consumer, old: State, aware: bool, neighbors: list[State], word: int) -> int:
    """Return the mode of an occasion (equation 3)."""
    if not (step.launched and aware):
        return 0
    if old.mode and not step.market.choice.reversible:
        return 1
    return int(word < p_super(utility(step, consumer, old, neighbors), step.market.choice.noise))


def utility(step: MarketStep, consumer: Consumer, old: State, neighbors: list[State]) -> int:
    """Return V of equation 3, as Q32, term by term."""
    market = step.market
    price = market.price
    n_super = sum(neighbor.mode for neighbor in neighbors)
    log_functions, log_merchants = natural_log(market.integration.functions), natural_log(step.merchants)
    preference = to_q32(market.preference.mean) + to_q32(market.preference.spread) * consumer.taste // 2**16
    clutter = Fraction(market.integration.clutter) * (Fraction(market.integration.functions) - 1)
    integration = to_q32(Fraction(market.integration.benefit) * Fraction(log_functions, ONE) - clutter)
    habit = q32_per_level(market.habit.strength) * (2 * old.habit - U16_MAX)
    norm = share(to_q32(market.norm.strength), n_super, len(neighbors))
    trust = q32_per_level(market.trust.weight / 2) * (2 * old.trust - U16_MAX)
    live_streams = to_q32(market.livestream.weight) if consumer.live_rank < step.live_rank else 0
    advantage = to_q32(Fraction(price.sensitivity) * Fraction(price.discount))
    discount = advantage if consumer.reach_rank < to_rank(price.reach) else 0
    deal = to_q32(Fraction(price.sensitivity) * Fraction(price.deal)) if has_deal(step, consumer) else 0
    subsidy = to_q32(Fraction(price.sensitivity) * Fraction(price.subsidy))
    supply = to_q32(Fraction(market.supply.weight) * Fraction(log_merchants, ONE))
    return preference + integration + habit + norm + trust + live_streams + discount + deal + subsidy + supply


def has_deal(step: MarketStep, consumer: Consumer) -> bool:
    """Say whether this week's deal reaches the consumer; without a deal the price is everybody's."""
    price = step.market.price
    return consumer.reach_rank < to_rank(price.deal_reach if price.deal > 0 else 1.0)


def restock(step: MarketStep, consumer: Consumer, old: State, mode: int) -> int:
    """Return the stock after an occasion: some of it used up, some bought ahead where a deal reaches."""
    stockpile = step.market.stockpile
    stock = max(0, old.stock - max(1, nearest(Fraction(stockpile.use) * 2**13)))
    if mode and has_deal(step, consumer):
        stock += nearest(Fraction(stockpile.ahead) * Fraction(step.market.price.deal) * 2**13)
    return min(65535, stock)


def buy(step: MarketStep, consumer: Consumer, mode: int, before: int, after: int) -> Purchase:
    """Return the purchase of an occasion (equation 6); a change of the stock adds to the basket or is taken from it."""
    sale = consumer.basket + consumer.basket * after // 2**13 - consumer.basket * before // 2**13
    if not mode:
        return Purchase(sale, needed=consumer.basket)
    live_sale = sale if consumer.live_rank < step.live_rank else 0
    return Purchase(sale, sale, live_sale, sale if has_deal(step, consumer) else 0, consumer.basket)


def lose_trust(step: MarketStep, trust: int, neighbors: list[State]) -> int:
    """Return the trust that is left once neighbours were let down (equation 4, second half)."""
    n_let_down = sum(neighbor.let_down for neighbor in neighbors)
    lost = share(to_q32(step.market.trust.bad_news), n_let_down, len(neighbors))
    return trust - nearest(Fraction(lost * trust, ONE))


def next_merchants(step: MarketStep, tally: Tally) -> float:
    """Return the merchants a week later (equation 7), in double precision and in the order written."""
    if not step.launched:
        return step.merchants
    gmv_share = tally.super_spend / tally.spend if tally.spend else 0.0
    pull = gmv_share + 0.01
    supply = step.market.supply
    return max(1e-6, step.merchants + supply.rate * (pull / (pull + supply.half_saturation) - step.merchants))
