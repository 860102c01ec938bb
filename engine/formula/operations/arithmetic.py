"""Calculation with exact numbers."""

import decimal
from decimal import Decimal, InvalidOperation
from typing import Final

from engine.formula.errors import Unable
from engine.formula.numbers import CONTEXT, PLACES, ZERO, plain
from engine.formula.operations.strict import strict
from engine.formula.typed import Column, Operation

_HUNDREDTH: Final = Decimal("0.01")


def divide(number: Decimal, divisor: Decimal) -> Decimal:
    """Fails for a divisor of zero."""
    if not divisor:
        raise Unable("formula.division_by_zero")
    return CONTEXT.divide(number, divisor)


def rounded(number: Decimal, places: Decimal, mode: str) -> Decimal:
    """Rounded to so many decimal places, negative ones before the point; `mode` is one of the decimal module."""
    exponent = PLACES.get(places)
    if exponent is None:
        raise Unable("formula.bad_places", given=plain(places))
    try:
        return number.quantize(exponent, mode, CONTEXT)
    except InvalidOperation:  # more digits than a number has: it is coarser than that already
        return number


def _rounding(name: str, mode: str) -> Operation:
    def across(numbers: Column, places: Column = (ZERO,)) -> Column:
        (same,) = set(places)
        unit = PLACES[same]
        return tuple([None if each is None else each.quantize(unit, mode, CONTEXT) for each in numbers])

    return strict(name, lambda number, places=ZERO: rounded(number, places, mode), across)


def _to_step(number: Decimal, step: Decimal) -> Decimal:
    if step <= 0:
        raise Unable("formula.bad_step", given=plain(step))
    return CONTEXT.multiply(rounded(CONTEXT.divide(number, step), ZERO, decimal.ROUND_HALF_UP), step)


# `-` of the language would round to the thread's own context; copying the sign is exact.
NEGATE = strict("negate", Decimal.copy_negate)
PERCENT = strict("percent", lambda number: CONTEXT.multiply(number, _HUNDREDTH))
ADD = strict("add", CONTEXT.add)
SUBTRACT = strict("subtract", CONTEXT.subtract)
MULTIPLY = strict("multiply", CONTEXT.multiply)
DIVIDE = strict("divide", divide)
ABS = strict("abs", Decimal.copy_abs)
ROUND = _rounding("round", decimal.ROUND_HALF_UP)
ROUND_EVEN = _rounding("round_even", decimal.ROUND_HALF_EVEN)
ROUND_UP = _rounding("round_up", decimal.ROUND_UP)
ROUND_DOWN = _rounding("round_down", decimal.ROUND_DOWN)
TO_STEP = strict("to_step", _to_step)
