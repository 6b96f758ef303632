"""Networks shared by runs that differ only in their levers: built once, dropped after the last use."""

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from abm.engine.adjacency import connect
from abm.engine.layout import market_layouts
from abm.engine.state import Adjacency
from abm.experiment.inputs import hash_of, network_inputs
from abm.experiment.memo import Memo
from abm.experiment.run_spec import RunSpec


def network_key(spec: RunSpec) -> str:
    """Return a hash of what the network of a run depends on."""
    markets = [(market.name, market.consumers, network_inputs(market.network)) for market in spec.markets]
    return hash_of([spec.seed, spec.replicate, markets])


class SharedNetworks:
    """The networks of some runs.

    Parameters
    ----------
    specs : sequence of RunSpec
        All runs that will ask; each asks once.
    threads : int
        Threads that build one network.
    """

    def __init__(self, specs: Sequence[RunSpec], threads: int) -> None:
        self._threads = threads
        self._n_uses = Counter(network_key(spec) for spec in specs)
        self._built = Memo()
        self._lock = threading.Lock()

    def get(self, spec: RunSpec) -> Adjacency:
        """Return the network of a run, building it if nobody has yet.

        Raises
        ------
        NetworkError
            It cannot be built.
        """

        def build() -> Adjacency:
            layouts = market_layouts(spec.markets, spec.seed, spec.replicate)
            return connect(spec.markets, layouts, spec.seed, spec.replicate, self._threads)

        network: Adjacency = self._built.get(network_key(spec), build)
        return network

    @contextmanager
    def use(self, spec: RunSpec) -> Iterator[Adjacency]:
        """Return the network of a run for as long as it lasts; the last run that uses it drops it."""
        yield self.get(spec)
        key = network_key(spec)
        with self._lock:
            self._n_uses[key] -= 1
            if self._n_uses[key] == 0:
                self._built.forget(key)
