"""What ``abm plan`` prints: spans of time and round numbers."""

import pytest

from abm.cli.plan_table import round_down, span


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        ((1, 9), "less than 10 s"), ((20, 100), "20.0 to 100.0 s"), ((60, 240), "1.0 to 4.0 min"),
        ((3600, 7200), "1.0 to 2.0 h"),
    ],
)  # fmt: skip
def test_spans(seconds: tuple[float, float], text: str) -> None:
    assert span(*seconds) == text


def test_round_numbers() -> None:
    assert [round_down(number) for number in (0, 7, 99, 12_345)] == [0, 7, 99, 12_000]
