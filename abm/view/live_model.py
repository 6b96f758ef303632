"""The model that the browser shows: markets on one clock, and their counterfactual, in which no lever is pulled."""

import copy
import threading
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from abm.agents.model import ShoppingModel
from abm.base.errors import AbmError
from abm.engine.layout import rows_of
from abm.engine.simulation import Simulation
from abm.engine.trajectory import Trajectory
from abm.numerics.bits import unpack
from abm.view.capacity import MAX_CONSUMERS_PER_MARKET, Capacity, release_memory_soon
from abm.view.lever_buttons import LeverButton
from abm.view.session import LeverPull, Session
from abm.view.settings import MARKET_SIZES, NO_MARKET

_NEIGHBORS = 12  # the last bin counts consumers with as many neighbours in mode super, or more
_LARGE_ATTRIBUTES = (
    "simulation", "row_index", "counterfactual", "exposure", "_ever_switched", "_week", "datacollector"
)  # fmt: skip


class LiveModel(ShoppingModel):
    """Markets side by side, with the controls of a visitor.

    Parameters
    ----------
    session : Session
    seed, consumers : int
        ``consumers`` are those of each market; fewer if the server has no capacity left.
    clock : str
        ``SINCE_LAUNCH`` or ``CALENDAR``.
    market_1 .. market_4 : str
        Names of markets, or "none".

    Raises
    ------
    MemoryError
        The server has no capacity left for even the smallest population.
    """

    def __init__(
        self,
        *,
        session: Session,
        seed: int,
        consumers: int,
        clock: str,
        market_1: str,
        market_2: str = NO_MARKET,
        market_3: str = NO_MARKET,
        market_4: str = NO_MARKET,
    ) -> None:
        self.notice = ""
        self._lock = threading.Lock()  # a task may be stepping while the page is closed
        settings, self.parameter_changes = session.settings, session.parameter_changes
        self.clock = clock
        chosen = [name for name in (market_1, market_2, market_3, market_4) if name in settings.markets]
        names = list(dict.fromkeys(chosen)) or list(settings.initial_markets)
        size = self._reserve(consumers, len(names), session.capacity)
        markets = [self._with_changes(settings.market(name, size, clock)) for name in names]
        super().__init__(markets=markets, rng=int(seed), start=settings.start)
        self.settings = settings
        self.counterfactual: ShoppingModel | None = None
        self.pulled: list[LeverPull] = []
        self._pending: dict[str, dict[str, Any]] = {}
        n_rows = self.population.state.aware.size
        self._ever_switched = np.zeros(n_rows, np.uint64)
        self.exposure = np.zeros((len(names), 2, _NEIGHBORS + 1), np.int64)  # consumer-weeks at risk, and switches

    def step(self) -> None:
        """Simulate a week, also in the counterfactual; do nothing once the model is closed."""
        with self._lock:
            if self.running:
                self._advance()

    def _advance(self) -> None:
        self._apply_changes()
        state = self.population.state
        before, n_super = state.mode.copy(), state.n_super.copy()
        super().step()
        switched = self.population.state.mode & ~before
        self._ever_switched |= switched
        self._count_exposure(unpack(before), unpack(switched), n_super)
        if self.counterfactual is not None:
            self.counterfactual.advance_week()
        if self.week >= self.settings.weeks:
            self.running = False

    def press(self, market: str, button: LeverButton) -> None:
        """Pull the lever of a button now, unless it is still active; the first pull starts the counterfactual.

        Parameters
        ----------
        market : str
        button : LeverButton
        """
        self.notice = ""
        if self.active_until(market, button.lever) is not None:
            return  # a second click that came before the page had disabled the button
        counterfactual = self.counterfactual or ShoppingModel.of(_copy(self.simulation))
        try:
            self.pull({"market": market} | button.lever)
        except AbmError as error:
            self.notice = str(error)
            return
        self.counterfactual = counterfactual
        self.pulled.append(LeverPull(self.week, market, button.label, self.active_until(market, button.lever)))

    def active_until(self, market: str, lever: dict[str, Any]) -> int | None:
        """Return the week in which the active lever of this kind ends; None if it can be pulled (again).

        A lever of limited duration is not pulled again while it is active, because it would cost twice; permanent ones
        add up.

        Parameters
        ----------
        market : str
        lever : dict
            Its kind, and ``weeks`` if its duration is limited.
        """
        if "weeks" not in lever:
            return None
        same = [one for one in self.simulation.levers if (one.market, one.kind) == (market, lever["kind"])]
        last = max((one.window(self.settings.start)[1] for one in same), default=0)
        return int(last) if last > self.week else None

    def set_parameter(self, market: str, path: str, value: Any, *, at_reset: bool) -> None:
        """Give a parameter another value, also in the counterfactual.

        Parameters
        ----------
        market, path : str
        value : bool, int, float or str
            A value out of range is refused with a notice.
        at_reset : bool
            From the next reset on; else from the next week on.
        """
        self.notice = ""
        try:
            self.markets[market].replace({path: value})
        except AbmError as error:
            self.notice = str(error)
            return
        self.parameter_changes.set(market, path, value)
        if not at_reset:
            self._pending.setdefault(market, {})[path] = value

    def parameter_value(self, market: str, path: str) -> Any:
        """Return the value of a parameter: the one that the visitor has set, else the market's.

        Parameters
        ----------
        market : str
            Name of the market.
        path : str
            Such as ``norm.strength``.
        """
        value: Any = self.markets[market]
        for name in path.split("."):
            value = getattr(value, name)
        return self.parameter_changes.values.get(market, {}).get(path, value)

    def title(self, market: str) -> str:
        """Return the name of a market on the page."""
        return self.settings.titles.get(market, market)

    def ever_switched(self, market_index: int) -> npt.NDArray[np.bool_]:
        """Return, for each consumer of a market, whether they have switched to the super-app at least once."""
        return unpack(self._ever_switched)[rows_of(self.simulation.layouts[market_index])]

    def counterfactual_trajectory(self) -> Trajectory | None:
        """Return the trajectory without levers; None before the first is pulled."""
        return self.counterfactual.trajectory() if self.counterfactual is not None else None

    def close(self) -> None:
        """Stop, and release the consumers' memory.

        Solara keeps what a page's tasks refer to, the model included, for as long as the server runs; so its large
        attributes are deleted.
        """
        self.running = False
        with self._lock:
            self._release_capacity()
            for name in _LARGE_ATTRIBUTES:
                self.__dict__.pop(name, None)
        release_memory_soon()

    def _reserve(self, consumers: int, n_markets: int, capacity: Capacity) -> int:
        """Reserve capacity for all markets and their counterfactual; return the consumers that each market gets."""
        size = min(max(int(consumers), 1), MAX_CONSUMERS_PER_MARKET)
        if size != consumers:
            self.notice = f"A market holds up to {MAX_CONSUMERS_PER_MARKET:,} consumers here."
        for smaller in (size, *sorted((s for s in MARKET_SIZES if s < size), reverse=True)):
            release = capacity.reserve(self, 2 * smaller * n_markets)
            if release is not None:
                self._release_capacity = release
                if smaller != size:
                    self.notice = f"This server is full; shown with {smaller:,} consumers a market."
                return smaller
        raise MemoryError("no capacity left for another visitor")

    def _with_changes(self, market: Any) -> Any:
        for path, value in self.parameter_changes.values.get(market.name, {}).items():
            try:
                market = market.replace({path: value})
            except AbmError as error:
                self.notice = str(error)
        return market

    def _apply_changes(self) -> None:
        changes, self._pending = self._pending, {}
        for market, values in changes.items():
            if market not in self.markets:
                continue
            lever = {"kind": "set", "market": market, "start": self.week, "values": values}
            try:
                for model in (self, self.counterfactual):
                    if model is not None:
                        model.pull(lever)
            except AbmError as error:
                self.notice = str(error)

    def _count_exposure(self, was_super: Any, switched: Any, n_super: npt.NDArray[Any]) -> None:
        """Count, by the number of neighbours in mode super, who could have switched this week and who did."""
        for market_index, layout in enumerate(self.simulation.layouts):
            rows = rows_of(layout)
            if layout["complete"] or not n_super.size:
                continue
            bins = np.minimum(n_super[rows], _NEIGHBORS)
            for row, chosen in enumerate((~was_super[rows], switched[rows])):
                self.exposure[market_index, row] += np.bincount(bins[chosen], minlength=_NEIGHBORS + 1)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self  # Solara copies a page's state, and the model is part of it


def _copy(simulation: Simulation) -> Simulation:
    """Return an independent copy that shares the arrays and objects that never change: network, traits, parameters."""
    population = simulation.population
    shared = [population.adjacency, population.traits, *simulation.levers, *simulation.markets, simulation.layouts]
    return copy.deepcopy(simulation, {id(part): part for part in shared})
