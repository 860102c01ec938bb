"""Exact calculation in SQL. A number knows how large it may get, so that nothing overflows or is rounded unseen.

PostgreSQL calculates with NUMERIC, of which formulas keep 34 digits. SQLite has 64-bit integers, which count units of
a power of ten here; past them it goes on with floats. Either way a number beyond the limit is still beyond it and on
its own side of zero, so it may be compared with what is within; before anything else is made of it, a doubt is raised.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

import msgspec
from sqlalchemy import BigInteger, ColumnElement, Numeric, case, cast, func, literal, not_, null, type_coerce

from engine.formula.numbers import CONTEXT, DIGITS, plain
from engine.store.tables.exact import DIGITS as COLUMN_DIGITS

_SQLITE_LIMIT: Final = 2**63 - 1
#: What a quotient of 34 digits can still be told apart from, whatever is next to it.
QUOTIENT_LIMIT: Final = 10 ** (DIGITS - 1) - 1
#: Units are not smaller than the smallest number there is.
_MOST_PLACES: Final = 99
#: Of both parts of a quotient, so that none comes near the bounds of numbers.
_MOST_PLACES_DIVIDED: Final = 40

Expression = ColumnElement[Any]


class TooWide(ArithmeticError):  # noqa: N818 - an answer, not an accident
    """The database could not calculate this exactly."""


class Number(msgspec.Struct, frozen=True):
    """A number in SQL."""

    #: NUMERIC, or on SQLite the count of units.
    expression: Expression
    #: One unit is 10 ** -scale.
    scale: int
    #: The most units it can have, on either side of zero; past the limit of the database, its value may be wrong.
    bound: int


class Ratio(msgspec.Struct, frozen=True):
    """A quotient that is not calculated, because it need not end: it is rounded, or compared."""

    above: Number
    #: Zero only where the quotient fails.
    below: Number


class Arithmetic:
    """Calculation as one database does it. `TooWide` when there is no way; a doubt where the values will tell."""

    def __init__(self, dialect: str, doubt: Callable[[Expression], None]) -> None:
        """`dialect` is SQLAlchemy's name; `doubt` is told a condition under which the result may be wrong."""
        self.in_units = dialect == "sqlite"
        self.limit = _SQLITE_LIMIT if self.in_units else 10**DIGITS - 1
        self._doubt = doubt
        self._type = BigInteger() if self.in_units else Numeric()

    def column(self, column: Expression, scale: int) -> Number:
        """A column of decimals with this many places; of integers, with none."""
        return Number(self._typed(column), scale, 10**COLUMN_DIGITS - 1)

    def constant(self, value: Decimal | None) -> Number:
        """A number that is known."""
        if value is None:
            return Number(cast(null(), self._type), 0, 0)
        scale = len(plain(value).partition(".")[2])
        units = int(value.scaleb(scale, CONTEXT))
        if abs(units) > self.limit:
            raise TooWide
        return Number(self._literal(units, scale), scale, abs(units))

    def whole(self, expression: Expression, bound: int) -> Number:
        """An expression that counts something."""
        return Number(cast(expression, self._type), 0, bound)

    def counted(self, expression: Expression, scale: int, bound: int) -> Number:
        """An expression that is such a number already."""
        return Number(self._typed(expression), scale, bound)

    def sure(self, number: Number, limit: int = 0) -> Number:
        """The number, and a doubt where it is beyond the limit."""
        limit = min(limit or self.limit, self.limit)
        if number.bound <= limit:
            return number
        most = self._literal(limit, number.scale)
        self._doubt(not_(number.expression.between(-most, most)))
        return msgspec.structs.replace(number, bound=limit)

    def negated(self, number: Number) -> Number:
        """Its opposite."""
        return msgspec.structs.replace(number, expression=-number.expression)

    def absolute(self, number: Number) -> Number:
        """Its distance from zero."""
        one = number.expression
        return msgspec.structs.replace(number, expression=self._typed(self.magnitude(one)))

    def magnitude(self, expression: Expression) -> Expression:
        """The same of an expression; ABS of SQLite fails for the least integer."""
        return func.max(expression, -expression) if self.in_units else func.abs(expression)

    def hundredth(self, number: Number) -> Number:
        """A hundredth of it."""
        return self._placed(number if self.in_units else self._times(number, Decimal("0.01")), number.scale + 2)

    def sum(self, left: Number, right: Number) -> Number:
        """Both together."""
        left, right = map(self.sure, self.aligned(left, right))
        return Number(left.expression + right.expression, left.scale, left.bound + right.bound)

    def difference(self, left: Number, right: Number) -> Number:
        """One without the other."""
        return self.sum(left, self.negated(right))

    def product(self, left: Number, right: Number) -> Number:
        """One times the other."""
        expression = left.expression * right.expression
        return self._placed(Number(expression, 0, left.bound * right.bound), left.scale + right.scale)

    def ratio(self, above: Number, below: Number) -> Ratio:
        """One divided by the other."""
        if max(above.scale, below.scale) > _MOST_PLACES_DIVIDED:
            raise TooWide
        return Ratio(self.sure(above), self.sure(below))

    def aligned(self, left: Number, right: Number) -> tuple[Number, Number]:
        """Both in the same unit."""
        scale = max(left.scale, right.scale)
        return self.in_unit(left, scale), self.in_unit(right, scale)

    def comparable(self, left: Number | Ratio, right: Number | Ratio) -> tuple[Number, Number]:
        """Two numbers that compare as these do; at most one of them is beyond the limit."""
        if isinstance(left, Number) and isinstance(right, Number):
            return self._one_sure(*self.aligned(left, right), self.limit)
        above, below = _parts(left)
        other_above, other_below = _parts(right)
        if below is not None:
            above, other_above = self._by(above, self._sign(below)), self.product(other_above, self.absolute(below))
        if other_below is not None:
            above = self.product(above, self.absolute(other_below))
            other_above = self._by(other_above, self._sign(other_below))
        return self._one_sure(*self.aligned(above, other_above), QUOTIENT_LIMIT)

    def units(self, number: Number) -> Expression:
        """How many units it has: a whole number on both databases."""
        return number.expression if self.in_units else self._times(number, Decimal(10) ** number.scale).expression

    def of_units(self, units: Expression, scale: int, bound: int) -> Number:
        """A number of so many units; of tens, hundreds … when the scale is negative."""
        if self.in_units:
            finer = Number(units, 0, bound)
            return self._placed(self._by_factor(finer, 10 ** max(-scale, 0)), max(scale, 0))
        factor = 10 ** max(-scale, 0)
        return Number(units * self._literal(1, scale), max(scale, 0), bound * factor)

    def in_unit(self, number: Number, scale: int) -> Number:
        """The number in a finer unit."""
        factor = 10 ** (scale - number.scale)
        if factor == 1:
            return number
        if self.in_units:
            number = self._by_factor(number, factor)
            return msgspec.structs.replace(number, scale=scale)
        return Number(number.expression, scale, number.bound * factor)

    def _one_sure(self, left: Number, right: Number, limit: int) -> tuple[Number, Number]:
        limit = min(limit, self.limit)
        return (left, self.sure(right, limit)) if left.bound > limit else (left, right)

    def _by_factor(self, number: Number, factor: int) -> Number:
        if factor == 1:
            return number
        if factor > self.limit:
            raise TooWide
        return Number(number.expression * self._literal(factor, 0), number.scale, number.bound * factor)

    def _sign(self, number: Number) -> Expression:
        one = self._literal(1, 0)
        return case((number.expression < 0, -one), (number.expression.is_not(None), one))

    def _by(self, number: Number, sign: Expression) -> Number:
        return msgspec.structs.replace(number, expression=number.expression * sign)

    def _times(self, number: Number, factor: Decimal) -> Number:
        if factor == 1:
            return number
        return msgspec.structs.replace(number, expression=number.expression * literal(factor, self._type))

    def _literal(self, units: int, scale: int) -> Expression:
        kept = units if self.in_units else Decimal(units).scaleb(-scale, CONTEXT)
        return literal(kept, self._type)

    def _placed(self, number: Number, scale: int) -> Number:
        if scale > _MOST_PLACES:
            raise TooWide
        return msgspec.structs.replace(number, scale=scale)

    def _typed(self, expression: Expression) -> Expression:
        return type_coerce(expression, self._type)


def _parts(number: Number | Ratio) -> tuple[Number, Number | None]:
    return (number.above, number.below) if isinstance(number, Ratio) else (number, None)
