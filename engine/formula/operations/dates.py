"""Calculation with days and moments. Days are whole; a result outside the years 1 to 9999 is no date."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from engine.formula.errors import Unable
from engine.formula.numbers import CONTEXT, plain
from engine.formula.operations.strict import strict

_MICROSECOND: Final = timedelta(microseconds=1)
_MICROSECONDS_OF_A_DAY: Final = Decimal(timedelta(days=1) // _MICROSECOND)


def _whole(number: Decimal) -> int:
    whole = int(number)
    if whole != number:
        raise Unable("formula.not_whole", given=plain(number))
    return whole


def _date(year: Decimal, month: Decimal, day: Decimal) -> date:
    try:
        return date(_whole(year), _whole(month), _whole(day))
    except (ValueError, OverflowError):
        raise Unable("formula.bad_date") from None


def _add_days(day: date, number: Decimal) -> date:
    try:
        return day + timedelta(days=_whole(number))
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


DATE = strict("date", _date)
ADD_DAYS = strict("add_days", _add_days)
SUBTRACT_DAYS = strict("subtract_days", _subtract_days)
DAYS_BETWEEN = strict("days_between", _days_between)
DAYS_ELAPSED = strict("days_elapsed", _days_elapsed)
ELAPSED = strict("elapsed", lambda end, start: end - start)
ADD_TIME = strict("add_time", _add_time)
SUBTRACT_TIME = strict("subtract_time", _subtract_time)
ADD_DURATIONS = strict("add_durations", timedelta.__add__)
SUBTRACT_DURATIONS = strict("subtract_durations", timedelta.__sub__)
