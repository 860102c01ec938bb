"""Recomputing from the command line: told before, done with its progress, gone on with; and the worker."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from engine.usecases.actor import Actor
from engine.usecases.clock import new_id, now
from engine.usecases.deployment import Deployment, Workspace
from engine.usecases.jobs.work import let_go, take
from engine.usecases.people.save import Entry, save_person
from engine.usecases.recompute import batch
from engine.usecases.recompute.start import recomputing, start
from engine.usecases.records.create import create
from tests.engine.definitions import MONEY, TEXT, computed, files
from tests.web.cli.conftest import Run
from web.cli import recomputing as recomputing_

ADMIN = Actor(login="admin")


def write(folder: Path, total: str, **entity: object) -> Path:
    made = files({"name": TEXT, "net": MONEY, "total": computed(total)}, entity={"x-title": "name", **entity})
    for path, content in made.items():
        (folder / "shop" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "shop" / path).write_bytes(content)
    return folder / "shop"


@pytest.fixture
def shop(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace with three claims, and batches of two."""
    monkeypatch.setattr(batch, "BATCH", 2)
    run("workspace", "create", "acme", "--title", "滨江建设", "--language", "en")
    run("module", "install", write(folder, "net"))
    workspace = Deployment("sqlite:///./var", clock=now, new_id=new_id).workspace("acme")
    save_person(workspace, None, Entry(login="admin", name="admin", roles=("administrator",)))
    for name, net in (("one", "10"), ("two", "0"), ("three", "30")):
        create(workspace, ADMIN, "shop/claim", {"name": name, "net": net})
    return workspace


def test_who_installs_other_formulas_is_told_what_that_means(run: Run, folder: Path, shop: Workspace) -> None:
    said = run("module", "install", write(folder, "net * 2"))
    line = "3 records carry values of older formulas; what would change: dougong module recompute shop --dry-run"
    assert said == (0, ["shop 2", line], []), shop.slug
    assert run("module", "install", write(folder, "net * 2", title="Claims")).out == ["shop 3", line]
    assert run("module", "rollback", "shop", "1").out == ["shop 4"]


def test_a_dry_run_shows_what_would_change_as_a_table(run: Run, folder: Path, shop: Workspace) -> None:
    run("module", "install", write(folder, "net * 2"))
    told = "3 records of older formulas; 2 would change, 0 cannot be brought along, 0 in or after approval stay"
    table = [
        f"shop/claim: {told}",
        "field\trecords\tbefore\tafter\tdifference",
        "total\t2\t40.00\t80.00\t+40.00",
        "  three\t\t30.00\t60.00\t+30.00",
        "  one\t\t10.00\t20.00\t+10.00",
    ]
    for _ in range(2):
        assert run("module", "recompute", "shop", "--dry-run") == (0, table, []), shop.slug


def test_a_dry_run_says_when_it_has_not_looked_at_all(
    run: Run, folder: Path, shop: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recomputing_, "LOOKED_AT", 2)
    run("module", "install", write(folder, "net * 2"))
    said = run("module", "recompute", "shop", "--dry-run").out
    assert said[0] == "Looked at the first 2 of 3 records.", shop.slug


def test_a_dry_run_shows_what_is_no_number(run: Run, folder: Path, shop: Workspace) -> None:
    path = folder / "shop/entities/claim.json"
    document = files({"name": TEXT, "net": MONEY, "word": computed('name & "!"', TEXT)}, entity={"x-title": "name"})
    path.write_bytes(document["entities/claim.json"])
    run("module", "install", folder / "shop")
    said = run("module", "recompute", "shop", "--dry-run").out
    assert [each for each in said if "word" in each or "!" in each] == [
        "word\t3\t–\t–\t",
        "  one\t\t–\tone!\t",
        "  two\t\t–\ttwo!\t",
        "  three\t\t–\tthree!\t",
    ], shop.slug


