"""Option values and files of the analyses."""

import pytest

from abm.base.errors import InputError
from abm.cli.parsing import axis_of, ramp_of, read_table


@pytest.mark.parametrize(
    "text", ["norm.strength", "norm.strength:2:1", "norm.strength:a:b", "norm.strength:0:1:1", "n:0:1:2:3:4"]
)
def test_wrong_axes_and_ramps_are_refused(text):
    with pytest.raises(InputError):
        axis_of("x", text)
    if text != "norm.strength:0:1:1":
        with pytest.raises(InputError):
            ramp_of(text)


def test_axes_and_ramps():
    assert axis_of("x", "norm.strength:-1:2.5").values[[0, -1]].tolist() == [-1.0, 2.5]
    assert ramp_of("norm.strength:0:1:10:4").speed == pytest.approx(0.025)


def test_tables(tmp_path):
    file = tmp_path / "draws.csv"
    file.write_text("markets.west.norm.strength\n1.5\n")
    assert read_table(file).iloc[0, 0] == 1.5
    with pytest.raises(InputError, match="no such file"):
        read_table(tmp_path / "none.csv")
