"""Types of arrays that the whole package shares."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
