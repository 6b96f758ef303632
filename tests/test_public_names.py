"""The public packages: what they offer can be imported, and importing them costs no more than it must."""

import subprocess
import sys
from importlib import import_module

import pytest

PUBLIC = (
    "abm", "abm.agents", "abm.analysis", "abm.levers", "abm.markets", "abm.mechanisms", "abm.networks", "abm.report",
)  # fmt: skip


@pytest.mark.parametrize("package", PUBLIC)
def test_everything_offered_can_be_imported(package: str) -> None:
    module = import_module(package)
    assert module.__doc__
    assert [name for name in module.__all__ if not hasattr(module, name)] == []


@pytest.mark.parametrize("package", ["abm", "abm.analysis", "abm.markets"])
def test_anything_else_is_refused(package: str) -> None:
    with pytest.raises(AttributeError, match=f"module '{package}' has no attribute 'elsewhere'"):
        _ = import_module(package).elsewhere


@pytest.mark.parametrize("statement", ["import abm.cli.app", "from abm.markets import profile_names"])
def test_commands_and_profiles_need_no_compiler(statement: str) -> None:
    check = f"import sys; {statement}; assert not sys.modules.keys() & {{'numba', 'pandas', 'mesa', 'matplotlib'}}"
    subprocess.run([sys.executable, "-c", check], check=True)
