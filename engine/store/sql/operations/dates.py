"""Days in SQL: text like "2026-01-31" on SQLite, DATE on PostgreSQL. No day comes from outside the years 1 to 9999."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Final

from sqlalchemy import Date, Integer, String, and_, case, cast, extract, func, literal, not_, or_, type_coerce

from engine.formula.typed import Apply, Read
from engine.store.sql.numbers import Number
from engine.store.sql.operations.integers import not_whole, whole
from engine.store.sql.translation import Expression, InSQL, Translation

#: Part of a day → how SQLite names it.
_PARTS: Final = {"year": "%Y", "month": "%m", "day": "%d"}
#: From any year that forms take, so many days lead to one that there is.
_FEW_DAYS: Final = 500_000
_DAYS: Final = (date.max - date.min).days
_MONTHS: Final = 12 * date.max.year
_WRITTEN: Final = ("[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")


def _part(part: str, it: Translation, day: Expression) -> Expression:
    found = func.strftime(_PARTS[part], day) if it.is_sqlite else extract(part, day)
    return cast(found, Integer())


def _of_day(calculate: Callable[[Translation, Expression], Expression], bound: int) -> InSQL:
    """A number that every day has."""
    return InSQL(
        number=lambda it, node: it.arithmetic.whole(calculate(it, it.value(node.arguments[0])), bound),
    )


def _weekday(it: Translation, day: Expression) -> Expression:
    if not it.is_sqlite:
        return cast(extract("isodow", day), Integer())
    return (cast(func.strftime("%w", day), Integer()) + 6) % 7 + 1


def _quarter(it: Translation, day: Expression) -> Expression:
    return (_part("month", it, day) + 2) // 3


def _number_of(it: Translation, day: Expression) -> Expression:
    """Days since the first of all."""
    if it.is_sqlite:
        return cast(func.julianday(day) - func.julianday(str(date.min)), Integer())
    return type_coerce(day - literal(date.min, Date()), Integer())


def _days_later(sign: int) -> InSQL:
    def value(it: Translation, node: Apply) -> Expression:
        day = it.value(node.arguments[0])
        if _is_near(it, node):
            return _moved(it, day, literal(sign * int(it.known_number(node.arguments[1]) or 0), Integer()))
        days = _days(it, node)
        return case((_is_day(it, day, days), _moved(it, day, days)))

    def _days(it: Translation, node: Apply) -> Expression:
        days = whole(it, node.arguments[1], -_DAYS - 1, _DAYS + 1)
        return days if sign > 0 else -days

    def fails(it: Translation, node: Apply) -> Expression | None:
        failing = [it.fails(each) for each in node.arguments]
        if _is_near(it, node):
            return it.either(*failing)
        day = it.value(node.arguments[0])
        there = [it.filled(each) for each in node.arguments]
        wrong = or_(not_(_is_day(it, day, _days(it, node))), *_some(not_whole(it, node.arguments[1])))
        return it.either(*failing, and_(*there, wrong))

    return InSQL(value=value, fails=fails)


def _is_near(it: Translation, node: Apply) -> bool:
    """Whether a known number of days leads from a day that a form has taken to one that there is."""
    day, days = node.arguments
    count = it.known_number(days) if it.is_known(days) and isinstance(day, Read) else None
    return count is not None and count == int(count) and abs(count) <= _FEW_DAYS


def _moved(it: Translation, day: Expression, days: Expression) -> Expression:
    if it.is_sqlite:
        return type_coerce(func.date(day, func.printf("%+d days", days)), Date())
    return type_coerce(day + days, Date())


def _is_day(it: Translation, day: Expression, days: Expression) -> Expression:
    return (_number_of(it, day) + days).between(0, _DAYS)


def _days_between(it: Translation, node: Apply) -> Number:
    end, start = (it.value(each) for each in node.arguments)
    if it.is_sqlite:
        end, start = func.julianday(end), func.julianday(start)
    return it.arithmetic.whole(cast(end - start, Integer()), bound=10**7)


def _month_of(it: Translation, node: Apply) -> tuple[Expression, Expression, Expression]:
    """The day, by how many months it is moved, and the month where it ends, counted from the year 0."""
    day = it.value(node.arguments[0])
    months = whole(it, node.arguments[1], -_MONTHS, _MONTHS)
    return day, months, _part("year", it, day) * 12 + _part("month", it, day) - 1 + months


def _months_later(moved: Callable[[Translation, Expression, Expression], Expression]) -> InSQL:
    def value(it: Translation, node: Apply) -> Expression:
        day, months, month = _month_of(it, node)
        return type_coerce(case((_is_month(month), moved(it, day, months))), Date())

    def fails(it: Translation, node: Apply) -> Expression | None:
        _, _, month = _month_of(it, node)
        there = [it.filled(each) for each in node.arguments]
        wrong = or_(not_(_is_month(month)), *_some(not_whole(it, node.arguments[1])))
        return it.either(*map(it.fails, node.arguments), and_(*there, wrong))

    return InSQL(value=value, fails=fails)


def _is_month(month: Expression) -> Expression:
    return month.between(12, _MONTHS + 11)


def _same_day(it: Translation, day: Expression, months: Expression) -> Expression:
    if not it.is_sqlite:
        return cast(day + func.make_interval(0, months), Date())
    rest = func.printf("%+d days", _part("day", it, day) - 1)
    return func.min(func.date(day, "start of month", _modifier(months), rest), _last_day(it, day, months))


def _last_day(it: Translation, day: Expression, months: Expression) -> Expression:
    """The last of the month so many months on; SQLite knows no day behind that of the year 9999."""
    if it.is_sqlite:
        last = func.date(day, "start of month", _modifier(months), "+1 month", "-1 day")
        return func.coalesce(last, str(date.max), type_=String())
    month = func.date_trunc("month", cast(day + func.make_interval(0, months), Date()))
    return cast(month + func.make_interval(0, 1, 0, -1), Date())


def _modifier(months: Expression) -> Expression:
    return func.printf("%+d months", months)


def _months_between(it: Translation, node: Apply) -> Number:
    end, start = map(it.value, node.arguments)
    forwards, backwards = _full_months(it, end, start), _full_months(it, start, end)
    return it.arithmetic.whole(case((end >= start, forwards), (end < start, -backwards)), _MONTHS)


def _full_months(it: Translation, end: Expression, start: Expression) -> Expression:
    months = (_part("year", it, end) - _part("year", it, start)) * 12
    months = months + _part("month", it, end) - _part("month", it, start)
    day = _part("day", it, end)
    is_short = and_(day < _part("day", it, start), day < _part("day", it, _last_day(it, end, literal(0, Integer()))))
    return months - case((is_short, 1), else_=0)


def _date(it: Translation, node: Apply) -> Expression:
    parts = _parts_of_date(it, node)
    if it.is_sqlite:
        made: Expression = func.printf("%04d-%02d-%02d", *parts)
    else:
        made = func.make_date(*parts)
    return type_coerce(case((_is_date(*parts), made)), Date())


def _parts_of_date(it: Translation, node: Apply) -> list[Expression]:
    most = (date.max.year + 1, 13, 32)
    return [whole(it, each, 0, limit) for each, limit in zip(node.arguments, most, strict=True)]


def _bad_date(it: Translation, node: Apply) -> Expression | None:
    there = [it.filled(each) for each in node.arguments]
    parts = [found for each in node.arguments for found in _some(not_whole(it, each))]
    wrong = or_(not_(_is_date(*_parts_of_date(it, node))), *parts)
    return it.either(*map(it.fails, node.arguments), and_(*there, wrong))


def _is_date(year: Expression, month: Expression, day: Expression) -> Expression:
    leap = or_(and_(year % 4 == 0, year % 100 != 0), year % 400 == 0)
    longest = case((month.in_((4, 6, 9, 11)), 30), (and_(month == 2, leap), 29), (month == 2, 28), else_=31)  # noqa: PLR2004
    return and_(year.between(1, date.max.year), month.between(1, 12), day >= 1, day <= longest)


def _date_of_text(it: Translation, node: Apply) -> Expression:
    text = it.value(node.arguments[0])
    made = text if it.is_sqlite else func.make_date(*_parts_of_text(text))
    return type_coerce(case((_is_written(it, text), case((_is_date(*_parts_of_text(text)), made)))), Date())


def _bad_text(it: Translation, node: Apply) -> Expression | None:
    text = it.value(node.arguments[0])
    wrong = case((_is_written(it, text), not_(_is_date(*_parts_of_text(text)))), else_=text != "")
    return it.either(*map(it.fails, node.arguments), wrong)


def _is_written(it: Translation, text: Expression) -> Expression:
    glob, pattern = _WRITTEN
    return text.bool_op("GLOB")(literal(glob)) if it.is_sqlite else text.bool_op("~")(literal(pattern))


def _parts_of_text(text: Expression) -> tuple[Expression, ...]:
    return tuple(cast(func.substr(text, start, count), Integer()) for start, count in ((1, 4), (6, 2), (9, 2)))


def _some(condition: Expression | None) -> list[Expression]:
    return [] if condition is None else [condition]


DATES: Final[Mapping[str, InSQL]] = {
    **{part: _of_day(partial(_part, part), 10**4) for part in _PARTS},
    "quarter": _of_day(_quarter, 4),
    "weekday": _of_day(_weekday, 7),
    "add_days": _days_later(1),
    "subtract_days": _days_later(-1),
    "days_between": InSQL(number=_days_between),
    "months_later": _months_later(_same_day),
    "end_of_month": _months_later(_last_day),
    "months_between": InSQL(number=_months_between),
    "date": InSQL(value=_date, fails=_bad_date),
    "date_of_text": InSQL(value=_date_of_text, fails=_bad_text),
}
