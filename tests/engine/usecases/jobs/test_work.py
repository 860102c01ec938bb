"""Jobs are worked on piece by piece, what fails is tried again and in the end given up, and workers come and go."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from engine.problems import Conflict, Problem
from engine.store import jobs
from engine.store.jobs import LEASE, Job
from engine.store.session import Session
from engine.usecases.deployment import Deployment, Workspace
from engine.usecases.jobs.work import FIRST_WAIT, KINDS, MAX_ATTEMPTS, go_on, take, work_through
from engine.usecases.jobs.worker import Worker
from tests.company import NOON, a_company, a_deployment

Count = Callable[[Session, Job], tuple[object, bool]]


def counted(session: Session, job: Job) -> tuple[object, bool]:
    """Counts to three, as the company's title says."""
    number = int(session.company.title or 0) + 1
    session.change_company(title=str(number), zone=session.company.zone, language=session.company.language)
    assert number == (job.progress or 0) + 1
    return number, number == 3


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> Callable[[Count], None]:
    """The kind "count", and a way to make it another one."""

    def become(piece: Count) -> None:
        monkeypatch.setitem(KINDS, "count", piece)  # type: ignore[arg-type]

    become(counted)
    return become


@pytest.fixture
def waiting(deployment: Deployment) -> Iterator[Workspace]:
    """A company with a job that is due."""
    made = a_company(deployment, [])
    prepare(made)
    yield made
    deployment.delete(made.slug)


def prepare(workspace: Workspace) -> None:
    with workspace.write() as session:
        session.change_company(title="0", zone="UTC", language="en")
        jobs.put(session, "count", "k", {}, by="")


def found(workspace: Workspace) -> Job:
    with workspace.read() as session:
        job = jobs.find(session, "k")
    assert job is not None
    return job


def title(workspace: Workspace) -> str:
    with workspace.read() as session:
        return session.company.title


def at(workspace: Workspace, after: timedelta) -> Workspace:
    return workspace.at(NOON + timedelta(days=1) + after)


def failing(_session: Session, _job: Job) -> tuple[object, bool]:
    raise ZeroDivisionError


def refusing(session: Session, _job: Job) -> tuple[object, bool]:
    session.change_company(title="9", zone="UTC", language="en")
    raise Conflict(Problem("record.in_use"))


def test_each_piece_is_done_once_and_its_progress_with_it(waiting: Workspace) -> None:
    told = [(each.progress, each.state) for each in work_through(waiting, "w", "k", pause=lambda: None)]
    assert told == [(1, "open"), (2, "open"), (3, "done")]
    assert title(waiting) == "3"
    assert [*work_through(waiting, "w", "k", pause=lambda: None)] == []
    assert take(waiting, "w") is None


def test_who_is_interrupted_leaves_the_rest_to_others_at_once(waiting: Workspace) -> None:
    def pause() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(work_through(waiting, "w", "k", pause))
    assert (found(waiting).holder, found(waiting).progress) == ("", 1)
    assert len([*work_through(waiting, "other", "k", pause=lambda: None)]) == 2
    assert title(waiting) == "3"


def test_what_another_worker_has_is_left_to_it(waiting: Workspace) -> None:
    assert take(waiting, "other")
    assert [*work_through(waiting, "w", "k", pause=lambda: None)] == []


@pytest.mark.parametrize(
    ("piece", "code", "reason"),
    [(failing, "job.failed", {"reason": "ZeroDivisionError"}), (refusing, "record.in_use", {})],
)
def test_what_fails_is_undone_told_tried_again_and_given_up(
    waiting: Workspace,
    kinds: Callable[[Count], None],
    caplog: pytest.LogCaptureFixture,
    piece: Count,
    code: str,
    reason: dict[str, str],
) -> None:
    kinds(piece)
    moment, waits = timedelta(), list[timedelta]()
    for _ in range(MAX_ATTEMPTS):
        here = at(waiting, moment)
        job = take(here, "w")
        assert job is not None
        told = go_on(here, job)
        assert told is not None
        waits.append(told.run_at - here.clock())
        assert take(here, "w") is None
        moment += waits[-1]
    assert waits[:-1] == [FIRST_WAIT * 2**each for each in range(MAX_ATTEMPTS - 1)]
    assert (found(waiting).state, title(waiting)) == ("failed", "0")
    problem = found(waiting).problem
    assert problem is not None
    assert (problem["code"], problem["params"]) == (code, reason)
    assert take(at(waiting, timedelta(days=9)), "w") is None
    assert ("job k failed" in caplog.text) is (piece is failing)


