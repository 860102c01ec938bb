"""Rounding in SQL, of numbers and of quotients, as the decimal module does it."""

from collections.abc import Callable, Mapping
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, Numeric, and_, case, func, literal, type_coerce

from engine.store.sql.numbers import QUOTIENT_LIMIT, Arithmetic, Number, Ratio, TooWide

Expression = ColumnElement[Any]

#: What is asked of PostgreSQL in its own words, which say the same.
_OWN: Final[Mapping[str, Callable[..., Expression]]] = {ROUND_HALF_UP: func.round, ROUND_DOWN: func.trunc}


def rounded(arithmetic: Arithmetic, number: Number | Ratio, places: int, mode: str) -> Number:
    """The number with so many places, negative ones before the point; `mode` is one of the decimal module."""
    if isinstance(number, Number):
        return _number(arithmetic, arithmetic.sure(number), places, mode)
    shift = places - number.above.scale + number.below.scale
    above = arithmetic.in_unit(number.above, number.above.scale + max(shift, 0))
    below = arithmetic.in_unit(number.below, number.below.scale + max(-shift, 0))
    # Twice the one and once the other are added up on the way.
    most = min(arithmetic.limit // 3, QUOTIENT_LIMIT)
    above, below = arithmetic.sure(above, most), arithmetic.sure(below, most)
    dividing = _Dividing(arithmetic, arithmetic.units(above), arithmetic.units(below))
    return arithmetic.of_units(dividing.rounded(mode), places, above.bound + 1)


def _number(arithmetic: Arithmetic, number: Number, places: int, mode: str) -> Number:
    dropped = number.scale - places
    if dropped <= 0:
        return number
    unit = 10**dropped
    bound = number.bound // unit + 1
    if mode in _OWN and not arithmetic.in_units:
        return Number(_OWN[mode](number.expression, places), max(places, 0), bound * 10 ** max(-places, 0))
    if unit > arithmetic.limit // 4:
        raise TooWide
    number = arithmetic.sure(number, arithmetic.limit // 4)
    type_ = BigInteger() if arithmetic.in_units else Numeric()
    dividing = _Dividing(arithmetic, arithmetic.units(number), literal(unit, type_), is_positive=True)
    return arithmetic.of_units(dividing.rounded(mode), places, bound)


class _Dividing:
    """One whole number divided by another, both as expressions; NULL where that is zero."""

    def __init__(
        self, arithmetic: Arithmetic, above: Expression, below: Expression, *, is_positive: bool = False
    ) -> None:
        self._arithmetic = arithmetic
        is_negative = above < 0 if is_positive else (above < 0) != (below < 0)
        self._sign = case((is_negative, -1), else_=1)
        self._above = arithmetic.magnitude(above)
        self._below = below if is_positive else type_coerce(func.nullif(arithmetic.magnitude(below), 0), below.type)

    def rounded(self, mode: str) -> Expression:
        """The quotient without decimals."""
        above, below = self._above, self._below
        if mode == ROUND_DOWN:
            return self._sign * self._quotient(above, below)
        if mode == ROUND_UP:
            return self._sign * self._quotient(above + below - 1, below)
        doubled, twice = above + above + below, below + below
        nearest = self._quotient(doubled, twice)
        if mode == ROUND_HALF_UP:
            return self._sign * nearest
        assert mode == ROUND_HALF_EVEN
        is_odd_half = and_(self._rest(doubled, twice) == 0, self._rest(nearest, literal(2)) == 1)
        return self._sign * case((is_odd_half, nearest - 1), else_=nearest)

    def _quotient(self, above: Expression, below: Expression) -> Expression:
        """Of two that are not negative."""
        return above // below if self._arithmetic.in_units else func.div(above, below)

    def _rest(self, above: Expression, below: Expression) -> Expression:
        return above % below if self._arithmetic.in_units else func.mod(above, below)
