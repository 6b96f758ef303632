"""Check 11, random numbers: as published, uniform, and unrelated between neighbours of every kind.

Theory, for n independent uniform words: each value of a byte comes up n / 256 times, with a chi-square of mean 255 and
standard deviation sqrt(510); so do pairs of half-bytes of two words; their correlation is 0 with standard deviation
1 / sqrt(n), and normal. Neighbours are what a model would suffer from: the next consumer, week, seed, replicate,
purpose, part of a draw, and a market of similar name.

Source: Salmon, Moraes, Dror & Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3", SC '11; the vectors are those
of its library, Random123 (kat_vectors, philox4x32, 10 rounds).
"""

import math
from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from abm.numerics.array_types import Floats, Words
from abm.numerics.jit import entry_point
from abm.numerics.random import MAX_SEED, Purpose, Stream, bernoulli_mask, draw, philox, stream
from abm.verify.check import Check, CheckSettings, Comparison, Plot, Series, equal, near
from abm.verify.mean_field_maps import N_STANDARD_ERRORS

PUBLISHED: Final = {  # counter and key, words
    "counter and key of zeros": ("0 0 0 0 0 0", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    "counter and key of ones": (" ".join(["ffffffff"] * 6), "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    "counter and key of the digits of pi": (
        "243f6a88 85a308d3 13198a2e 03707344 a4093822 299f31d0",
        "d16cfe09 94fdcceb 5001e420 24126ea1",
    ),
}
NEIGHBORS: Final[dict[str, dict[str, Any]]] = {
    "the next consumer": {"first": 1},
    "the next block of 64": {"first": 64},
    "the next week": {"week": 4},
    "the next seed": {"seed": 1},
    "the next replicate": {"replicate": 1},
    "a market of similar name": {"market": "ut"},
    "another purpose": {"purpose": Purpose.TRAITS},
    "the next part of a draw": {"part": 1},
}
_N_CHI_SQUARE_ERRORS = 6.0  # its upper tail is longer than the normal's: about one in ten million
_N_SEEDS, _N_CONSUMERS = 1000, 500


@entry_point
def _fill(key: Stream, first: int, week: int, purpose: int, part: int, out: Words) -> None:
    """Write the words of consecutive consumers, uint64[n, 4]."""
    for i in range(out.shape[0]):
        out[i, 0], out[i, 1], out[i, 2], out[i, 3] = draw(key, first + i, week, purpose, part)


@entry_point
def _fill_masks(key: Stream, week: int, purpose: int, chance: np.uint64, out: Words) -> None:
    """Write the masks of consecutive blocks, uint64[n]."""
    for block in range(out.size):
        out[block] = bernoulli_mask(key, block, week, purpose, chance)


@entry_point
def _fill_philox(numbers: Words, out: Words) -> None:
    """Write the words that a counter and a key, uint64[6], become."""
    out[0], out[1], out[2], out[3] = philox(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5])


def words(n: int, seed: int, **changes: Any) -> Words:
    """Return the words of n consumers, uint64[4 n]; ``changes`` are those to the default draw.

    Parameters
    ----------
    n : int
        Number of consumers.
    seed : int
    **changes : Any
        Arguments other than those of the default draw.
    """
    at: dict[str, Any] = {"replicate": 0, "market": "us", "first": 0, "week": 3, "purpose": Purpose.WEEK, "part": 0}
    at |= changes
    out = np.zeros((n, 4), np.uint64)
    own = stream(seed % (MAX_SEED + 1), at["replicate"], at["market"])
    _fill(own, at["first"], at["week"], int(at["purpose"]), at["part"], out)
    return out.ravel()


def correlation(left: Words, right: Words) -> float:
    """Return the correlation of words that are uniform on 0 .. 2^32 - 1.

    Parameters
    ----------
    left : uint64 array
    right : uint64 array
    """
    x, y = (values.astype(np.float64) / 2**32 - 0.5 for values in (left, right))
    return float(12 * (x * y).mean())


def chi_square(values: Words) -> float:
    """Return the chi-square of values below 256 against equal frequencies."""
    counts = np.bincount(values.astype(np.int64), minlength=256)
    mean = values.size / 256
    return float(((counts - mean) ** 2).sum() / mean)


def check(settings: CheckSettings) -> Check:
    """Compare the published vectors, single words, neighbours, and the yes or no of occasions."""
    n = settings.consumers // 4
    ordered = _of_adjacent_seeds(settings.seed)
    comparisons = [*_published(), *_uniform(n, settings.seed), *_neighbors(n, settings.seed)]
    comparisons += [_ensemble(ordered), *_occasions(n, settings.seed)]
    statement = "chi-square of 256 values: 255 +- sqrt(510); correlation of n pairs: 0 +- 1 / sqrt(n)"
    return Check(11, "Random numbers", "Salmon et al. (2011)", statement, comparisons, [_plot(ordered)])


