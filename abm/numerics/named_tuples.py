"""Named tuples made inside compiled code: from the fields of a record, or from entry k of several arrays.

Numba can build a named tuple only where its fields are written out. These intrinsics build one whose fields are known
only when the mechanisms are.
"""

from collections.abc import Callable, Sequence
from typing import Any

from numba import types
from numba.core import cgutils
from numba.np.arrayobj import make_array

from abm.numerics.jit import intrinsic


def reader_of_records(made: type, fields: Sequence[str]) -> Callable[[Any], Any]:
    """Return a compiled function of a record: ``made(record[fields[0]], record[fields[1]], ...)``.

    Parameters
    ----------
    made : type
        Class of named tuples.
    fields : sequence of str
        Fields of the record, in the order of those of ``made``.
    """

    @intrinsic
    def read(typing_context: Any, record: Any) -> tuple[Any, Callable[..., Any]]:
        kinds = [record.typeof(field) for field in fields]
        result = types.BaseTuple.from_types(kinds, made)

        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            values = []
            for field, kind in zip(fields, kinds, strict=True):
                data = context.get_data_type(kind)
                pointer = cgutils.get_record_member(builder, args[0], record.offset(field), data)
                values.append(context.unpack_value(builder, kind, pointer, None if record.aligned else 1))
            return context.make_tuple(builder, result, values)

        return result(record), codegen

    return read


def reader_of_arrays(made: type) -> Callable[[Any, Any, int], Any]:
    """Return a compiled function of some arrays, one more, and k: ``made(arrays[0][k], ..., last[k])`` as int64."""

    @intrinsic
    def read(typing_context: Any, arrays: Any, last: Any, k: Any) -> tuple[Any, Callable[..., Any]]:
        kinds = [*arrays.types, last]
        result = types.BaseTuple.from_types([types.int64] * len(kinds), made)

        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            structures = [builder.extract_value(args[0], i) for i in range(len(kinds) - 1)]
            values = []
            for kind, structure in zip(kinds, [*structures, args[1]], strict=True):
                pointer = builder.gep(make_array(kind)(context, builder, structure).data, [args[2]])
                values.append(context.cast(builder, builder.load(pointer), kind.dtype, types.int64))
            return context.make_tuple(builder, result, values)

        return result(arrays, last, types.intp), codegen

    return read
