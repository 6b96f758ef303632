import pytest

from abm import Market
from abm.errors import InputError
from abm.memory import bytes_available, bytes_needed, refuse_if_too_large


def test_memory_grows_with_consumers_and_ties() -> None:
    small, large = Market(consumers=1_000_000), Market(consumers=2_000_000)
    assert bytes_needed([large]) == 2 * bytes_needed([small])
    tied = small.replace({"network": {"family": "ring", "degree": 10}})
    assert bytes_needed([tied]) > bytes_needed([small]) + 40e6


def test_what_fits_is_not_refused() -> None:
    refuse_if_too_large([Market()], 1)
    assert bytes_available() > 0


def test_what_does_not_fit_is_refused_with_both_figures() -> None:
    with pytest.raises(InputError, match=r"GB of memory, .* GB are free"):
        refuse_if_too_large([Market(consumers=2**31 - 1, network={"family": "ring", "degree": 100})], 1)
