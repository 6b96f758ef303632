"""Machine instructions that Python and Numba do not name: count zeros and bits, prefetch, vectors, atomic adds.

Each has a plain-Python form, used when ``NUMBA_DISABLE_JIT=1``.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba import config, types
from numba.core import cgutils
from numba.np.arrayobj import make_array

from abm.numerics.jit import intrinsic

__all__ = [
    "atomic_next", "atomic_read", "bits_of", "copy_sixteen", "count_bits", "flags_of", "pack", "prefetch",
    "sum_before", "trailing_zeros", "unpack",
]  # fmt: skip


def _trailing_zeros_plain(word: int) -> int:
    value = int(word)
    return (value & -value).bit_length() - 1 if value else 64


def _count_bits_plain(word: int) -> int:
    return int(word).bit_count()


def _prefetch_plain(array: Any, index: int) -> None:
    """Nothing to do: prefetching changes when data arrive, never what they are."""


def _copy_sixteen_plain(source: Any, at: int, target: Any, to: int) -> None:
    target[to : to + 16] = source[at : at + 16]


def _sum_before_plain(array: Any, first: int, n: int) -> int:
    return int(array[first : first + n].sum())


def _bits_of_plain(flags: Any, at: int) -> Any:
    return np.packbits(flags[at : at + 64] != 0, bitorder="little").view(np.uint64)[0]


def _flags_of_plain(word: Any, flags: Any, at: int) -> None:
    flags[at : at + 64] = np.unpackbits(np.array([word], np.uint64).view(np.uint8), bitorder="little")


def _atomic_read_plain(array: Any, index: int) -> Any:
    return array[index]


def _atomic_next_plain(array: Any, index: int) -> Any:
    before = array[index]
    array[index] = before + 1
    return before


@intrinsic
def _trailing_zeros_compiled(typing_context: Any, word: types.Type) -> tuple[Any, Callable[..., Any]]:
    """Position of the lowest set bit of a uint64, 64 if there is none, as int64 (one ``tzcnt``)."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.cttz(args[0], ir.Constant(ir.IntType(1), 0))

    return types.int64(types.uint64), codegen


@intrinsic
def _count_bits_compiled(typing_context: Any, word: types.Type) -> tuple[Any, Callable[..., Any]]:
    """Number of set bits of a uint64, as int64 (one ``popcnt``)."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.ctpop(args[0])

    return types.int64(types.uint64), codegen


@intrinsic
def _prefetch_compiled(typing_context: Any, array: types.Array, index: types.Type) -> tuple[Any, Callable[..., Any]]:
    """Ask for ``array[index]`` to be fetched from memory for a later write; an index past the end is harmless."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        data = make_array(signature.args[0])(context, builder, args[0]).data
        word, byte = ir.IntType(32), ir.IntType(8).as_pointer()
        signature_of_llvm = ir.FunctionType(ir.VoidType(), [byte, word, word, word])
        function = builder.module.declare_intrinsic("llvm.prefetch", [byte], signature_of_llvm)
        address = builder.bitcast(builder.gep(data, [args[1]]), byte)
        builder.call(function, [address, word(0), word(3), word(1)])
        return context.get_dummy_value()

    return types.void(array, types.intp), codegen


