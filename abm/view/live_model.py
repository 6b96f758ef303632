"""The model that the browser shows: markets on one clock, and a twin of them in which no lever is pulled."""

import copy
import threading
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from abm.agents.model import ShoppingModel
from abm.engine import state as arrays
from abm.engine.layout import rows_of
from abm.engine.simulation import Simulation
from abm.engine.trajectory import Trajectory
from abm.errors import AbmError
from abm.numerics.bits import unpack
from abm.view.capacity import MOST_CONSUMERS, Room, tidy_up_soon
from abm.view.settings import NOBODY, SIZES, Settings

_NEIGHBORS = 12  # the last bin holds whoever has as many neighbours in mode super, or more


class Knobs:
    """What a visitor has changed, by market and dotted path; survives a reset."""

    def __init__(self) -> None:
        self.values: dict[str, dict[str, Any]] = {}

    def turn(self, market: str, path: str, value: Any) -> None:
        """Remember a value."""
        self.values.setdefault(market, {})[path] = value


class Visit(NamedTuple):
    """What stays the same from one reset of a page to the next."""

    settings: Settings
    knobs: Knobs
    room: Room  # where the consumers of all visitors are counted


class Pull(NamedTuple):
    """A lever that a visitor has pulled."""

    week: int
    market: str
    label: str
    ends: int | None  # the week in which it no longer acts


