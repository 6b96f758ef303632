"""Random numbers are uniform, and those of neighbouring keys and counters unrelated.

Everything here is a fixed computation on fixed numbers: it passes always or never. The limits are those of tests at
about one in a million, so that a true generator passes at almost any seed.
"""

import numba
import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from abm.engine.initial_adoption import draw_keys
from abm.numerics.jit import entry_point
from abm.numerics.random import Purpose, Stream, bernoulli_mask, draw, stream

N = 1_000_000 if not numba.config.DISABLE_JIT else 4_000
P = 1e-6
PURPOSES = list(Purpose)


@entry_point
def _words(stream, first, week, purpose, part, out):
    """Fill uint64[n, 4] with the draws of n consecutive consumers."""
    for i in range(out.shape[0]):
        a, b, c, d = draw(stream, first + i, week, purpose, part)
        out[i, 0], out[i, 1], out[i, 2], out[i, 3] = a, b, c, d


@entry_point
def _by_week(stream, consumer, purpose, out):
    """Fill uint64[n, 4] with one consumer's draws of n consecutive weeks."""
    for week in range(out.shape[0]):
        a, b, c, d = draw(stream, consumer, week, purpose, 0)
        out[week, 0], out[week, 1], out[week, 2], out[week, 3] = a, b, c, d


@entry_point
def _masks(stream, week, purpose, chance, out):
    for block in range(out.size):
        out[block] = bernoulli_mask(stream, block, week, purpose, chance)


def words(
    seed: int = 1,
    replicate: int = 0,
    market: str = "us",
    week: int = 3,
    purpose: int = 4,
    part: int = 0,
    first: int = 0,
) -> NDArray[np.uint64]:
    """Return the words of N consumers, uint64[N, 4]."""
    out = np.zeros((N, 4), np.uint64)
    _words(stream(seed, replicate, market), first, week, purpose, part, out)
    return out


def assert_uniform(numbers: NDArray[np.uint64], bits: int) -> None:
    """Chi-square on the values of so many bits."""
    counts = np.bincount(numbers.astype(np.int64), minlength=1 << bits)
    assert counts.size == 1 << bits
    low, high = stats.chi2.ppf([P / 2, 1 - P / 2], counts.size - 1)
    mean = numbers.size / counts.size
    assert low < ((counts - mean) ** 2 / mean).sum() < high


def assert_unrelated(left: NDArray[np.uint64], right: NDArray[np.uint64]) -> None:
    """No linear correlation, none between bits, and all pairs of high (and low) bits equally frequent."""
    x, y = (values.astype(np.float64) / 2**32 - 0.5 for values in (left, right))
    limit = stats.norm.isf(P / 2)
    assert abs((x * y).mean() * 12) * np.sqrt(x.size) < limit
    agree = np.bitwise_count(~(left ^ right) & np.uint64(0xFFFFFFFF)).sum(dtype=np.int64)
    assert abs(agree - 16 * left.size) < limit * np.sqrt(8 * left.size)
    for shift in (28, 0):
        pair = ((left >> np.uint64(shift)) & np.uint64(15)) << np.uint64(4) | (right >> np.uint64(shift)) & np.uint64(
            15
        )
        assert_uniform(pair, 8)


@pytest.mark.parametrize("position", range(4))
@pytest.mark.parametrize("shift", [0, 12, 24])
def test_words_are_uniform(position: int, shift: int) -> None:
    assert_uniform((words()[:, position] >> np.uint64(shift)) & np.uint64(255), 8)


def test_every_bit_is_set_half_the_time() -> None:
    drawn = words()
    counts = np.array([((drawn >> np.uint64(bit)) & np.uint64(1)).sum(axis=0) for bit in range(32)], float)
    assert np.abs(counts - N / 2).max() < stats.norm.isf(P / 2) * np.sqrt(N / 4)


@pytest.mark.parametrize("left", range(4))
@pytest.mark.parametrize("right", range(4))
def test_words_of_a_draw_are_unrelated(left: int, right: int) -> None:
    drawn = words()
    if left < right:
        assert_unrelated(drawn[:, left], drawn[:, right])
    else:  # and those of the next consumer
        assert_unrelated(drawn[:-1, left], drawn[1:, right])


BASE = {"seed": 1, "replicate": 0, "market": "us", "week": 3, "purpose": 4, "part": 0}
NEIGHBORS = {
    "next seed": {"seed": 2}, "previous seed": {"seed": 0}, "seed, top bit": {"seed": 2**31 + 1},
    "next replicate": {"replicate": 1}, "seed and replicate swapped": {"seed": 0, "replicate": 1},
    "next week": {"week": 4}, "a year later": {"week": 55}, "other market": {"market": "uk"},
    "similar market": {"market": "ut"}, "next part": {"part": 1}, "next consumer": {"first": 1},
    "next block": {"first": 64},
}  # fmt: skip


@pytest.mark.parametrize("name", NEIGHBORS)
def test_neighboring_streams_are_unrelated(name: str) -> None:
    here, there = words(**BASE), words(**(BASE | NEIGHBORS[name]))
    for position in range(4):
        assert_unrelated(here[:, position], there[:, position])


