from datetime import date

import pytest

from abm import Market, simulate
from abm.base.errors import InputError

START = date(2020, 1, 6)


def table(kind: str, start: int, **values: object) -> dict[str, object]:
    return {"kind": kind, "market": "market", "start": start} | values


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (table("launch", 3), table("launch", 9), "opens once"),
        (table("shutdown", 3, weeks=5), table("launch", 5), "open and be closed"),
        (table("launch", 5), table("shutdown", 5, weeks=1), "open and be closed"),
        (table("shutdown", 3, weeks=5), table("shutdown", 7, weeks=5), "closed already"),
        (table("deals_for_you", 3, weeks=5), table("deals_for_you", 7, weeks=5), "one deal"),
    ],
)
def test_contradictory_pairs_are_refused_by_name(one: dict, other: dict, reason: str) -> None:
    with pytest.raises(InputError) as caught:
        simulate(Market(), weeks=20, levers=[one, other])
    text = str(caught.value)
    assert "levers[1]" in text
    assert "levers[0]" in text
    assert reason in text
    assert f"week {other['start']}" in text


@pytest.mark.parametrize(
    "levers",
    [
        [table("shutdown", 3, weeks=5), table("launch", 8)],
        [table("deals_for_you", 3, weeks=5), table("deals_for_you", 8, weeks=5)],
        [table("shutdown", 3, weeks=5), table("shutdown", 8, weeks=5)],
        [table("subsidy", 3), table("subsidy", 3), table("layoffs", 3), table("layoffs", 4)],
    ],
)
def test_levers_that_follow_each_other_or_add_up_are_fine(levers: list[dict]) -> None:
    simulate(Market(), weeks=20, levers=levers)


def test_other_markets_do_not_contradict() -> None:
    markets = [Market(), Market(name="other")]
    simulate(markets, weeks=9, levers=[table("launch", 3), {**table("launch", 3), "market": "other"}])
