"""Types of arrays that the whole package shares."""

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]  # one truth value each, 0 or 1, where compiled code works on them
Words = npt.NDArray[np.uint64]  # 64 bits each
Counts = npt.NDArray[Any]  # numbers of neighbours: uint8, 16 or 32, as the largest needs
