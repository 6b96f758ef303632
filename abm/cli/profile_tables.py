"""What ``abm markets`` prints."""

from collections.abc import Iterator
from typing import Any

from abm.cli import console
from abm.cli.tables import print_texts
from abm.markets.profile import load_profile, profile_names


def print_profiles() -> None:
    """Print all market profiles, one a row."""
    rows = []
    for name in profile_names():
        profile = load_profile(name)
        shoppers = f"{profile.values['shoppers'] / 1e6:,.0f} m"
        rows.append([name, shoppers, str(profile.values["launch"]), f"{profile.title}. {profile.summary}"])
    print_texts(["profile", "shoppers", "launch", "what it stands for"], rows, numbers=["shoppers"])
    console.print_line("abm markets NAME shows every value with its evidence.")


def print_profile(name: str) -> None:
    """Print one profile: every value, its evidence and how far to trust it."""
    profile = load_profile(name)
    console.print_line(f"{profile.title} ({name}). {profile.summary}")
    rows = []
    for path, value in _leaves(profile.values):
        entry = profile.evidence.get(path)
        source = f"{entry.source}. {entry.note}".removesuffix(". ") if entry else ""
        rows.append([path, _plain(value), entry.quality if entry else "?", source])
    print_texts(["parameter", "value", "quality", "source"], rows)


def _leaves(values: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        if isinstance(value, dict) and key != "annual_spend":
            yield from _leaves(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{year}: {spend:,.0f}" for year, spend in value.items())
    return f"{value:,.0f}" if isinstance(value, float) and value >= 1e6 else str(value)
