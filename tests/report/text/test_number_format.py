import pytest

from abm.report.text import number_format as wording


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0 %"), (0.2345, "23.4 %"), (0.00561, "0.56 %"), (0.00004, "0.0040 %"), (-0.012, "\u22121.20 %")],
)
def test_percent(value, text):
    assert wording.percent(value) == text.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("value", "text"), [(0, "US$ 0"), (5.4e11, "US$ 540 bn"), (1.23e12, "US$ 1.2 tn"), (9.87e6, "US$ 9.9 m")]
)
def test_dollars(value, text):
    assert wording.dollars(value) == text.replace(" ", "\u00a0")
