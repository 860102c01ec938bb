"""An inbox shows what is open, newest first, page by page."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from engine.problems import Malformed
from engine.store import tasks
from engine.store.session import Workspace
from engine.store.sql import cursor
from tests.engine.store.builders import NOON, a_record, a_task


def test_a_task_tells_about_its_record(workspace: Workspace) -> None:
    record = a_record(number="FY-1")
    with workspace.write() as session:
        tasks.save(session, record, [a_task()])
        assert tasks.inbox(session, "li.na", limit=10).items == (
            tasks.Item(task=a_task(), record_id="r1", module="shop", entity="item", title="A title", number="FY-1"),
        )
        assert tasks.of_record(session, "r1") == tasks.inbox(session, "li.na", limit=10).items


def test_a_task_is_handed_over_and_closed_in_its_place(workspace: Workspace) -> None:
    with workspace.write() as session:
        tasks.save(session, a_record(), [a_task()])
        tasks.save(session, a_record(), [a_task(person="zhang.wei")])
        assert tasks.count_open(session, "li.na") == 0
        assert tasks.count_open(session, "zhang.wei") == 1
        tasks.save(session, a_record(), [a_task(person="zhang.wei", status="done", closed_at=NOON)])
        assert tasks.count_open(session, "zhang.wei") == 0
        assert tasks.of_record(session, "r1") == ()
        tasks.save(session, a_record(), [])


def test_what_somebody_has_done_is_listed_newest_first(workspace: Workspace) -> None:
    with workspace.write() as session:
        for number, status in enumerate(("done", "open", "cancelled", "done")):
            closed = None if status == "open" else NOON + timedelta(seconds=number)
            task = a_task(id=f"t{number}", status=status, closed_at=closed)
            tasks.save(session, a_record(id=f"r{number}"), [task])
        assert [each.task.id for each in tasks.done(session, "li.na", limit=5)] == ["t3", "t0"]
        assert [each.task.id for each in tasks.done(session, "li.na", limit=1)] == ["t3"]


def test_one_task_may_take_the_place_of_another_at_once(workspace: Workspace) -> None:
    with workspace.write() as session:
        tasks.save(session, a_record(), [a_task(id="a")])
        tasks.save(session, a_record(), [a_task(id="b"), a_task(id="a", status="cancelled", closed_at=NOON)])
        assert [each.task.id for each in tasks.of_record(session, "r1")] == ["b"]


def test_nobody_is_asked_the_same_thing_twice(workspace: Workspace) -> None:
    with pytest.raises(IntegrityError), workspace.write() as session:
        tasks.save(session, a_record(), [a_task(id="a"), a_task(id="b")])


def test_pages_of_an_inbox_follow_each_other(workspace: Workspace) -> None:
    with workspace.write() as session:
        for number in range(7):
            moment = NOON + timedelta(seconds=number // 2)
            tasks.save(session, a_record(id=f"r{number}"), [a_task(id=f"t{number}", opened_at=moment)])
        tasks.save(session, a_record(id="other"), [a_task(id="other", person="zhang.wei")])
        seen: list[str] = []
        inbox = tasks.inbox(session, "li.na", limit=3)
        seen += [each.task.id for each in inbox.items]
        while inbox.next:
            inbox = tasks.inbox(session, "li.na", limit=3, after=inbox.next)
            seen += [each.task.id for each in inbox.items]
    assert seen == ["t6", "t5", "t4", "t3", "t2", "t1", "t0"]


@pytest.mark.parametrize("key", [[], [1, "t1"], ["yesterday", "t1"], ["2026-03-02T04:00:00", "t1"], [NOON, 1]])
def test_a_cursor_that_nobody_gave_out_is_refused(workspace: Workspace, key: list[object]) -> None:
    with workspace.read() as session, pytest.raises(Malformed):
        tasks.inbox(session, "li.na", limit=3, after=cursor.written(key))
