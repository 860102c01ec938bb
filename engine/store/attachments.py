"""What is known about uploaded files; their content lies elsewhere, under its digest."""

from collections.abc import Iterable
from datetime import datetime

import msgspec
from sqlalchemy import insert, select, update

from engine.problems import Problem, Unknown
from engine.runtime.record import Record
from engine.store.session import Session
from engine.store.tables.system_tables import ATTACHMENT


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """An uploaded file."""

    id: str
    name: str
    #: Media type.
    type: str
    #: Bytes.
    size: int
    #: SHA-256 of the content, in hexadecimal.
    digest: str
    created_at: datetime
    created_by: str
    #: "module/entity" and id of the record it belongs to; "" until that is saved.
    entity: str = ""
    record_id: str = ""


def add(session: Session, attachment: Attachment) -> None:
    """Remember a file that has just been uploaded."""
    session.connection.execute(insert(ATTACHMENT).values(msgspec.structs.asdict(attachment)))


def load(session: Session, attachment_id: str) -> Attachment:
    """The file; `Unknown` when there is none."""
    found = load_many(session, [attachment_id])
    if attachment_id not in found:
        raise Unknown(Problem("file.unknown", params={"given": attachment_id}))
    return found[attachment_id]


def load_many(session: Session, ids: Iterable[str]) -> dict[str, Attachment]:
    """Those of the files that are there, by id."""
    rows = session.connection.execute(select(ATTACHMENT).where(ATTACHMENT.c.id.in_(set(ids)))).mappings()
    return {row["id"]: Attachment(**row) for row in rows}


def attach(session: Session, ids: Iterable[str], record: Record) -> None:
    """Let files that belong to nothing yet belong to the record."""
    loose = ATTACHMENT.c.id.in_(set(ids)) & (ATTACHMENT.c.record_id == "")
    owner = {"entity": f"{record.module}/{record.entity}", "record_id": record.id}
    session.connection.execute(update(ATTACHMENT).where(loose).values(owner))
