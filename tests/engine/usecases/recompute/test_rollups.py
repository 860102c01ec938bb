"""What depends on records that are made anew follows, whether it is made anew before or after them."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from engine.runtime.record import Record
from engine.usecases.actor import Actor
from engine.usecases.attach import Folder
from engine.usecases.deployment import Workspace
from engine.usecases.jobs.work import go_on, take, work_through
from engine.usecases.modules.publish import publish
from engine.usecases.recompute import batch
from engine.usecases.recompute.batch import Progress, progress_of
from engine.usecases.recompute.start import start
from engine.usecases.records.create import create
from engine.usecases.verify import verify
from tests.company import a_company, a_deployment
from tests.engine.definitions import MONEY, NUMBER, TEXT, computed, files, reference
from tests.engine.usecases.recompute.bills import every

ADMIN = Actor(login="admin")


def rollup(of: str, by: str, field: Any = MONEY, **rest: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {**field, "x-rollup": {"of": f"yard/{of}", "by": by, **rest}}


def yard(factor: str = "1", ceiling: str = "1000", **project: Any) -> dict[str, bytes]:  # noqa: ANN401 - JSON
    """Claims add up to contracts, these to projects; each claims `factor` times its net value."""
    claim = {
        "name": TEXT,
        "contract": reference("yard/contract"),
        "net": MONEY,
        "gross": computed(f"net * {factor}"),
    }
    contract = {
        "name": TEXT,
        "project": reference("yard/project"),
        "spent": rollup("claim", "contract", sum="gross"),
        "left": computed(f"{ceiling} - spent"),
    }
    part = {
        "name": TEXT,
        "parent": reference("yard/part"),
        "own": MONEY,
        "below": rollup("part", "parent", sum="total"),
        "total": computed(f"own * {factor} + below"),
    }
    others = {"project": {"name": TEXT, **project}, "part": part}
    made = files(claim, key="yard", name="claim", others=others)
    rules = [{"key": "ceiling", "assert": "left >= 0", "level": "refuse", "message": "{left}"}]
    written = {"key": "contract", "title": "contract", "type": "object", "properties": contract, "x-rules": rules}
    return {**made, "entities/contract.json": json.dumps(written).encode()}


def make(workspace: Workspace, entity: str, **values: str) -> Record:
    return create(workspace, ADMIN, f"yard/{entity}", values).record


def recomputed(workspace: Workspace) -> Progress:
    start(workspace, ADMIN, "yard")
    *_, last = work_through(workspace, "w", "recompute/yard", pause=lambda: None)
    found = progress_of(last)
    assert found is not None
    return found


def values(workspace: Workspace, entity: str, key: str) -> list[Any]:
    return [each.values.get(key) for each in every(workspace, f"yard/{entity}")]


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "BATCH", 2)


@pytest.fixture
def shelf(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "files")


def test_parents_follow_over_several_levels(workspace: Workspace, shelf: Folder) -> None:
    publish(workspace, ADMIN, yard(spent=rollup("contract", "project", sum="spent")))
    project = make(workspace, "project", name="p")
    contracts = [make(workspace, "contract", name=name, project=project.id) for name in "ab"]
    for number in range(5):
        make(workspace, "claim", name=str(number), contract=contracts[number % 2].id, net="10")
    publish(
        workspace, ADMIN, yard("1.5", spent=rollup("contract", "project", sum="spent"), twice=computed("spent * 2"))
    )
    told = recomputed(workspace)
    assert (told.total, told.changed, told.refused) == (6, 6, 0)
    assert values(workspace, "contract", "spent") == [Decimal(45), Decimal(30)]
    assert values(workspace, "contract", "left") == [Decimal(955), Decimal(970)]
    assert values(workspace, "project", "twice") == [Decimal(150)]
    assert [*verify(workspace, shelf)] == []


def test_a_rollup_that_an_older_record_does_not_know_comes_with_the_new_edition(
    workspace: Workspace, shelf: Folder
) -> None:
    publish(workspace, ADMIN, yard())
    project, empty = make(workspace, "project", name="p"), make(workspace, "project", name="q")
    contract = make(workspace, "contract", name="c", project=project.id)
    make(workspace, "claim", name="1", contract=contract.id, net="10")
    more = {
        "spent": rollup("contract", "project", sum="spent"),
        "count": rollup("contract", "project", NUMBER, count=True),
        "least": rollup("contract", "project", min="spent"),
        "twice": computed("spent * 2"),
    }
    publish(workspace, ADMIN, yard("3", **more))
    make(workspace, "claim", name="2", contract=contract.id, net="10")
    assert recomputed(workspace).refused == 0
    assert values(workspace, "project", "spent") == [Decimal(60), Decimal(0)]
    assert values(workspace, "project", "twice") == [Decimal(120), Decimal(0)]
    assert values(workspace, "project", "count") == [1, 0]
    assert values(workspace, "project", "least") == [Decimal(60), None]
    assert {each.edition for each in every(workspace, "yard/project")} == {2}
    assert [*verify(workspace, shelf)] == [], empty.id


def test_a_ceiling_above_stops_the_record_that_would_break_it(workspace: Workspace, shelf: Folder) -> None:
    publish(workspace, ADMIN, yard(ceiling="100"))
    contract = make(workspace, "contract", name="c")
    claims = [make(workspace, "claim", name=str(number), contract=contract.id, net="30") for number in range(3)]
    publish(workspace, ADMIN, yard("1.3", ceiling="100"))
    told = recomputed(workspace)
    assert (told.changed, told.refused) == (1, 2)
    assert {problem.code for each in told.troubles for problem in each.problems} == {"rule.ceiling"}
    assert [each.edition for each in every(workspace, "yard/claim")] == [2, 1, 1], claims
    assert values(workspace, "contract", "spent") == [Decimal(99)]
    assert [*verify(workspace, shelf)] == []


def test_records_that_hang_on_each_other_are_made_anew_in_one_batch(
    workspace: Workspace, shelf: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "BATCH", 100)
    publish(workspace, ADMIN, yard())
    root = make(workspace, "part", name="r", own="1")
    middle = make(workspace, "part", name="m", own="1", parent=root.id)
    for name in "xy":
        make(workspace, "part", name=name, own="1", parent=middle.id)
    publish(workspace, ADMIN, yard("5"))
    told = recomputed(workspace)
    assert (told.total, told.changed) == (4, 4)
    assert values(workspace, "part", "total") == [Decimal(20), Decimal(15), Decimal(5), Decimal(5)]
    assert [*verify(workspace, shelf)] == []


@pytest.mark.postgres
def test_all_that_hangs_on_a_batch_is_locked_before_anything_changes(postgres_url: str) -> None:
    """Children first, in the order of their ids, as whoever saves one of them does; or the two would wait forever."""
    deployment = a_deployment(postgres_url)
    workspace = a_company(deployment, [])
    publish(workspace, ADMIN, yard(spent=rollup("contract", "project", sum="spent")))
    projects = [make(workspace, "project", name=name) for name in "pq"]
    contracts = [make(workspace, "contract", name=each.id, project=each.id) for each in projects]
    for each in reversed(contracts):
        make(workspace, "claim", name="c", contract=each.id, net="10")
    publish(workspace, ADMIN, yard("2", spent=rollup("contract", "project", sum="spent")))
    start(workspace, ADMIN, "yard")
    said: list[str] = []

    @event.listens_for(workspace.database, "before_cursor_execute")
    def listen(*given: Any) -> None:  # noqa: ANN401 - what SQLAlchemy hands over
        said.append(given[2])

    job = take(workspace, "w", "recompute/yard")
    assert job is not None
    assert go_on(workspace, job)
    first_change = next(number for number, each in enumerate(said) if each.startswith("UPDATE yard__"))
    locks = [each for each in said[:first_change] if " FOR NO KEY UPDATE OF " in each]
    assert [each.rpartition(" OF ")[2] for each in locks] == ["yard__claim", "yard__contract", "yard__project"]
    assert all(" ORDER BY " in each for each in locks)
    deployment.delete(workspace.slug)
    deployment.close()
