"""Items whose line fits a criterion: added up by SUMIF and its kin, picked by FILTER and LOOKUP.

A criterion is a value to equal, as `=` has it; a column of numbers may also be compared, by text such as ">=100".
"""

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from engine.formula.errors import Unable
from engine.formula.operations.lists import average, total
from engine.formula.operations.logic import is_blank
from engine.formula.operations.strict import fail
from engine.formula.typed import Apply, Operand, Operation, Run, Step

#: Whether an item fits.
Fits = Callable[[Operand], bool]

#: How a comparison of numbers is written.
CRITERION: Final = re.compile(r"(<=|>=|<>|<|>|=)?[ ]*([+-]?[0-9]{1,34}(?:\.[0-9]{1,34})?)", re.ASCII)
_COMPARISONS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
}


def _matching(name: str, fold: Callable[[Sequence[Operand]], Operand], fitting: Callable[[Operand], Fits]) -> Operation:
    """A fold over the items of the last list whose neighbours in the first one fit."""

    def build(node: Apply, operands: tuple[Step, ...]) -> Step:
        column, criterion = operands[:2]
        folded = operands[-1] if len(operands) > len((column, criterion)) else column

        def step(run: Run) -> Operand:
            items, values = column(run), folded(run)
            wanted = criterion(run)
            try:
                return fold(_beside(items, values, fitting(wanted)))
            except (Unable, ArithmeticError) as error:
                fail(node, error)

        return step

    return Operation(name, build)


def _fitting(name: str, fitting: Callable[[Operand], Fits]) -> Operation:
    """Of each item whether it fits."""

    def build(node: Apply, operands: tuple[Step, ...]) -> Step:
        column, criterion = operands

        def step(run: Run) -> tuple[bool, ...]:
            items, wanted = column(run), criterion(run)
            try:
                return tuple(map(fitting(wanted), items))
            except Unable as error:
                fail(node, error)

        return step

    return Operation(name, build)


def _filter(node: Apply, operands: tuple[Step, ...]) -> Step:
    """The items whose lines fit every criterion."""
    column, *criteria = operands

    def step(run: Run) -> tuple[Operand, ...]:
        items, answers = column(run), [each(run) for each in criteria]
        if any(len(each) != len(items) for each in answers):
            fail(node, Unable("formula.other_lines"))
        return tuple(item for item, *fits in zip(items, *answers, strict=True) if all(fits))

    return step


def _looking_up(name: str, find: Callable[[Any, Sequence[Any]], int | None]) -> Operation:
    """The result beside the key that is found; blank when none is, or when nothing is sought."""

    def build(node: Apply, operands: tuple[Step, ...]) -> Step:
        value, keys, results = operands

        def step(run: Run) -> Operand:
            sought, known, told = value(run), keys(run), results(run)
            if len(known) != len(told):
                fail(node, Unable("formula.other_lines"))
            place = None if is_blank(sought) else find(sought, known)
            return None if place is None else told[place]

        return step

    return Operation(name, build)


def _first_equal(sought: Operand, keys: Sequence[Operand]) -> int | None:
    return next((place for place, key in enumerate(keys) if key == sought), None)


def _greatest_below(sought: Any, keys: Sequence[Any]) -> int | None:  # noqa: ANN401 - of one ordered kind
    """The greatest key that is not above; of equal ones the first."""
    below = [place for place, key in enumerate(keys) if key is not None and key <= sought]
    return max(below, key=lambda place: (keys[place], -place), default=None)


def _beside(items: Sequence[Operand], values: Sequence[Operand], fits: Fits) -> list[Operand]:
    if len(items) != len(values):
        raise Unable("formula.other_lines")
    return [value for item, value in zip(items, values, strict=True) if fits(item)]


def _equals(wanted: Operand) -> Fits:
    """Blank equals blank and nothing else; empty text is blank."""
    return is_blank if is_blank(wanted) else lambda item: item == wanted


def _compares(text: Operand) -> Fits:
    """A blank item fits no comparison but "<>"; a blank criterion fits blank items."""
    if is_blank(text):
        return lambda item: item is None
    found = CRITERION.fullmatch(str(text))
    if found is None:
        raise Unable("formula.bad_criterion", given=str(text))
    sign, number = found[1] or "=", Decimal(found[2])
    if sign == "<>":
        return lambda item: item != number
    return lambda item: item is not None and _COMPARISONS[sign](item, number)


def _filled(values: Sequence[Operand]) -> Sequence[Any]:
    return [value for value in values if value is not None]


def _sum(values: Sequence[Operand]) -> Operand:
    return total(_filled(values))


def _average(values: Sequence[Operand]) -> Operand:
    return average(_filled(values))


def _count(values: Sequence[Operand]) -> Operand:
    return Decimal(len(values))


SUM_IF = _matching("sum_if", _sum, _equals)
SUM_IF_COMPARED = _matching("sum_if_compared", _sum, _compares)
AVERAGE_IF = _matching("average_if", _average, _equals)
AVERAGE_IF_COMPARED = _matching("average_if_compared", _average, _compares)
COUNT_IF = _matching("count_if", _count, _equals)
COUNT_IF_COMPARED = _matching("count_if_compared", _count, _compares)
FITS = _fitting("fits", _equals)
FITS_COMPARED = _fitting("fits_compared", _compares)
FILTER = Operation("filter", _filter)
LOOKUP = _looking_up("lookup", _first_equal)
BAND = _looking_up("band", _greatest_below)
