"""Weeks and dates: week 0 is a date, and week t begins 7 t days later."""

from datetime import date, timedelta

DEFAULT_START = date(2020, 1, 6)
WEEKS_PER_YEAR = 365.25 / 7


def week_of(moment: int | date, start: date) -> int:
    """Return the week (counted from ``start``) that a week number or date falls into; negative is earlier."""
    return moment if isinstance(moment, int) else (moment - start).days // 7


def date_of(week: int, start: date) -> date:
    """Return the first day of a week."""
    return start + timedelta(weeks=week)


def sales_year(week: int, start: date) -> int:
    """Return the year to which the sales in a table row belong: that of the last of its seven days.

    Row ``week`` holds what was sold in the seven days before its date.
    """
    return (date_of(week, start) - timedelta(days=1)).year
