"""A checked formula as an SQL expression that is TRUE, FALSE, a value or NULL exactly where Python says so.

A formula that fails for a record has no value there, and a condition that fails does not hold.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import takewhile
from typing import Any, Final

import msgspec
from sqlalchemy import ClauseElement, ColumnElement, FromClause, and_, case, false, func, not_, or_, true
from sqlalchemy.sql.elements import Case, ColumnClause, OperatorExpression
from sqlalchemy.sql.selectable import SelectBase

from engine.formula.scope import Facts
from engine.formula.typed import Apply, Typed
from engine.store.sql.numbers import Number
from engine.store.sql.operations.calculation import CALCULATION
from engine.store.sql.operations.dates import DATES
from engine.store.sql.operations.folds import FOLDS
from engine.store.sql.operations.logic import LOGIC
from engine.store.sql.operations.moments import MOMENTS
from engine.store.sql.operations.texts import TEXT, searches_in
from engine.store.sql.paths import Source
from engine.store.sql.translation import NUMBERS, Expression, InSQL, Translation, Untranslatable

__all__ = ["Translator", "Untranslatable", "Verdict"]

#: Operation → how a database does it.
OPERATIONS: Final[Mapping[str, InSQL]] = {**LOGIC, **CALCULATION, **FOLDS, **TEXT, **DATES, **MOMENTS}
#: SQLite's parser remembers a hundred symbols that are not complete yet, of which the statement around has some.
_MOST_LEVELS: Final = 75
#: Of which these have more than one.
_LEVELS: Final[tuple[tuple[type[ClauseElement], int], ...]] = ((Case, 5), (OperatorExpression, 2), (SelectBase, 10))
#: A statement that is longer takes a database, and whoever writes it, longer than Python takes.
_MOST_PIECES: Final = 4_000
#: Conditions within conditions of which parts are answered by themselves.
_MOST_DIVIDED: Final = 6


class Verdict(msgspec.Struct, frozen=True):
    """What a database can say about a condition."""

    #: TRUE only where it holds; FALSE or NULL elsewhere.
    sure: Expression
    #: TRUE where it may hold, so that Python has to be asked unless `sure`; None when the database is always sure.
    possible: Expression | None = None
    #: Parts that only Python can answer.
    parts: tuple[Typed, ...] = ()

    @property
    def maybe(self) -> Expression:
        """Where it may hold."""
        return self.sure if self.possible is None else self.possible


class Translator:
    """Translates formulas about the rows of a source, for one database and one person at one moment."""

    def __init__(self, source: Source, facts: Facts, dialect: str) -> None:
        """`facts` are read for what does not depend on the record; `dialect` is SQLAlchemy's name for the database."""
        self._source, self._facts, self._dialect = source, facts, dialect

    def value(self, node: Typed) -> Expression:
        """A value, NULL when it is blank or fails; a length of time is microseconds.

        Raises `Untranslatable` unless that is always sure.
        """
        if node.type.kind in NUMBERS:
            return self.number(node).expression
        it = self._translation(searches_in(node))
        return self._complete(it, node, it.value(node))

    def number(self, node: Typed) -> Number:
        """A number; the same."""
        it = self._translation(searches_in(node))
        number = it.arithmetic.sure(it.number(node))
        return msgspec.structs.replace(number, expression=self._complete(it, node, number.expression))

    def verdict(self, node: Typed) -> Verdict:
        """A condition, of which the database answers what it can."""
        return self._verdict(node, searches_in(node))

    def _verdict(self, node: Typed, searches: int, divided: int = 0) -> Verdict:
        """Of a formula with so many searches, which was `divided` so often before."""
        try:
            it = self._translation(searches)
            value, failing = it.value(node), it.fails(node)
            sure = value if failing is None else and_(value, not_(func.coalesce(failing, false())))
            doubt = it.either(*it.doubts)
            if doubt is not None:
                doubt = func.coalesce(doubt, false())
            _check_size(node, [sure] if doubt is None else [sure, doubt])
        except Untranslatable as part:
            return self._divided(node, part, searches, divided + 1)
        return Verdict(sure) if doubt is None else Verdict(and_(sure, not_(doubt)), or_(sure, doubt))

    def _divided(self, node: Typed, part: Untranslatable, searches: int, divided: int) -> Verdict:
        """What can be said although the database cannot answer the part."""
        if isinstance(node, Apply) and divided <= _MOST_DIVIDED:
            if node.operation.name == "and":
                return both(self._verdict(each, searches, divided) for each in node.arguments)
            if node.operation.name == "or":
                return Verdict(self._begun(node, searches, divided), true(), (part.node,))
        return Verdict(false(), true(), (part.node,))

    def _begun(self, node: Apply, searches: int, divided: int) -> Expression:
        """Whether one of the first alternatives holds, as long as the database can answer them."""
        answered = takewhile(lambda each: self._verdict(each, searches, divided).possible is None, node.arguments)
        first = msgspec.structs.replace(node, arguments=tuple(answered))
        return self._verdict(first, searches, divided).sure if first.arguments else false()

    def _translation(self, searches: int) -> Translation:
        return Translation(self._source, self._facts, self._dialect, OPERATIONS, searches=searches)

    def _complete(self, it: Translation, node: Typed, value: Expression) -> Expression:
        failing = it.fails(node)
        whole = value if failing is None else case((not_(func.coalesce(failing, false())), value))
        if it.doubts:
            raise Untranslatable(node)
        _check_size(node, [whole])
        return whole


