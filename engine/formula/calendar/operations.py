"""Working days, as the calendar at hand has them, quarters, and days in the capital numerals of cheques."""

from calendar import monthrange
from datetime import date
from decimal import Decimal
from typing import Final, TypeAlias

from engine.formula.calendar.working_days import WorkingDays
from engine.formula.errors import Unable
from engine.formula.numbers import whole
from engine.formula.operations.dates import year_and_month
from engine.formula.operations.strict import strict, strict_about
from engine.formula.scope import Facts

_DIGITS: Final = "零壹贰叁肆伍陆柒捌玖"
_TEN: Final = 10
_ZERO: Final = Decimal(0)
_Off: TypeAlias = date | tuple[date | None, ...]


def _working_day(facts: Facts, day: date, number: Decimal, off: _Off = ()) -> date:
    try:
        return _days(facts, off).later(day, whole(number))
    except OverflowError:
        raise Unable("formula.bad_date") from None


def _working_days(facts: Facts, first: date, last: date, off: _Off = ()) -> Decimal:
    """Both ends count; backwards with a minus sign, as Excel does."""
    days = _days(facts, off)
    return Decimal(-days.between(last, first) if last < first else days.between(first, last))


def _days(facts: Facts, off: _Off) -> WorkingDays:
    """Those of the calendar but for further days off."""
    further = [each for each in (off if isinstance(off, tuple) else (off,)) if each is not None]
    return facts.working_days.without(further) if further else facts.working_days


def _quarter_start(day: date, quarters: Decimal = _ZERO) -> date:
    return date(*_quarter(day, quarters), 1)


def _quarter_end(day: date, quarters: Decimal = _ZERO) -> date:
    year, month = _quarter(day, quarters)
    return date(year, month + 2, monthrange(year, month + 2)[1])


def _quarter(day: date, quarters: Decimal) -> tuple[int, int]:
    """The year and the first month of the quarter so many quarters later."""
    return year_and_month(day, 3 * whole(quarters) - (day.month - 1) % 3)


def _upper(day: date) -> str:
    """After 支付结算办法, annex 1: 零 before what could be made larger by writing a digit in front of it."""
    year = "".join(_DIGITS[int(digit)] for digit in f"{day.year:04}")
    return f"{year}年{_upper_part(day.month, 2)}月{_upper_part(day.day, _TEN - 1)}日"


def _upper_part(number: int, most: int) -> str:
    """Months and days in capitals; `most` is the last of the single digits with a 零 before them."""
    tens, ones = divmod(number, _TEN)
    text = (f"{_DIGITS[tens]}拾" if tens else "") + (_DIGITS[ones] if ones else "")
    return f"零{text}" if not ones or number <= most else text


WORKING_DAY = strict_about("working_day", _working_day)
WORKING_DAYS = strict_about("working_days", _working_days)
IS_WORKING_DAY = strict_about("is_working_day", lambda facts, day: facts.working_days.are(day))
QUARTER_START = strict("quarter_start", _quarter_start)
QUARTER_END = strict("quarter_end", _quarter_end)
DATE_UPPER = strict("date_upper", _upper)
