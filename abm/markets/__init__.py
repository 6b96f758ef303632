"""What a market is, the profiles that ship with their evidence, and the published observations.

Market
    The parameters of one market; ``Market.profile(name)`` starts from a shipped profile.
profile_names, load_profile, Profile, Evidence
    The shipped profiles: their values, and for each value its source and how far to trust it.
parameter_paths, check_path
    The dotted paths of all parameters, such as ``norm.strength``, and what is wrong with one.

Profiles are the files of ``profiles/``; published figures are in ``data/``.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from abm.markets.market import Market, check_path, parameter_paths
    from abm.markets.profile import Evidence, Profile, load_profile, profile_names

_MODULES = {
    "Evidence": "abm.markets.profile",
    "Market": "abm.markets.market",
    "Profile": "abm.markets.profile",
    "check_path": "abm.markets.market",
    "load_profile": "abm.markets.profile",
    "parameter_paths": "abm.markets.market",
    "profile_names": "abm.markets.profile",
}

__all__ = ["Evidence", "Market", "Profile", "check_path", "load_profile", "parameter_paths", "profile_names"]


def __getattr__(name: str) -> Any:
    """Import the market and its mechanisms only when asked for: profiles alone need no compiler."""
    if name in _MODULES:
        return getattr(import_module(_MODULES[name]), name)
    raise AttributeError(f"module 'abm.markets' has no attribute {name!r}")
