"""The frozen tree that a formula is parsed into; every node remembers where it stood in the text.

Names and types are not known here yet: `engine.formula.check` turns this tree into the one of `engine.formula.typed`.
"""

import enum
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

import msgspec


class Kind(enum.Enum):
    """The type of an expression."""

    DECIMAL = "decimal"
    TEXT = "text"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    DURATION = "duration"
    #: A record, person, department or file: compares by id, and a path may go on through a record.
    REFERENCE = "reference"
    #: Nested object or JSON: only BLANK() and COUNT() may ask about it.
    RECORD = "record"
    #: Never has a value; fits wherever a single value may stand.
    BLANK = "blank"


class Type(msgspec.Struct, frozen=True):
    """A kind, or a list of values of that kind."""

    kind: Kind
    is_list: bool = False

    def __str__(self) -> str:
        return f"{self.kind.value}[]" if self.is_list else self.kind.value


#: What evaluation gives. A reference is its id; a blank is None; a list is never None.
Scalar: TypeAlias = Decimal | str | bool | date | datetime | timedelta | Mapping[str, Any] | None
Value: TypeAlias = Scalar | tuple[Scalar, ...]


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of a formula; `start` and `end` are 0-based offsets into its text."""

    start: int
    end: int

    @property
    def children(self) -> tuple["Node", ...]:
        """The nodes right below, from left to right."""
        return ()


class Literal(Node, frozen=True):
    """A constant."""

    value: Decimal | str | bool


class Path(Node, frozen=True):
    """A field, a field behind references, or a column of line items: `amount`, `project.code`, `items.amount`."""

    parts: tuple[str, ...]


class Unary(Node, frozen=True):
    """`-` or `%` (a hundredth) of an operand."""

    operator: str
    operand: Node

    @property
    def children(self) -> tuple[Node, ...]:
        """The operand."""
        return (self.operand,)


class Binary(Node, frozen=True):
    """`+ - * /`, `&`, `= <> < <= > >=` between two operands."""

    operator: str
    left: Node
    right: Node

    @property
    def children(self) -> tuple[Node, ...]:
        """Both operands."""
        return (self.left, self.right)


class Call(Node, frozen=True):
    """A function applied to arguments; the name is the English one, in capitals."""

    function: str
    arguments: tuple[Node, ...]
    #: What stands behind it, as in `PREVIOUS(contract, period).paid`.
    member: tuple[str, ...] = ()

    @property
    def children(self) -> tuple[Node, ...]:
        """The arguments."""
        return self.arguments


def walk(node: Node) -> Iterator[tuple[Node, int]]:
    """The node and everything below it, each with its depth (the root's is 1); never recurses."""
    waiting = [(node, 1)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        waiting.extend((child, depth + 1) for child in reversed(node.children))
