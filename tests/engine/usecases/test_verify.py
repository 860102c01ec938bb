"""Whether everything that is kept fits together: what somebody changes behind our back is found."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.runtime.record import Decision
from engine.usecases.actor import Actor
from engine.usecases.attach import Folder, upload
from engine.usecases.deployment import Deployment, Workspace
from engine.usecases.records.act import act
from engine.usecases.records.create import create
from engine.usecases.records.remove import remove
from engine.usecases.records.save import save
from engine.usecases.verify import verify
from tests.company import a_company

KEEPER = Actor(login="keeper")


@pytest.fixture
def shelf(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "files")


@pytest.fixture
def busy(workspace: Workspace, shelf: Folder) -> Workspace:
    """A company in which something of everything has happened."""
    machine = create(workspace, KEEPER, "plant/machine", {"code": "A", "name": "塔吊", "keeper": "auditor"}).record
    file = upload(workspace, KEEPER, shelf, name="a.txt", media_type="text/plain", content=b"a")
    parts = [{"name": "螺栓", "quantity": "2", "price": "1.50"}, {"name": "垫片", "quantity": "0.5"}]
    values = {"machine": machine.id, "parts": parts, "files": [file.id], "count": 3, "share": "0.1", "kind": "upkeep"}
    first = create(workspace, KEEPER, "plant/repair", values).record
    save(workspace, KEEPER, "plant/repair", first.id, {"hours": 3, "count": None}, revision=1)
    act(workspace, KEEPER, "plant/repair", first.id, Decision(actor="keeper", action="close", comment="好"))
    second = create(workspace, KEEPER, "plant/repair", {"machine": machine.id, "parts": parts}).record
    remove(workspace, KEEPER, "plant/repair", second.id, revision=1)
    return workspace


@pytest.fixture
def asking(deployment: Deployment) -> Iterator[Workspace]:
    """A company in which a claim waits for its approval."""
    made = a_company(deployment, ["core", "cost_center"])
    admin, clerk = Actor(login="admin"), Actor(login="clerk")
    project = create(made, admin, "core/project", {"code": "P", "name": "滨江"}).record
    items = [{"name": "纸", "quantity": "1", "price": "25"}]
    values = {"project": project.id, "category": "office", "date": "2026-03-02", "items": items}
    claim = create(made, clerk, "cost_center/expense", values).record
    act(made, clerk, "cost_center/expense", claim.id, Decision(actor="clerk", action="submit"))
    yield made
    deployment.delete(made.slug)


def behind_our_back(workspace: Workspace, *statements: str) -> None:
    with workspace.database.begin() as connection:
        for each in statements:
            assert connection.execute(text(each)).rowcount >= 1, each


def found(workspace: Workspace, shelf: Folder) -> list[tuple[str, str]]:
    return [(each.code, each.pointer) for each in verify(workspace, shelf)]


def test_what_nobody_has_touched_fits_together(busy: Workspace, asking: Workspace, shelf: Folder) -> None:
    assert found(busy, shelf) == []
    assert found(asking, shelf) == []


@pytest.mark.parametrize(
    ("statement", "codes"),
    [
        ("UPDATE event SET actor = 'auditor' WHERE kind = 'action'", ["verify.chain"]),
        ("UPDATE event SET data = '{}' WHERE kind = 'changed'", ["verify.chain"]),
        ("DELETE FROM event WHERE kind = 'changed'", ["verify.chain"]),
        ("DELETE FROM event WHERE kind = 'action'", ["verify.chain"]),
        ("UPDATE plant__repair SET event_number = event_number - 1", ["verify.chain"]),
        ("DELETE FROM event WHERE kind = 'deleted'", ["verify.leftover"]),
        ("UPDATE plant__repair SET kind = 'repair'", ["verify.values"]),
        ("UPDATE plant__machine SET name = '吊'", ["verify.values"]),
        ("UPDATE plant__repair__parts SET name = 'x' WHERE row = 1", ["verify.values"]),
        ("DELETE FROM plant__repair__parts WHERE row = 2", ["verify.values"]),
        ("UPDATE plant__repair SET total = total + 1", ["verify.formula", "verify.values"]),
        (
            "UPDATE plant__repair__parts SET price = price * 2",
            ["verify.formula", "verify.formula", "verify.values"],
        ),
        ("DELETE FROM attachment", ["verify.link"]),
        ("UPDATE attachment SET record_id = 'x'", ["verify.link"]),
        ("UPDATE plant__machine SET keeper = 'nobody'", ["verify.link", "verify.values"]),
        ("UPDATE plant__repair SET state = 'open'", ["verify.run"]),
    ],
)
def test_what_was_changed_behind_our_back_is_found(
    busy: Workspace, shelf: Folder, statement: str, codes: list[str]
) -> None:
    behind_our_back(busy, statement)
    assert sorted(code for code, _ in found(busy, shelf)) == codes


def test_a_finding_names_the_record_and_the_place(busy: Workspace, shelf: Folder) -> None:
    behind_our_back(busy, "UPDATE plant__repair SET total = total + 1")
    findings = {each.code: each for each in verify(busy, shelf)}
    formula = findings["verify.formula"]
    assert formula.pointer == "/total"
    assert formula.params["record"] == "plant/repair WX-0001"
    assert formula.params["found"] == "3.00"
    assert findings["verify.values"].pointer == "/total"


@pytest.mark.parametrize(
    ("statement", "codes"),
    [
        ("UPDATE task SET status = 'cancelled'", ["verify.tasks"]),
        ("UPDATE task SET person = 'clerk'", ["verify.tasks"]),
        ("DELETE FROM task", ["verify.tasks"]),
        ("UPDATE cost_center__expense SET status = 'approved'", ["verify.run"]),
        ("UPDATE cost_center__expense SET state = 'approved'", ["verify.run"]),
        ("UPDATE cost_center__expense SET run = NULL", ["verify.tasks"]),
        ("UPDATE task SET record_id = 'x'", ["verify.leftover", "verify.tasks"]),
    ],
)
def test_tasks_are_those_that_runs_ask_for(asking: Workspace, shelf: Folder, statement: str, codes: list[str]) -> None:
    behind_our_back(asking, statement)
    assert sorted(code for code, _ in found(asking, shelf)) == codes


@pytest.mark.parametrize("content", [None, b"b"])
def test_files_are_what_was_uploaded(busy: Workspace, shelf: Folder, tmp_path: Path, content: bytes | None) -> None:
    (kept,) = (each for each in (tmp_path / "files").rglob("*") if each.is_file())
    kept.unlink()
    if content is not None:
        kept.write_bytes(content)
    assert found(busy, shelf) == [("verify.content", "/files/0")]
