"""The two engines that can run a simulation; their results are the same, byte for byte."""

from typing import Final, Literal, get_args

Engine = Literal["kernel", "mesa"]
KERNEL: Final[Engine] = "kernel"  # the compiled week
MESA: Final[Engine] = "mesa"  # Mesa agents, consumer by consumer in plain Python
ENGINES: Final[tuple[Engine, ...]] = get_args(Engine)
