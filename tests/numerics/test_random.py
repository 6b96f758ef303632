"""The generator against published numbers, another implementation, and plain per-bit reading."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba import njit
from randomgen import Philox

from abm.numerics.random import (
    MAX_SEED,
    RNG_VERSION,
    Purpose,
    Stream,
    bernoulli_mask,
    bernoulli_masks,
    draw,
    philox,
    stream,
)
from tests.reference.philox import philox as plain_philox

WORDS = st.integers(0, 2**32 - 1)

# kat_vectors of Random123 (philox4x32, 10 rounds): counter, key, result
KNOWN = {
    "zeros": ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    "ones": ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    "pi": ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
}


def _words(text: str) -> list[int]:
    return [int(word, 16) for word in text.split()]


def _philox(counter: list[int], key: list[int]) -> tuple[int, ...]:
    return tuple(int(word) for word in philox(*(np.uint64(word) for word in (*counter, *key))))


@pytest.mark.parametrize("name", KNOWN)
def test_published_vectors(name: str) -> None:
    counter, key, expected = (_words(text) for text in KNOWN[name])
    assert list(_philox(counter, key)) == expected
    assert list(plain_philox(tuple(counter), tuple(key))) == expected


@given(st.tuples(WORDS, WORDS, WORDS, WORDS), st.tuples(WORDS, WORDS))
def test_agrees_with_randomgen(counter: tuple[int, ...], key: tuple[int, int]) -> None:
    position = sum(word << 32 * i for i, word in enumerate(counter))
    before = (position - 1) % 2**128  # randomgen counts up before it draws
    other = Philox(counter=before, key=key[0] | key[1] << 32, number=4, width=32)
    assert _philox(list(counter), list(key)) == tuple(int(word) for word in other.random_raw(4))
    assert _philox(list(counter), list(key)) == plain_philox(counter, key)


@given(WORDS, WORDS, WORDS, WORDS, WORDS, st.integers(0, 2**24 - 1))
def test_layout_of_a_draw(seed: int, replicate: int, market: int, who: int, week: int, part: int) -> None:
    own = Stream(np.uint64(seed), np.uint64(replicate), np.uint64(market))
    words = tuple(int(word) for word in draw(own, who, week, int(Purpose.WEEK), part))
    assert words == plain_philox((who, week, market, 4 + 256 * part), (seed, replicate))


def test_a_market_is_known_by_its_name() -> None:
    assert len({int(stream(1, 2, name).market) for name in ("us", "uk", "west", "asia", "US")}) == 5
    assert int(stream(0, 0, "123456789").market) == 0xCBF43926  # the check value of CRC-32


def test_purposes_are_frozen() -> None:
    """A number, once used, keeps its meaning: results of old versions depend on it."""
    assert {purpose.name: int(purpose) for purpose in Purpose} == {
        "TRAITS": 1, "INITIAL_ADOPTION": 2, "OCCASION": 3, "WEEK": 4, "NETWORK": 5, "TIES_ABROAD": 6, "COLUMN": 7,
    }  # fmt: skip
    assert len(set(Purpose)) == len(Purpose.__members__)
    assert max(Purpose) < 256  # the part of a draw begins at bit 8
    assert (RNG_VERSION, MAX_SEED) == (1, 2**32 - 1)


def _numbers(own: Stream, block: int, week: int) -> list[int]:
    """Return the 32-bit number of each of the 64 consumers of a block, read bit by bit."""
    numbers = [0] * 64
    for part in range(16):
        a, b, c, d = (int(word) for word in draw(own, block, week, int(Purpose.OCCASION), part))
        for word in (a | b << 32, c | d << 32):
            numbers = [2 * number + (word >> bit & 1) for bit, number in enumerate(numbers)]
    return numbers


@given(st.integers(0, 2**32), st.integers(0, 2**26), st.integers(0, 5000))
def test_mask_is_exact(chance: int, block: int, week: int) -> None:
    own = stream(7, 1, "us")
    mask = int(bernoulli_mask(own, block, week, int(Purpose.OCCASION), np.uint64(chance)))
    numbers = _numbers(own, block, week)
    assert mask == sum((number < chance) << bit for bit, number in enumerate(numbers))


@given(st.integers(0, 2**32) | st.sampled_from([0, 1, 2**31, 2**32 - 1, 2**32]), st.integers(0, 99), st.integers(1, 16))
def test_masks_side_by_side_are_the_same_masks(chance: int, first: int, n_blocks: int) -> None:
    own, room = stream(7, 1, "us"), (np.zeros(16, np.uint64), np.zeros(16, np.uint64))
    _masks_side_by_side(own, first, n_blocks, np.uint64(chance), *room)
    expected = [int(bernoulli_mask(own, first + block, 3, 3, np.uint64(chance))) for block in range(n_blocks)]
    assert room[0].tolist() == expected + [0] * (16 - n_blocks)


@njit
def _masks_side_by_side(own, first, n_blocks, chance, below, undecided):
    bernoulli_masks(own, first, n_blocks, 3, 3, chance, below, undecided)


def test_mask_is_exact_next_to_a_number() -> None:
    """The chance equal to a consumer's own number says no, one more says yes."""
    own = stream(7, 1, "us")
    for bit, number in enumerate(_numbers(own, 5, 9)):
        masks = [
            int(bernoulli_mask(own, 5, 9, int(Purpose.OCCASION), np.uint64(number + more))) >> bit & 1
            for more in (0, 1)
        ]
        assert masks == [0, 1]


@pytest.mark.parametrize(("chance", "mask"), [(0, 0), (2**32, 2**64 - 1)])
def test_never_and_always(chance: int, mask: int) -> None:
    own = stream(0, 0, "us")
    assert all(
        int(bernoulli_mask(own, block, 0, int(Purpose.OCCASION), np.uint64(chance))) == mask for block in range(50)
    )


@pytest.mark.parametrize("p", [0.001, 0.1, 0.5, 0.8, 0.999])
def test_frequency_of_the_mask(p: float) -> None:
    own, n_blocks = stream(3, 0, "us"), 4000
    chance = np.uint64(round(p * 2**32))
    masks = [int(bernoulli_mask(own, block, 1, int(Purpose.OCCASION), chance)) for block in range(n_blocks)]
    n = 64 * n_blocks
    assert abs(sum(mask.bit_count() for mask in masks) - n * p) < 5 * (n * p * (1 - p)) ** 0.5
    for bit in (0, 31, 32, 63):
        hits = sum(mask >> bit & 1 for mask in masks)
        assert abs(hits - n_blocks * p) < 5 * (n_blocks * p * (1 - p)) ** 0.5 + 1
