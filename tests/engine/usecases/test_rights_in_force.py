"""Who may do what is what the edition in force says, also with records that keep an older one."""

import json
from typing import Any

import pytest

from engine.problems import NotAllowed, Unknown
from engine.usecases.actor import Actor
from engine.usecases.deployment import Workspace
from engine.usecases.modules.publish import publish
from engine.usecases.records.create import create
from engine.usecases.records.find import Wish, find
from engine.usecases.records.look import get
from engine.usecases.records.save import save
from tests.engine.usecases.test_publish import ADMIN, TEXT, small

CLERK, KEEPER = Actor(login="clerk"), Actor(login="keeper")


def note(grant: dict[str, Any], *hidden: str, **properties: Any) -> dict[str, bytes]:  # noqa: ANN401
    """The module `note` with one grant to everybody, and fields that are hidden from them."""
    files = dict(small("note", **properties))
    fields = [{"entity": "note", "role": "employee", "field": each, "access": "hidden"} for each in hidden]
    written = {"entities": {"note": [{"role": "employee", **grant}]}, "fields": fields}
    return {**files, "permissions.json": json.dumps(written).encode()}


def test_a_stricter_edition_is_strict_about_older_records(workspace: Workspace) -> None:
    everything = {"verbs": ["create", "read", "update"]}
    publish(workspace, ADMIN, note(everything, "pay", name=TEXT, pay=TEXT, phone=TEXT))
    record = create(workspace, CLERK, "note/note", {"name": "a", "phone": "1"}).record
    assert get(workspace, KEEPER, "note/note", record.id).values == {"name": "a", "phone": "1"}
    save(workspace, ADMIN, "note/note", record.id, {"pay": "9"}, revision=1)
    own = {"verbs": ["create", "read"], "rows": "created_by = ME()"}
    publish(workspace, ADMIN, note(own, "phone", name=TEXT, phone=TEXT))
    assert get(workspace, ADMIN, "note/note", record.id).record.edition == 1
    with pytest.raises(Unknown):
        get(workspace, KEEPER, "note/note", record.id)
    assert find(workspace, KEEPER, "note/note", Wish()).sights == ()
    # The field that is gone stays as hidden as it was.
    assert get(workspace, CLERK, "note/note", record.id).values == {"name": "a"}
    with pytest.raises(NotAllowed):
        save(workspace, CLERK, "note/note", record.id, {"name": "b"}, revision=2)
