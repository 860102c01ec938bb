"""How much is asked of the database: few statements, and one commit for each request that changes something."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, event

from engine.definition.model import Json
from engine.usecases.deployment import Workspace
from tests.web.api.caller import Caller, address


class Log:
    """What reached the database."""

    def __init__(self) -> None:
        self.statements: list[str] = []
        self.commits = 0


@contextmanager
def listening(workspace: Workspace) -> Iterator[Log]:
    log = Log()

    def said(_connection: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:  # noqa: ANN401
        log.statements.append(statement)

    def committed(_connection: Connection) -> None:
        log.commits += 1

    event.listen(workspace.database, "before_cursor_execute", said)
    event.listen(workspace.database, "commit", committed)
    yield log
    event.remove(workspace.database, "before_cursor_execute", said)
    event.remove(workspace.database, "commit", committed)


@pytest.fixture
def claim(project: Json) -> dict[str, Any]:
    """A claim of five lines that needs two approvals."""
    items = [{"name": f"材料 {number}", "quantity": "2", "price": "60000.10"} for number in range(5)]
    return {"project": project["id"], "category": "material", "date": "2026-03-02", "items": items}


def test_a_claim_costs_14_statements_to_send_and_12_to_approve_twice(
    calling: Callable[[str], Caller], workspace: Workspace, claim: dict[str, Any], tag: str
) -> None:
    clerk, manager, vice = map(calling, ("clerk", tag, "vice"))
    for each in (clerk, manager, vice):
        assert each.get("/me")
    with listening(workspace) as log:
        record = clerk.create("cost_center/expense", key=f"{tag}-1", **claim)
        record = clerk.act(record, "submit", key=f"{tag}-2")
    assert (len(log.statements), log.commits) == (14, 2), log.statements
    with listening(workspace) as log:
        record = manager.act(record, "approve", key=f"{tag}-3")
        record = vice.act(record, "approve", key=f"{tag}-4")
    assert (len(log.statements), log.commits) == (12, 2), log.statements
    assert record["state"] == "approved"


def test_reading_commits_nothing(calling: Callable[[str], Caller], workspace: Workspace, machine: Json) -> None:
    keeper = calling("keeper")
    assert keeper.description
    for path, statements in ((address(machine), 2), ("/plant/machine", 2), ("/me", 1), ("/modules", 1)):
        with listening(workspace) as log:
            keeper.get(path)
        assert (len(log.statements), log.commits) == (statements, 0), log.statements


def test_what_is_refused_commits_nothing(keeper: Caller, workspace: Workspace, claim: dict[str, Any]) -> None:
    with listening(workspace) as log:
        keeper.create("plant/repair", status=422)
    assert log.commits == 0
    assert claim
