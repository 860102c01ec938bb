"""An amount taken apart: at the rates of the bands that it reaches into."""

from collections.abc import Sequence
from decimal import Decimal

from engine.formula.errors import Unable
from engine.formula.numbers import CONTEXT, ZERO, plain
from engine.formula.operations.strict import strict


def _tier(bounds: Sequence[Decimal | None], rates: Sequence[Decimal | None], number: Decimal) -> Decimal | None:
    """What lies above each bound and not above the next one, at its rate; nothing for what lies below the first.

    A line without a bound is no band. Blank without bands, and when the number reaches into a band without a rate.
    """
    if len(bounds) != len(rates):
        raise Unable("formula.other_lines")
    bands = {bound: rate for bound, rate in zip(bounds, rates, strict=True) if bound is not None}
    _refuse_twins([bound for bound in bounds if bound is not None])
    if not bands:
        return None
    total, lower = ZERO, sorted(bands)
    for bound, upper in zip(lower, [*lower[1:], number], strict=True):
        if number <= bound:
            break
        rate = bands[bound]
        if rate is None:
            return None
        part = CONTEXT.subtract(min(number, upper), bound)
        total = CONTEXT.add(total, CONTEXT.multiply(part, rate))
    return total


def _refuse_twins(bounds: Sequence[Decimal]) -> None:
    seen: set[Decimal] = set()
    for bound in bounds:
        if bound in seen:
            raise Unable("formula.same_bound", given=plain(bound))
        seen.add(bound)


TIER = strict("tier", _tier)
