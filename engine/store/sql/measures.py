"""Many values made one: how many there are, the least and the greatest, their sum and their average, always exact."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

import msgspec
from sqlalchemy import BigInteger, ColumnElement, Numeric, func, type_coerce

from engine.formula.numbers import CONTEXT, PLACES
from engine.store.sql.paths import Column

#: SQLite adds up 64-bit integers only. Halves of this many units never reach their end, however many rows there are.
_HALF: Final = 10**9


class Measure(msgspec.Struct, frozen=True):
    """What to select, and what becomes of it: None where there was nothing to measure."""

    clauses: tuple[ColumnElement[Any], ...]
    result: Callable[..., Any]


def measure(kind: str, column: Column, dialect: str) -> Measure:
    """`kind` is count, min, max, sum or average; the last two are of numbers, the average to the column's scale."""
    expression = column.expression
    plain: Mapping[str, Callable[..., Any]] = {"count": func.count, "min": func.min, "max": func.max}
    if kind in plain:
        return Measure((plain[kind](expression),), lambda value: value)
    added = _added(column, dialect)
    if kind == "sum":
        return added

    def average(*selected: Any) -> Decimal | None:  # noqa: ANN401 - the driver's
        *parts, count = selected
        if not count:
            return None
        exact = CONTEXT.divide(added.result(*parts), Decimal(count))
        return exact.quantize(PLACES[Decimal(column.scale)], context=CONTEXT)

    return Measure((*added.clauses, func.count(expression)), average)


def _added(column: Column, dialect: str) -> Measure:
    if dialect != "sqlite":
        return Measure((func.sum(type_coerce(column.expression, Numeric())),), lambda value: value)
    units = type_coerce(column.expression, BigInteger())

    def whole(high: int | None, low: int | None) -> Decimal | None:
        if high is None or low is None:
            return None
        return Decimal(high * _HALF + low).scaleb(-column.scale, CONTEXT)

    return Measure((func.sum(units // _HALF), func.sum(units % _HALF)), whole)
