from datetime import date

import pandas as pd

from abm.report.experiment.config_values import moment


def test_moment_reads_weeks_dates_and_text():
    start = date(2020, 1, 6)
    assert moment(2, start) == date(2020, 1, 20)
    assert moment("2021-03-04", start) == moment(pd.Timestamp(2021, 3, 4), start) == date(2021, 3, 4)
    assert moment(None, start) is None
