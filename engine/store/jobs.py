"""Work that is done later or piece by piece, as rows: put, taken under a lease, moved on, ended.

A job is moved on in the very transaction that does the work, so a worker that is killed loses nothing and repeats
nothing. The lease only says who is at it: when it has run out, somebody else takes the job over from where it stands.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, Literal, TypeAlias

import msgspec
from sqlalchemy import ColumnElement, Update, or_, select, update

from engine.problems import Conflict, Problem
from engine.store.session import Session
from engine.store.tables.system_tables import JOB
from engine.store.tables.upsert import insert_into

State: TypeAlias = Literal["open", "done", "failed", "cancelled"]

#: How long a job is its worker's without a word from it; a piece of work takes far less.
LEASE: Final = timedelta(minutes=1)


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of work and how far it has come."""

    id: str
    kind: str
    key: str
    payload: Mapping[str, Any]
    state: State
    run_at: datetime
    holder: str
    lease: datetime | None
    attempts: int
    #: In the words of its kind; None before the first piece.
    progress: Any
    problem: Mapping[str, Any] | None
    created_at: datetime
    created_by: str
    ended_at: datetime | None


_COLUMNS: Final = tuple(JOB.c[each] for each in Job.__struct_fields__)
_FREE: Final[Mapping[str, object]] = {"holder": "", "lease": None}


def put(session: Session, kind: str, key: str, payload: Mapping[str, Any], *, by: str) -> Job:
    """A job to be done from now on, in place of one of the same key that has ended; `Conflict` while that is open."""
    job = Job(
        id=session.new_id(),
        kind=kind,
        key=key,
        payload=payload,
        state="open",
        run_at=session.now,
        holder="",
        lease=None,
        attempts=0,
        progress=None,
        problem=None,
        created_at=session.now,
        created_by=by,
        ended_at=None,
    )
    fresh = insert_into(session.connection, JOB).values(msgspec.structs.asdict(job))
    instead = {each.name: fresh.excluded[each.name] for each in JOB.columns if each.name != "key"}
    statement = fresh.on_conflict_do_update(index_elements=[JOB.c.key], set_=instead, where=JOB.c.state != "open")
    if session.connection.execute(statement.returning(JOB.c.id)).scalar() is None:
        raise Conflict(Problem("job.open"))
    return job


def find(session: Session, key: str) -> Job | None:
    """The job of this key."""
    return _one(session, JOB.c.key == key)


def claim(session: Session, holder: str, key: str = "") -> Job | None:
    """A job that is due and nobody's, or this one: from now on the holder's. None when there is none."""
    free = or_(JOB.c.lease.is_(None), JOB.c.lease <= session.now)
    due = select(JOB.c.id).where(JOB.c.state == "open", free)
    due = due.where(JOB.c.key == key) if key else due.where(JOB.c.run_at <= session.now)
    due = due.order_by(JOB.c.run_at, JOB.c.id).limit(1).with_for_update(skip_locked=True)
    if (found := session.connection.scalar(due)) is None:
        return None
    taken = {"holder": holder, "lease": session.now + LEASE, "attempts": JOB.c.attempts + 1}
    return _changed(session, update(JOB).where(JOB.c.id == found).values(taken))


def hold(session: Session, job: Job) -> Job | None:
    """The job as it stands, locked until the session ends; None when it is no longer its holder's to work on."""
    return _one(session, _held(job), lock=True)


def move_on(session: Session, job: Job, progress: object, *, state: State = "open") -> Job | None:
    """Say how far the job has come, or that this was the last of it."""
    values = {"progress": progress, "attempts": 0, "problem": None, "state": state}
    is_open = state == "open"
    values |= {"lease": session.now + LEASE} if is_open else {**_FREE, "ended_at": session.now}
    return _changed(session, update(JOB).where(_held(job)).values(values))


def fail(session: Session, job: Job, problem: Mapping[str, Any], *, again_at: datetime | None) -> Job | None:
    """Say what has gone wrong, and when it is to be tried again; None means that it is given up."""
    values: dict[str, Any] = {**_FREE, "problem": problem}
    values |= {"run_at": again_at} if again_at else {"state": "failed", "ended_at": session.now}
    return _changed(session, update(JOB).where(_held(job)).values(values))


def let_go(session: Session, job: Job) -> Job | None:
    """Leave the job to whoever takes it next; nothing has gone wrong."""
    return _changed(session, update(JOB).where(_held(job)).values({**_FREE, "attempts": 0}))


def cancel(session: Session, key: str) -> Job | None:
    """Let nobody go on with the job of this key; None when it has ended already, or never was."""
    is_open = (JOB.c.key == key) & (JOB.c.state == "open")
    values = {**_FREE, "state": "cancelled", "ended_at": session.now}
    return _changed(session, update(JOB).where(is_open).values(values))


def _held(job: Job) -> ColumnElement[bool]:
    """Whether it is still the same holder's."""
    return (JOB.c.id == job.id) & (JOB.c.holder == job.holder) & (JOB.c.state == "open")


def _one(session: Session, which: ColumnElement[bool], *, lock: bool = False) -> Job | None:
    query = select(*_COLUMNS).where(which)
    row = session.connection.execute(query.with_for_update() if lock else query).mappings().first()
    return Job(**row) if row else None


def _changed(session: Session, statement: Update) -> Job | None:
    row = session.connection.execute(statement.returning(*_COLUMNS)).mappings().first()
    return Job(**row) if row else None
