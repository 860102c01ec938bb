"""Modules, records and workspaces in a line."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import msgspec
from sqlalchemy import Engine

from engine.compile.build import compile_module
from engine.definition.model import Module
from engine.definition.nouns.modules import module_from
from engine.definition.text.json_text import parse_json
from engine.runtime.record import Event, Outcome, Record, Task
from engine.store import editions, records
from engine.store.session import Edition, Session, Workspace

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
TEXT = {"title": "Text", "type": "string"}
MONEY = {"title": "Money", "x-type": "money"}
QUANTITY = {"title": "Quantity", "x-type": "quantity"}
DATE = {"title": "Date", "x-type": "date"}


def lines(**columns: Mapping[str, Any]) -> dict[str, Any]:
    return {"title": "Lines", "type": "array", "items": {"type": "object", "properties": columns}}


def group(**properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"title": "Group", "type": "object", "properties": properties}


def reference(entity: str) -> dict[str, Any]:
    return {"title": "Reference", "x-type": "reference", "x-reference": entity}


def files(key: str = "shop", *, requires: tuple[str, ...] = (), **entities: Mapping[str, Any]) -> dict[str, str]:
    """The files of a module whose entities have these properties."""
    module = {"format": 1, "key": key, "title": key, "version": "1.0.0", "language": "zh_CN"}
    documents: dict[str, Any] = {"module.json": module | {"requires": dict.fromkeys(requires, "*")}}
    for name, properties in entities.items():
        entity = {"key": name, "title": name, "type": "object", "properties": properties}
        documents[f"entities/{name}.json"] = entity
    return {path: json.dumps(document) for path, document in documents.items()}


def read(files: Mapping[str, str]) -> Module:
    documents = {path: parse_json(text) for path, text in files.items()}
    return module_from(documents, files, {})


def publish(
    workspace: Workspace, key: str = "shop", *, requires: tuple[str, ...] = (), **entities: Mapping[str, Any]
) -> Edition:
    with workspace.write() as session:
        return publish_in(session, files(key, requires=requires, **entities))


def publish_in(session: Session, texts: Mapping[str, str]) -> Edition:
    module = read(texts)
    return editions.publish(session, compile_module(module, editions.neighbours(session, module)), texts, by="admin")


def a_workspace(database: Engine) -> Workspace:
    """A founded workspace whose clock gains a second at each look."""
    seconds, numbers = count(), count(1)
    workspace = Workspace(
        "test",
        database,
        clock=lambda: NOON + timedelta(seconds=next(seconds)),
        new_id=lambda: f"id-{next(numbers):06}",
        reader=read,
    )
    with workspace.write() as session:
        session.found(title="Test", zone="Asia/Shanghai", language="zh_CN")
    return workspace


def a_record(entity: str = "shop/item", **given: object) -> Record:
    module, _, key = entity.partition("/")
    fresh = Record(
        id="r1",
        module=module,
        entity=key,
        edition=1,
        number="",
        revision=1,
        state="draft",
        status="draft",
        title="A title",
        values={},
        created_at=NOON,
        created_by="li.na",
        updated_at=NOON,
        updated_by="li.na",
    )
    return msgspec.structs.replace(fresh, **given)


def an_outcome(record: Record, *, tasks: tuple[Task, ...] = (), kind: str = "saved", **data: object) -> Outcome:
    return Outcome(record=record, events=(Event(kind=kind, at=NOON, actor="li.na", data=data),), tasks=tasks)


def a_task(**given: object) -> Task:
    fresh = Task(id="t1", person="li.na", kind="decide", state="lead", opened_at=NOON)
    return msgspec.structs.replace(fresh, **given)


class _Undone(Exception):  # noqa: N818 - nothing has gone wrong
    pass


@contextmanager
def undone(workspace: Workspace) -> Iterator[Session]:
    """A session that an error ends, so that nothing of it is kept."""
    with suppress(_Undone), workspace.write() as session:
        yield session
        raise _Undone


def saved(workspace: Workspace, *given: Record) -> None:
    with workspace.write() as session:
        for each in given:
            records.insert_record(session, each)


def changed(record: Record, **values: object) -> Record:
    """The record one revision on, with these values."""
    return msgspec.structs.replace(record, revision=record.revision + 1, values=values)
