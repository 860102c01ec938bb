"""Whole numbers as operands in SQL: how many days, months or characters."""

from typing import Any, TypeAlias

from sqlalchemy import BigInteger, ColumnElement, Integer, case, cast, func, literal, true

from engine.formula.typed import Typed
from engine.store.sql.translation import Translation

Expression: TypeAlias = ColumnElement[Any]


def whole(it: Translation, node: Typed, least: int, most: int) -> Expression:
    """The number as an integer, no less and no more than what already is too little and too much."""
    if it.is_known(node):
        known = it.known_number(node)
        return literal(None if known is None else max(least, min(int(known), most)), Integer())
    number = it.number(node)
    if number.scale:
        number = it.arithmetic.sure(number)
    units = number.expression // 10**number.scale if it.is_sqlite else func.trunc(number.expression)
    low, high = (literal(each, BigInteger()) for each in (least, most))
    return cast(case((units < low, low), (units > high, high), else_=units), Integer())


def not_whole(it: Translation, node: Typed) -> Expression | None:
    """Whether the number has decimals; None when it never does."""
    if it.is_known(node):
        known = it.known_number(node)
        return None if known is None or known == int(known) else true()
    number = it.number(node)
    if number.scale == 0:
        return None
    units = it.arithmetic.sure(number).expression
    whole = units // 10**number.scale * 10**number.scale if it.is_sqlite else func.trunc(units)
    return units != whole
