"""What a fault is, and the tests that most of them name."""

from typing import NamedTuple


class Fault(NamedTuple):
    """One small bug."""

    name: str
    file: str
    right: str
    wrong: str
    tests: tuple[str, ...]
    compiled: bool = False  # whether it shows only in compiled code


PLUGINS = ("tests/experiment/test_plugins.py",)
REFERENCE = ("tests/engine/test_kernel.py", "-k", "edge_cases or border or (equals_reference and 1)")
CRN = ("tests/exactness/test_common_random_numbers.py", "-k", "market")
FAMILIES = ("tests/networks/test_families.py",)
FURTHER = ("tests/engine/test_dispatch.py",)
MESA = ("tests/engine/test_dispatch.py", "-k", "mesa")
OUTCOMES = ("tests/engine/test_outcomes.py",)
COMPILED = ("tests/engine/test_kernel.py", "-k", "equals_reference or edge_cases")
LEDGER = ("tests/levers/test_ledger.py", "-k", "whole_weeks or no_more_than_it_holds")