@pytest.mark.parametrize("purpose", PURPOSES)
def test_purposes_are_unrelated(purpose: Purpose) -> None:
    here = words(purpose=int(purpose))
    assert_uniform(here[:, 0] >> np.uint64(24), 8)
    for other in PURPOSES[PURPOSES.index(purpose) + 1 :]:
        there = words(purpose=int(other))
        for position in range(4):
            assert_unrelated(here[:, position], there[:, position])


@pytest.mark.parametrize("lag", [1, 2, 52])
def test_weeks_of_a_consumer_are_unrelated(lag: int) -> None:
    drawn = np.zeros((N, 4), np.uint64)
    _by_week(stream(1, 0, "us"), 17, int(Purpose.WEEK), drawn)
    for position in range(4):
        assert_unrelated(drawn[:-lag, position], drawn[lag:, position])


def test_runs_of_one_consumer_over_adjacent_seeds_are_uniform() -> None:
    """The first consumer's first word over many seeds, as an ensemble of replicates sees it."""
    drawn = np.array([
        [int(word) for word in draw(Stream(np.uint64(seed), np.uint64(0), np.uint64(7)), 0, 1, 4, 0)]
        for seed in range(4000)
    ], np.uint64)  # fmt: skip
    for position in range(4):
        assert_uniform(drawn[:, position] >> np.uint64(28), 4)
        assert_unrelated(drawn[:-1, position], drawn[1:, position])


def test_occasions_are_unrelated() -> None:
    """The masks of a block: between consumers of a block, blocks and weeks, at a chance with many digits."""
    chance, n_blocks = 0.7, N // 64
    bits = np.zeros((3, 64 * n_blocks), np.bool_)
    for week in range(3):
        masks = np.zeros(n_blocks, np.uint64)
        _masks(stream(1, 0, "us"), week, int(Purpose.OCCASION), np.uint64(round(chance * 2**32)), masks)
        bits[week] = np.unpackbits(masks.view(np.uint8), bitorder="little").astype(np.bool_)
    limit = stats.norm.isf(P / 2)
    centred = bits - chance
    variance, n = chance * (1 - chance), bits.shape[1]
    assert np.abs(centred.mean(axis=1)).max() < limit * np.sqrt(variance / n)
    pairs = [(centred[0], centred[1]), (centred[0], centred[2])]
    pairs += [(centred[0][:-lag], centred[0][lag:]) for lag in (1, 2, 32, 63, 64, 65, 128)]
    for left, right in pairs:
        assert abs((left * right).mean()) < limit * variance / np.sqrt(left.size)


def test_occasions_and_choices_are_unrelated() -> None:
    """What decides whether somebody shops says nothing on how."""
    masks = np.zeros(N // 64, np.uint64)
    _masks(stream(1, 0, "us"), 3, int(Purpose.OCCASION), np.uint64(1 << 31), masks)
    visits = np.unpackbits(masks.view(np.uint8), bitorder="little").astype(np.float64) - 0.5
    for position in range(4):
        word = words()[: visits.size, position].astype(np.float64) / 2**32 - 0.5
        assert abs((visits * word).mean()) * np.sqrt(visits.size * 48) < stats.norm.isf(P / 2)


@pytest.mark.needs_compiled
def test_traits_are_unrelated_and_as_described() -> None:
    """Tastes standard normal, ranks uniform, baskets of mean 1, and none of them says anything on another."""
    from abm import Market, Simulation

    n = N // 2
    market = Market(consumers=n, basket_sigma=0.5, awareness={"initial": 0.5}, choice={"reversible": True})
    population = Simulation([market], seed=9).population
    traits = [np.asarray(values[:n], np.float64) for values in population.traits]
    taste, basket = traits[0] / 2**16, traits[3] / 2**16
    limit = stats.norm.isf(P / 2)
    assert abs(taste.mean()) < limit / np.sqrt(n)
    assert abs(taste.var() - 1) < limit * np.sqrt(2 / n)
    assert stats.kstest(taste, "norm").statistic < 2.8 / np.sqrt(n)  # one in a million
    assert abs(basket.mean() - 1) < limit * np.sqrt((np.exp(0.25) - 1) / n)
    assert stats.kstest((np.log(basket) + 0.125) / 0.5, "norm").statistic < 2.8 / np.sqrt(n) + 1e-4
    for ranks in population.traits[1:3]:
        assert_uniform(ranks[:n].astype(np.uint64) >> np.uint64(8), 8)
    correlation = np.corrcoef([*traits[:3], np.log(basket)])
    assert np.abs(correlation - np.eye(4)).max() < limit / np.sqrt(n)


def test_first_adopters_are_unrelated_to_traits() -> None:
    keys = np.zeros(N, np.uint64)
    own = stream(1, 0, "us")
    draw_keys(own, keys)
    order = keys >> np.uint64(32)
    traits = words(week=0, purpose=int(Purpose.TRAITS))
    for position in range(4):
        assert_unrelated(order, traits[:, position])
    assert_unrelated(order[:-1], order[1:])
