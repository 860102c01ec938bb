"""A record and its run through a workflow: what the store remembers and `resolve` moves on.

Words as in the glossary: a *token* is where a record is; a *visit* is one entry of a token into an approval state; a
*seat* is the unit that is counted, one per person asked in the visit; a *task* is a seat somebody can act on now.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, TypeAlias

import msgspec

from engine.problems import Problem

#: Plain JSON, exact numbers as Decimal.
Values: TypeAlias = Mapping[str, Any]

Status: TypeAlias = Literal["draft", "running", "approved", "rejected", "withdrawn", "cancelled", "revoked"]


class Seat(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One person asked in a visit. `owner` was named by the definition, `holder` may act now."""

    id: str
    owner: str
    holder: str
    #: `done` is for seats without a vote: the starter's, who sends a returned record in again.
    status: Literal["waiting", "open", "approved", "rejected", "abstained", "done", "cancelled"] = "waiting"
    #: By which rule the system settled it; "" when a person did.
    rule: str = ""
    #: Revision that was decided about.
    revision: int = 0
    #: When it was this seat's turn; None while it waits, and where nobody ever could act.
    opened_at: datetime | None = None


class Visit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One entry into a state where people are asked."""

    id: str
    state: str
    opened_at: datetime
    seats: tuple[Seat, ...] = ()
    #: passed, rejected, returned, withdrawn …; "" while open.
    outcome: str = ""
    #: Walked again after a return: no longer on the valid path.
    superseded: bool = False


class Token(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A place where the record is; a run without branches has one."""

    id: str
    state: str
    #: The open visit, when the state is one of approval.
    visit: str = ""


class Run(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One way of a record through its workflow; the fold of its events."""

    starter: str
    started_at: datetime
    tokens: tuple[Token, ...] = ()
    visits: tuple[Visit, ...] = ()


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One filled form."""

    id: str
    module: str
    entity: str
    #: Number of the module's edition that the record keeps until it is migrated.
    edition: int
    number: str
    #: Counts saves; every write names the revision it saw.
    revision: int
    #: Where it rests: a state of the workflow, or draft, start, rejected, withdrawn; "" without a workflow.
    state: str
    status: Status
    title: str
    values: Values
    created_at: datetime
    created_by: str
    updated_at: datetime
    updated_by: str
    run: Run | None = None
    #: Sequence number and hash of the newest event.
    event_number: int = 0
    event_hash: str = ""


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody is asked to act. Its id is the seat's, or the token's for a resubmission."""

    id: str
    person: str
    kind: Literal["decide", "handle", "resubmit"]
    state: str
    opened_at: datetime
    status: Literal["open", "done", "cancelled"] = "open"
    closed_at: datetime | None = None


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """Who wants what, having seen which revision."""

    actor: str
    action: str
    values: Values = {}
    comment: str = ""
    #: Revision the actor saw; None when not said.
    revision: int | None = None
    task: str = ""
    args: Mapping[str, Any] = {}
    #: Idempotency key; "" when none was sent.
    key: str = ""


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One fact of the append-only history."""

    kind: str
    at: datetime
    #: Login, or "" for the system.
    actor: str
    data: Mapping[str, Any] = {}


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What a decision leads to. It has not happened yet: `engine.store` applies it."""

    record: Record
    events: tuple[Event, ...]
    #: Tasks opened, and tasks whose status changed.
    tasks: tuple[Task, ...] = ()
    #: Rules of level "warn" that do not hold; nothing is kept of them.
    warnings: tuple[Problem, ...] = ()
