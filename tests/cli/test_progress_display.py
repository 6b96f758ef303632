"""Progress where there is no terminal: lines, fewer as time goes on."""

from itertools import pairwise

from abm.cli.progress_display import ProgressLines


def test_lines_say_share_time_and_time_left() -> None:
    said: list[tuple[float, str]] = []
    now = 0.0
    lines = ProgressLines(lambda text: said.append((now, text)), clock=lambda: now)
    lines.update(1_000_000, 5_000_000)  # an earlier run made these
    for second in range(1, 401):
        now = float(second)
        lines.update(1_000_000 + 10_000 * second, 5_000_000)
    lines.finish()
    assert said[0] == (2.0, "simulating: 20 %, 2 s elapsed, about 6 min 38 s left, 0.0 M consumer-weeks/s")
    assert said[-1] == (400.0, "simulating: 100 %, 6 min 40 s elapsed")
    pauses = [later - earlier for (earlier, _), (later, _) in pairwise(said[:-1])]
    assert pauses == sorted(pauses)
    assert pauses[-1] == 60
    assert len(said) < 20
    assert all("\r" not in text and len(text) < 100 for _, text in said)


def test_where_nothing_was_left_to_do_nothing_is_said() -> None:
    said: list[str] = []
    lines = ProgressLines(said.append)
    lines.update(5, 5)
    lines.finish()
    assert said == []


def test_before_anything_is_known_no_time_is_promised() -> None:
    said: list[str] = []
    now = iter([0.0, 0.5, 7.0, 8.0])
    lines = ProgressLines(said.append, clock=lambda: next(now))
    lines.update(0, 0)
    lines.update(0, 10)
    assert said == ["simulating: 0 %, 7 s elapsed"]
