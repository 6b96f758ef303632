import itertools

from hypothesis import given
from hypothesis import strategies as st

from abm.report.charts.labels import spread_labels


@given(st.lists(st.floats(0, 200), max_size=8).map(sorted))
def test_labels_do_not_touch(positions):
    moved = spread_labels(positions, 0, 200)
    assert all(after - before >= 13 - 1e-9 for before, after in itertools.pairwise(moved))
    assert all(position <= 200 for position in moved)
