"""What ``abm.analysis`` offers."""

import pytest

from abm import analysis


@pytest.mark.parametrize("name", analysis.__all__)
def test_everything_offered_can_be_imported_and_is_documented(name: str) -> None:
    assert getattr(analysis, name).__doc__
    assert name in (analysis.__doc__ or "")


def test_anything_else_is_refused() -> None:
    with pytest.raises(AttributeError, match="no attribute 'forecast'"):
        _ = analysis.forecast
