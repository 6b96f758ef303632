"""Weeks and dates: week 0 is a date, and week t begins 7 t days later."""

from datetime import date, timedelta

DEFAULT_START = date(2020, 1, 6)
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


def is_full_year(weeks: float) -> bool:
    """Return whether so many weeks of a calendar year are all of it.

    A run that starts in the first days of January misses up to one of its 52.
    """
    return weeks >= FULL_YEAR_WEEKS
