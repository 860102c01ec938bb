"""The values that a column of a decision table can have, cut into pieces in which none of its cells tells two apart."""

import enum
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise
from typing import Any, Final

import msgspec

from engine.compile.formulas.cells import Column, Constant, Test
from engine.compile.model import CompiledField
from engine.formula.numbers import CONTEXT, plain
from engine.formula.tree import Kind

#: A text that no cell names.
OTHER: Final = "…"
#: Answers of cells about values, in one column; about a second.
MAX_TESTS: Final = 300_000
#: Keywords of fields that nobody types, and whose limits nothing holds them to, therefore.
FILLED: Final = frozenset({"x-formula", "x-table", "x-rollup"})


class Fit(enum.IntEnum):
    """Whether a row fits, from no to yes; the least of its cells is the row's."""

    NO = 0
    #: It compares with something that is known only when it runs.
    MAYBE = 1
    #: It compares with a blank: the formula does not know, and gives a blank.
    UNKNOWN = 2
    YES = 3


class Piece(msgspec.Struct, frozen=True):
    """Values that are alike to every cell."""

    #: One of them, as it would be written in a cell.
    example: str
    #: For each row whether its cell lets them through.
    fits: tuple[Fit, ...]
    is_blank: bool = False


class Domain(msgspec.Struct, frozen=True):
    """All values of a column; what is blank comes last."""

    pieces: tuple[Piece, ...]


def domain(column: Column, cells: Sequence[tuple[Test, ...]], *, is_rounded: bool = True) -> Domain | None:
    """The pieces of a column, given its cells from the first row to the last; None when there are too many."""
    strict = any(test.kind == "blank" for cell in cells for test in cell)
    values: list[Constant | None] = [*_values(column, cells, is_rounded=is_rounded), None]
    if len(values) * sum(map(len, cells)) > MAX_TESTS:
        return None
    named = _constants(cells)
    pieces: list[Piece] = []
    for value in values:
        fits = tuple(_fit(cell, value, is_list=column.type.is_list, is_strict=strict) for cell in cells)
        example = '""' if value is None else _shown(value)
        piece = Piece(example, fits, is_blank=value is None)
        if not pieces or pieces[-1].fits != fits or value is None:
            pieces.append(piece)
        elif value in named and pieces[-1].example not in map(_shown, named):
            pieces[-1] = piece  # what somebody has written says more
    return Domain(tuple(pieces))


def _constants(cells: Sequence[tuple[Test, ...]]) -> set[Constant]:
    operands = (each for cell in cells for test in cell for each in (test.low, test.high) if each)
    return {each.constant for each in operands if each.constant is not None}


def _fit(cell: tuple[Test, ...], value: Constant | None, *, is_list: bool, is_strict: bool) -> Fit:
    """Whether one of the alternatives holds; a cell without any lets everything through."""
    if not cell:
        return Fit.YES
    if is_list:
        return Fit.MAYBE  # it has several values at once
    fits = {_holds(test, value, is_strict=is_strict) for test in cell}
    # As OR does it: TRUE decides, and unknown stays unknown beside FALSE.
    return max(fits) if Fit.YES in fits or Fit.MAYBE not in fits else Fit.MAYBE


def _holds(test: Test, value: Constant | None, *, is_strict: bool) -> Fit:
    if test.kind in {"blank", "filled"}:
        return _sure((value is None) == (test.kind == "blank"))
    if test.kind == "between" and value is None:
        return Fit.NO if is_strict else Fit.UNKNOWN
    operands = [each for each in (test.low, test.high) if each is not None]
    if any(each.constant is None for each in operands):
        return Fit.MAYBE
    if test.kind != "between":
        return _sure((operands[0].constant == value) == (test.kind == "equal"))
    if isinstance(value, str):
        return Fit.MAYBE  # texts have an order of their own in every database
    return _sure(_is_above(test, value) and _is_below(test, value))


def _is_above(test: Test, value: Any) -> bool:  # noqa: ANN401 - of the same kind as the constant, or it had not compiled
    low = test.low.constant if test.low else None
    return low is None or value > low or (test.is_low_in and value == low)


def _is_below(test: Test, value: Any) -> bool:  # noqa: ANN401 - the same
    high = test.high.constant if test.high else None
    return high is None or value < high or (test.is_high_in and value == high)


def _sure(holds: bool) -> Fit:  # noqa: FBT001 - a condition and its answer
    return Fit.YES if holds else Fit.NO


