"""What rules see of one consumer."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from abm.engine.columns import Names, row_class
from abm.numerics.jit import int64, specialized
from abm.numerics.named_tuples import reader_of_arrays

MODE: Final = "mode"


def person_class(fields: Names) -> Any:
    """Return the class of what rules see of one consumer: the gathered columns, and ``mode``."""
    return row_class("Person", (*fields, MODE))


def person_at(rows: Any, modes: npt.NDArray[np.uint8], k: int) -> Any:
    """Return what rules see of the k-th active consumer of a batch, as int64.

    Parameters
    ----------
    rows : named tuple of int32[SIZE]
        ``BatchBuffers.rows``.
    modes : uint8[SIZE]
        ``BatchBuffers.mode``.
    k : int
    """
    return person_class(rows._fields)(*(int64(row[k]) for row in rows), int64(modes[k]))


@specialized(person_at)
def _person_at(rows: Any, modes: Any, k: Any) -> Callable[..., Any]:
    read = reader_of_arrays(person_class(rows.instance_class._fields))

    def implementation(rows: Any, modes: npt.NDArray[np.uint8], k: int) -> Any:
        return read(rows, modes, k)

    return implementation
