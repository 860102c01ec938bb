"""Who is asked to act: the tasks of records, kept in the same transaction as the records that ask."""

from collections.abc import Iterable

import msgspec
from sqlalchemy import Select, Tuple, delete, func, literal, select, tuple_, update

from engine.runtime.record import Record, Task
from engine.store.session import Session
from engine.store.sql import cursor
from engine.store.tables.system_tables import TASK
from engine.store.tables.upsert import upsert

_FIELDS = Task.__struct_fields__


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """A task, with what an inbox says about its record."""

    task: Task
    record_id: str
    module: str
    entity: str
    title: str
    number: str


class Inbox(msgspec.Struct, frozen=True):
    """A page of items, newest first."""

    items: tuple[Item, ...]
    #: Cursor of the page after this one; "" when it is the last.
    next: str = ""


def save(session: Session, record: Record, tasks: Iterable[Task]) -> None:
    """Open, hand over and close tasks of the record, in one statement; what is closed makes room for what is opened."""
    about = {"record_id": record.id, "module": record.module, "entity": record.entity}
    about |= {"title": record.title, "number": record.number}
    ordered = sorted(tasks, key=lambda each: each.status == "open")
    if rows := [msgspec.structs.asdict(each) | about for each in ordered]:
        session.connection.execute(upsert(session.connection, TASK), rows)


def rename(session: Session, record: Record) -> None:
    """Let the open tasks of the record say its present title."""
    mine = (TASK.c.record_id == record.id) & (TASK.c.status == "open")
    session.connection.execute(update(TASK).where(mine).values(title=record.title))


def forget(session: Session, record_id: str) -> None:
    """Remove the tasks of a record that is no more."""
    session.connection.execute(delete(TASK).where(TASK.c.record_id == record_id))


def of_record(session: Session, record_id: str) -> tuple[Item, ...]:
    """The open tasks of a record, oldest first."""
    open_ones = select(TASK).where(TASK.c.record_id == record_id, TASK.c.status == "open")
    return _items(session, open_ones.order_by(TASK.c.opened_at, TASK.c.id))


def every_open(session: Session) -> tuple[Item, ...]:
    """The open tasks of everybody, in no order that means anything."""
    return _items(session, select(TASK).where(TASK.c.status == "open"))


def inbox(session: Session, person: str, *, limit: int, after: str = "") -> Inbox:
    """What the person is asked to do, over all modules; `after` is the cursor of the page before."""
    newest_first = (TASK.c.opened_at.desc(), TASK.c.id.desc())
    mine = select(TASK).where(TASK.c.person == person, TASK.c.status == "open").order_by(*newest_first)
    if after:
        mine = mine.where(tuple_(TASK.c.opened_at, TASK.c.id) < _place(after))
    items = _items(session, mine.limit(limit + 1))
    if len(items) <= limit:
        return Inbox(items)
    last = items[limit - 1].task
    return Inbox(items[:limit], cursor.written([last.opened_at, last.id]))


def done(session: Session, person: str, *, limit: int) -> tuple[Item, ...]:
    """What the person has dealt with, the newest first."""
    mine = select(TASK).where(TASK.c.person == person, TASK.c.status == "done")
    return _items(session, mine.order_by(TASK.c.closed_at.desc(), TASK.c.id.desc()).limit(limit))


def count_open(session: Session, person: str) -> int:
    """How many tasks wait for the person."""
    mine = select(func.count()).select_from(TASK).where(TASK.c.person == person, TASK.c.status == "open")
    return session.connection.scalar(mine) or 0


def _place(after: str) -> Tuple:
    opened_at, task_id = cursor.read(after, 2)
    try:
        moment, text = cursor.moment(opened_at), cursor.text(task_id)
    except ValueError:
        raise cursor.nowhere() from None
    return tuple_(literal(moment, TASK.c.opened_at.type), literal(text, TASK.c.id.type))


def _items(session: Session, query: Select[tuple[object, ...]]) -> tuple[Item, ...]:
    return tuple(
        Item(
            task=Task(**{each: row[each] for each in _FIELDS}),
            record_id=row["record_id"],
            module=row["module"],
            entity=row["entity"],
            title=row["title"],
            number=row["number"],
        )
        for row in session.connection.execute(query).mappings()
    )
