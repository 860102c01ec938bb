"""Moments by the clocks of the workspace, times of day, and lengths of time.

A time of day is text, as its fields keep it: "09:00", or "09:00:30" when there are seconds. A moment has a day and an
hour only in a zone; that is the one of the facts.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from engine.formula.errors import Unable
from engine.formula.numbers import CONTEXT
from engine.formula.operations.strict import strict, strict_about
from engine.formula.scope import Facts

_MICROSECOND: Final = timedelta(microseconds=1)
_DAY: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)
_MINUTE: Final = timedelta(minutes=1)
_ZERO: Final = Decimal(0)
_ONE: Final = Decimal(1)
#: The end of a day is written 24:00 where a shift ends with it; fields do not keep that.
_CLOCK: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?|24:00(?::00)?")
_PART: Final = r"(?:([0-9]{1,9}(?:\.[0-9]{1,6})?)%s)?"
#: ISO 8601 without years and months, which are not always as long.
_DURATION: Final = re.compile(
    "(-?)P(?=.)" + _PART % "W" + _PART % "D" + "(?:T(?=.)" + _PART % "H" + _PART % "M" + _PART % "S" + ")?"
)
_UNITS: Final = (timedelta(weeks=1), _DAY, _HOUR, _MINUTE, timedelta(seconds=1))


def _local(facts: Facts, moment: datetime) -> datetime:
    try:
        return moment.astimezone(facts.zone)
    except OverflowError:
        raise Unable("formula.bad_date") from None


def _moment(facts: Facts, day: date, clock: str) -> datetime | None:
    """A time that a clock set back shows twice is meant the first time; one that it skips is as long after midnight."""
    since = _since_midnight(clock)
    if since is None:
        return None
    try:
        return (datetime.combine(day, time(), facts.zone) + since).astimezone(UTC)
    except OverflowError:
        raise Unable("formula.bad_date") from None


def _since_midnight(clock: str) -> timedelta | None:
    """Empty text is blank, and blank is no time."""
    if not clock:
        return None
    found = _CLOCK.fullmatch(clock)
    if not found:
        raise Unable("formula.bad_time", given=clock)
    hours, minutes, seconds = found.groups(default="0")
    return timedelta(hours=int(hours), minutes=int(minutes), seconds=int(seconds)) if found[1] else _DAY


def _hour(clock: str) -> Decimal | None:
    since = _since_midnight(clock)
    return None if since is None else Decimal(since // _HOUR)


def _minute(clock: str) -> Decimal | None:
    since = _since_midnight(clock)
    return None if since is None else Decimal(since % _HOUR // _MINUTE)


def _hours_between(start: str, end: str) -> Decimal | None:
    """An end before the start is one of the next day."""
    one, other = _since_midnight(start), _since_midnight(end)
    if one is None or other is None:
        return None
    return _count(other - one if one <= other else (other - one) % _DAY, _HOUR)


def _count(duration: timedelta, unit: timedelta) -> Decimal:
    return CONTEXT.divide(Decimal(duration // _MICROSECOND), Decimal(unit // _MICROSECOND))


def _length(*counts: tuple[Decimal, timedelta]) -> timedelta:
    """So many of each unit, to the microsecond."""
    total = _ZERO
    for count, unit in counts:
        total = CONTEXT.add(total, CONTEXT.multiply(count, Decimal(unit // _MICROSECOND)))
    return timedelta(microseconds=int(CONTEXT.to_integral_value(total)))


def _duration(hours: Decimal, minutes: Decimal = _ZERO) -> timedelta:
    return _length((hours, _HOUR), (minutes, _MINUTE))


def _duration_of_text(text: str) -> timedelta | None:
    if not text:
        return None
    found = _DURATION.fullmatch(text)
    if not found:
        raise Unable("formula.bad_duration", given=text)
    sign, *counts = found.groups(default="0")
    length = _length(*zip(map(Decimal, counts), _UNITS, strict=True))
    return -length if sign == "-" else length


DATE_OF = strict_about("date_of", lambda facts, moment: _local(facts, moment).date())
HOUR = strict_about("hour", lambda facts, moment: Decimal(_local(facts, moment).hour))
MINUTE = strict_about("minute", lambda facts, moment: Decimal(_local(facts, moment).minute))
MOMENT = strict_about("moment", _moment)
HOUR_OF_TIME = strict("hour_of_time", _hour)
MINUTE_OF_TIME = strict("minute_of_time", _minute)
SINCE_MIDNIGHT = strict("since_midnight", _since_midnight)
HOURS_BETWEEN = strict("hours_between", _hours_between)
DURATION = strict("duration", _duration)
DURATION_OF_TEXT = strict("duration_of_text", _duration_of_text)
HOURS = strict("hours", lambda duration: _count(duration, _HOUR))
MINUTES = strict("minutes", lambda duration: _count(duration, _MINUTE))
