"""A checked formula as an SQL expression that is TRUE, FALSE, a value or NULL exactly where Python says so.

What does not depend on the record is calculated in Python and sent along as a constant. Blank is NULL; `=`, membership
and BLANK() answer TRUE or FALSE only, as they do in Python.
"""

import operator
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import reduce
from typing import Any, Final, TypeAlias, TypeVar

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    Integer,
    Text,
    and_,
    case,
    cast,
    collate,
    extract,
    func,
    literal,
    not_,
    null,
    or_,
    true,
    type_coerce,
)
from sqlalchemy.sql.elements import Grouping
from sqlalchemy.types import TypeEngine

from engine.formula.evaluate import FormulaFailed, evaluator
from engine.formula.scope import Facts
from engine.formula.tree import Kind, Value, walk
from engine.formula.typed import Apply, Read, Typed
from engine.store.sql.lists import is_empty, is_item
from engine.store.sql.numbers import Arithmetic, Number, TooWide
from engine.store.sql.paths import Nowhere, Source
from engine.store.tables.exact import Instant

Expression: TypeAlias = ColumnElement[Any]
T = TypeVar("T")

_TEXTS: Final = frozenset({Kind.TEXT, Kind.REFERENCE})
_LITERALS: Final[Mapping[Kind, TypeEngine[Any]]] = {
    Kind.TEXT: Text(),
    Kind.REFERENCE: Text(),
    Kind.BOOLEAN: Boolean(),
    Kind.DATE: Date(),
    Kind.DATETIME: Instant(),
}
_COMPARISONS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "less": operator.lt,
    "at_most": operator.le,
    "more": operator.gt,
    "at_least": operator.ge,
}
#: Operation → how SQLite names that part.
_PARTS_OF_A_DAY: Final = {"year": "%Y", "month": "%m", "day": "%d"}
#: From any year that forms take, so many days lead to a year that both databases can write.
_MOST_DAYS: Final = 500_000


class Untranslatable(Exception):  # noqa: N818 - an answer, not an accident
    """A part of a formula that the database cannot answer exactly; Python can, record by record."""

    def __init__(self, node: Typed) -> None:
        """`node` is the part."""
        self.node = node
        super().__init__(f"{node.start}–{node.end}")


