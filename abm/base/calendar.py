"""Weeks and dates: week 0 is a date, and week t begins 7 t days later."""

from datetime import date, timedelta

from abm.base.errors import Problem

DEFAULT_START = date(2020, 1, 6)
FIRST_START = date(1, 1, 2)  # what is sold before a date belongs to the year of the day before
LAST_WEEK = date.max.toordinal() // 7  # no later week of any run has a date
WEEKS_PER_YEAR = 365.25 / 7
FULL_YEAR_WEEKS = 51


def week_of(moment: int | date, start: date) -> int:
    """Return the week (counted from ``start``) that a week number or date falls into; negative is earlier.

    Parameters
    ----------
    moment : int or date
    start : date
        Date of week 0.
    """
    return moment if isinstance(moment, int) else (moment - start).days // 7


def date_of(week: int, start: date) -> date:
    """Return the first day of a week.

    Parameters
    ----------
    week : int
    start : date
        Date of week 0.
    """
    return start + timedelta(weeks=week)


def date_text(week: int, start: date) -> str:
    """Return the first day of a week as text, for messages: also where the calendar has no such day.

    Parameters
    ----------
    week : int
    start : date
        Date of week 0.
    """
    return str(date_of(week, start)) if _has_date(week, start) else f"after {date.max}"


def calendar_problem(start: date, weeks: int) -> Problem | None:
    """Return what is wrong with a run that has days for which there is no date, or None.

    Parameters
    ----------
    start : date
        Date of week 0.
    weeks : int
        Weeks of the run.
    """
    if start >= FIRST_START and _has_date(weeks, start):
        return None
    last = date.max - timedelta(weeks=weeks)
    return Problem("start", str(start), f"outside the calendar; allowed with {weeks:,} weeks: {FIRST_START} to {last}")


def _has_date(week: int, start: date) -> bool:
    return start.toordinal() + 7 * week <= date.max.toordinal()


def sales_year(week: int, start: date) -> int:
    """Return the year to which the sales in a table row belong: that of the last of its seven days.

    Row ``week`` holds what was sold in the seven days before its date.

    Parameters
    ----------
    week : int
    start : date
        Date of week 0.
    """
    return (date_of(week, start) - timedelta(days=1)).year


def days_by_year(moment: date) -> dict[int, int]:
    """Return how many of the seven days before a date fall into each calendar year, the later year first."""
    last = moment - timedelta(days=1)
    n_new = min(last.timetuple().tm_yday, 7)
    return {last.year: n_new} | ({last.year - 1: 7 - n_new} if n_new < 7 else {})


def covered_days(year: int, start: date, weeks: int) -> tuple[date, date]:
    """Return the first and the last day of a calendar year on which a run sells anything.

    Parameters
    ----------
    year : int
        Of which the run covers a part.
    start : date
        Date of week 0.
    weeks : int
        Weeks of the run.
    """
    return max(start, date(year, 1, 1)), min(date_of(weeks, start) - timedelta(days=1), date(year, 12, 31))


def year_days(year: int) -> int:
    """Return how many days a calendar year has."""
    return (date(year, 12, 31) - date(year, 1, 1)).days + 1


def is_full_year(weeks: float) -> bool:
    """Return whether so many weeks of a calendar year are all of it.

    A run that starts in the first days of January misses up to one of its 52.
    """
    return weeks >= FULL_YEAR_WEEKS