def test_it_goes_on_after_a_failure(waiting: Workspace, kinds: Callable[[Count], None]) -> None:
    job = take(waiting, "w")
    assert job is not None
    job = go_on(waiting, job)
    assert job is not None
    kinds(refusing)
    assert go_on(waiting, job)
    kinds(counted)
    told = [*work_through(waiting, "w", "k", pause=lambda: None)]
    assert [each.progress for each in told] == [2, 3]
    assert found(waiting).problem is None


def test_what_kills_its_workers_is_given_up(waiting: Workspace) -> None:
    for number in range(MAX_ATTEMPTS):
        assert take(at(waiting, number * 2 * LEASE), f"w{number}")
    assert take(at(waiting, MAX_ATTEMPTS * 2 * LEASE), "w") is None
    assert found(waiting).state == "failed"
    assert found(waiting).problem == {
        "code": "job.given_up",
        "params": {"count": str(MAX_ATTEMPTS)},
    } | {key: each for key, each in (found(waiting).problem or {}).items() if key not in {"code", "params"}}


def test_a_worker_serves_all_companies_in_turn(deployment: Deployment, waiting: Workspace) -> None:
    other = a_company(deployment, [])
    prepare(other)
    worker = Worker(deployment, "w", (waiting.slug, other.slug))
    for number in "12":
        assert worker.round()
        assert (title(waiting), title(other)) == (number, number)
    worker.stop()
    worker.run()
    assert (found(waiting).holder, found(other).holder) == ("", "")
    deployment.delete(other.slug)
    again = Worker(deployment, "w2", (waiting.slug, other.slug))
    assert again.round()
    assert not again.round()
    assert title(waiting) == "3"


def test_a_worker_ends_when_it_is_told_to(deployment: Deployment, waiting: Workspace) -> None:
    worker = Worker(deployment, "w", (waiting.slug,))
    thread = threading.Thread(target=worker.run)
    thread.start()
    while found(waiting).state == "open":
        pass
    worker.stop()
    thread.join(timeout=30)
    assert not thread.is_alive()
    assert title(waiting) == "3"


def test_a_worker_finds_the_companies_by_itself(tmp_path: Path) -> None:
    deployment = a_deployment(f"sqlite:///{tmp_path}/alone")
    prepare(a_company(deployment, []))
    worker = Worker(deployment, "w")
    assert worker.round()
    assert [title(deployment.workspace(each)) for each in deployment.slugs()] == ["1"]
    deployment.close()


def test_a_worker_outlives_a_database_that_is_away_or_busy(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployment = a_deployment(f"sqlite:///{tmp_path}/alone")
    made = a_company(deployment, [])
    prepare(made)
    worker = Worker(deployment, "w")
    with monkeypatch.context() as away:
        away.setattr(deployment, "slugs", lambda: 1 // 0)
        assert not worker.round()
    assert "no workspaces to be seen" in caplog.text
    with made.database.connect() as other:
        other.exec_driver_sql("PRAGMA user_version = 1")
        assert not worker.round()
    assert f"{made.slug}: database.busy" in caplog.text
    assert worker.round()
    assert title(made) == "1"
    deployment.close()


def test_a_worker_outlives_what_is_wrong_with_a_company(
    deployment: Deployment, waiting: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    broken = a_company(deployment, [])
    with broken.database.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE job RENAME TO jobs")
    worker = Worker(deployment, "w", (broken.slug, waiting.slug))
    assert worker.round()
    assert title(waiting) == "1"
    assert f"{broken.slug}: the next look may do better" in caplog.text
    deployment.delete(broken.slug)
    assert worker.round()
