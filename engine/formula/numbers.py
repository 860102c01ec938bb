"""Exact numbers: the one context of every calculation, and a number as text.

The browser follows the same rules with decimal.js; `tests/vectors/formula` holds the two together.
"""

from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation, Overflow, Subnormal
from typing import Final

from engine.formula.errors import Unable

#: Significant digits of every number, as in IEEE decimal128: amounts of any company times any rate stay exact.
DIGITS: Final = 34
#: Numbers are smaller than 10^100 and, unless zero, not smaller than 10^-99: room for any amount, short as text.
MAX_EXPONENT: Final = 99
CONTEXT: Final = Context(
    prec=DIGITS,
    rounding=ROUND_HALF_UP,
    Emin=-MAX_EXPONENT,
    Emax=MAX_EXPONENT,
    traps=[InvalidOperation, Overflow, Subnormal],
)
ZERO: Final = Decimal(0)
#: Number of decimal places → a number with exactly as many, for `quantize`.
PLACES: Final = {Decimal(places): Decimal((0, (1,), -places)) for places in range(-30, 31)}


def whole(number: Decimal) -> int:
    """What counts days, months or characters. Raises `Unable` when there are decimals."""
    counted = int(number)
    if counted != number:
        raise Unable("formula.not_whole", given=plain(number))
    return counted


def plain(number: Decimal) -> str:
    """The number as `&` joins it: no exponent, no trailing zeros, never “-0”."""
    if not number:
        return "0"
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
