"""A formula that is known to run: text in, closure out."""

from collections.abc import Callable

import msgspec

from engine.formula.check import check
from engine.formula.errors import FormulaProblem, FormulaProblems
from engine.formula.evaluate import evaluator
from engine.formula.lines.across import Across, across
from engine.formula.parse import parse
from engine.formula.scope import Facts, Scope
from engine.formula.tree import Kind, Type, Value, walk
from engine.formula.typed import Read, Typed


class Formula(msgspec.Struct, frozen=True, kw_only=True):
    """A formula that is known to run."""

    text: str
    node: Typed
    #: Raises `FormulaFailed` with the position; never anything else.
    evaluate: Callable[[Facts], Value]
    #: The same in every line of a list at once; None when it must go line by line.
    across: Across | None
    #: Every path it may read.
    reads: frozenset[tuple[str, ...]]
    #: Those of them that go through a reference; the records behind must be loaded before.
    through: frozenset[tuple[str, ...]]

    @property
    def type(self) -> Type:
        """The type of its value."""
        return self.node.type


def compile_formula(text: str, scope: Scope) -> Formula:
    """The formula ready to run. Raises `FormulaProblems` with every mistake in it."""
    try:
        node = check(parse(text), scope)
    except FormulaProblem as problem:
        raise FormulaProblems([problem]) from None
    reads = frozenset(each.parts for each, _ in walk(node) if isinstance(each, Read))
    through = frozenset(path for path in reads if _goes_through_reference(path, scope))
    return Formula(text=text, node=node, evaluate=evaluator(node), across=across(node), reads=reads, through=through)


def _goes_through_reference(path: tuple[str, ...], scope: Scope) -> bool:
    before_the_end = (scope.find(path[:length]) for length in range(1, len(path)))
    return any(found is not None and found.type.kind is Kind.REFERENCE for found in before_the_end)
