"""Finds records: those for which formulas hold, in an order, page by page.

A page goes on after the last record seen, whatever was added or removed meanwhile.
"""

from collections.abc import Mapping
from functools import partial
from itertools import islice
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Select, false, func, or_, select

from engine.formula.formula import Formula
from engine.formula.scope import Facts
from engine.formula.typed import Typed
from engine.runtime.record import Record
from engine.store import editions, records
from engine.store.session import Session
from engine.store.sql.expression import Translator, Untranslatable
from engine.store.sql.measures import measure
from engine.store.sql.order import Order
from engine.store.sql.paths import Source, record_source
from engine.store.tables.system_tables import TASK

__all__ = ["Condition", "Page", "Search", "Summary", "Untranslatable", "count", "find", "summary", "unanswerable"]

#: SQLAlchemy's names of the databases that a workspace may be kept in.
DIALECTS: Final = ("sqlite", "postgresql")


class Condition(msgspec.Struct, frozen=True):
    """A formula that is TRUE or FALSE for a record, and what it reads beside the record."""

    formula: Formula
    facts: Facts


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


def find(session: Session, search: Search, *, limit: int, after: str = "", skip: int = 0, lines: bool = False) -> Page:
    """The next records, at most `limit`: those behind a cursor, or behind so many. Line items only when wanted.

    Raises `Untranslatable` when the database cannot answer a condition, `Malformed` for an order that does not exist or
    a cursor of another one.
    """
    source = _source(session, search.entity)
    order = Order(source, search.sort)
    query = _matching(session, source, search, select(source.rows, *order.columns))
    if after:
        query = query.where(order.after(after))
    query = query.order_by(*order.clauses).offset(skip).limit(limit + 1)
    rows = session.connection.execute(query).mappings().all()
    found = records.from_rows(session, search.entity, rows[:limit], lines=lines)
    return Page(found, order.cursor(rows[limit - 1]) if len(rows) > limit else "")


def count(session: Session, search: Search) -> int:
    """How many records there are. Raises `Untranslatable`."""
    return summary(session, search, {}).count


def summary(session: Session, search: Search, measures: Mapping[str, str]) -> Summary:
    """How many records there are, and what `measures`, by dotted path, make of all of them. Raises `Untranslatable`."""
    source, dialect = _source(session, search.entity), session.connection.dialect.name
    wanted = {path: measure(kind, source.column((*path.split("."),)), dialect) for path, kind in measures.items()}
    clauses = [func.count(), *(clause for each in wanted.values() for clause in each.clauses)]
    query = _matching(session, source, search, select(*clauses).select_from(source.rows))
    found, *selected = session.connection.execute(query).one()
    parts = iter(selected)
    return Summary(found, {path: each.result(*islice(parts, len(each.clauses))) for path, each in wanted.items()})


def unanswerable(session: Session, entity: str, condition: Condition) -> Typed | None:
    """The part of a condition that one of the databases could not be asked; None when both can answer all of it."""
    source = _source(session, entity)
    for dialect in DIALECTS:
        try:
            Translator(source, condition.facts, dialect).value(condition.formula.node)
        except Untranslatable as part:
            return part.node
    return None


def _source(session: Session, entity: str) -> Source:
    return record_source(partial(editions.layout, session), editions.layout(session, entity))


def _matching(session: Session, source: Source, search: Search, query: Select[Any]) -> Select[Any]:
    def holds(condition: Condition) -> ColumnElement[Any]:
        return Translator(source, condition.facts, session.connection.dialect.name).value(condition.formula.node)

    columns = source.rows.c
    if search.some is not None:
        asked = select(TASK.c.record_id).where(TASK.c.person == search.asked)
        query = query.where(or_(columns.id.in_(asked) if search.asked else false(), *map(holds, search.some)))
    if search.text:
        query = query.where(
            or_(*(columns[each].icontains(search.text, autoescape=True) for each in ("number", "title")))
        )
    return query.where(*map(holds, search.every))