def _published() -> Iterator[Comparison]:
    for name, (numbers, expected) in PUBLISHED.items():
        out = np.zeros(4, np.uint64)
        _fill_philox(np.array([int(number, 16) for number in numbers.split()], np.uint64), out)
        right = sum(f"{int(word):08x}" == text for word, text in zip(out, expected.split(), strict=True))
        yield equal(f"Philox4x32-10, {name}: words as published", "4 of 4", f"{right} of 4")


def _uniform(n: int, seed: int) -> Iterator[Comparison]:
    drawn = words(n, seed)
    for name, shift in (("highest", 24), ("lowest", 0)):
        for i in range(4):
            byte = (drawn[i::4] >> np.uint64(shift)) & np.uint64(255)
            yield _chi_square(f"{name} byte of word {i + 1}", byte)


def _chi_square(what: str, values: Words) -> Comparison:
    return near(f"{what}: chi-square", 255, chi_square(values), _N_CHI_SQUARE_ERRORS * math.sqrt(510), 1)


def _neighbors(n: int, seed: int) -> Iterator[Comparison]:
    here = words(n, seed)
    for name, step in NEIGHBORS.items():
        changes = dict(step)
        there = words(n, seed + changes.pop("seed", 0), **changes)
        allowed = N_STANDARD_ERRORS / math.sqrt(here.size)
        yield near(f"a word and that of {name}: correlation", 0, correlation(here, there), allowed)
        pairs = (here >> np.uint64(28) << np.uint64(4)) | (there >> np.uint64(28))
        yield _chi_square(f"a word and that of {name}: pairs of half-bytes", pairs)


def _of_adjacent_seeds(seed: int) -> Floats:
    """Return the correlations of adjacent seeds in standard errors, ascending."""
    runs = [words(_N_CONSUMERS, seed + step) for step in range(_N_SEEDS + 1)]
    found = [correlation(runs[i], runs[i + 1]) * math.sqrt(4 * _N_CONSUMERS) for i in range(_N_SEEDS)]
    ordered: Floats = np.sort(found)
    return ordered


def _normal(x: Floats) -> Floats:
    return np.array([0.5 * math.erfc(-value / math.sqrt(2)) for value in x])


def _ensemble(ordered: Floats) -> Comparison:
    """Compare all correlations with the normal law: the largest gap, beyond 2.8 / sqrt(n) once in three million."""
    law, ranks = _normal(ordered), np.arange(_N_SEEDS + 1) / _N_SEEDS
    gap = max(float((law - ranks[:-1]).max()), float((ranks[1:] - law).max()))
    name = f"correlations of {_N_SEEDS:,} adjacent seeds against the normal law: largest gap"
    return near(name, 0, gap, 2.8 / math.sqrt(_N_SEEDS), 4)


def _occasions(n: int, seed: int) -> Iterator[Comparison]:
    """Compare the masks of blocks, at chances with few and with many binary digits."""
    for chance in (0.5, 0.7, 0.01):
        bits: list[Floats] = []
        for week in (3, 4):
            masks = np.zeros(n // 16, np.uint64)
            own, threshold = stream(seed, 0, "us"), np.uint64(round(chance * 2**32))
            _fill_masks(own, week, int(Purpose.OCCASION), threshold, masks)
            bits.append(np.unpackbits(masks.view(np.uint8), bitorder="little").astype(np.float64) - chance)
        variance, size = chance * (1 - chance), bits[0].size
        allowed = N_STANDARD_ERRORS / math.sqrt(size)
        share = float(bits[0].mean()) + chance
        yield near(f"occasions at chance {chance}: share", chance, share, allowed * math.sqrt(variance))
        for name, left, right in (("week", bits[0], bits[1]), ("consumer", bits[0][:-1], bits[0][1:])):
            related = float((left * right).mean()) / variance
            yield near(f"occasions at chance {chance} and the next {name}'s: correlation", 0, related, allowed)


def _plot(ordered: Floats) -> Plot:
    fine, some = np.linspace(-3.5, 3.5, 141), np.arange(0, _N_SEEDS, 25)
    return Plot(
        "Correlations of adjacent seeds", "correlation, in standard errors", "share of pairs below",
        [
            Series("normal law", fine, _normal(fine), "theory"),
            Series("", ordered[some], (some + 0.5) / _N_SEEDS),
        ],
    )  # fmt: skip
