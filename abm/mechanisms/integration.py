"""Integration: each further function in one app is a convenience, and a clutter.

Source: diminishing returns to scope against feature fatigue, Thompson, Hamilton & Rust (2005),
Journal of Marketing Research 42(4).
"""

from typing import Any, NamedTuple

from abm.base.parameters import parameter
from abm.mechanisms.base import Mechanism, mechanism
from abm.numerics.fixed_point import ONE, natural_log, to_q32
from abm.numerics.jit import inline


class Step(NamedTuple):
    """What the compiled week knows of it."""

    value: int  # Q32, the same for everybody


@inline
def integration(functions: float, benefit: float, clutter: float) -> float:
    """Return kappa ln F - pi (F - 1) as utility (equation 3)."""
    log_functions = natural_log(int(functions * ONE + 0.5)) / ONE
    return benefit * log_functions - clutter * (functions - 1.0)


def utility(params: Step, person: Any) -> int:
    """Return the term of a consumer."""
    return params.value


@mechanism("integration", utility=utility)
class Integration(Mechanism):
    """How many functions the super-app joins, and what that is worth."""

    functions: float = parameter(
        1.0, ge=1, le=100, unit="functions", source="counted per app; see the market profiles",
        meaning="functions joined in one app (video, chat, shop, pay ...); 1 is a single app",
    )  # fmt: skip
    benefit: float = parameter(
        0.0, ge=0, le=100, unit="utility per ln(functions)", source="Thompson et al. (2005)",
        meaning="convenience of having functions together",
    )  # fmt: skip
    clutter: float = parameter(
        0.0, ge=0, le=10, unit="utility per function", source="Thompson et al. (2005)",
        meaning="cost of each further function",
    )  # fmt: skip

    @property
    def value(self) -> float:
        """What the functions are worth to everybody, as utility."""
        return integration(self.functions, self.benefit, self.clutter)

    def step(self) -> Step:
        """See ``Mechanism``."""
        return Step(to_q32(self.value))

    def mean_field(self) -> float | None:
        """See ``Mechanism``."""
        return self.value
