"""A formula of a line, run for all lines of a list at once: each of its parts gives a column.

That saves most of what it costs to run it line by line, which stays the one truth about failures, about what is
evaluated at all, and about how much one evaluation may read. Whatever fails here is tried there.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

from engine.formula.errors import FormulaFailed, Unable
from engine.formula.evaluate import MAX_STEPS, UNFIT, converted, made_ready
from engine.formula.operations.logic import IF
from engine.formula.scope import Facts
from engine.formula.tree import Kind, Type, walk
from engine.formula.typed import Apply, Column, Operand, Read, Run, Typed

#: Facts of the record, with columns, and the key of the list → the value of each line; None when a line may fail.
Across: TypeAlias = Callable[[Facts, str], Column | None]

#: What says that a line has no value, or that it would not have been asked.
_FAILURES: Final = (FormulaFailed, Unable, *UNFIT)


class _Lines(NamedTuple):
    """All lines of a list."""

    #: The evaluation, at the record, of what is the same in every line.
    run: Run
    #: Where columns stand that are known.
    columns: dict[tuple[str, ...], Column]
    key: str
    rows: Sequence[Mapping[str, Any]]
    #: Whether a branch is evaluated only in the lines that take it: slower, and needed when it fails in others.
    is_apart: bool = False


_Step: TypeAlias = Callable[[_Lines], Column]


class _LineByLine(Exception):  # noqa: N818 - an answer, not an accident
    """There is no other way."""


def across(node: Typed) -> Across | None:
    """The formula as a function of all lines, or None when a part of it has no column."""
    try:
        step = _step(node) or _same(node)
    except _LineByLine:
        return None
    is_number = node.type == Type(Kind.DECIMAL)
    has_choice = any(isinstance(each, Apply) and each.operation is IF for each, _ in walk(node))

    def values(facts: Facts, key: str) -> Column | None:
        assert facts.columns is not None
        lines = _Lines(Run(facts, MAX_STEPS), facts.columns, key, facts.values[key])
        column = _tried(step, lines)
        if column is None and has_choice:
            column = _tried(step, lines._replace(run=Run(facts, MAX_STEPS), is_apart=True))
        if column is None or not is_number or all(column):
            return column
        return tuple([each if each or each is None else each.copy_abs() for each in column])  # -0 is 0

    return values


def _tried(step: _Step, lines: _Lines) -> Column | None:
    try:
        return step(lines)
    except _FAILURES:
        return None


def _step(node: Typed) -> _Step | None:
    """The column of a part of a formula; None when it does not look at the line. Raises `_LineByLine`."""
    if isinstance(node, Read):
        return _reading(node) if node.found.in_line else None
    if not isinstance(node, Apply):
        return None
    found = [_step(each) for each in node.arguments]
    if not any(found):
        return None
    is_of_lists = any(each.type.is_list for each in node.arguments)
    steps = [step or _same(each) for step, each in zip(found, node.arguments, strict=True)]
    if node.operation is IF and not is_of_lists:
        return _choice(*steps)
    if node.operation.across is None or is_of_lists:
        raise _LineByLine
    operate = node.operation.across(node)
    return lambda lines: operate(*[step(lines) for step in steps])


def _choice(condition: _Step, then: _Step, otherwise: _Step | None = None) -> _Step:
    otherwise = otherwise or (lambda lines: (None,) * len(lines.rows))

    def column(lines: _Lines) -> Column:
        answers = condition(lines)
        if lines.is_apart:
            chosen = {**_in_some(then, lines, answers, of=True), **_in_some(otherwise, lines, answers, of=False)}
            return tuple(map(chosen.get, range(len(answers))))
        rows = zip(answers, then(lines), otherwise(lines), strict=True)
        return tuple([None if answer is None else one if answer else other for answer, one, other in rows])

    return column


def _in_some(step: _Step, lines: _Lines, answers: Column, *, of: bool) -> Mapping[int, Operand]:
    """Place → value in the lines that have given that answer."""
    places = [place for place, answer in enumerate(answers) if answer is of]
    some = lines._replace(columns={}, rows=[lines.rows[place] for place in places])
    return dict(zip(places, step(some), strict=True)) if places else {}


def _reading(node: Read) -> _Step:
    """A column, turned only once into what formulas calculate with. What lies behind it is read line by line."""
    if len(node.parts) > 1 or node.type.is_list:
        raise _LineByLine
    (part,), kind = node.parts, node.type.kind

    def column(lines: _Lines) -> Column:
        place = (lines.key, part)
        if (known := lines.columns.get(place)) is None:
            known = lines.columns[place] = converted(kind, [row.get(part) for row in lines.rows])
        return known

    return column


def _same(node: Typed) -> _Step:
    """What is the same in every line, evaluated at the record; ALLOCATE fails there, as it asks for its place."""
    step = made_ready(node)
    return lambda lines: (step(lines.run),) * len(lines.rows)