def test_it_is_done_with_its_progress(run: Run, folder: Path, shop: Workspace) -> None:
    run("module", "install", write(folder, "net * 2"))
    last = "Changed: 2, unchanged: 1, left as they are: 0, in or after approval: 0"
    assert run("module", "recompute", "shop") == (0, ["2 / 3", "3 / 3", last], []), shop.slug
    nothing = ["All records carry values of the formulas in force."]
    assert run("module", "recompute", "shop", "--dry-run").out == nothing
    assert run("module", "recompute", "shop").out[-1].startswith("Changed: 0, unchanged: 0")


def test_what_is_left_as_it_is_is_told(
    run: Run, folder: Path, shop: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "NAMED", 1)
    rules = [{"key": "high", "assert": "total < 20", "message": "{total} is too much."}]
    run("module", "install", write(folder, "net * 2", **{"x-rules": rules}))
    said = run("module", "recompute", "shop")
    assert said.status == 1, shop.slug
    assert said.out[-1].endswith("left as they are: 2, in or after approval: 0")
    assert said.err == ["shop/claim one: rule.high: 20.00 is too much.", "… and 1 more"]
    dry = run("module", "recompute", "shop", "--dry-run")
    assert dry.status == 0
    assert dry.err == [
        "shop/claim one: rule.high: 20.00 is too much.",
        "shop/claim three: rule.high: 60.00 is too much.",
    ]


def test_what_somebody_else_has_begun_is_gone_on_with_unless_they_are_at_it(
    run: Run, folder: Path, shop: Workspace
) -> None:
    run("module", "install", write(folder, "net * 2"))
    start(shop, ADMIN, "shop")
    job = take(shop, "other")
    assert job is not None
    said = run("module", "recompute", "shop")
    assert (said.status, said.err[0].split(":")[0]) == (1, "job.open")
    let_go(shop, job)
    assert run("module", "recompute", "shop").status == 0


def test_what_fails_is_told(run: Run, folder: Path, shop: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    run("module", "install", write(folder, "net * 2"))
    monkeypatch.setattr(batch, "BATCH", "two")
    said = run("module", "recompute", "shop")
    assert (said.status, len(said.err)) == (1, 1), shop.slug
    assert said.err[0].startswith("job.failed: ")


def test_a_module_that_is_not_there_is_told(run: Run, shop: Workspace) -> None:
    for options in ((), ("--dry-run",)):
        said = run("module", "recompute", "nothing", *options)
        assert (said.status, said.err[0].split(":")[0]) == (1, "module.unknown"), shop.slug


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_does_what_is_due_and_ends_when_it_is_told_to(
    run: Run, folder: Path, shop: Workspace, ending: signal.Signals
) -> None:
    run("module", "install", write(folder, "net * 2"))
    start(shop, ADMIN, "shop")
    script = Path(sys.executable).with_name("dougong")
    with subprocess.Popen([script, "worker"], cwd=folder, stderr=subprocess.PIPE, text=True) as process:
        while process.poll() is None and _state(shop) == "open":
            pass
        process.send_signal(ending)
        _, said = process.communicate(timeout=60)
    assert (process.returncode, said, _state(shop)) == (0, "", "done")


def test_a_worker_beside_a_server_ends_with_it(folder: Path, shop: Workspace) -> None:
    """Its process id is not that of whoever has started it, as if that had gone."""
    script = Path(sys.executable).with_name("dougong")
    arguments = [script, "worker", "--workspace", shop.slug, "--beside", str(os.getpid() + 1)]
    ended = subprocess.run(arguments, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")


def _state(workspace: Workspace) -> str:
    found = recomputing(workspace, None, "shop")
    assert found is not None
    return found.job.state


def test_a_server_has_a_worker_beside_it_that_ends_with_it(run: Run, folder: Path, shop: Workspace) -> None:
    run("module", "install", write(folder, "net * 2"))
    start(shop, ADMIN, "shop")
    with socket.create_server(("127.0.0.1", 0)) as free:
        bind = f"127.0.0.1:{free.getsockname()[1]}"
    script = Path(sys.executable).with_name("dougong")
    with subprocess.Popen([script, "serve", "--bind", bind], cwd=folder, stdout=subprocess.PIPE) as process:
        while process.poll() is None and _state(shop) == "open":
            pass
        process.terminate()
        # Its output ends only when nobody holds it open any more, the worker neither.
        process.communicate(timeout=60)
    assert _state(shop) == "done"
