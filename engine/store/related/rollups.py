"""What rollups need from the database: the records that refer to one, tallies, and columns of older editions."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Select, delete, select, update

from engine.compile.formulas.rollups import CHOSEN, LAST, MAX, MIN, Rollup
from engine.definition.model import Json
from engine.runtime.record import Record
from engine.runtime.rollups import Tally
from engine.store import editions, records
from engine.store.session import Session
from engine.store.tables import migrate
from engine.store.tables.layout import Sheet
from engine.store.tables.system_tables import TALLY
from engine.store.tables.upsert import upsert

#: Records that are looked at together.
AT_FIRST: Final = 3
AT_A_TIME: Final = 100


def children(session: Session, rollup: Rollup, parent: str) -> Iterator[Record]:
    """The records with rows that refer to the parent: whichever its rollup would choose first; else by their ids."""
    sheet = editions.layout(session, rollup.child).sheet
    query = select(sheet.table).where(_refers(sheet, rollup, parent))
    identity, is_down = sheet.table.c.id, rollup.measure in {MAX, LAST} and not rollup.lines
    last = identity.desc() if is_down else identity
    column = _chosen_by(sheet, rollup)
    if column is not None:
        best = column.desc() if is_down else column
        yield from _streamed(session, rollup, query.where(column.is_not(None)).order_by(best, last))
        query = query.where(column.is_(None))
    yield from _streamed(session, rollup, query.order_by(last))


def _streamed(session: Session, rollup: Rollup, query: Select[Any]) -> Iterator[Record]:
    """The records of a query: a few at first, since one of them is most often the one, then the rest bit by bit."""
    lines = _needs_lines(session, rollup)
    rows = session.connection.execute(query.limit(AT_FIRST)).mappings().all()
    yield from records.from_rows(session, rollup.child, rows, lines=lines)
    if len(rows) < AT_FIRST:
        return
    found = session.connection.execute(query.offset(AT_FIRST), execution_options={"yield_per": AT_A_TIME})
    try:
        for rest in found.mappings().partitions():
            yield from records.from_rows(session, rollup.child, rest, lines=lines)
    finally:
        found.close()


def _needs_lines(session: Session, rollup: Rollup) -> bool:
    lists = {path[0] for path in editions.layout(session, rollup.child).sheet.lines}
    reads = rollup.where.reads if rollup.where else frozenset[tuple[str, ...]]()
    return bool(rollup.lines) or any(path[0] in lists for path in reads)


def add_index(session: Session, rollup: Rollup) -> None:
    """Let the row that a rollup chooses be found without looking at all that refer to the parent."""
    if rollup.measure in CHOSEN and not rollup.lines:
        sheet = editions.layout(session, rollup.child).sheet
        column = _chosen_by(sheet, rollup)
        columns = (sheet.columns[rollup.by], *([] if column is None else [column]), sheet.table.c.id)
        migrate.add_index(session.connection, sheet.table.name, tuple(each.name for each in columns))


def tallies(session: Session, parents: Iterable[str]) -> Mapping[tuple[str, str], Tally]:
    """The tallies of records, by record and field."""
    rows = session.connection.execute(select(TALLY).where(TALLY.c.record_id.in_(set(parents)))).mappings()
    return {(row["record_id"], row["field"]): Tally(row["count"], Decimal(row["total"])) for row in rows}


def keep_tally(session: Session, parent: str, field: str, tally: Tally) -> None:
    """Remember what a rollup is calculated from."""
    row = {"record_id": parent, "field": field, "count": tally.count, "total": f"{tally.total:f}"}
    session.connection.execute(upsert(session.connection, TALLY), row)


def forget(session: Session, parent: str) -> None:
    """Remove the tallies of a record that is no more."""
    session.connection.execute(delete(TALLY).where(TALLY.c.record_id == parent))


def is_seen_by(session: Session, rollup: Rollup, edition: int) -> bool:
    """Whether records of that edition have the rollup among their values."""
    one, other = (editions.layout(session, rollup.parent, each).sheet.columns for each in (None, edition))
    return one[rollup.field.path] is other.get(rollup.field.path)


def put(session: Session, rollup: Rollup, parent: str, value: Json) -> None:
    """Keep the value for a record of an edition that does not know of it: it will be asked for when that one moves."""
    sheet = editions.layout(session, rollup.parent).sheet
    column = sheet.columns[rollup.field.path]
    session.connection.execute(update(sheet.table).where(sheet.table.c.id == parent).values({column.name: value}))


def value_kept(session: Session, rollup: Rollup, parent: Record) -> Json:
    """The value of the parent's rollup, among its values or as `put` has kept it."""
    if is_seen_by(session, rollup, parent.edition):
        return parent.values.get(rollup.key)
    sheet = editions.layout(session, rollup.parent).sheet
    value = session.connection.scalar(select(sheet.columns[rollup.field.path]).where(sheet.table.c.id == parent.id))
    return None if value is None else rollup.field.type.loaded(value)


def _refers(sheet: Sheet, rollup: Rollup, parent: str) -> ColumnElement[bool]:
    if rollup.is_by_record or not rollup.lines:
        return sheet.columns[rollup.by] == parent
    lines = _below(sheet, rollup.lines)
    return sheet.table.c.id.in_(select(lines.table.c.record_id).where(lines.columns[rollup.by] == parent))


def _below(sheet: Sheet, path: tuple[str, ...]) -> Sheet:
    """The sheet of line items at the path, which may go through other line items."""
    for length in range(1, len(path) + 1):
        if path[:length] in sheet.lines:
            below = sheet.lines[path[:length]]
            return _below(below, path[length:]) if path[length:] else below
    raise KeyError(path)


def _chosen_by(sheet: Sheet, rollup: Rollup) -> Column[Any] | None:
    """The column that says which row is chosen; None where it is the order in which records were made, or none is."""
    if rollup.lines or rollup.measure not in CHOSEN:
        return None
    path = rollup.path if rollup.measure in {MIN, MAX} else rollup.order
    return sheet.columns[path] if path else None
