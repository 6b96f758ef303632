"""What a figure was measured on."""

import os
import platform
from importlib.metadata import version
from pathlib import Path


def describe() -> str:
    """Return processor, cores and versions in one line."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "numba", "scipy", "mesa"))
    cores = len(os.sched_getaffinity(0))
    return f"{names[0] if names else platform.machine()}, {cores} cores; Python {platform.python_version()}, {packages}"