@intrinsic
def _copy_sixteen_compiled(
    typing_context: Any, source: types.Array, at: types.Type, target: types.Array, to: types.Type
) -> tuple[Any, Callable[..., Any]]:
    """``target[to : to + 16] = source[at : at + 16]`` as one load and one store; they must not overlap."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        align = source.dtype.bitwidth // 8
        read = _vector_at(context, builder, signature.args[0], args[0], args[1], 16)
        written = _vector_at(context, builder, signature.args[2], args[2], args[3], 16)
        builder.store(builder.load(read, align=align), written, align=align)
        return context.get_dummy_value()

    return types.void(source, types.intp, target, types.intp), codegen


@intrinsic
def _sum_before_compiled(
    typing_context: Any, array: types.Array, first: types.Type, n: types.Type
) -> tuple[Any, Callable[..., Any]]:
    """``array[first : first + n].sum()`` of unsigned entries, as int64; ``n`` < 64, and 64 entries are read."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        sixty_four = _vector_at(context, builder, signature.args[0], args[0], args[1], 64)
        entries = builder.load(sixty_four, align=array.dtype.bitwidth // 8)
        total = ir.IntType(32 if array.dtype.bitwidth < 32 else 64)  # the narrower one has faster instructions
        kept = builder.select(_first_bits(builder, args[2]), entries, ir.Constant(entries.type, None))
        wide = ir.VectorType(total, 64)
        name, add_up = f"llvm.vector.reduce.add.v64i{total.width}", ir.FunctionType(total, [wide])
        summed = builder.call(cgutils.get_or_insert_function(builder.module, add_up, name), [builder.zext(kept, wide)])
        return builder.zext(summed, ir.IntType(64))

    return types.int64(array, types.uint64, types.uint64), codegen


@intrinsic
def _bits_of_compiled(typing_context: Any, flags: types.Array, at: types.Type) -> tuple[Any, Callable[..., Any]]:
    """Return a word with a bit for each of ``flags[at : at + 64]`` that is not 0; each is a byte."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        bytes_at = _vector_at(context, builder, signature.args[0], args[0], args[1], 64)
        loaded = builder.load(bytes_at, align=1)
        return builder.bitcast(builder.icmp_unsigned("!=", loaded, ir.Constant(loaded.type, None)), ir.IntType(64))

    return types.uint64(flags, types.intp), codegen


@intrinsic
def _flags_of_compiled(
    typing_context: Any, word: types.Type, flags: types.Array, at: types.Type
) -> tuple[Any, Callable[..., Any]]:
    """Write the bits of a word into ``flags[at : at + 64]``, each as a byte, 0 or 1."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        word, flags, at = args
        bytes_at = _vector_at(context, builder, signature.args[1], flags, at, 64)
        bits = builder.bitcast(word, ir.VectorType(ir.IntType(1), 64))
        builder.store(builder.zext(bits, bytes_at.type.pointee), bytes_at, align=1)
        return context.get_dummy_value()

    return types.void(types.uint64, flags, types.intp), codegen


def _first_bits(builder: Any, n: Any) -> Any:
    """Return a vector of 64 bits, of which the first ``n`` are set."""
    numbers = ir.VectorType(ir.IntType(8), 64)
    first, everywhere = ir.IntType(32)(0), ir.Constant(ir.VectorType(ir.IntType(32), 64), [0] * 64)
    once = builder.insert_element(ir.Constant(numbers, None), builder.trunc(n, numbers.element), first)
    limit = builder.shuffle_vector(once, once, everywhere)
    return builder.icmp_unsigned("<", ir.Constant(numbers, list(range(64))), limit)


def _vector_at(context: Any, builder: Any, array_type: Any, array: Any, at: Any, n: int) -> Any:
    """Return a pointer to ``array[at : at + n]`` as a vector."""
    data = make_array(array_type)(context, builder, array).data
    return builder.bitcast(builder.gep(data, [at]), ir.VectorType(data.type.pointee, n).as_pointer())


@intrinsic
def _atomic_read_compiled(typing_context: Any, array: types.Array, index: types.Type) -> tuple[Any, Callable[..., Any]]:
    """Return ``array[index]`` as it is now, whatever other threads do; read anew each time."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        data = make_array(signature.args[0])(context, builder, args[0]).data
        return builder.load_atomic(builder.gep(data, [args[1]]), "seq_cst", array.dtype.bitwidth // 8)

    return array.dtype(array, types.intp), codegen


@intrinsic
def _atomic_next_compiled(typing_context: Any, array: types.Array, index: types.Type) -> tuple[Any, Callable[..., Any]]:
    """Add 1 to ``array[index]`` as one atomic instruction and return what was there before."""
    signature = array.dtype(array, types.intp)

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        data = make_array(signature.args[0])(context, builder, args[0]).data
        one = ir.Constant(context.get_value_type(signature.return_type), 1)
        return builder.atomic_rmw("add", builder.gep(data, [args[1]]), one, "seq_cst")

    return signature, codegen


atomic_read: Callable[..., Any] = _atomic_read_plain if config.DISABLE_JIT else _atomic_read_compiled
copy_sixteen: Callable[..., None] = _copy_sixteen_plain if config.DISABLE_JIT else _copy_sixteen_compiled
sum_before: Callable[..., int] = _sum_before_plain if config.DISABLE_JIT else _sum_before_compiled
trailing_zeros: Callable[..., int] = _trailing_zeros_plain if config.DISABLE_JIT else _trailing_zeros_compiled
bits_of: Callable[..., Any] = _bits_of_plain if config.DISABLE_JIT else _bits_of_compiled
flags_of: Callable[..., None] = _flags_of_plain if config.DISABLE_JIT else _flags_of_compiled
count_bits: Callable[..., int] = _count_bits_plain if config.DISABLE_JIT else _count_bits_compiled
prefetch: Callable[..., None] = _prefetch_plain if config.DISABLE_JIT else _prefetch_compiled
atomic_next: Callable[..., Any] = _atomic_next_plain if config.DISABLE_JIT else _atomic_next_compiled


def pack(bits: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint64]:
    """Return words of 64 bits from one truth value per row."""
    return np.packbits(bits, bitorder="little").view("<u8").astype(np.uint64)


def unpack(words: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    """Return one truth value per row from words of 64 bits."""
    return np.unpackbits(words.astype("<u8").view(np.uint8), bitorder="little").astype(np.bool_)
