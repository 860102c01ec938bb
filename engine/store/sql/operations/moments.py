"""Moments and lengths of time in SQL: whole microseconds, which both databases keep."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy import BigInteger, cast, extract, func, literal, type_coerce

from engine.formula.typed import Apply, Typed
from engine.store.sql.numbers import Number, Ratio, TooWide
from engine.store.sql.translation import MICROSECOND, Expression, InSQL, Translation
from engine.store.tables.exact import Instant

_SECOND: Final = 10**6
_DAY: Final = timedelta(days=1) // MICROSECOND
#: From the first moment to the last.
_MOST: Final = (date.max - date.min + timedelta(days=1)) // MICROSECOND
_LONGEST: Final = timedelta.max // MICROSECOND
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def _since_epoch(it: Translation, node: Typed) -> Expression:
    """The moment in microseconds since 1970, on SQLite."""
    if it.is_known(node):
        known = it.known(node)
        assert known is None or isinstance(known, datetime)
        return literal(None if known is None else (known - _EPOCH) // MICROSECOND, BigInteger())
    moment = it.value(node)
    seconds = cast(func.strftime("%s", func.substr(moment, 1, 19)), BigInteger())
    return seconds * _SECOND + cast(func.substr(moment, 21, 6), BigInteger())


def _elapsed(it: Translation, node: Apply) -> Number:
    end, start = node.arguments
    if it.is_sqlite:
        return it.arithmetic.whole(_since_epoch(it, end) - _since_epoch(it, start), _MOST)
    seconds = extract("epoch", type_coerce(it.value(end), Instant()) - type_coerce(it.value(start), Instant()))
    return it.arithmetic.whole(seconds * _SECOND, _MOST)


def _days_elapsed(it: Translation, node: Apply) -> Ratio:
    return it.arithmetic.ratio(_elapsed(it, node), it.arithmetic.constant(Decimal(_DAY)))


def _durations(name: str) -> InSQL:
    """Both together, or one without the other."""

    def number(it: Translation, node: Apply) -> Number:
        found: Number = getattr(it.arithmetic, name)(*map(it.number, node.arguments))
        if found.bound > _LONGEST:
            raise TooWide
        return found

    return InSQL(number=number)


MOMENTS: Final[Mapping[str, InSQL]] = {
    "elapsed": InSQL(number=_elapsed),
    "days_elapsed": InSQL(ratio=_days_elapsed),
    "add_durations": _durations("sum"),
    "subtract_durations": _durations("difference"),
}