def both(verdicts: Iterable[Verdict]) -> Verdict:
    """Whether all of some conditions hold."""
    each = tuple(verdicts)
    is_certain = all(one.possible is None for one in each)
    possible = None if is_certain else and_(true(), *(one.maybe for one in each))
    return Verdict(and_(true(), *(one.sure for one in each)), possible, _parts(each))


def either(verdicts: Iterable[Verdict]) -> Verdict:
    """Whether one of some conditions holds, whatever becomes of the others."""
    each = tuple(verdicts)
    is_certain = all(one.possible is None for one in each)
    possible = None if is_certain else or_(false(), *(one.maybe for one in each))
    return Verdict(or_(false(), *(one.sure for one in each)), possible, _parts(each))


def _parts(verdicts: Iterable[Verdict]) -> tuple[Typed, ...]:
    return tuple(part for each in verdicts for part in each.parts)


def _check_size(node: Typed, expressions: Iterable[ColumnElement[Any]]) -> None:
    """Raise `Untranslatable` for what would be too much. Pieces that stand in many places are counted in each."""
    sizes: dict[int, _Size] = {}
    for each in expressions:
        if _size(node, each, sizes).levels > _MOST_LEVELS or sizes[id(each)].pieces > _MOST_PIECES:
            raise Untranslatable(node)


class _Size(msgspec.Struct, frozen=True):
    levels: int
    pieces: int
    #: Kept, so that no other gets its id.
    of: Any


def _size(node: Typed, element: ClauseElement, sizes: dict[int, _Size], level: int = 0) -> _Size:
    """How deep it is, and of how many pieces."""
    if level > _MOST_LEVELS:
        raise Untranslatable(node)
    if id(element) not in sizes:
        own = next((levels for kind, levels in _LEVELS if isinstance(element, kind)), 1)
        inner = [_size(node, each, sizes, level + own) for each in _inside(element)]
        levels = own + max((each.levels for each in inner), default=0)
        sizes[id(element)] = _Size(levels, 1 + sum(each.pieces for each in inner), element)
    return sizes[id(element)]


def _inside(element: ClauseElement) -> Iterator[ClauseElement]:
    """What an expression is made of, down to columns."""
    is_table = isinstance(element, FromClause) and not isinstance(element, ColumnElement)  # as functions are
    if not is_table and not isinstance(element, ColumnClause):
        yield from (each for each in element.get_children() if isinstance(each, ClauseElement))
