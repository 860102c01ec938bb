"""Loads and saves records: a row, a table of lines for each list of line items, exactly the values they were.

Loading takes one statement for the row and one for each table of lines; saving takes one for the row, and at most two
for each list that has changed.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from sqlalchemy import RowMapping, delete, func, select

from engine.problems import Conflict, Problem, Unknown
from engine.runtime.record import Outcome, Record
from engine.store import editions, events, tasks
from engine.store.events import ANSWERED, Answered, Ask, answered_of
from engine.store.session import Session
from engine.store.tables.layout import Layout, Lines, Row, gather, spread
from engine.store.tables.refusals import in_use, not_kept
from engine.store.tables.statements import IDS, SEEN_ID, SEEN_REVISION, LineStatements, locking
from engine.store.tables.system_tables import EVENT

#: What is not a column of its own, or is not kept as it is.
_SPECIAL: Final = frozenset({"module", "entity", "number", "values"})
_PLAIN: Final = tuple(each for each in Record.__struct_fields__ if each not in _SPECIAL)

#: Records that are held in memory while all are walked through.
AT_A_TIME: Final = 200

#: Record id → its line items.
_LinesOf = Mapping[str, Lines]


def load(session: Session, entity: str, record_id: str, *, lock: bool = False) -> Record:
    """The record of `module/entity`; `Unknown` when there is none. With `lock`, nobody else changes it meanwhile."""
    found = load_many(session, entity, [record_id], lock=lock)
    if record_id not in found:
        raise _unknown(record_id)
    return found[record_id]


def load_many(
    session: Session, entity: str, ids: Iterable[str], *, lock: bool = False, lines: bool = True
) -> dict[str, Record]:
    """Those of the records that are there, by id; locked in the order of their ids. Line items only when wanted."""
    own = editions.layout(session, entity).own
    query, wanted = own.by_ids_locked if lock else own.by_ids, {IDS.key: sorted(set(ids))}
    rows = session.connection.execute(query, wanted).mappings().all()
    return {each.id: each for each in from_rows(session, entity, rows, lines=lines)}


def numbered(session: Session, entity: str, number: str) -> str | None:
    """The id of the record of `module/entity` with this number."""
    table = editions.layout(session, entity).sheet.table
    found: str | None = session.connection.execute(select(table.c.id).where(table.c.number == number)).scalar()
    return found


def every(session: Session, entity: str) -> Iterator[Record]:
    """Every record of `module/entity`, in the order of their ids, some at a time."""
    table = editions.layout(session, entity).sheet.table
    after = ""
    while rows := (
        session.connection.execute(select(table).where(table.c.id > after).order_by(table.c.id).limit(AT_A_TIME))
        .mappings()
        .all()
    ):
        yield from from_rows(session, entity, rows)
        after = rows[-1]["id"]


def editions_kept(session: Session, entity: str) -> Mapping[tuple[int, str], int]:
    """How many records of `module/entity` there are of each edition and status."""
    table = editions.layout(session, entity).sheet.table
    kinds = (table.c.edition, table.c.status)
    rows = session.connection.execute(select(*kinds, func.count()).group_by(*kinds))
    return {(edition, status): count for edition, status, count in rows}


def drafts_of(session: Session, entity: str, numbers: Iterable[int], *, after: str, limit: int) -> tuple[str, ...]:
    """Ids of the next records of these editions that have no workflow or are drafts, in their order behind `after`."""
    table = editions.layout(session, entity).sheet.table
    query = select(table.c.id).where(table.c.id > after, table.c.edition.in_(numbers), table.c.status == "draft")
    return tuple(session.connection.scalars(query.order_by(table.c.id).limit(limit)))


def load_by(session: Session, entity: str, key: str, values: Iterable[object]) -> tuple[Record, ...]:
    """The records whose property `key` is one of the values; without line items, in no order that means anything."""
    sheet = editions.layout(session, entity).sheet
    query = select(sheet.table).where(sheet.columns[key,].in_(set(values)))
    return from_rows(session, entity, session.connection.execute(query).mappings().all(), lines=False)


def claim(session: Session, entity: str, record_id: str, ask: Ask) -> tuple[Record, Answered | None]:
    """The record, locked, and what an earlier request under the same key has left behind; `Unknown` without it."""
    table = editions.layout(session, entity).sheet.table
    key = EVENT.c.action_key == ask.digest
    query = select(table, *ANSWERED).outerjoin(EVENT, key).where(table.c.id == record_id)
    rows = session.connection.execute(locking(query, table)).mappings().all()
    if not rows:
        raise _unknown(record_id)
    return from_rows(session, entity, rows)[0], answered_of(rows[0])


def from_rows(
    session: Session, entity: str, rows: Sequence[RowMapping], *, lines: bool = True, in_force: bool = False
) -> tuple[Record, ...]:
    """The records in rows of the entity's table; their line items are loaded only when they are wanted.

    With `in_force` they have the values that the edition in force sees in them, as a search does, and not their own.
    """
    known = {row["edition"] for row in rows}
    layouts = {each: editions.layout(session, entity, None if in_force else each) for each in known}
    below = _lines(session, layouts.values(), [row["id"] for row in rows]) if lines and rows else defaultdict(_no_lines)
    return tuple(_record(layouts[row["edition"]], row, below[row["id"]]) for row in rows)


def apply(session: Session, outcome: Outcome, *, before: Record | None = None, ask: Ask | None = None) -> Record:
    """Let the outcome happen: the record with its line items, its events and its tasks; `before` is None for a new one.

    Returns the record as it is now. Raises `Conflict` when it is no longer what it was before, `Invalid` when a value
    that must be unique is taken, `Busy` when the same request is being served at this moment.
    """
    record, history = events.chained(outcome.record, outcome.events, ask)
    if before is None:
        insert_record(session, record)
    else:
        update_record(session, before, record)
    events.append(session, history)
    tasks.save(session, record, outcome.tasks)
    return record


def insert_record(session: Session, record: Record) -> None:
    """Write a new record."""
    layout = _layout(session, record)
    rows = spread(layout.sheet, record.id, record.values)
    with not_kept(session, layout):
        session.connection.execute(layout.own.insert, [_system(record) | rows.own])
        for table, statements in layout.lines.items():
            _write_lines(session, statements, rows.lines[table])


def update_record(session: Session, before: Record, after: Record) -> None:
    """Write a record over what it was before, the list of lines only where they have changed."""
    layout = _layout(session, after)
    rows = spread(layout.sheet, after.id, after.values)
    is_as_before = (before.edition, before.values) == (after.edition, after.values)
    old = rows.lines if is_as_before else spread(_layout(session, before).sheet, before.id, before.values).lines
    written = _system(after) | rows.own | {SEEN_ID.key: before.id, SEEN_REVISION.key: before.revision}
    # SQLite would look through every record that refers to this one, should it stop being called so.
    del written["id"]
    with not_kept(session, layout):
        if session.connection.execute(layout.own.update, written).rowcount != 1:
            raise _moved_on(session, layout, before)
        for table, statements in layout.lines.items():
            if (new := rows.lines[table]) != old.get(table):
                session.connection.execute(statements.delete, {SEEN_ID.key: after.id})
                _write_lines(session, statements, new)
    if before.title != after.title:
        tasks.rename(session, after)


def delete_record(session: Session, record: Record) -> None:
    """Remove the record with its lines and tasks; its history stays. `Conflict` while other records refer to it."""
    layout = _layout(session, record)
    table = layout.sheet.table
    seen = (table.c.id == record.id) & (table.c.revision == record.revision)
    with in_use():
        if session.connection.execute(delete(table).where(seen)).rowcount != 1:
            raise _moved_on(session, layout, record)
    tasks.forget(session, record.id)


def _record(layout: Layout, row: RowMapping, lines: Lines) -> Record:
    return Record(
        module=layout.entity.module,
        entity=layout.entity.key,
        number=row["number"] or "",
        values=gather(layout.sheet, row, lines),
        **{each: row[each] for each in _PLAIN},
    )


def _lines(session: Session, layouts: Iterable[Layout], ids: Sequence[str]) -> _LinesOf:
    """The line items of records, whatever their editions: a table is the same one in all of them."""
    found: defaultdict[str, Lines] = defaultdict(_no_lines)
    for table, statements in {name: each for layout in layouts for name, each in layout.lines.items()}.items():
        for row in session.connection.execute(statements.by_ids, {IDS.key: ids}).mappings():
            found[row["record_id"]][table][row["parent_row"]].append(row)
    return found


def _no_lines() -> Lines:
    return defaultdict(lambda: defaultdict(list))


def _write_lines(session: Session, statements: LineStatements, rows: list[Row]) -> None:
    if rows:
        session.connection.execute(statements.insert, rows)


def _layout(session: Session, record: Record) -> Layout:
    return editions.layout(session, f"{record.module}/{record.entity}", record.edition)


def _system(record: Record) -> Row:
    return {"number": record.number or None, **{each: getattr(record, each) for each in _PLAIN}}


def _moved_on(session: Session, layout: Layout, record: Record) -> Conflict | Unknown:
    table = layout.sheet.table
    now = session.connection.scalar(select(table.c.revision).where(table.c.id == record.id))
    if now is None:
        return _unknown(record.id)
    return Conflict(Problem("record.stale", "/revision", {"seen": str(record.revision), "now": str(now)}))


def _unknown(record_id: str) -> Unknown:
    return Unknown(Problem("record.unknown", params={"given": record_id}))
