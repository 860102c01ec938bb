"""The append-only history of records: a hash chain each, whose head stands in the record's own row.

An entry's hash covers the hash before it, so nothing can be changed, left out or put in between without a trace.
The first event of an action also carries the action's idempotency key.
"""

from collections.abc import Iterable
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, RowMapping, insert, select
from sqlalchemy.exc import IntegrityError

from engine.problems import Busy, Problem
from engine.runtime.record import Event, Record
from engine.store.session import Session
from engine.store.tables.exact import canonical, digest
from engine.store.tables.system_tables import EVENT


class Ask(msgspec.Struct, frozen=True):
    """An action asked for under an idempotency key; the same key of another person is another one."""

    actor: str
    key: str
    #: Digest of everything that was asked, to tell a repetition from another request under the same key.
    fingerprint: str

    @property
    def digest(self) -> str:
        """What the key is kept as."""
        return digest(f"{self.actor}\n{self.key}")


class Answered(msgspec.Struct, frozen=True):
    """The event that an earlier request under the same key left behind."""

    record_id: str
    seq: int
    fingerprint: str


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """An event in its place in the chain."""

    #: 1, 2, 3 … without a gap.
    seq: int
    event: Event
    prev_hash: str
    hash: str


#: The columns of `Answered`, labelled so that they can come along with the row of a record.
ANSWERED: Final[tuple[ColumnElement[Any], ...]] = tuple(
    EVENT.c[each].label(f"answered_{each}") for each in Answered.__struct_fields__
)


def answered_of(row: RowMapping) -> Answered | None:
    """The answer in a row that has the `ANSWERED` columns."""
    values = [row[f"answered_{each}"] for each in Answered.__struct_fields__]
    return None if values[0] is None else Answered(*values)


def answered(session: Session, ask: Ask) -> Answered | None:
    """The event of an earlier request under the key.

    Who was refused while holding a key asks this before saying so: on PostgreSQL the statement that waited for a
    record's lock does not see what its predecessor wrote beside the record.
    """
    row = session.connection.execute(select(*ANSWERED).where(EVENT.c.action_key == ask.digest)).mappings().first()
    return answered_of(row) if row else None


def chained(record: Record, events: Iterable[Event], ask: Ask | None = None) -> tuple[Record, list[dict[str, Any]]]:
    """The record with the new head of its chain, and the rows to append."""
    rows: list[dict[str, Any]] = []
    seq, head = record.event_number, record.event_hash
    for event in events:
        seq, before = seq + 1, head
        head = _hash(record.id, seq, event, before)
        rows.append({"record_id": record.id, "seq": seq, "prev_hash": before, "hash": head, **_columns(event)})
    if rows and ask:
        rows[0] |= {"action_key": ask.digest, "fingerprint": ask.fingerprint}
    return msgspec.structs.replace(record, event_number=seq, event_hash=head), rows


def append(session: Session, rows: list[dict[str, Any]]) -> None:
    """Write rows of `chained`, in one statement; `Busy` when another request has just used their key."""
    if not rows:
        return
    try:
        session.connection.execute(insert(EVENT), [{"action_key": None, "fingerprint": None} | each for each in rows])
    except IntegrityError as error:
        raise Busy(Problem("database.busy")) from error


def history(session: Session, record_id: str) -> tuple[Entry, ...]:
    """Everything that ever happened to the record, oldest first."""
    rows = session.connection.execute(select(EVENT).where(EVENT.c.record_id == record_id).order_by(EVENT.c.seq))
    return tuple(
        Entry(
            seq=row["seq"],
            event=Event(kind=row["kind"], at=row["at"], actor=row["actor"], data=row["data"]),
            prev_hash=row["prev_hash"],
            hash=row["hash"],
        )
        for row in rows.mappings()
    )


def broken(session: Session, record: Record) -> int | None:
    """The number of the first event that is not as it was written, or is missing; None when the chain holds."""
    return torn(record.id, history(session, record.id), (record.event_number, record.event_hash))


def torn(record_id: str, told: Iterable[Entry], end: tuple[int, str] | None = None) -> int | None:
    """The same of a history as it was read; `end` is its last number and hash, where they are kept elsewhere, too."""
    head, seq = "", 0
    for seq, entry in enumerate(told, start=1):
        if (entry.seq, entry.prev_hash, entry.hash) != (seq, head, _hash(record_id, seq, entry.event, head)):
            return seq
        head = entry.hash
    return None if end in {None, (seq, head)} else seq + 1


def told_of(session: Session) -> frozenset[str]:
    """Every record that has a history, those that are no more, too."""
    return frozenset(session.connection.scalars(select(EVENT.c.record_id).distinct()))


def _columns(event: Event) -> dict[str, Any]:
    return {"at": event.at, "actor": event.actor, "kind": event.kind, "data": event.data}


def _hash(record_id: str, seq: int, event: Event, before: str) -> str:
    return digest(canonical([before, record_id, seq, event.at, event.actor, event.kind, event.data]))
