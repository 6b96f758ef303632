"""What a config says of networks that has no effect: in files, and under keys that a family does not use."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from abm.experiment.sweep_points import SweepPoint
from abm.networks import FAMILIES, Network, notes

_EVERY_FAMILY = {"family", "ties_abroad"}


def network_notes(tables: Mapping[str, Any], points: Sequence[SweepPoint]) -> list[str]:
    """Return a sentence for each thing that has no effect at any point of a sweep.

    Parameters
    ----------
    tables : mapping
        The tables ``[markets.NAME]`` as written.
    points : sequence of SweepPoint
        With all markets.
    """
    found: list[str] = []
    for name in points[0].markets if points else ():
        networks = list({repr(point.markets[name].network): point.markets[name].network for point in points}.values())
        if len({network.family for network in networks}) == 1:  # else each family may use other keys
            found += [f"{name}: {note}" for network in networks for note in notes(network)]
            found += _unused_keys(name, tables.get(name, {}), networks[0], points[0].columns)
    return list(dict.fromkeys(found))


def _unused_keys(name: str, table: Any, network: Network, swept: Mapping[str, Any]) -> Iterator[str]:
    uses, written = FAMILIES[network.family].uses, table.get("network") if isinstance(table, Mapping) else None
    if uses is None or not isinstance(written, Mapping | None):
        return
    prefix = f"markets.{name}.network."
    keys = {*(written or {}), *(path.removeprefix(prefix) for path in swept if path.startswith(prefix))}
    for key in sorted(keys - _EVERY_FAMILY - {*uses, "file", "graph"}):
        yield f"{name}: network.{key} has no effect with network.family = {network.family!r}"
