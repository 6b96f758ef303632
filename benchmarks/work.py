"""The work all tools do: consumers on a small world reconsider now and then, under taste and the share of neighbours.

Each week a consumer reconsiders with probability 0.2 and then shops in the super-app with probability
1 / (1 + exp(-(a + 3 s))), a ~ N(mean, 1), s = share of the 10 neighbours there; 10 % start there.

NumPy alone, because peers read it in environments of their own.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

RATE, STRENGTH, SPREAD, START = 0.2, 3.0, 1.0, 0.1
DEGREE, REWIRING = 10, 0.1


class Regime(NamedTuple):
    """In which state of the market the week is timed."""

    title: str
    mean: float  # of a
    warm_up: int  # weeks before the first that counts


IN_TRANSITION = Regime("in transition", -1.5, 10)
NEAR_EQUILIBRIUM = Regime("near equilibrium", 0.5, 40)


class Work(NamedTuple):
    """What every tool starts from."""

    indptr: npt.NDArray[np.int64]
    indices: npt.NDArray[np.uint32]
    taste: npt.NDArray[np.float32]
    starters: npt.NDArray[np.uint8]
    mean: float

    @property
    def n(self) -> int:
        """Number of consumers."""
        return self.taste.size

    @property
    def degrees(self) -> npt.NDArray[np.int64]:
        """Everyone's number of neighbours."""
        return np.diff(self.indptr)


def write(path: Path, indptr: npt.NDArray[np.int64], indices: npt.NDArray[np.uint32], mean: float) -> None:
    """Write the work on a given network to a file."""
    n = indptr.size - 1
    taste = np.random.default_rng(7).normal(mean, SPREAD, n).astype(np.float32)
    starters = (np.random.default_rng(8).random(n) < START).astype(np.uint8)
    np.savez(path, indptr=indptr, indices=indices, taste=taste, starters=starters, mean=mean)


def read(path: Path) -> Work:
    """Read what ``write`` wrote."""
    with np.load(path) as file:
        return Work(file["indptr"], file["indices"], file["taste"], file["starters"], float(file["mean"]))
