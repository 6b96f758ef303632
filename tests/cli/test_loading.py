"""Imports are not searched for garbage, and everything is as it was afterwards."""

import gc
from collections.abc import Iterator

import pytest

from abm.cli.loading import loading


@pytest.fixture(autouse=True)
def thawed() -> Iterator[None]:
    yield
    gc.unfreeze()
    gc.enable()


def test_pauses_the_search_and_takes_it_up_again() -> None:
    before = gc.get_freeze_count()
    with loading():
        assert not gc.isenabled()
    assert gc.isenabled()
    assert gc.get_freeze_count() > before


def test_takes_it_up_again_after_a_failure() -> None:
    with pytest.raises(ModuleNotFoundError), loading():
        raise ModuleNotFoundError
    assert gc.isenabled()


def test_leaves_it_off_for_those_who_want_it_off() -> None:
    gc.disable()
    with loading():
        pass
    assert not gc.isenabled()