def _values(column: Column, cells: Sequence[tuple[Test, ...]], *, is_rounded: bool) -> Iterator[Constant]:
    """A value out of every piece."""
    constants = _constants(cells)
    if column.choices:
        yield from column.choices
        return
    match column.type.kind:
        case Kind.BOOLEAN:
            yield from (True, False)
        case Kind.DECIMAL:
            yield from _numbers(
                [each for each in constants if isinstance(each, Decimal)], column, is_rounded=is_rounded
            )
        case Kind.DATE:
            yield from _days([each for each in constants if isinstance(each, date)])
        case _:
            yield from (*sorted(each for each in constants if isinstance(each, str)), OTHER)


def _days(constants: Iterable[date]) -> Iterator[date]:
    """Each day that is named, and one before, between and behind them."""
    day = timedelta(days=1)
    near = (shifted for each in constants for shifted in (_moved(each, -day), each, _moved(each, day)))
    yield from sorted({*filter(None, near)} or {date(2026, 1, 1)})


def _moved(start: date, by: timedelta) -> date | None:
    try:
        return start + by
    except OverflowError:
        return None


def _numbers(constants: Iterable[Decimal], column: Column, *, is_rounded: bool) -> Iterator[Decimal]:
    """Each number that is named, as far as the field can hold it, and a round one before, between and behind them."""
    step = _step(column.field) if is_rounded else None
    low, low_in, high, high_in = _limits(column.field)
    named = sorted({*constants, *(each for each in (low, high) if each is not None)})
    ends: list[Decimal | None] = [None, *named, None]
    found = [between for one, other in pairwise(ends) if (between := _round(one, other, step)) is not None]
    for each in sorted({*found, *(number for number in named if _is_held(number, step))}):
        if low is not None and (each < low or (each == low and not low_in)):
            continue
        if high is not None and (each > high or (each == high and not high_in)):
            continue
        yield each


def _step(field: CompiledField | None) -> Decimal | None:
    """How far the numbers are apart that a field can hold."""
    return Decimal((0, (1,), -field.type.scale)) if field else None


def _is_held(number: Decimal, step: Decimal | None) -> bool:
    exponent = CONTEXT.plus(number).normalize(CONTEXT).as_tuple().exponent
    return step is None or (isinstance(exponent, int) and exponent >= step.adjusted())


def _limits(field: CompiledField | None) -> tuple[Decimal | None, bool, Decimal | None, bool]:
    """The least and the greatest number of a field, each with whether it is one itself; computed ones have none."""
    is_typed = field is not None and FILLED.isdisjoint(field.definition.schema)
    schema: Mapping[str, object] = field.definition.schema if field and is_typed else {}

    def limit(keyword: str) -> Decimal | None:
        value = schema.get(keyword)
        return Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None

    low, above = limit("minimum"), limit("exclusiveMinimum")
    high, below = limit("maximum"), limit("exclusiveMaximum")
    low_in = above is None or (low is not None and low > above)
    high_in = below is None or (high is not None and high < below)
    return (low if low_in else above), low_in, (high if high_in else below), high_in


def _round(low: Decimal | None, high: Decimal | None, step: Decimal | None) -> Decimal | None:
    """The roundest number strictly between two, of those that are `step` apart; None when there is none."""
    if low is None or high is None:
        return _beyond(low, high)
    smallest = step.adjusted() if step else (high - low).adjusted() - 2
    for power in range(max(low.adjusted(), high.adjusted(), 0) + 1, smallest - 1, -1):
        unit = Decimal((0, (1,), power))
        number = CONTEXT.multiply(CONTEXT.divide(low, unit).to_integral_value(ROUND_FLOOR) + 1, unit)
        if number < high:
            return number
    return None


def _beyond(low: Decimal | None, high: Decimal | None) -> Decimal:
    """A round number behind the last one, or before the first."""
    if low is not None:
        unit = Decimal((0, (1,), max(low.adjusted(), 0)))
        return CONTEXT.multiply(CONTEXT.divide(low, unit).to_integral_value(ROUND_FLOOR) + 1, unit)
    if high is None or high > 0:
        return Decimal(0)
    unit = Decimal((0, (1,), max(high.adjusted(), 0)))
    return CONTEXT.multiply(CONTEXT.divide(high, unit).to_integral_value(ROUND_CEILING) - 1, unit)


def _shown(value: Constant) -> str:
    """As it would be written in a cell."""
    if isinstance(value, bool):
        return str(value).upper()
    return plain(value) if isinstance(value, Decimal) else str(value)
