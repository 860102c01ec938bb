"""The checked tree: every name is found, every type known, every operator and function settled on one operation.

The same tree runs as closures in Python, as SQL in the database and, written as JSON, in the browser.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, Final, TypeAlias

import msgspec

from engine.formula.numbers import plain
from engine.formula.scope import Facts, Found
from engine.formula.tree import Node, Type, Value

#: Characters that one evaluation may search and change, all texts together: some hundredths of a second of work.
MAX_CHARACTERS: Final = 500_000


class Run(msgspec.Struct):
    """One evaluation under way."""

    facts: Facts
    #: List items it may still read.
    steps: int
    #: Characters of text that it may still search and change.
    characters: int = MAX_CHARACTERS
    #: Lists that it has read, by path and whether that starts at the line.
    lists: dict[tuple[tuple[str, ...], bool], tuple[Any, ...]] | None = None


#: A value known to fit the type of its node, so that nobody looks again at run time.
Operand: TypeAlias = Any
#: A node made ready to run.
Step: TypeAlias = Callable[[Run], Operand]
#: The values of a part of a formula in every line.
Column: TypeAlias = tuple[Operand, ...]


class Typed(Node, frozen=True, kw_only=True):
    """A node whose type is known."""

    type: Type


class Constant(Typed, frozen=True, kw_only=True):
    """A value that stands in the formula."""

    value: Value


class Read(Typed, frozen=True, kw_only=True):
    """A path and where it was found."""

    parts: tuple[str, ...]
    found: Found


class Operation(msgspec.Struct, frozen=True):
    """What is done to operands of known types; the name is the same in Python, SQL and the browser."""

    name: str
    #: Puts the operands' steps together; the node tells their types, and where to point at when it fails.
    build: Callable[["Apply", tuple[Step, ...]], Step]
    #: Gives what makes one column of the operands' columns: what `build` gives line by line, or some failure, as what a
    #: line would not have evaluated is there, too. None when it looks at more than its operands' values.
    across: Callable[["Apply"], Callable[..., Column]] | None = None


class Apply(Typed, frozen=True, kw_only=True):
    """An operation on arguments that fit it."""

    operation: Operation
    arguments: tuple[Typed, ...]
    #: What LABEL chooses from: each value as text, and its label.
    labels: tuple[tuple[str, str], ...] = ()

    @property
    def children(self) -> tuple[Node, ...]:
        """The arguments."""
        return self.arguments


def as_json(node: Typed) -> dict[str, Any]:
    """What `web/assets/formula` runs: `{"op": "add", "of": [...]}`, without positions, numbers as text.

    The same tree gives the same JSON.
    """
    match node:
        case Constant(value=Decimal() as number):
            return {"op": "number", "value": plain(number)}
        case Constant(value=date() as day):
            return {"op": "value", "value": day.isoformat()}
        case Constant(value=value):
            return {"op": "value", "value": value}
        case Read(parts=parts, type=type_, found=found):
            from_line = {"line": True} if found.in_line else {}
            return {"op": "read", "path": list(parts), "type": str(type_), **from_line}
    assert isinstance(node, Apply)
    labels = {"labels": dict(node.labels)} if node.labels else {}
    return {"op": node.operation.name, "of": [as_json(each) for each in node.arguments], **labels}
