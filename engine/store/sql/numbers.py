"""Exact calculation in SQL. A number knows how large it may get, so that nothing ever overflows or is rounded.

PostgreSQL calculates with NUMERIC, of which formulas keep 34 digits. SQLite has 64-bit integers, which count units of
a power of ten here; past them it would go on with floats, without a word.
"""

from decimal import Decimal
from typing import Any, Final

import msgspec
from sqlalchemy import BigInteger, ColumnElement, Numeric, cast, func, literal, null, type_coerce

from engine.formula.numbers import CONTEXT, DIGITS, plain
from engine.store.tables.exact import DIGITS as COLUMN_DIGITS

_SQLITE_LIMIT: Final = 2**63 - 1


class TooWide(ArithmeticError):  # noqa: N818 - an answer, not an accident
    """The database could not calculate this exactly."""


class Number(msgspec.Struct, frozen=True):
    """A number in SQL."""

    #: NUMERIC, or on SQLite the count of units.
    expression: ColumnElement[Any]
    #: One unit is 10 ** -scale.
    scale: int
    #: The most units it can have, on either side of zero.
    bound: int


class Arithmetic:
    """Calculation as one database does it. Every result raises `TooWide` when it might not be exact."""

    def __init__(self, dialect: str) -> None:
        """`dialect` is the name SQLAlchemy gives it."""
        self._in_units = dialect == "sqlite"
        self._limit = _SQLITE_LIMIT if self._in_units else 10**DIGITS - 1
        self._type = BigInteger() if self._in_units else Numeric()

    def column(self, column: ColumnElement[Any], scale: int) -> Number:
        """A column of decimals with this many places; of integers, with none."""
        return Number(self._typed(column), scale, 10**COLUMN_DIGITS - 1)

    def constant(self, value: Decimal | None) -> Number:
        """A number that is known."""
        if value is None:
            return Number(cast(null(), self._type), 0, 0)
        scale = len(plain(value).partition(".")[2])
        units = int(value.scaleb(scale, CONTEXT))
        kept = literal(units if self._in_units else value, self._type)
        return self._checked(Number(kept, scale, abs(units)))

    def whole(self, expression: ColumnElement[Any], bound: int) -> Number:
        """An expression that counts something."""
        return Number(cast(expression, self._type), 0, bound)

    def negated(self, number: Number) -> Number:
        """Its opposite."""
        return msgspec.structs.replace(number, expression=-number.expression)

    def absolute(self, number: Number) -> Number:
        """Its distance from zero."""
        return msgspec.structs.replace(number, expression=self._typed(func.abs(number.expression)))

    def hundredth(self, number: Number) -> Number:
        """A hundredth of it."""
        expression = number.expression if self._in_units else number.expression * literal(Decimal("0.01"), self._type)
        return self._checked(Number(expression, number.scale + 2, number.bound))

    def sum(self, left: Number, right: Number) -> Number:
        """Both together."""
        left, right = self.aligned(left, right)
        return self._checked(Number(left.expression + right.expression, left.scale, left.bound + right.bound))

    def difference(self, left: Number, right: Number) -> Number:
        """One without the other."""
        return self.sum(left, self.negated(right))

    def product(self, left: Number, right: Number) -> Number:
        """One times the other."""
        expression = left.expression * right.expression
        return self._checked(Number(expression, left.scale + right.scale, left.bound * right.bound))

    def aligned(self, left: Number, right: Number) -> tuple[Number, Number]:
        """Both in the same unit, so that their expressions can be compared."""
        scale = max(left.scale, right.scale)
        return self._in_unit(left, scale), self._in_unit(right, scale)

    def _in_unit(self, number: Number, scale: int) -> Number:
        factor = 10 ** (scale - number.scale)
        finer = self._checked(Number(number.expression, scale, number.bound * factor))
        if factor == 1 or not self._in_units:
            return finer
        return msgspec.structs.replace(finer, expression=number.expression * literal(factor, self._type))

    def _typed(self, expression: ColumnElement[Any]) -> ColumnElement[Any]:
        return type_coerce(expression, self._type)

    def _checked(self, number: Number) -> Number:
        if number.bound > self._limit:
            raise TooWide
        return number
