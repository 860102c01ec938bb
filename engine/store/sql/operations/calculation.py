"""Calculation with numbers in SQL, and rounding to what is asked for."""

from collections.abc import Callable, Mapping
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Final

from sqlalchemy import and_, func, true

from engine.formula.numbers import CONTEXT, DIGITS, PLACES, ZERO
from engine.formula.typed import Apply, Typed
from engine.store.sql.numbers import Arithmetic, Number, Ratio
from engine.store.sql.rounding import rounded
from engine.store.sql.translation import Expression, InSQL, Translation, Untranslatable

_ONE: Final = Decimal(1)
#: Cents, of tax that is taken out of a price.
_CENTS: Final = Decimal(2)


def _calculated(operation: Callable[..., Number]) -> InSQL:
    """`operation` is a method of `Arithmetic`."""
    return InSQL(number=lambda it, node: operation(it.arithmetic, *map(it.number, node.arguments)))


def _quotient(it: Translation, node: Apply) -> Number:
    """A quotient that ends, whatever is divided, because the divisor is known."""
    above, below = node.arguments
    divisor = it.known_number(below) if it.is_known(below) else None
    if not divisor:
        raise Untranslatable(node)
    inverse = CONTEXT.divide(_ONE, divisor)
    if len(inverse.as_tuple().digits) >= DIGITS or CONTEXT.multiply(inverse, divisor) != _ONE:
        raise Untranslatable(node)
    return it.arithmetic.product(it.number(above), it.arithmetic.constant(inverse))


def _ratio(it: Translation, node: Apply) -> Ratio:
    above, below = map(it.number, node.arguments)
    return it.arithmetic.ratio(above, below)


def _divides_by_zero(it: Translation, node: Apply) -> Expression | None:
    above, below = node.arguments
    failing = [it.fails(each) for each in node.arguments]
    if it.is_known(below):
        is_zero = it.known_number(below) == 0
        return it.either(*failing, it.filled(above) if is_zero else None)
    return it.either(*failing, and_(it.filled(above), it.number(below).expression == 0))


def _places(it: Translation, node: Typed | None, default: Decimal = ZERO) -> int | None:
    """A number of places that is known; None when the result is blank, or fails."""
    if node is None:
        return int(default)
    if not it.is_known(node):
        raise Untranslatable(node)
    places = it.known_number(node)
    return int(places) if places in PLACES else None


def _bad_places(it: Translation, node: Apply, number: int) -> Expression | None:
    """Whether it fails because of the argument that says how many places, when everything else is there."""
    if len(node.arguments) <= number:
        return None
    places = it.known_number(node.arguments[number]) if it.is_known(node.arguments[number]) else None
    if places is None or places in PLACES:
        return None
    return and_(true(), *map(it.filled, node.arguments[:number]))


def _rounding(mode: str) -> InSQL:
    def number(it: Translation, node: Apply) -> Number:
        one, *others = node.arguments
        places = _places(it, others[0] if others else None)
        measured = it.measured(one)
        return it.arithmetic.constant(None) if places is None else rounded(it.arithmetic, measured, places, mode)

    def fails(it: Translation, node: Apply) -> Expression | None:
        return it.either(*map(it.fails, node.arguments), _bad_places(it, node, 1))

    return InSQL(number=number, fails=fails)


def _to_step(it: Translation, node: Apply) -> Number:
    number, step = map(it.number, node.arguments)
    counted = rounded(it.arithmetic, it.arithmetic.ratio(number, step), 0, ROUND_HALF_UP)
    return it.arithmetic.product(it.arithmetic.sure(counted), step)


def _bad_step(it: Translation, node: Apply) -> Expression | None:
    number, step = node.arguments
    bad = and_(it.filled(number), it.number(step).expression <= 0)
    return it.either(*map(it.fails, node.arguments), bad)


def _net(it: Translation, node: Apply) -> Number:
    gross, rate, *others = node.arguments
    places = _places(it, others[0] if others else None, _CENTS)
    if places is None:
        return it.arithmetic.constant(None)
    divided = it.arithmetic.ratio(it.number(gross), _with_tax(it, rate))
    return rounded(it.arithmetic, divided, places, ROUND_HALF_UP)


def _with_tax(it: Translation, rate: Typed) -> Number:
    return it.arithmetic.sure(it.arithmetic.sum(it.arithmetic.constant(_ONE), it.number(rate)))


def _tax(it: Translation, node: Apply) -> Number:
    places = _places(it, node.arguments[2] if node.arguments[2:] else None, _CENTS)
    net = _net(it, node)
    if places is None:
        return net
    left = it.arithmetic.difference(it.number(node.arguments[0]), net)
    return rounded(it.arithmetic, left, places, ROUND_HALF_UP)


def _taxless(it: Translation, node: Apply) -> Expression | None:
    """Fails for a rate of -100 %, and for places that there are not."""
    gross, rate, *others = node.arguments
    there = [it.filled(each) for each in (gross, *others)]
    by_zero = and_(*there, func.coalesce(_with_tax(it, rate).expression == 0, False))
    return it.either(*map(it.fails, node.arguments), by_zero, _bad_places(it, node, 2))


CALCULATION: Final[Mapping[str, InSQL]] = {
    "negate": _calculated(Arithmetic.negated),
    "abs": _calculated(Arithmetic.absolute),
    "percent": _calculated(Arithmetic.hundredth),
    "add": _calculated(Arithmetic.sum),
    "subtract": _calculated(Arithmetic.difference),
    "multiply": _calculated(Arithmetic.product),
    "divide": InSQL(number=_quotient, ratio=_ratio, fails=_divides_by_zero),
    "round": _rounding(ROUND_HALF_UP),
    "round_even": _rounding(ROUND_HALF_EVEN),
    "round_up": _rounding(ROUND_UP),
    "round_down": _rounding(ROUND_DOWN),
    "to_step": InSQL(number=_to_step, fails=_bad_step),
    "tax_net": InSQL(number=_net, fails=_taxless),
    "tax_amount": InSQL(number=_tax, fails=_taxless),
}
