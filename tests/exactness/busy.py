"""Markets in which everything happens at once: every mechanism, four kinds of network, ties abroad, a lever."""

from typing import Any

from abm import Market

EVERYTHING: dict[str, Any] = {
    "occasion_rate": 0.6, "basket_sigma": 1.0, "initial_adoption": 0.2,
    "awareness": {"initial": 0.5, "advertising": 0.02, "word_of_mouth": 0.3},
    "preference": {"mean": -1.0, "spread": 1.0}, "integration": {"functions": 5.0, "benefit": 0.3, "clutter": 0.05},
    "habit": {"strength": 1.0, "rate": 0.2}, "norm": {"strength": 2.0},
    "trust": {"weight": 2.0, "learning": 0.2, "service_quality": 0.7, "bad_news": 0.4},
    "livestream": {"weight": 0.5, "reach": 0.3, "growth": 0.5},
    "price": {"sensitivity": 2.0, "discount": 0.1, "reach": 0.6},
    "supply": {"weight": 0.5, "initial": 0.1, "rate": 0.2, "half_saturation": 0.2},
}  # fmt: skip
LEVERS: list[dict[str, Any]] = [
    {"kind": "set", "market": "local", "start": 4, "weeks": 3, "values": {"price.discount": 0.4, "trust.bad_news": 0.9}}
]


def markets(scale: int = 10_000) -> list[Market]:
    """Return four markets of about ``scale`` to three times as many consumers, none a multiple of 64."""
    independent = EVERYTHING | {"awareness": EVERYTHING["awareness"] | {"word_of_mouth": 0.05, "form": "independent"}}
    hubs, local = ({"family": f, "ties_abroad": share} for f, share in (("scale_free", 0.1), ("small_world", 0.2)))
    return [
        Market(name="hubs", consumers=3 * scale + 1, network=hubs, **EVERYTHING),
        Market(name="local", consumers=2 * scale + 11, network=local, **EVERYTHING),
        Market(name="groups", consumers=scale + 3, network={"family": "communities"}, **independent),
        Market(name="mixed", consumers=scale + 37, choice={"noise": "normal"}, **EVERYTHING),
    ]  # fmt: skip
