"""An amount taken apart: at the rates of the bands that it reaches into, or among lines by their weights."""

from collections.abc import Sequence
from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import Final

from engine.formula.errors import Unable
from engine.formula.numbers import CONTEXT, DIGITS, ZERO, plain
from engine.formula.operations.arithmetic import rounded
from engine.formula.operations.strict import strict, strict_about
from engine.formula.scope import Facts

#: Cents.
_CENTS: Final = Decimal(2)
#: Room for every number as a count of the smallest unit of another.
_WIDE: Final = Context(prec=1000, Emin=MIN_EMIN, Emax=MAX_EMAX)


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


def _allocate(
    facts: Facts, total: Decimal, weights: tuple[Decimal | None, ...], places: Decimal = _CENTS
) -> Decimal | None:
    """The share of the line under evaluation, by largest remainder; blank for a blank weight.

    Shares are rounded down, and the units that are left go to the lines that lost most by it, of equal ones to the
    first. The total is rounded to the places before, and a negative one is shared as its opposite.
    """
    if facts.place is None or facts.place >= len(weights):
        raise Unable("formula.other_lines")
    if weights[facts.place] is None:
        return None
    units = int(rounded(total, places, ROUND_HALF_UP).scaleb(int(places), _WIDE))
    shares = _shares(abs(units), weights)
    if shares is None:
        if units:
            raise Unable("formula.no_weights")
        return ZERO
    share = shares[facts.place]
    if abs(share) >= 10**DIGITS:
        raise Unable("formula.overflow")
    return Decimal(-share if units < 0 else share).scaleb(-int(places), _WIDE)


@lru_cache(maxsize=4)
def _shares(units: int, weights: tuple[Decimal | None, ...]) -> tuple[int, ...] | None:
    """How many of the units fall to each; None when the weights come to zero. Every line asks, one is reckoned for."""
    counts = _whole([weight or ZERO for weight in weights])
    divisor = sum(counts)
    if not divisor:
        return None
    parts = [divmod(units * count, divisor) for count in counts]
    shares = [part for part, _ in parts]
    # Where weights come to less than zero, what is lost by rounding down is below zero too.
    by_loss = sorted(range(len(parts)), key=lambda place: -abs(parts[place][1]))
    for place in by_loss[: units - sum(shares)]:
        shares[place] += 1
    return tuple(shares)


def _whole(numbers: Sequence[Decimal]) -> list[int]:
    """The numbers as counts of one unit that is small enough for all."""
    exponents = [each for each in (number.as_tuple().exponent for number in numbers) if isinstance(each, int)]
    return [int(number.scaleb(-min(exponents), _WIDE)) for number in numbers]


TIER = strict("tier", _tier)
ALLOCATE = strict_about("allocate", _allocate)
