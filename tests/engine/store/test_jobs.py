"""Jobs as rows: one of a key, one holder at a time, taken over when a lease has run out."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from engine.problems import Conflict
from engine.store import jobs
from engine.store.jobs import LEASE, Job
from engine.store.session import Workspace
from tests.engine.store.builders import NOON


def at(workspace: Workspace, seconds: float) -> Workspace:
    return workspace.at(NOON + timedelta(seconds=seconds))


def put(workspace: Workspace, key: str = "k") -> Job:
    with workspace.write() as session:
        return jobs.put(session, "count", key, {"to": 3}, by="li.na")


def claim(workspace: Workspace, holder: str, key: str = "") -> Job | None:
    with workspace.write() as session:
        return jobs.claim(session, holder, key)


def taken(workspace: Workspace, holder: str = "one") -> Job:
    job = claim(workspace, holder)
    assert job is not None
    return job


def found(workspace: Workspace, key: str = "k") -> Job:
    with workspace.read() as session:
        job = jobs.find(session, key)
    assert job is not None
    return job


@contextmanager
def is_open() -> Iterator[None]:
    with pytest.raises(Conflict) as refusal:
        yield
    assert [each.code for each in refusal.value.problems] == ["job.open"]


def test_a_job_is_kept_as_it_was_put(workspace: Workspace) -> None:
    made = put(at(workspace, 0))
    assert found(workspace) == made
    assert (made.state, made.payload, made.run_at, made.created_by, made.attempts) == (
        "open",
        {"to": 3},
        NOON,
        "li.na",
        0,
    )
    with workspace.read() as session:
        assert jobs.find(session, "other") is None


def test_of_a_key_there_is_one_until_it_has_ended(workspace: Workspace) -> None:
    first = put(workspace)
    with is_open():
        put(workspace)
    put(workspace, "other")
    job = taken(workspace)
    with workspace.write() as session:
        jobs.move_on(session, job, 3, state="done")
    assert put(workspace).id != first.id
    assert (found(workspace).state, found(workspace).progress) == ("open", None)


def test_a_held_job_is_nobody_elses_until_its_lease_has_run_out(workspace: Workspace) -> None:
    put(at(workspace, 0))
    job = taken(at(workspace, 1))
    assert (job.holder, job.attempts, job.lease) == ("one", 1, NOON + timedelta(seconds=1) + LEASE)
    assert claim(at(workspace, LEASE.total_seconds()), "two") is None
    later = taken(at(workspace, LEASE.total_seconds() + 1), "two")
    assert (later.holder, later.attempts) == ("two", 2)
    with workspace.write() as session:
        assert jobs.hold(session, job) is None
        assert jobs.move_on(session, job, 1) is None
        assert jobs.fail(session, job, {}, again_at=None) is None
        assert jobs.let_go(session, job) is None
        assert jobs.hold(session, later) == later


def test_who_gets_on_keeps_it_longer_and_says_how_far(workspace: Workspace) -> None:
    put(at(workspace, 0))
    job = taken(at(workspace, 0))
    with at(workspace, 30).write() as session:
        moved = jobs.move_on(session, job, {"done": 1})
    assert moved is not None
    assert (moved.progress, moved.attempts, moved.lease) == ({"done": 1}, 0, NOON + timedelta(seconds=30) + LEASE)
    assert claim(at(workspace, LEASE.total_seconds() + 1), "two") is None


def test_what_fails_waits_and_what_is_given_up_stays(workspace: Workspace) -> None:
    put(at(workspace, 0))
    job = taken(at(workspace, 0))
    with at(workspace, 1).write() as session:
        jobs.fail(session, job, {"code": "x"}, again_at=NOON + timedelta(seconds=10))
    assert claim(at(workspace, 9), "one") is None
    assert found(workspace).problem == {"code": "x"}
    again = taken(at(workspace, 10))
    assert again.attempts == 2
    with at(workspace, 11).write() as session:
        jobs.fail(session, again, {"code": "y"}, again_at=None)
    assert (found(workspace).state, found(workspace).ended_at) == ("failed", NOON + timedelta(seconds=11))
    assert claim(at(workspace, 9999), "one") is None


def test_who_asks_for_a_key_does_not_wait(workspace: Workspace) -> None:
    put(at(workspace, 0), "a")
    put(at(workspace, 0))
    job = claim(at(workspace, 0), "one", "k")
    assert job is not None
    assert job.key == "k"
    with at(workspace, 1).write() as session:
        jobs.fail(session, job, {}, again_at=NOON + timedelta(days=1))
    assert claim(at(workspace, 2), "two", "k") is not None
    assert claim(at(workspace, 2), "three", "k") is None


def test_what_is_let_go_is_anybodys_at_once(workspace: Workspace) -> None:
    put(workspace)
    job = taken(workspace)
    with workspace.write() as session:
        jobs.let_go(session, job)
    assert taken(workspace, "two").attempts == 1


def test_a_cancelled_job_goes_no_further(workspace: Workspace) -> None:
    put(workspace)
    job = taken(workspace)
    with workspace.write() as session:
        assert jobs.cancel(session, "k") is not None
        assert jobs.cancel(session, "k") is None
        assert jobs.hold(session, job) is None
    assert found(workspace).state == "cancelled"
    assert claim(workspace, "one") is None


def test_who_waits_for_nothing_skips_what_another_works_on(workspace: Workspace) -> None:
    """While a piece is under way its row is locked: on PostgreSQL it is passed over, on SQLite writers wait."""
    put(at(workspace, 0))
    put(at(workspace, 0), "other")
    job = taken(at(workspace, 0))
    if workspace.database.dialect.name == "sqlite":
        return
    with workspace.write() as session:
        assert jobs.hold(session, job)
        much_later = taken(at(workspace, 9999), "two")
        assert much_later.key != job.key
        assert claim(at(workspace, 9999), "three") is None
