import numpy as np

from abm.report.charts.band import band, describe_band


def test_a_band_is_the_range_of_few_paths_and_a_quantile_range_of_many():
    few = band(np.array([[1.0, 2.0], [3.0, 6.0]]))
    assert few.low.tolist() == [1, 2]
    assert few.high.tolist() == [3, 6]
    assert few.middle.tolist() == [2, 4]
    many = band(np.arange(101.0)[:, None])
    assert (many.low[0], many.high[0]) == (2.5, 97.5)
    assert "no band" in describe_band(1)
    assert "from the lowest to the highest" in describe_band(2)
    assert "the middle 95 %" in describe_band(101)
