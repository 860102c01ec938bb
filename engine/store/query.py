"""Finds records: those for which formulas hold, in an order, page by page.

A page goes on after the last record seen, whatever was added or removed meanwhile. What the database cannot say for
sure of a record is judged in Python, by the same formulas, for at most `CANDIDATES` records at a time.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from itertools import count as count_from
from itertools import islice
from typing import Any, Final, TypeAlias

import msgspec
from sqlalchemy import ColumnElement, RowMapping, Select, false, func, not_, or_, select

from engine.formula.formula import Formula
from engine.formula.scope import Facts
from engine.formula.typed import Typed
from engine.runtime.record import Record
from engine.runtime.values.fill import holds
from engine.store import editions, records
from engine.store.session import Session
from engine.store.sql.expression import Translator, Verdict, both, either
from engine.store.sql.measures import measure
from engine.store.sql.order import Order
from engine.store.sql.paths import Layouts, record_source
from engine.store.tables.layout import Path
from engine.store.tables.system_tables import TASK

__all__ = ["Condition", "Page", "Search", "Summary", "TooMany", "count", "find", "layouts", "summary", "unanswerable"]

#: SQLAlchemy's names of the databases that a workspace may be kept in.
DIALECTS: Final = ("sqlite", "postgresql")
#: Records that Python judges for one page, or one count: some seconds of work.
CANDIDATES: Final = 20_000
#: Records that are read at once to be judged, at first and at most.
_AT_FIRST, _AT_ONCE = 100, 800
#: Labels that are the name of no column, which has no spaces.
_SURE, _ASKED = "is sure", "was asked"

#: What formulas read of each record: its values, and what is behind these paths through references.
About: TypeAlias = Callable[[Sequence[Record], Collection[Path]], Sequence[Facts]]


class Condition(msgspec.Struct, frozen=True):
    """A formula that is TRUE or FALSE for a record, and what it reads beside the record."""

    formula: Formula
    facts: Facts

    def holds(self, about: Facts) -> bool:
        """Whether it is TRUE for the record that the facts are about; one that fails holds not."""
        reading = msgspec.structs.replace(
            self.facts, values=about.values, references=about.references, state=about.state
        )
        return holds(self.formula, reading)


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """Which records of an entity, and in which order."""

    #: "module/entity".
    entity: str
    #: Each of them must hold.
    every: tuple[Condition, ...] = ()
    #: One of them must hold; None when there is no such restriction, and nothing is found among no conditions.
    some: tuple[Condition, ...] | None = None
    #: Login: beside `some`, also what this person was ever asked about.
    asked: str = ""
    #: Stands somewhere in the number or the title; upper and lower case are the same.
    text: str = ""
    #: Paths of fields and system columns, those with "-" in front from the greatest to the least.
    sort: tuple[str, ...] = ()
    #: Needed where the database cannot answer all the conditions.
    about: About | None = None
    #: Records that may be judged one by one for it.
    candidates: int = CANDIDATES

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """All of them."""
        return (*self.every, *(self.some or ()))


class Page(msgspec.Struct, frozen=True):
    """Some of the records, in order."""

    records: tuple[Record, ...]
    #: Cursor of the page after this one; "" when it is the last.
    next: str = ""


class Summary(msgspec.Struct, frozen=True):
    """All the records of a search at once."""

    count: int
    #: Dotted path → what was measured there; None where nothing is filled in.
    totals: Mapping[str, Any]


class TooMany(Exception):  # noqa: N818 - an answer, not an accident
    """More records would have to be judged one by one than the search may."""

    def __init__(self, condition: Condition, part: str) -> None:
        """`part` of the condition is what the database cannot answer."""
        self.condition, self.part = condition, part
        super().__init__(part)


def find(session: Session, search: Search, *, limit: int, after: str = "", skip: int = 0, lines: bool = False) -> Page:
    """The next records, at most `limit`: those behind a cursor, or behind so many. Line items only when wanted.

    Raises `TooMany`, `Malformed` for an order that does not exist or a cursor of another one.
    """
    matching = _Matching(session, search)
    order = Order(matching.source, search.sort)
    query = select(matching.source.rows, *order.columns)
    if matching.verdict.possible is None:
        query = matching.surely(query).order_by(*order.clauses).offset(skip).limit(limit + 1)
        if after:
            query = query.where(order.after(after))
        rows: Sequence[RowMapping] = session.connection.execute(query).mappings().all()
    else:
        rows = tuple(islice(matching.holding(query, order, after), skip, skip + limit + 1))
    found = records.from_rows(session, search.entity, rows[:limit], lines=lines)
    return Page(found, order.cursor(rows[limit - 1]) if len(rows) > limit else "")


def count(session: Session, search: Search) -> int:
    """How many records there are. Raises `TooMany`."""
    return summary(session, search, {}).count


def summary(session: Session, search: Search, measures: Mapping[str, str]) -> Summary:
    """How many records there are, and what `measures`, by dotted path, make of all of them. Raises `TooMany`."""
    matching, dialect = _Matching(session, search), session.connection.dialect.name
    source = matching.source
    wanted = {path: measure(kind, source.column((*path.split("."),)), dialect) for path, kind in measures.items()}
    clauses = [func.count(), *(clause for each in wanted.values() for clause in each.clauses)]
    judged = matching.judged() if matching.verdict.possible is not None else ()
    query = matching.surely(select(*clauses).select_from(source.rows), judged)
    found, *selected = session.connection.execute(query).one()
    parts = iter(selected)
    return Summary(found, {path: each.result(*islice(parts, len(each.clauses))) for path, each in wanted.items()})


def layouts(session: Session) -> Layouts:
    """The layouts in force."""
    return partial(editions.layout, session)


def unanswerable(layouts: Layouts, entity: str, condition: Condition) -> tuple[Typed, ...]:
    """The parts of a condition that one of the databases cannot answer, in the order of the text."""
    source = record_source(layouts, layouts(entity))
    found: dict[tuple[int, int], Typed] = {}
    for dialect in DIALECTS:
        verdict = Translator(source, condition.facts, dialect).verdict(condition.formula.node)
        found |= {(part.start, part.end): part for part in verdict.parts}
    return tuple(found[place] for place in sorted(found))


class _Matching:
    """The records of a search, as far as the database can tell them, and Python for the others."""

    def __init__(self, session: Session, search: Search) -> None:
        self._session, self._search = session, search
        self.source = record_source(layouts(session), editions.layout(session, search.entity))
        rows = self.source.rows.c
        asked = select(TASK.c.record_id).where(TASK.c.person == search.asked)
        self._asked: ColumnElement[bool] = rows.id.in_(asked) if search.asked else false()
        self._each = {id(each): self._said(each) for each in search.conditions}
        allowed = [] if search.some is None else [either([Verdict(self._asked), *map(self._verdict, search.some)])]
        self.verdict = both([*map(self._verdict, search.every), *allowed])
        self._text = or_(*(rows[each].icontains(search.text, autoescape=True) for each in ("number", "title")))
        self._read = 0

    def surely(self, query: Select[Any], judged: Sequence[str] = ()) -> Select[Any]:
        """The query about those that hold for sure, and those that were judged to."""
        sure = self.verdict.sure
        return self._among(query).where(or_(sure, self.source.rows.c.id.in_(judged)) if judged else sure)

    def holding(self, query: Select[Any], order: Order, after: str) -> Iterator[RowMapping]:
        """The rows of the query that hold, in order, those that the database is not sure of judged as they come."""
        query = self._to_judge(query).where(self.verdict.maybe).order_by(*order.clauses)
        for number in count_from(0):
            here = query.where(order.after(after)) if after else query
            rows = self._rows(here.limit(min(_AT_FIRST * 2**number, _AT_ONCE)))
            if not rows:
                return
            yield from self._holding(rows)
            after = order.cursor(rows[-1])

    def judged(self) -> tuple[str, ...]:
        """Ids of the records that hold although the database was not sure."""
        rows, found, after = self.source.rows, list[str](), ""
        query = self._to_judge(select(rows)).where(self.verdict.maybe, not_(func.coalesce(self.verdict.sure, false())))
        query = query.order_by(rows.c.id).limit(_AT_ONCE)
        while read := self._rows(query.where(rows.c.id > after)):
            found += [row["id"] for row in self._holding(read)]
            after = read[-1]["id"]
        return tuple(found)

    def _rows(self, query: Select[Any]) -> Sequence[RowMapping]:
        return self._session.connection.execute(query).mappings().all()

    def _among(self, query: Select[Any]) -> Select[Any]:
        return query.where(self._text) if self._search.text else query

    def _to_judge(self, query: Select[Any]) -> Select[Any]:
        sure = func.coalesce(self.verdict.sure, false())
        return self._among(query).add_columns(sure.label(_SURE), self._asked.label(_ASKED))

    def _holding(self, rows: Sequence[RowMapping]) -> Iterator[RowMapping]:
        doubtful = [row for row in rows if not row[_SURE]]
        self._read += len(doubtful)
        if self._read > self._search.candidates:
            raise self._too_many()
        held = self._judge(doubtful) if doubtful else frozenset()
        return (row for row in rows if row[_SURE] or row["id"] in held)

    def _judge(self, rows: Sequence[RowMapping]) -> Collection[str]:
        """Ids of those for which the conditions hold."""
        search = self._search
        assert search.about is not None, "whoever searches by such conditions can say what they read"
        through = frozenset[Path]().union(*(each.formula.through for each in search.conditions))
        found = records.from_rows(self._session, search.entity, rows, in_force=True)
        return {
            record.id
            for row, record, about in zip(rows, found, search.about(found, through), strict=True)
            if all(each.holds(about) for each in search.every)
            and (search.some is None or row[_ASKED] or any(each.holds(about) for each in search.some))
        }

    def _said(self, condition: Condition) -> Verdict:
        translator = Translator(self.source, condition.facts, self._session.connection.dialect.name)
        return translator.verdict(condition.formula.node)

    def _verdict(self, condition: Condition) -> Verdict:
        return self._each[id(condition)]

    def _too_many(self) -> TooMany:
        """The first of the conditions that the database is not sure of, and its part, or all of it."""
        condition = next(each for each in self._search.conditions if self._verdict(each).possible is not None)
        parts, text = self._verdict(condition).parts, condition.formula.text
        return TooMany(condition, text[parts[0].start : parts[0].end] if parts else text)
