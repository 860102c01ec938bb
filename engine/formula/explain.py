"""How a value came about: every part of a formula with what it gave, or why it gave nothing."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Final, TypeAlias

import msgspec

from engine.formula.errors import FormulaFailed
from engine.formula.evaluate import evaluator
from engine.formula.formula import Formula
from engine.formula.numbers import plain
from engine.formula.scope import Facts
from engine.formula.tree import Kind, Type, Value, walk
from engine.formula.typed import Apply, Constant, Operand, Read, Run, Step, Typed
from engine.problems import Problem

#: Whether the reader may see what a path leads to.
MayRead: TypeAlias = Callable[[Read], bool]

#: Operands that a sentence names, and characters that it repeats of a text.
OPERANDS: Final = 4
CHARACTERS: Final = 40
_TOLD: Final = frozenset({Kind.DECIMAL, Kind.TEXT, Kind.BOOLEAN, Kind.DATE, Kind.DATETIME})


class Trace(msgspec.Struct, frozen=True, kw_only=True):
    """One part of a formula, as it is written, and what came of it."""

    text: str
    #: Where the text begins in that of the formula.
    start: int
    type: Type
    value: Value = None
    #: Why it has no value; at the innermost part that failed.
    problem: Problem | None = None
    #: Whether nobody asked for it, as for the branch of IF that is not taken.
    is_unused: bool = False
    #: Whether it shows what the reader may not see, and has no value here for that reason.
    is_hidden: bool = False
    #: Whether it stands in the formula as a number, a text, TRUE or FALSE.
    is_constant: bool = False
    #: What it reads; None unless it is a name.
    read: Read | None = None
    parts: tuple["Trace", ...] = ()


def explain(formula: Formula, facts: Facts, may_read: MayRead = lambda _read: True) -> Trace:
    """The trace of a formula, evaluated once.

    A part that reads what the reader may not see gives away neither that nor what was made of it. The whole does:
    whether its value may be seen is a question about the field that keeps it, and already answered.
    """
    #: Of each part its value, or the failure that came out of it.
    outcomes: dict[int, Operand] = {}

    def watch(node: Typed, step: Step) -> Step:
        def watched(run: Run) -> Operand:
            try:
                outcomes[id(node)] = value = step(run)
            except FormulaFailed as failure:
                outcomes[id(node)] = failure
                raise
            return value

        return watched

    with suppress(FormulaFailed):
        evaluator(formula.node, watch)(facts)
    return _trace(formula.text, formula.node, outcomes, may_read, is_whole=True)


def failing_operands(formula: Formula, facts: Facts, may_read: MayRead, may_tell: MayRead) -> str | None:
    """What the part that failed was given, as `quantity = 0, …`; None where the reader may not even know which part.

    `may_tell` says of what the reader may see whether its values are to be told.
    """
    failing = next((each for each in _walk(explain(formula, facts, may_read)) if each.problem), None)
    if failing is None:
        return None
    told = [each for each in failing.parts if _is_told(each) and _reads_only(each, may_tell)]
    return ", ".join(f"{each.text} = {_told(each.value)}" for each in told[:OPERANDS])


def _reads_only(trace: Trace, may_tell: MayRead) -> bool:
    return all(each.read is None or may_tell(each.read) for each in _walk(trace))


def _walk(trace: Trace) -> Iterator[Trace]:
    yield trace
    for part in trace.parts:
        yield from _walk(part)


def _is_told(trace: Trace) -> bool:
    """Whether it is a single value that says something: no constant, and no id."""
    is_known = not (trace.is_hidden or trace.is_constant or trace.value is None)
    return is_known and not trace.type.is_list and trace.type.kind in _TOLD


def _told(value: Value) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, bool):
        return str(value).upper()
    text = value.isoformat() if isinstance(value, date) else str(value)
    return text if len(text) <= CHARACTERS else f"{text[:CHARACTERS]}…"


def _trace(
    text: str,
    node: Typed,
    outcomes: Mapping[int, Operand | FormulaFailed],
    may_read: MayRead,
    *,
    is_whole: bool = False,
) -> Trace:
    arguments = node.arguments if isinstance(node, Apply) else ()
    is_hidden = not is_whole and any(isinstance(each, Read) and not may_read(each) for each, _ in walk(node))
    outcome: Operand = outcomes.get(id(node))
    failure = outcome if isinstance(outcome, FormulaFailed) else None
    is_here = failure is not None and (failure.start, failure.end) == (node.start, node.end)
    return Trace(
        text=text[node.start : node.end],
        start=node.start,
        type=node.type,
        value=None if is_hidden or failure else outcome,
        problem=Problem(failure.code, "", failure.params) if failure and is_here and not is_hidden else None,
        is_unused=id(node) not in outcomes,
        is_hidden=is_hidden,
        is_constant=isinstance(node, Constant),
        read=node if isinstance(node, Read) else None,
        parts=tuple(_trace(text, each, outcomes, may_read) for each in arguments),
    )
