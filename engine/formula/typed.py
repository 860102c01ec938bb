"""The checked tree: every name is found, every type known, every operator and function settled on one operation.

The same tree runs as closures in Python, as SQL in the database and, written as JSON, in the browser.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import msgspec

from engine.formula.scope import Facts, Found
from engine.formula.tree import Node, Type, Value


class Run(msgspec.Struct):
    """One evaluation under way."""

    facts: Facts
    #: List items it may still read.
    steps: int


#: A value known to fit the type of its node, so that nobody looks again at run time.
Operand: TypeAlias = Any
#: A node made ready to run.
Step: TypeAlias = Callable[[Run], Operand]


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


class Apply(Typed, frozen=True, kw_only=True):
    """An operation on arguments that fit it."""

    operation: Operation
    arguments: tuple[Typed, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        """The arguments."""
        return self.arguments
