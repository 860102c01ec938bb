"""Files: uploaded apart from a form, attached to the record whose form carries their ids, read with its permission."""

import hashlib
import re
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final, Protocol

from engine.compile.model import CompiledEntity
from engine.definition.model import Json
from engine.problems import Invalid, Problem, Unknown
from engine.runtime.record import Record
from engine.runtime.values.links import links
from engine.store import attachments, records
from engine.store.attachments import Attachment
from engine.store.session import Session, Workspace
from engine.usecases.actor import Actor
from engine.usecases.sight import sight

__all__ = ["Attachment", "Folder", "Shelf", "attach_files", "download", "upload"]

#: Largest file taken, in bytes: a photo of a phone, a scanned contract.
MAX_BYTES: Final = 50 * 2**20
#: Longest name kept, in characters; of a longer one the end stays, which says what it is.
MAX_NAME: Final = 200
_MEDIA_TYPE: Final = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,60}", re.ASCII)


class Shelf(Protocol):
    """Where the content of files lies, by digest: a folder, or an object store."""

    def put(self, digest: str, content: bytes) -> None:
        """Keep the content; the same content twice is kept once."""

    def get(self, digest: str) -> bytes:
        """The content. `FileNotFoundError` when it is not there."""


class Folder:
    """A shelf in the file system."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def put(self, digest: str, content: bytes) -> None:
        """Write to a neighbour and rename, so that nobody reads half a file."""
        target = self._path / digest[:2] / digest
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=target.parent, delete=False) as partial:
                partial.write(content)
            Path(partial.name).replace(target)

    def get(self, digest: str) -> bytes:
        """The content."""
        return (self._path / digest[:2] / digest).read_bytes()


def upload(
    workspace: Workspace, actor: Actor, shelf: Shelf, *, name: str, media_type: str, content: bytes
) -> Attachment:
    """Keep a file that belongs to nothing yet."""
    if not content:
        raise Invalid(Problem("file.empty", "/file"))
    if len(content) > MAX_BYTES:
        raise Invalid(Problem("file.too_large", "/file", {"limit": f"{MAX_BYTES // 2**20} MB"}))
    digest = hashlib.sha256(content).hexdigest()
    shelf.put(digest, content)
    with workspace.write(actor.company) as session:
        attachment = Attachment(
            id=session.new_id(),
            name=_name(name),
            type=media_type if _MEDIA_TYPE.fullmatch(media_type) else "application/octet-stream",
            size=len(content),
            digest=digest,
            created_at=session.now,
            created_by=actor.person(session).login,
        )
        attachments.add(session, attachment)
    return attachment


def download(workspace: Workspace, actor: Actor, shelf: Shelf, attachment_id: str) -> tuple[Attachment, bytes]:
    """The file, for who may see the record it belongs to; before that, for who uploaded it."""
    with workspace.read(actor.company) as session:
        attachment = attachments.load(session, attachment_id)
        if not _may_read(session, actor, attachment):
            raise Unknown(Problem("file.unknown", "", {"given": attachment_id}))
    return attachment, shelf.get(attachment.digest)


def attach_files(session: Session, entity: CompiledEntity, record: Record) -> None:
    """Let the files named in the record's values belong to it."""
    if ids := _files(entity, record.values):
        attachments.attach(session, ids, record)


def _may_read(session: Session, actor: Actor, attachment: Attachment) -> bool:
    if not attachment.record_id:
        return attachment.created_by == actor.person(session).login
    seen = sight(session, actor, records.load(session, attachment.entity, attachment.record_id))
    return attachment.id in _files(seen.entity, seen.values)


def _files(entity: CompiledEntity, values: Json) -> list[str]:
    return [link.id for link in links(entity.fields, values) if link.type in {"file", "photo"}]


def _name(given: str) -> str:
    """The last part of a path, without what cannot be kept or seen; never empty."""
    kept = "".join(each for each in re.split(r"[/\\]", given)[-1] if each.isprintable()).strip(" .")
    return kept[-MAX_NAME:] or "file"
