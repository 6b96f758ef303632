"""Classes of the arrays that mechanisms declare, and what is kept on disk under their names."""

import pytest
from numba.core.caching import NullCache

from abm.engine import kernel
from abm.engine.columns import mechanisms_in_use, row_class, state_columns, trait_columns
from abm.mechanisms import MECHANISMS
from abm.numerics.jit import cache_in_use, keep_compiled_in


def test_every_column_of_a_mechanism_is_a_trait_or_state() -> None:
    names = mechanisms_in_use()
    declared = [column for kind in MECHANISMS.values() for column in kind.columns]
    found = (*trait_columns(names), *state_columns(names))
    assert {column.name for column in found} == {column.name for column in declared} | {"basket"}
    assert len(found) == len(declared) + 1


def test_a_class_is_the_same_for_the_same_fields() -> None:
    assert row_class("Rows", ("a", "b")) is row_class("Rows", ("a", "b"))
    assert row_class("Rows", ("a", "b"))._fields == ("a", "b")
    assert row_class("Rows", ("a", "b")).__name__ != row_class("Rows", ("b", "a")).__name__


@pytest.mark.needs_compiled
def test_nothing_is_kept_on_disk_under_names_that_only_this_process_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    before = cache_in_use()
    known = row_class("Rows", ("c", "d")).__name__
    monkeypatch.setattr(MECHANISMS, "n_removed", 1)
    try:
        assert row_class("Rows", ("d", "c", "e")).__name__.endswith("_")
        assert isinstance(kernel.run_weeks._cache, NullCache)
        assert not known.endswith("_")
    finally:
        keep_compiled_in(before)
    assert not isinstance(kernel.run_weeks._cache, NullCache)
