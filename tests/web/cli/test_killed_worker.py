"""A worker that is killed with no time to say anything loses nothing and leaves nothing to be done twice."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from engine.store import events, records
from engine.store.jobs import LEASE
from engine.usecases.actor import Actor
from engine.usecases.attach import Folder
from engine.usecases.clock import new_id, now
from engine.usecases.deployment import Deployment, Workspace
from engine.usecases.jobs.work import work_through
from engine.usecases.modules.publish import publish
from engine.usecases.recompute.batch import BATCH
from engine.usecases.recompute.start import Recomputing, recomputing, start
from engine.usecases.records.create import create
from engine.usecases.verify import verify
from tests.company import a_company
from tests.engine.definitions import MONEY, TEXT, computed, files

ADMIN = Actor(login="admin")
#: Enough for some batches.
RECORDS = 4 * BATCH


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/var" if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def workspace(url: str) -> Iterator[Workspace]:
    deployment = Deployment(url, clock=now, new_id=new_id)
    made = a_company(deployment, ["core"])
    publish(made, ADMIN, files({"name": TEXT, "net": MONEY, "total": computed("net")}))
    for number in range(RECORDS):
        create(made, ADMIN, "shop/claim", {"name": str(number), "net": "10"})
    publish(made, ADMIN, files({"name": TEXT, "net": MONEY, "total": computed("net * 2")}))
    yield made
    deployment.delete(made.slug)
    deployment.close()


def state(workspace: Workspace) -> Recomputing:
    found = recomputing(workspace, ADMIN, "shop")
    assert found is not None
    return found


def test_what_it_had_not_done_is_done_by_another(workspace: Workspace, url: str, tmp_path: Path) -> None:
    start(workspace, ADMIN, "shop")
    script = Path(sys.executable).with_name("dougong")
    environment = {**os.environ, "DOUGONG_DATABASE": url, "DOUGONG_FILES": str(tmp_path / "files")}
    with subprocess.Popen([script, "worker", "--workspace", workspace.slug], cwd=tmp_path, env=environment) as process:
        while process.poll() is None and state(workspace).progress is None:
            pass
        process.send_signal(signal.SIGKILL)
    found = state(workspace)
    assert found.job.state == "open"
    assert found.progress is not None
    assert 0 < found.progress.done < RECORDS
    later = workspace.at(now() + LEASE + timedelta(seconds=1))
    assert list(work_through(later, "another", "recompute/shop", pause=lambda: None))
    found = state(workspace)
    assert found.job.state == "done"
    assert found.progress is not None
    assert (found.progress.done, found.progress.changed) == (RECORDS, RECORDS)
    with workspace.read() as session:
        for each in records.every(session, "shop/claim"):
            assert (each.edition, each.revision, each.values["total"]) == (2, 2, Decimal(20))
            assert [entry.event.kind for entry in events.history(session, each.id)] == ["created", "recomputed"]
    assert [*verify(workspace, Folder(tmp_path / "files"))] == []
