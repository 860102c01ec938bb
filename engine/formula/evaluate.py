"""Runs a typed tree: closures put together once, so that evaluation only calls them.

Total: whatever the facts are, the result is a value of the formula's type or `FormulaFailed`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, Overflow, Subnormal
from typing import Final, TypeAlias

from engine.definition.model import Json
from engine.formula.errors import FormulaFailed
from engine.formula.numbers import CONTEXT
from engine.formula.scope import Facts
from engine.formula.tree import Kind, Scalar, Type, Value
from engine.formula.typed import Apply, Column, Constant, Read, Run, Step, Typed

__all__ = ["MAX_STEPS", "UNFIT", "FormulaFailed", "converted", "evaluator", "made_ready"]

#: List items that one evaluation may read; some hundredths of a second of work.
MAX_STEPS: Final = 100_000
#: To go through a list again costs so much less than to read it.
AGAIN: Final = 4
#: A longer integer is past every bound, and to look at its digits would take its time.
_MAX_BITS: Final = 400
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_EXACTLY: Final = CONTEXT.create_decimal
_CLOCK: Final = r"(?:[01]\d|2[0-3]):[0-5]\d"
_DATETIME: Final = re.compile(rf"\d{{4}}-\d\d-\d\dT{_CLOCK}(?::[0-5]\d(?:\.\d{{1,6}})?)?(?:Z|[+-]{_CLOCK})", re.ASCII)
#: What a reader raises when the facts are not of the shape that the scope has promised.
UNFIT: Final = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


#: Stands between a part of a formula and whoever asks for its value.
Watch: TypeAlias = Callable[[Typed, Step], Step]


def evaluator(node: Typed, watch: Watch = lambda _node, step: step) -> Callable[[Facts], Value]:
    """The formula as a function of facts. It raises `FormulaFailed` and nothing else."""
    step = made_ready(node, watch)
    if node.type != Type(Kind.DECIMAL):
        return lambda facts: step(Run(facts, MAX_STEPS))

    def number(facts: Facts) -> Decimal | None:
        result: Decimal | None = step(Run(facts, MAX_STEPS))
        return result if result or result is None else result.copy_abs()  # -0 is 0

    return number


def made_ready(node: Typed, watch: Watch = lambda _node, step: step) -> Step:
    """A part of a formula as a step of its evaluation."""
    match node:
        case Constant(value=value):
            return watch(node, lambda _run: value)
        case Read(type=Type(is_list=True)):
            return watch(node, _reading_list(node))
        case Read():
            return watch(node, _reading(node))
    assert isinstance(node, Apply)
    return watch(node, node.operation.build(node, tuple(made_ready(argument, watch) for argument in node.arguments)))


def _reading(node: Read) -> Step:
    read, convert = node.found.read, _CONVERT[node.type.kind]

    def step(run: Run) -> Scalar:
        try:
            value = read(run.facts)
            return None if value is None else convert(value)
        except UNFIT as error:
            raise _unfit(node, error) from None

    return step


def _reading_list(node: Read) -> Step:
    """A list that is missing is empty. What one evaluation reads again is what it has read before."""
    read, kind, place = node.found.read, node.type.kind, (node.parts, node.found.in_line)

    def step(run: Run) -> tuple[Scalar, ...]:
        if run.lists is None:
            run.lists = {}
        elif (known := run.lists.get(place)) is not None:
            _spend(run, len(known) // AGAIN, node)
            return known
        columns = None if node.found.in_line else run.facts.columns
        if columns is not None and (column := columns.get(node.parts)) is not None:
            _spend(run, len(column), node)
            run.lists[place] = column
            return column
        try:
            values = read(run.facts)
            if values is None:
                return ()
            if not isinstance(values, list | tuple):
                raise TypeError
            _spend(run, len(values), node)
            found = converted(kind, values)
        except UNFIT as error:
            raise _unfit(node, error) from None
        run.lists[place] = found
        if columns is not None:
            columns[node.parts] = found
        return found

    return step


def _spend(run: Run, steps: int, node: Read) -> None:
    run.steps -= steps
    if run.steps < 0:
        raise FormulaFailed("formula.too_many_items", node.start, node.end, {"limit": str(MAX_STEPS)})


def _unfit(node: Read, error: Exception) -> FormulaFailed:
    code = "formula.overflow" if isinstance(error, Overflow | Subnormal) else "formula.value"
    params = {"path": ".".join(node.parts)}
    return FormulaFailed(code, node.start, node.end, params)


def _decimal(value: Json) -> Decimal:
    if value.__class__ is not Decimal:
        if value.__class__ is not int:
            raise TypeError
        if value.bit_length() > _MAX_BITS:
            raise Overflow
    number = _EXACTLY(value)
    if not number.is_finite():
        raise ValueError
    return number


def converted(kind: Kind, values: Sequence[Json]) -> Column:
    """A column as formulas calculate with it. Raises one of `UNFIT`."""
    convert = _CONVERT[kind]
    return tuple([None if value is None else convert(value) for value in values])


def _date(value: Json) -> date:
    if value.__class__ is date:
        return value
    if not _DATE.fullmatch(value):
        raise ValueError
    return date.fromisoformat(value)


def _datetime(value: Json) -> datetime:
    if value.__class__ is not datetime:
        if not _DATETIME.fullmatch(value):
            raise ValueError
        value = datetime.fromisoformat(value)
    elif value.utcoffset() is None:
        raise ValueError
    return value.astimezone(UTC)  # type: ignore[no-any-return]


def _text(value: Json) -> str | None:
    if not isinstance(value, str):
        raise TypeError
    return value or None


def _of(kind: type[Scalar]) -> Callable[[Json], Scalar]:
    def same(value: Json) -> Scalar:
        if not isinstance(value, kind):
            raise TypeError
        return value

    return same


#: A value as kept → as formulas calculate with it.
_CONVERT: Final[Mapping[Kind, Callable[[Json], Scalar]]] = {
    Kind.DECIMAL: _decimal,
    Kind.TEXT: _text,
    Kind.BOOLEAN: _of(bool),
    Kind.DATE: _date,
    Kind.DATETIME: _datetime,
    Kind.DURATION: _of(timedelta),
    Kind.REFERENCE: _text,
    Kind.RECORD: lambda value: value,
    Kind.BLANK: lambda _value: None,
}
