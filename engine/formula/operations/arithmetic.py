"""Calculation with exact numbers."""

from decimal import Decimal, InvalidOperation
from typing import Final

from engine.formula.errors import Unable
from engine.formula.numbers import CONTEXT, PLACES, ZERO, plain
from engine.formula.operations.strict import strict

_HUNDREDTH: Final = Decimal("0.01")


def _divide(number: Decimal, divisor: Decimal) -> Decimal:
    if not divisor:
        raise Unable("formula.division_by_zero")
    return CONTEXT.divide(number, divisor)


def _round(number: Decimal, places: Decimal = ZERO) -> Decimal:
    exponent = PLACES.get(places)
    if exponent is None:
        raise Unable("formula.bad_places", given=plain(places))
    try:
        return number.quantize(exponent, context=CONTEXT)
    except InvalidOperation:  # more digits than a number has: it is coarser than that already
        return number


# `-` of the language would round to the thread's own context; copying the sign is exact.
NEGATE = strict("negate", Decimal.copy_negate)
PERCENT = strict("percent", lambda number: CONTEXT.multiply(number, _HUNDREDTH))
ADD = strict("add", CONTEXT.add)
SUBTRACT = strict("subtract", CONTEXT.subtract)
MULTIPLY = strict("multiply", CONTEXT.multiply)
DIVIDE = strict("divide", _divide)
ABS = strict("abs", Decimal.copy_abs)
ROUND = strict("round", _round)