class Stage(ShoppingModel):
    """Markets side by side.

    Parameters
    ----------
    visit : Visit
    seed, consumers : int
    clock : str
    market_1 .. market_4 : str
        Names of markets, or "none".
    """

    def __init__(
        self,
        *,
        visit: Visit,
        seed: int,
        consumers: int,
        clock: str,
        market_1: str,
        market_2: str = NOBODY,
        market_3: str = NOBODY,
        market_4: str = NOBODY,
    ) -> None:
        self.notice = ""
        self._busy = threading.Lock()  # a task may be playing while the page goes away
        settings, self.knobs = visit.settings, visit.knobs
        self.clock = clock
        chosen = [name for name in (market_1, market_2, market_3, market_4) if name in settings.markets]
        names = list(dict.fromkeys(chosen)) or list(settings.first)
        size = self._size(consumers, len(names), visit.room)
        markets = [self._turned(settings.market(name, size, clock)) for name in names]
        super().__init__(markets=markets, rng=int(seed), start=settings.start)
        self.settings = settings
        self.twin: ShoppingModel | None = None
        self.forked = 0
        self.pulled: list[Pull] = []
        self._turns: dict[str, dict[str, Any]] = {}
        n_rows = self.population.state.aware.size
        self._joined = np.zeros(n_rows, np.uint64)
        self.exposure = np.zeros((len(names), 2, _NEIGHBORS + 1), np.int64)  # consumer-weeks at risk, and switches

    def step(self) -> None:
        """Live a week in both arms; nothing happens once the stage is closed."""
        with self._busy:
            if self.running:
                self._live()

    def _live(self) -> None:
        self._apply_turns()
        state = self.population.state
        before, n_super = state.mode.copy(), state.n_super.copy()
        super().step()
        joined = self.population.state.mode & ~before
        self._joined |= joined
        self._expose(unpack(before), unpack(joined), n_super)
        if self.twin is not None:
            self.twin.advance_week()
        if self.week >= self.settings.weeks:
            self.running = False

    def fire(self, market: str, label: str, lever: dict[str, Any]) -> None:
        """Pull a lever now; from the first on, a twin lives on without them. One that acts already is left alone."""
        self.notice = ""
        if self.ends(market, lever) is not None:
            return  # the page says so; somebody was quicker with a second click
        twin, forked = (self.twin, self.forked) if self.twin else (ShoppingModel.of(_fork(self.simulation)), self.week)
        try:
            self.pull({"market": market} | lever)
        except AbmError as error:
            self.notice = str(error)
            return
        self.twin, self.forked = twin, forked
        self.pulled.append(Pull(self.week, market, label, self.ends(market, lever)))

    def ends(self, market: str, lever: dict[str, Any]) -> int | None:
        """Return the week in which a lever of this kind, pulled before, ends; None if a further one can be pulled.

        What lasts for some weeks is not pulled twice at once, lest it cost twice; what lasts for good adds up.
        """
        if "weeks" not in lever:
            return None
        same = [one for one in self.simulation.levers if (one.market, one.kind) == (market, lever["kind"])]
        last = max((one.window(self.settings.start)[1] for one in same), default=0)
        return int(last) if last > self.week else None

    def turn(self, market: str, path: str, value: Any, *, at_reset: bool) -> None:
        """Give a parameter another value: from the next week on in both arms, or only at the next reset."""
        self.notice = ""
        try:
            self.markets[market].replace({path: value})
        except AbmError as error:
            self.notice = str(error)
            return
        self.knobs.turn(market, path, value)
        if not at_reset:
            self._turns.setdefault(market, {})[path] = value

    def value(self, market: str, path: str) -> Any:
        """Return the value of a parameter as the visitor has left it."""
        found: Any = self.markets[market]
        for name in path.split("."):
            found = getattr(found, name)
        return self.knobs.values.get(market, {}).get(path, found)

    def title(self, market: str) -> str:
        """Return what a market is called on the page."""
        return self.settings.titles.get(market, market)

    def joined(self, place: int) -> npt.NDArray[np.bool_]:
        """Return who of a market has switched to the super-app at least once."""
        return unpack(self._joined)[rows_of(self.simulation.layouts[place])]

    def twin_record(self) -> Trajectory | None:
        """Return the record without the lever, if there is one."""
        return self.twin.trajectory() if self.twin is not None else None

    def close(self) -> None:
        """Stop, and let go of the consumers.

        Solara keeps what a page's tasks refer to for as long as the server runs, the model included; so it is emptied.
        """
        self.running = False
        with self._busy:
            self._leave()
            for name in ("simulation", "row_index", "twin", "exposure", "_joined", "_week", "datacollector"):
                self.__dict__.pop(name, None)
        tidy_up_soon()

    def _size(self, consumers: int, n_markets: int, room: Room) -> int:
        size = min(max(int(consumers), 1), MOST_CONSUMERS)
        if size != consumers:
            self.notice = f"A market holds up to {MOST_CONSUMERS:,} consumers here."
        for smaller in (size, *sorted((s for s in SIZES if s < size), reverse=True)):
            leave = room.take(self, 2 * smaller * n_markets)  # both arms
            if leave is not None:
                self._leave = leave
                if smaller != size:
                    self.notice = f"This server is full; shown with {smaller:,} consumers a market."
                return smaller
        raise MemoryError("no room for another visitor")

    def _turned(self, market: Any) -> Any:
        for path, value in self.knobs.values.get(market.name, {}).items():
            try:
                market = market.replace({path: value})
            except AbmError as error:
                self.notice = str(error)
        return market

    def _apply_turns(self) -> None:
        turns, self._turns = self._turns, {}
        for market, values in turns.items():
            if market not in self.markets:
                continue
            lever = {"kind": "set", "market": market, "start": self.week, "values": values}
            try:
                for arm in (self, self.twin):
                    if arm is not None:
                        arm.pull(lever)
            except AbmError as error:
                self.notice = str(error)

    def _expose(self, was_super: Any, joined: Any, n_super: npt.NDArray[Any]) -> None:
        """Count, by the number of neighbours in mode super, who could have switched this week and who did."""
        for place, layout in enumerate(self.simulation.layouts):
            rows = rows_of(layout)
            if layout["complete"] or not n_super.size:
                continue
            bins = np.minimum(n_super[rows], _NEIGHBORS)
            for row, who in enumerate((~was_super[rows], joined[rows])):
                self.exposure[place, row] += np.bincount(bins[who], minlength=_NEIGHBORS + 1)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self  # a page's state holds the model; nobody needs two


def _fork(simulation: Simulation) -> Simulation:
    """Return an independent copy that shares what never changes: network, traits, parameters."""
    population = simulation.population
    shared = [population.adjacency, population.traits, *simulation.levers, *simulation.markets, simulation.layouts]
    return copy.deepcopy(simulation, {id(part): part for part in shared})


def series(record: Trajectory, place: int) -> dict[str, npt.NDArray[np.float64]]:
    """Return what the curves show of one market, one value a week: shares of consumers or of spend, 0 .. 1."""
    tally = record.tallies[:, place]
    n_consumers = record.markets[place].consumers
    spend = tally[:, arrays.SPEND]
    gmv = np.divide(tally[:, arrays.SUPER_SPEND], spend, out=np.zeros(len(tally)), where=spend > 0)
    full = n_consumers * 65535
    return {
        "adoption": tally[:, arrays.N_SUPER] / n_consumers,
        "aware": tally[:, arrays.N_AWARE] / n_consumers,
        "gmv_share": gmv,
        "trust": tally[:, arrays.TRUST] / full,
        "habit": tally[:, arrays.HABIT] / full,
    }
