"""SUM, COUNT, MIN, MAX, AVERAGE and their IF kin in SQL: over columns of line items, single values, or both."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import reduce
from typing import Any, Final

from sqlalchemy import BigInteger, Text, and_, case, func, true

from engine.formula.operations.matching import CRITERION
from engine.formula.tree import Kind
from engine.formula.typed import Apply, Read, Typed
from engine.store.sql.numbers import Number, Ratio
from engine.store.sql.operations.items import Lines, filled_items, json_column, lines_of
from engine.store.sql.translation import NUMBERS, TEXTS, Expression, InSQL, Translation, Untranslatable
from engine.store.tables.layout import Path

#: SQLite's SUM fails past 64 bits. Halves of this many units never get there, however many lines there are.
_HALF: Final = 10**9
#: More lines than a record ever has.
_MOST_LINES: Final = 10**9
_COMPARISONS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
    "=": lambda one, other: one == other,
}


def _sum(it: Translation, node: Apply) -> Number:
    return reduce(it.arithmetic.sum, (_summed(it, each) for each in node.arguments))


def _summed(it: Translation, node: Typed) -> Number:
    """What one argument adds."""
    if node.type.is_list:
        lines, rest = _column(it, node)
        return _total(it, lines, _number(it, lines, rest))
    number = it.number(node)
    filled = func.coalesce(number.expression, it.arithmetic.constant(Decimal()).expression)
    return Number(filled, number.scale, number.bound)


def _total(it: Translation, lines: Lines, number: Number, *where: Expression) -> Number:
    units = number.expression
    if it.is_sqlite:
        high, low = func.sum(units // _HALF, type_=BigInteger()), func.sum(units % _HALF, type_=BigInteger())
        total: Expression = func.coalesce(high * _HALF + low, 0)
    else:
        total = func.coalesce(func.sum(units), 0)
    return it.arithmetic.counted(lines.select(total, *where), number.scale, number.bound * _MOST_LINES)


def _count(it: Translation, node: Apply) -> Number:
    return reduce(it.arithmetic.sum, (_counted(it, each) for each in node.arguments))


def _counted(it: Translation, node: Typed) -> Number:
    """How many values one argument has that are filled in."""
    if not node.type.is_list:
        return it.arithmetic.whole(case((_is_filled(it, node), 1), else_=0), 1)
    if isinstance(node, Read) and json_column(it.source, node.parts) is not None:
        return it.arithmetic.whole(filled_items(it, node.parts), _MOST_LINES)
    lines, rest = _column(it, node)
    if not rest:
        filled = lines.is_filled
    elif node.type.kind is Kind.RECORD:
        raise Untranslatable(node)
    else:
        item = lines.source.column(rest).expression
        filled = and_(item.is_not(None), item != "") if node.type.kind in TEXTS else item.is_not(None)
    return it.arithmetic.whole(lines.select(func.count(), filled), _MOST_LINES)


def _is_filled(it: Translation, node: Typed) -> Expression:
    if node.type.kind in TEXTS:
        value = it.value(node)
        return and_(value.is_not(None), value != "")
    return it.filled(node)


def _extreme(name: str) -> InSQL:
    """MIN or MAX; blank of none."""

    def number(it: Translation, node: Apply) -> Number:
        return reduce(lambda one, other: _of_numbers(it, one, other), (each(it, one) for one in node.arguments))

    def each(it: Translation, node: Typed) -> Number:
        if not node.type.is_list:
            return it.number(node)
        lines, rest = _column(it, node)
        found = _number(it, lines, rest)
        one = lines.select(getattr(func, name)(found.expression))
        return it.arithmetic.counted(one, found.scale, found.bound)

    def _of_numbers(it: Translation, one: Number, other: Number) -> Number:
        one, other = it.arithmetic.aligned(one, other)
        either = of_two(it, one.expression, other.expression)
        return it.arithmetic.counted(either, one.scale, max(one.bound, other.bound))

    def of_two(it: Translation, one: Expression, other: Expression) -> Expression:
        if it.is_sqlite:  # whose function is NULL as soon as one of them is
            return func.coalesce(getattr(func, name)(one, other), one, other)
        return {"min": func.least, "max": func.greatest}[name](one, other, type_=one.type)

    def value(it: Translation, node: Apply) -> Expression:
        return reduce(lambda one, other: of_two(it, one, other), (single(it, one) for one in node.arguments))

    def single(it: Translation, node: Typed) -> Expression:
        if not node.type.is_list:
            return it.value(node)
        lines, rest = _column(it, node)
        return lines.select(getattr(func, name)(lines.source.column(rest).expression))

    return InSQL(number=number, value=value)


def _average(it: Translation, node: Apply) -> Ratio:
    if any(each.type.is_list and not isinstance(each, Read) for each in node.arguments):
        raise Untranslatable(node)
    return it.arithmetic.ratio(_sum(it, node), _unless_zero(it, _count(it, node)))


def _unless_zero(it: Translation, count: Number) -> Number:
    """Blank of none, which is no failure."""
    return it.arithmetic.counted(func.nullif(count.expression, 0), count.scale, count.bound)


def _column(it: Translation, node: Typed) -> tuple[Lines, Path]:
    if not isinstance(node, Read):
        raise Untranslatable(node)
    return lines_of(it, node)


def _number(it: Translation, lines: Lines, rest: Path) -> Number:
    found = lines.source.column(rest)
    return it.arithmetic.column(found.expression, found.scale)


def _folded(it: Translation, node: Apply, fits: Callable[..., Expression]) -> tuple[Lines, Path, Expression]:
    """The lines, the column that is folded, and which lines are wanted."""
    column, criterion, *others = node.arguments
    lines, rest = _column(it, column)
    if not rest:
        raise Untranslatable(column)
    folded = rest
    for other in others:
        _, folded = _column(it, other)
        assert isinstance(other, Read)
        if other.parts[: len(other.parts) - len(folded)] != lines.path or not folded:
            raise Untranslatable(other)
    return lines, folded, fits(it, lines, rest, column, criterion)


def _equals(it: Translation, lines: Lines, rest: Path, column: Typed, criterion: Typed) -> Expression:
    item = lines.source.column(rest).expression
    if column.type.kind in TEXTS:
        return func.nullif(item, "").is_not_distinct_from(func.nullif(it.text(criterion), "", type_=Text()))
    if column.type.kind in NUMBERS:
        sought = it.arithmetic.sure(it.number(criterion))
        one, other = it.arithmetic.aligned(_number(it, lines, rest), sought)
        return one.expression.is_not_distinct_from(other.expression)
    return item.is_not_distinct_from(it.value(criterion))


def _compares(it: Translation, lines: Lines, rest: Path, _column: Typed, criterion: Typed) -> Expression:
    if not it.is_known(criterion):
        raise Untranslatable(criterion)
    number = _number(it, lines, rest)
    text = it.known(criterion)
    if not text:
        return number.expression.is_(None)
    found = CRITERION.fullmatch(str(text))
    if found is None:
        return true()  # it fails
    one, other = it.arithmetic.aligned(number, it.arithmetic.constant(Decimal(found[2])))
    sign = found[1] or "="
    if sign == "<>":
        return one.expression.is_distinct_from(other.expression)
    compared: Expression = _COMPARISONS[sign](one.expression, other.expression)
    return compared


def _bad_criterion(it: Translation, node: Apply) -> Expression | None:
    criterion = node.arguments[1]
    text = it.known(criterion) if it.is_known(criterion) else None
    bad = true() if text and not CRITERION.fullmatch(str(text)) else None
    return it.either(*map(it.fails, node.arguments), bad)


def _ifs() -> Iterator[tuple[str, InSQL]]:
    for suffix, fits in (("", _equals), ("_compared", _compares)):

        def total(it: Translation, node: Apply, fits: Callable[..., Expression] = fits) -> Number:
            lines, folded, where = _folded(it, node, fits)
            return _total(it, lines, _number(it, lines, folded), where)

        def count(it: Translation, node: Apply, fits: Callable[..., Expression] = fits) -> Number:
            lines, _, where = _folded(it, node, fits)
            return it.arithmetic.whole(lines.select(func.count(), where), _MOST_LINES)

        def average(it: Translation, node: Apply, fits: Callable[..., Expression] = fits) -> Ratio:
            lines, folded, where = _folded(it, node, fits)
            number = _number(it, lines, folded)
            count = it.arithmetic.whole(lines.select(func.count(number.expression), where), _MOST_LINES)
            return it.arithmetic.ratio(_total(it, lines, number, where), _unless_zero(it, count))

        fails = _bad_criterion if suffix else InSQL().fails
        yield f"sum_if{suffix}", InSQL(number=total, fails=fails)
        yield f"count_if{suffix}", InSQL(number=count, fails=fails)
        yield f"average_if{suffix}", InSQL(ratio=average, fails=fails)


FOLDS: Final[Mapping[str, InSQL]] = {
    "sum": InSQL(number=_sum),
    "count": InSQL(number=_count),
    "min": _extreme("min"),
    "max": _extreme("max"),
    "average": InSQL(ratio=_average),
    **dict(_ifs()),
}
