"""One formula on its way into SQL: its parts as expressions, when it fails, and when a database may be wrong.

What does not depend on the record is calculated in Python and sent along as a constant. Blank is NULL; a number is a
`Number`, or a `Ratio` where it need not end. `operations` say how each operation is done.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final, TypeAlias, TypeVar

import msgspec
from sqlalchemy import Boolean, ColumnElement, Date, Text, and_, cast, func, literal, null, or_, true, type_coerce
from sqlalchemy.types import TypeEngine

from engine.formula.evaluate import FormulaFailed, evaluator
from engine.formula.scope import Facts
from engine.formula.tree import Kind, Value, walk
from engine.formula.typed import Apply, Read, Typed
from engine.store.sql.numbers import Arithmetic, Number, Ratio, TooWide
from engine.store.sql.paths import Nowhere, Source
from engine.store.tables.exact import Instant

Expression: TypeAlias = ColumnElement[Any]
T = TypeVar("T")

TEXTS: Final = frozenset({Kind.TEXT, Kind.REFERENCE})
#: Lengths of time are numbers of microseconds.
NUMBERS: Final = frozenset({Kind.DECIMAL, Kind.DURATION})
LITERALS: Final[Mapping[Kind, TypeEngine[Any]]] = {
    Kind.TEXT: Text(),
    Kind.REFERENCE: Text(),
    Kind.BOOLEAN: Boolean(),
    Kind.DATE: Date(),
    Kind.DATETIME: Instant(),
}
MICROSECOND: Final = timedelta(microseconds=1)


class Untranslatable(Exception):  # noqa: N818 - an answer, not an accident
    """A part of a formula that the database cannot answer exactly; Python can, record by record."""

    def __init__(self, node: Typed) -> None:
        """`node` is the part."""
        self.node = node
        super().__init__(f"{node.start}–{node.end}")


def _of_arguments(translation: "Translation", node: Apply) -> Expression | None:
    """An operation that looks at all its operands and has a value whenever they have one."""
    return translation.either(*map(translation.fails, node.arguments))


class InSQL(msgspec.Struct, frozen=True, kw_only=True):
    """How a database does an operation; what stays None it does not do."""

    value: "Callable[[Translation, Apply], Expression] | None" = None
    number: "Callable[[Translation, Apply], Number] | None" = None
    ratio: "Callable[[Translation, Apply], Ratio] | None" = None
    #: TRUE exactly where it fails; None when it never does.
    fails: "Callable[[Translation, Apply], Expression | None]" = _of_arguments


class Translation:
    """The parts of one formula about the rows of a source."""

    def __init__(
        self, source: Source, facts: Facts, dialect: str, operations: Mapping[str, InSQL], *, searches: int
    ) -> None:
        """`facts` are read for what does not depend on the record; `dialect` is SQLAlchemy's name for the database.

        `searches` is how many texts the whole formula goes through, character by character.
        """
        self.source = source
        self.is_sqlite = dialect == "sqlite"
        #: Conditions under which what was translated may be wrong.
        self.doubts: list[Expression] = []
        self.arithmetic = Arithmetic(dialect, self.doubts.append)
        self.searches = searches
        self._facts = facts
        self._operations = operations
        self._made: dict[tuple[str, int], Any] = {}

    def value(self, node: Typed) -> Expression:
        """Anything but a number: NULL when it is blank. Raises `Untranslatable`."""
        return self._once("value", node, self._value)

    def number(self, node: Typed) -> Number:
        """A number. Raises `Untranslatable`."""
        return self._once("number", node, self._number)

    def measured(self, node: Typed) -> Number | Ratio:
        """A number, or a quotient that may not end. Raises `Untranslatable`."""
        if isinstance(node, Apply) and not self.is_known(node) and (ratio := self._operation(node).ratio):
            try:
                return self.number(node)
            except Untranslatable:
                return self._wide(node, lambda: ratio(self, node))
        return self.number(node)

    def fails(self, node: Typed) -> Expression | None:
        """TRUE where evaluating the part fails; None when it never does."""
        if self.is_known(node):
            return true() if self._known(node)[1] else None
        return self._operation(node).fails(self, node) if isinstance(node, Apply) else None

    def is_known(self, node: Typed) -> bool:
        """Whether the value is the same for every record."""
        return not any(
            isinstance(each, Read) or (isinstance(each, Apply) and each.operation.name == "state")
            for each, _ in walk(node)
        )

    def known(self, node: Typed) -> Value:
        """The value that is the same for every record; None also where it fails."""
        return self._known(node)[0]

    def known_number(self, node: Typed) -> Decimal | None:
        """The same of a number."""
        number = self.known(node)
        if isinstance(number, timedelta):
            return Decimal(number // MICROSECOND)
        assert number is None or isinstance(number, Decimal)
        return number

    def column(self, node: Read) -> Expression:
        """The column of a single value, typed as the constants that it meets."""
        try:
            column = self.source.column(node.parts).expression
        except Nowhere:
            raise Untranslatable(node) from None
        if node.type.is_list or node.type.kind is Kind.RECORD:
            raise Untranslatable(node)
        return type_coerce(column, LITERALS[node.type.kind]) if node.type.kind in LITERALS else column

    def text(self, node: Typed) -> Expression:
        """A text in which "" may still stand for blank, so that an index on its column can be used."""
        return self.column(node) if isinstance(node, Read) else self.value(node)

    def filled(self, node: Typed) -> Expression:
        """TRUE or FALSE: whether a strict operation goes on, because the operand is not blank."""
        if node.type.kind in NUMBERS:
            found = self.measured(node)
            parts = (found,) if isinstance(found, Number) else (found.above, found.below)
            return and_(*(each.expression.is_not(None) for each in parts))
        return self.value(node).is_not(None)

    def either(self, *conditions: Expression | None) -> Expression | None:
        """Whether one of the conditions holds; None when none ever does."""
        there = [each for each in conditions if each is not None]
        return or_(*there) if there else None

    def _once(self, what: str, node: Typed, make: Callable[[Typed], T]) -> T:
        key = (what, id(node))
        if key not in self._made:
            self._made[key] = make(node)
        made: T = self._made[key]
        return made

    def _value(self, node: Typed) -> Expression:
        if self.is_known(node):
            return self._literal(node)
        if isinstance(node, Read):
            found = self.column(node)
            return func.nullif(found, "", type_=Text()) if node.type.kind in TEXTS else found
        operation = self._operation(node)
        assert isinstance(node, Apply)
        if operation.value is None:
            raise Untranslatable(node)
        make = operation.value
        return self._wide(node, lambda: make(self, node))

    def _number(self, node: Typed) -> Number:
        if self.is_known(node):
            return self._wide(node, lambda: self.arithmetic.constant(self.known_number(node)))
        if isinstance(node, Read):
            return self.arithmetic.column(self.column(node), self.source.column(node.parts).scale)
        operation = self._operation(node)
        assert isinstance(node, Apply)
        if operation.number is None:
            raise Untranslatable(node)
        make = operation.number
        return self._wide(node, lambda: make(self, node))

    def _wide(self, node: Typed, make: Callable[[], T]) -> T:
        try:
            return make()
        except (TooWide, Nowhere):
            raise Untranslatable(node) from None

    def _operation(self, node: Typed) -> InSQL:
        assert isinstance(node, Apply)
        if node.operation.name not in self._operations:
            raise Untranslatable(node)
        return self._operations[node.operation.name]

    def _known(self, node: Typed) -> tuple[Value, bool]:
        """The value, and whether there is none because it fails."""
        return self._once("known", node, self._evaluated)

    def _evaluated(self, node: Typed) -> tuple[Value, bool]:
        try:
            return evaluator(node)(self._facts), False
        except FormulaFailed:
            return None, True

    def _literal(self, node: Typed) -> Expression:
        type_ = LITERALS.get(node.type.kind)
        if type_ is None:
            raise Untranslatable(node)
        value = self.known(node)
        return cast(null(), type_) if value is None else literal(value, type_)