class Translator:
    """Translates formulas about the rows of a source, for one database and one person at one moment."""

    def __init__(self, source: Source, facts: Facts, dialect: str) -> None:
        """`facts` are read for what does not depend on the record; `dialect` is SQLAlchemy's name for the database."""
        self._source = source
        self._facts = facts
        self._dialect = dialect
        self._arithmetic = Arithmetic(dialect)
        self._values: Mapping[str, Callable[[Apply], Expression]] = {
            **dict.fromkeys(_COMPARISONS, self._compared),
            **dict.fromkeys(("among", "among_ids"), self._among),
            **dict.fromkeys(("add_days", "subtract_days"), self._days_later),
            "equal": self._equal,
            "and": lambda node: and_(*map(self.value, node.arguments)),
            "or": lambda node: or_(*map(self.value, node.arguments)),
            "not": lambda node: not_(*map(self.value, node.arguments)),
            "if": self._chosen,
            "first": lambda node: func.coalesce(*map(self._filled, node.arguments)),
            "blank": self._blank,
            "join": self._joined,
            "state": lambda _node: self._source.rows.c.state,
        }
        self._numbers: Mapping[str, Callable[[Apply], Number]] = {
            "negate": self._calculating(self._arithmetic.negated),
            "abs": self._calculating(self._arithmetic.absolute),
            "percent": self._calculating(self._arithmetic.hundredth),
            "add": self._calculating(self._arithmetic.sum),
            "subtract": self._calculating(self._arithmetic.difference),
            "multiply": self._calculating(self._arithmetic.product),
            "if": self._chosen_number,
            "first": self._first_number,
            "days_between": self._days_between,
            **dict.fromkeys(_PARTS_OF_A_DAY, self._part_of_day),
        }

    def value(self, node: Typed) -> Expression:
        """Anything but a number: NULL when it is blank. Raises `Untranslatable`."""
        if self._is_known(node):
            return self._literal(node)
        if isinstance(node, Read):
            found = self._column(node)
            return func.nullif(found, "") if node.type.kind in _TEXTS else found
        return self._applied(node, self._values)

    def number(self, node: Typed) -> Number:
        """A number. Raises `Untranslatable`."""
        try:
            if self._is_known(node):
                return self._arithmetic.constant(self._known_number(node))
            if isinstance(node, Read):
                return self._arithmetic.column(self._column(node), self._source.column(node.parts).scale)
            return self._applied(node, self._numbers)
        except TooWide:
            raise Untranslatable(node) from None

    def _applied(self, node: Typed, operations: Mapping[str, Callable[[Apply], T]]) -> T:
        assert isinstance(node, Apply)
        if node.operation.name not in operations:
            raise Untranslatable(node)
        return operations[node.operation.name](node)

    def _calculating(self, operation: Callable[..., Number]) -> Callable[[Apply], Number]:
        return lambda node: operation(*map(self.number, node.arguments))

    def _is_known(self, node: Typed) -> bool:
        """Whether the value is the same for every record."""
        return not any(
            isinstance(each, Read) or (isinstance(each, Apply) and each.operation.name == "state")
            for each, _ in walk(node)
        )

    def _known(self, node: Typed) -> Value:
        try:
            return evaluator(node)(self._facts)
        except FormulaFailed:
            raise Untranslatable(node) from None

    def _known_number(self, node: Typed) -> Decimal | None:
        number = self._known(node)
        assert number is None or isinstance(number, Decimal)
        return number

    def _literal(self, node: Typed) -> Expression:
        type_ = _LITERALS.get(node.type.kind)
        if type_ is None:
            raise Untranslatable(node)
        value = self._known(node)
        return cast(null(), type_) if value is None else literal(value, type_)

    def _column(self, node: Read) -> Expression:
        """The column of a single value, typed as the constants that it meets."""
        try:
            column = self._source.column(node.parts).expression
        except Nowhere:
            raise Untranslatable(node) from None
        if node.type.is_list or node.type.kind is Kind.RECORD:
            raise Untranslatable(node)
        return type_coerce(column, _LITERALS[node.type.kind]) if node.type.kind in _LITERALS else column

    def _text(self, node: Typed) -> Expression:
        """A text in which "" may still stand for blank, so that an index on its column can be used."""
        return self._column(node) if isinstance(node, Read) else self.value(node)

    def _filled(self, node: Typed) -> Expression:
        """A value in which "" does not stand for blank."""
        value = self.value(node)
        return func.nullif(value, "") if node.type.kind in _TEXTS else value

    def _pair(self, node: Apply) -> tuple[Expression, Expression]:
        """Two operands of the same kind, ready to be compared."""
        left, right = node.arguments
        kinds = {left.type.kind, right.type.kind}
        if Kind.DECIMAL in kinds:
            try:
                one, other = self._arithmetic.aligned(self.number(left), self.number(right))
            except TooWide:
                raise Untranslatable(node) from None
            return one.expression, other.expression
        one_value, other_value = self.value(left), self.value(right)
        if self._dialect == "postgresql" and Kind.TEXT in kinds:
            return collate(one_value, "C"), other_value
        return one_value, other_value

    def _compared(self, node: Apply) -> Expression:
        left, right = self._pair(node)
        compared: Expression = _COMPARISONS[node.operation.name](left, right)
        return compared

    def _equal(self, node: Apply) -> Expression:
        left, right = node.arguments
        if {left.type.kind, right.type.kind} & _TEXTS:
            return self._equal_texts(left, right)
        one, other = map(Grouping, self._pair(node))  # or “a IS” and “NOT b” would become “a IS NOT b”
        return one.is_not_distinct_from(other)

    def _equal_texts(self, left: Typed, right: Typed) -> Expression:
        for known, other in ((left, right), (right, left)):
            if self._is_known(known):
                text = self._text(other)
                if sought := self._known(known):
                    return and_(text == literal(sought, Text()), text.is_not(None))
                return or_(text.is_(None), text == "")
        one, two = (func.nullif(self._text(each), "") for each in (left, right))
        return one.is_not_distinct_from(two)

    def _among(self, node: Apply) -> Expression:
        member, members = reversed(node.arguments) if node.arguments[0].type.is_list else node.arguments
        if member.type.kind not in _TEXTS:
            raise Untranslatable(node)
        if self._is_known(members):
            ids = self._known(members)
            assert isinstance(ids, tuple)
            text = self._text(member)
            return true() if "" in ids else and_(text.is_not(None), text.in_(ids))
        if not isinstance(members, Read):  # a list that was calculated
            raise Untranslatable(node)
        try:
            return is_item(self._source, members.parts, func.nullif(self._text(member), ""), self._dialect)
        except Nowhere:
            raise Untranslatable(node) from None

    def _blank(self, node: Apply) -> Expression:
        (argument,) = node.arguments
        if isinstance(argument, Read) and argument.type.is_list:
            try:
                return is_empty(self._source, argument.parts)
            except Nowhere:
                raise Untranslatable(node) from None
        if argument.type.kind is Kind.DECIMAL:
            return self.number(argument).expression.is_(None)
        value = self.value(argument)
        return or_(value.is_(None), value == "") if argument.type.kind in _TEXTS else value.is_(None)

    def _joined(self, node: Apply) -> Expression:
        if any(each.type.kind not in _TEXTS or each.type.is_list for each in node.arguments):
            raise Untranslatable(node)
        texts: Iterable[Expression] = (func.coalesce(self.value(each), literal("", Text())) for each in node.arguments)
        return reduce(ColumnElement.concat, texts)

    def _days_later(self, node: Apply) -> Expression:
        day, days = node.arguments
        count = self._known_number(days) if self._is_known(days) else None
        if count is None or count != int(count) or abs(count) > _MOST_DAYS:
            raise Untranslatable(node)
        whole = int(count) if node.operation.name == "add_days" else -int(count)
        if self._dialect == "sqlite":
            return type_coerce(func.date(self.value(day), f"{whole:+d} days"), Date())
        return type_coerce(self.value(day) + literal(whole, Integer()), Date())

    def _days_between(self, node: Apply) -> Number:
        end, start = (self.value(each) for each in node.arguments)
        if self._dialect == "sqlite":
            end, start = func.julianday(end), func.julianday(start)
        return self._arithmetic.whole(cast(end - start, Integer()), bound=10**7)

    def _part_of_day(self, node: Apply) -> Number:
        day, part = self.value(node.arguments[0]), node.operation.name
        found = func.strftime(_PARTS_OF_A_DAY[part], day) if self._dialect == "sqlite" else extract(part, day)
        return self._arithmetic.whole(cast(found, Integer), bound=10**4)

    def _chosen(self, node: Apply) -> Expression:
        condition, *branches = node.arguments
        decided = self.value(condition)
        then, *otherwise = map(self.value, branches)
        return case((decided, then), *((not_(decided), each) for each in otherwise))

    def _first_number(self, node: Apply) -> Number:
        first, *others = map(self.number, node.arguments)
        for each in others:
            first, other = self._arithmetic.aligned(first, each)
            chosen = func.coalesce(first.expression, other.expression)
            first = Number(chosen, first.scale, max(first.bound, other.bound))
        return first

    def _chosen_number(self, node: Apply) -> Number:
        condition, *branches = node.arguments
        decided = self.value(condition)
        then, otherwise = (*map(self.number, branches), self._arithmetic.constant(None))[:2]
        then, otherwise = self._arithmetic.aligned(then, otherwise)
        chosen = case((decided, then.expression), (not_(decided), otherwise.expression))
        return Number(chosen, then.scale, max(then.bound, otherwise.bound))
