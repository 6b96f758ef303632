"""The controls of parameters, without a browser."""

from __future__ import annotations

import pytest

from abm.markets.market import Market, parameter_paths
from abm.view.parameter_panel import controls_of, parameter_groups

pytestmark = pytest.mark.needs_compiled


def test_every_parameter_of_every_mechanism_has_a_control() -> None:
    market = Market.profile("west")
    controls = {control.path: control for group in parameter_groups() for control in controls_of(market, group)}
    fixed = dict(parameter_paths())
    assert {path for path, is_fixed in fixed.items() if not is_fixed} <= set(controls)
    assert all(control.fixed == fixed[path] for path, control in controls.items())
    for path, control in controls.items():
        assert control.description
        if not control.choices:
            value = market
            for name in path.split("."):
                value = getattr(value, name)
            assert control.low <= value <= control.high, path
            market.replace({path: type(value)(control.low)})
            market.replace({path: type(value)(control.high)})
