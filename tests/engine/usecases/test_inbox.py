"""What waits for somebody says no more of a record than they may see."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from engine.definition.write import write
from engine.runtime.record import Decision
from engine.usecases.actor import Actor
from engine.usecases.deployment import Deployment, Workspace
from engine.usecases.modules.publish import export, publish
from engine.usecases.people.save import Entry, save_person
from engine.usecases.records.act import act
from engine.usecases.records.create import create
from engine.usecases.records.inbox import done_slips, open_slips
from tests.company import a_company

ADMIN, CLERK, BOSS = (Actor(login=login) for login in ("admin", "clerk", "boss"))
HIDDEN = {"entity": "expense", "role": "project_manager", "field": "amount", "access": "hidden"}


@pytest.fixture
def company(deployment: Deployment) -> Iterator[Workspace]:
    """A company whose project managers do not see what a claim comes to."""
    made = a_company(deployment, ["core", "cost_center"])
    files = {path: text.encode() for path, text in write(export(made, "cost_center")).items()}
    permissions: dict[str, Any] = json.loads(files["permissions.json"])
    permissions["fields"] = [*permissions.get("fields", ()), HIDDEN]
    publish(made, ADMIN, {**files, "permissions.json": json.dumps(permissions).encode()})
    yield made
    deployment.delete(made.slug)


def test_what_is_hidden_from_whoever_decides_does_not_stand_in_their_inbox(company: Workspace) -> None:
    project = create(company, ADMIN, "core/project", {"code": "P1", "name": "滨江一号院"}).record.id
    save_person(company, None, Entry(login="boss", name="boss", roles=(f"project_manager@{project}",)))
    items = [{"name": "纸", "quantity": "2", "price": "1.50"}]
    values = {"project": project, "category": "office", "date": "2026-03-02", "items": items}
    claim = create(company, CLERK, "cost_center/expense", values).record
    act(company, CLERK, "cost_center/expense", claim.id, Decision(actor="clerk", action="submit"))
    (waiting,) = open_slips(company, BOSS, limit=10).slips
    assert waiting.seen.record.id == claim.id
    assert "amount" not in waiting.seen.values
    act(company, BOSS, "cost_center/expense", claim.id, Decision(actor="boss", action="approve"))
    (done,) = done_slips(company, BOSS, limit=10).slips
    assert "amount" not in done.seen.values
    assert "amount" in claim.values
