"""Calculation with days and moments. Days are whole; a result outside the years 1 to 9999 is no date."""

from calendar import monthrange
from datetime import MAXYEAR, MINYEAR, date, datetime, timedelta
from decimal import Decimal
from typing import Final

from engine.formula.errors import Unable
from engine.formula.numbers import CONTEXT, whole
from engine.formula.operations.strict import strict

_MICROSECOND: Final = timedelta(microseconds=1)
_MICROSECONDS_OF_A_DAY: Final = Decimal(timedelta(days=1) // _MICROSECOND)


def _date(year: Decimal, month: Decimal, day: Decimal) -> date:
    try:
        return date(whole(year), whole(month), whole(day))
    except (ValueError, OverflowError):
        raise Unable("formula.bad_date") from None


def _add_days(day: date, number: Decimal) -> date:
    try:
        return day + timedelta(days=whole(number))
    except OverflowError:
        raise Unable("formula.bad_date") from None


def _subtract_days(day: date, number: Decimal) -> date:
    return _add_days(day, number.copy_negate())


def _days_between(end: date, start: date) -> Decimal:
    return Decimal((end - start).days)


def _days_elapsed(end: datetime, start: datetime) -> Decimal:
    return CONTEXT.divide(Decimal((end - start) // _MICROSECOND), _MICROSECONDS_OF_A_DAY)


def _add_time(moment: datetime, duration: timedelta) -> datetime:
    try:
        return moment + duration
    except OverflowError:
        raise Unable("formula.bad_date") from None


def _subtract_time(moment: datetime, duration: timedelta) -> datetime:
    return _add_time(moment, -duration)


def day_of(text: str) -> date | None:
    """Empty text is blank, and blank is no day."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Unable("formula.bad_date") from None
    if day.isoformat() != text:  # Python also reads 20260131 and 2026-W05-6
        raise Unable("formula.bad_date")
    return day


def year_and_month(day: date, months: int) -> tuple[int, int]:
    """The year and the month so many months later."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not MINYEAR <= year <= MAXYEAR:
        raise Unable("formula.bad_date")
    return year, month + 1


def _months_later(day: date, months: Decimal) -> date:
    """The same day of another month, or its last when it is shorter."""
    year, month = year_and_month(day, whole(months))
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _end_of_month(day: date, months: Decimal) -> date:
    year, month = year_and_month(day, whole(months))
    return date(year, month, monthrange(year, month)[1])


def _months_between(end: date, start: date) -> Decimal:
    """The most months that `_months_later` can go from the earlier day without passing the later one.

    So from 31 January to 28 February is a month, forwards and backwards, and EDATE is undone whatever the days are.
    """
    if end < start:
        return _months_between(start, end).copy_negate()
    months = (end.year - start.year) * 12 + end.month - start.month
    is_short = end.day < min(start.day, monthrange(end.year, end.month)[1])
    return Decimal(months - is_short)


DATE = strict("date", _date)
DATE_OF_TEXT = strict("date_of_text", day_of)
YEAR = strict("year", lambda day: Decimal(day.year))
QUARTER = strict("quarter", lambda day: Decimal((day.month + 2) // 3))
MONTH = strict("month", lambda day: Decimal(day.month))
DAY = strict("day", lambda day: Decimal(day.day))
WEEKDAY = strict("weekday", lambda day: Decimal(day.isoweekday()))
MONTHS_LATER = strict("months_later", _months_later)
END_OF_MONTH = strict("end_of_month", _end_of_month)
MONTHS_BETWEEN = strict("months_between", _months_between)
ADD_DAYS = strict("add_days", _add_days)
SUBTRACT_DAYS = strict("subtract_days", _subtract_days)
DAYS_BETWEEN = strict("days_between", _days_between)
DAYS_ELAPSED = strict("days_elapsed", _days_elapsed)
ELAPSED = strict("elapsed", lambda end, start: end - start)
ADD_TIME = strict("add_time", _add_time)
SUBTRACT_TIME = strict("subtract_time", _subtract_time)
ADD_DURATIONS = strict("add_durations", timedelta.__add__)
SUBTRACT_DURATIONS = strict("subtract_durations", timedelta.__sub__)
