import pytest

from abm.analysis.effects.estimate import Estimate
from abm.report.text.amounts import money, people, price, share


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (money(Estimate(6.45e8, 6.11e8, 6.79e8)), "US$ 645 m (611 to 679)"),
        (money(Estimate(-1.2e9, -1.21e9, -1.19e9)), "US$ 1.20 bn (1.19 to 1.21)"),
        (money(Estimate(-6.5e6, -13.9e6, 1e6), signed=True), "\u2212US$ 6.5 m (\u221213.9 to 1.0)"),
        (money(Estimate(4e7, 4e7, 4e7)), "US$ 40.0 m"),
        (money(Estimate(950.0, 900.0, 1000.0)), "US$ 950 (900 to 1,000)"),
        (people(Estimate(-17.0, -20.0, -14.0)), "17 (14 to 20)"),
        (people(Estimate(9e5, 8e5, 1e6)), "900 thousand (800 to 1,000)"),
        (price(Estimate(0.061, 0.057, 0.065)), "US$ 0.061 (0.057 to 0.065)"),
        (share(Estimate(0.0315, 0.026, 0.037)), "3.1 % (2.6 to 3.7)"),
        (money(Estimate(2e9, float("nan"), float("nan"))), "US$ 2.0 bn"),
    ],
)
def test_amounts_name_their_unit_once(text: str, expected: str) -> None:
    assert text.replace("\u00a0", " ") == expected
