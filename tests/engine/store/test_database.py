"""Workspaces have databases of their own, writers take turns, and who waits too long is told to come again."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DBAPIError

from engine.problems import Busy, Conflict, Invalid, Refused, Unknown
from engine.store import counters, records
from engine.store.database import Databases, databases, in_memory
from engine.store.session import Workspace
from engine.store.tables.system_tables import COUNTER, JOB
from tests.engine.store.builders import TEXT, a_record, a_workspace, changed, publish, saved, undone


@contextmanager
def refused(error: type[Refused], code: str) -> Iterator[None]:
    with pytest.raises(error) as refusal:
        yield
    assert [each.code for each in refusal.value.problems] == [code]


def test_a_workspace_is_created_listed_opened_and_deleted(everywhere: Databases, slug: str) -> None:
    everywhere.create(slug).dispose()
    assert slug in everywhere.slugs()
    opened = everywhere.open(slug)
    with opened.connect() as connection:
        assert connection.execute(select(COUNTER)).all() == []
    opened.dispose()
    everywhere.delete(slug)
    assert slug not in everywhere.slugs()


def test_a_name_is_taken_once_and_an_unknown_one_opens_nothing(everywhere: Databases, slug: str) -> None:
    with refused(Unknown, "workspace.unknown"):
        everywhere.open(slug)
    with refused(Unknown, "workspace.unknown"):
        everywhere.delete(slug)
    everywhere.create(slug).dispose()
    with refused(Conflict, "workspace.taken"):
        everywhere.create(slug)
    everywhere.delete(slug)


@pytest.mark.parametrize("name", ["", "A", "1a", "../etc", "a-b", "a b", 'a"; drop', "a" * 32, "a\n", "é"])
def test_only_plain_names_name_a_workspace(everywhere: Databases, name: str) -> None:
    for use in (everywhere.create, everywhere.open, everywhere.delete):
        with refused(Invalid, "workspace.slug"):
            use(name)


def test_workspaces_do_not_see_each_other(everywhere: Databases, slug: str) -> None:
    one, other = (a_workspace(everywhere.create(f"{slug}_{each}")) for each in "ab")
    publish(one, item={"name": TEXT})
    saved(one, a_record())
    with other.read() as session, pytest.raises(Unknown):
        records.load(session, "shop/item", "r1")
    for workspace, letter in ((one, "a"), (other, "b")):
        workspace.database.dispose()
        everywhere.delete(f"{slug}_{letter}")


def test_a_workspace_of_an_older_version_gets_the_system_tables_that_it_lacks(everywhere: Databases, slug: str) -> None:
    made = everywhere.create(slug)
    with made.begin() as connection:
        connection.execute(text("DROP TABLE job"))
        connection.execute(text("INSERT INTO counter (name, value) VALUES ('a', 1)"))
    made.dispose()
    with ThreadPoolExecutor() as pool:
        opened = [each.result() for each in [pool.submit(everywhere.open, slug) for _ in range(4)]]
    with opened[0].begin() as connection:
        assert connection.execute(select(JOB)).all() == []
        assert connection.execute(select(COUNTER)).all() == [("a", 1)]
        assert {each["name"] for each in inspect(connection).get_indexes("job")} >= {"job_due"}
    for each in opened:
        each.dispose()
    everywhere.delete(slug)


def test_other_files_in_the_folder_are_not_workspaces(tmp_path: Path) -> None:
    (tmp_path / "Notes.db").touch()
    (tmp_path / "notes.txt").touch()
    assert databases(f"sqlite:///{tmp_path}").slugs() == ()


def test_sqlite_keeps_a_journal_and_holds_references(tmp_path: Path) -> None:
    database = databases(f"sqlite:///{tmp_path}").create("demo")
    with database.connect() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    database.dispose()
    assert settings == {"journal_mode": "wal", "synchronous": 1, "foreign_keys": 1, "busy_timeout": 3000}


def test_a_database_in_memory_serves_one_at_a_time() -> None:
    workspace = a_workspace(in_memory())
    with workspace.write(), refused(Busy, "database.busy"), workspace.read():
        pass


def test_a_reader_cannot_write(workspace: Workspace) -> None:
    for _ in range(2):
        with pytest.raises(DBAPIError), workspace.read() as session:
            counters.advance(session, "a")
        with workspace.write() as session:
            counters.advance(session, "a")


def test_a_reader_sees_one_moment(workspace: Workspace) -> None:
    publish(workspace, item={"name": TEXT})
    record = a_record(values={"name": "before"})
    saved(workspace, record)
    with workspace.read() as reader:
        assert records.load(reader, "shop/item", "r1").values == {"name": "before"}
        with workspace.write() as writer:
            records.update_record(writer, record, changed(record, name="after"))
        assert records.load(reader, "shop/item", "r1").values == {"name": "before"}


def test_who_waits_too_long_for_a_lock_is_told_to_come_again(workspace: Workspace) -> None:
    publish(workspace, item={"name": TEXT})
    saved(workspace, a_record())
    with workspace.write() as session:
        records.load(session, "shop/item", "r1", lock=True)
        with refused(Busy, "database.busy"), workspace.write() as other:
            records.load(other, "shop/item", "r1", lock=True)


def test_any_other_failure_stays_what_it_is(workspace: Workspace) -> None:
    with pytest.raises(DBAPIError), workspace.write() as session:
        session.connection.execute(text("SELECT nonsense"))


def test_two_who_wait_for_each_other_do_not_wait_for_ever(workspace: Workspace) -> None:
    publish(workspace, item={"name": TEXT})
    saved(workspace, *(a_record(id=each) for each in "ab"))
    both_hold_one = threading.Barrier(2)

    def lock(first: str, second: str) -> str:
        try:
            with workspace.write() as session:
                records.load(session, "shop/item", first, lock=True)
                if workspace.database.dialect.name != "sqlite":
                    both_hold_one.wait(timeout=30)
                records.load(session, "shop/item", second, lock=True)
        except Busy:
            return "busy"
        return "done"

    with ThreadPoolExecutor(2) as threads:
        answers = sorted(threads.map(lock, "ab", "ba"))
    assert answers == (["done", "done"] if workspace.database.dialect.name == "sqlite" else ["busy", "done"])


def test_every_one_of_many_writers_gets_a_number_of_their_own(workspace: Workspace) -> None:
    def take(_: int) -> int:
        with workspace.write() as session:
            return counters.advance(session, "FY-2026")

    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(take, range(40))) == list(range(1, 41))


def test_a_number_that_was_not_used_is_given_again(workspace: Workspace) -> None:
    with undone(workspace) as session:
        assert counters.advance(session, "a") == 1
    with workspace.write() as session:
        assert [counters.advance(session, name) for name in ("a", "a", "b")] == [1, 2, 1]
