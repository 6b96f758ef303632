from abm.report.experiment.sweep import chosen


def test_chosen_values_include_both_ends():
    assert chosen(list(range(20))) == [0, 4, 8, 11, 15, 19]
    assert chosen([1, 2]) == [1, 2]
