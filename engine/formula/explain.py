"""How a value came about: every part of a formula with what it gave, or why it gave nothing."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TypeAlias

import msgspec

from engine.formula.errors import FormulaFailed
from engine.formula.evaluate import evaluator
from engine.formula.formula import Formula
from engine.formula.scope import Facts
from engine.formula.tree import Type, Value, walk
from engine.formula.typed import Apply, Constant, Operand, Read, Run, Step, Typed
from engine.problems import Problem

#: Whether the reader may see what a path leads to.
MayRead: TypeAlias = Callable[[Read], bool]


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
