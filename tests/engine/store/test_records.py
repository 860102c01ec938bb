"""Records are saved whole or not at all, and nobody writes over what somebody else has written."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from sqlalchemy import Engine, event, func, select

from engine.problems import Busy, Conflict, Invalid, Refused, Unknown
from engine.runtime.record import Run, Token
from engine.store import editions, events, records, tasks
from engine.store.events import Ask
from engine.store.session import Session, Workspace
from tests.engine.store.builders import (
    MONEY,
    NOON,
    TEXT,
    a_record,
    a_task,
    an_outcome,
    changed,
    group,
    lines,
    publish,
    reference,
    saved,
    undone,
)

UNIQUE = {"title": "Code", "type": "string", "x-unique": True}


@contextmanager
def refused_with(error: type[Refused], *expected: tuple[str, str]) -> Iterator[None]:
    with pytest.raises(error) as refusal:
        yield
    assert [(each.code, each.pointer) for each in refusal.value.problems] == list(expected)
    assert all(each.sentence for each in refusal.value.problems)


def rows_in(session: Session, entity: str, path: tuple[str, ...]) -> int:
    table = editions.layout(session, entity).sheet.lines[path].table
    return session.connection.scalar(select(func.count()).select_from(table)) or 0


def test_every_part_of_a_record_comes_back(workspace: Workspace) -> None:
    publish(workspace, item={"name": TEXT})
    run = Run(starter="li.na", started_at=NOON, tokens=(Token(id="k", state="lead"),))
    record = a_record(number="FY-0001", state="lead", status="running", run=run, values={"name": "Ü 钢筋 %s :x '\"\\"})
    saved(workspace, record)
    with workspace.read() as session:
        assert records.load(session, "shop/item", "r1") == record


def test_a_record_that_is_not_there_is_unknown(workspace: Workspace) -> None:
    publish(workspace, item={"name": TEXT})
    with workspace.read() as session:
        with refused_with(Unknown, ("record.unknown", "")):
            records.load(session, "shop/item", "nobody")
        with refused_with(Unknown, ("entity.unknown", "")):
            records.load(session, "shop/thing", "r1")
        with refused_with(Unknown, ("module.unknown", "")):
            records.load(session, "market/item", "r1")


def test_only_those_that_are_there_are_loaded(workspace: Workspace) -> None:
    publish(workspace, item={"items": lines(name=TEXT)})
    saved(workspace, *(a_record(id=each, values={"items": [{"name": each}]}) for each in ("b", "a")))
    with workspace.read() as session:
        found = records.load_many(session, "shop/item", ["a", "b", "c", "a"])
    assert {key: each.values for key, each in found.items()} == {
        "a": {"items": [{"name": "a"}]},
        "b": {"items": [{"name": "b"}]},
    }


def test_records_are_found_by_a_value(workspace: Workspace) -> None:
    publish(workspace, item={"name": TEXT})
    saved(workspace, *(a_record(id=each, values={"name": each * 2}) for each in "abc"))
    with workspace.read() as session:
        found = records.load_by(session, "shop/item", "name", ["aa", "cc", "x"])
    assert {each.id for each in found} == {"a", "c"}


def test_a_value_that_has_no_place_is_a_bug_and_not_lost(workspace: Workspace) -> None:
    publish(workspace, item={"name": TEXT})
    with pytest.raises(KeyError):
        saved(workspace, a_record(values={"colour": ""}))


def test_a_stale_revision_is_a_conflict(workspace: Workspace) -> None:
    publish(workspace, item={"name": TEXT})
    record = a_record(values={"name": "first"})
    saved(workspace, record)
    with workspace.write() as session:
        records.update_record(session, record, changed(record, name="second"))
    with refused_with(Conflict, ("record.stale", "/revision")), workspace.write() as session:
        records.update_record(session, record, changed(record, name="third"))
    with workspace.read() as session:
        assert records.load(session, "shop/item", "r1").values == {"name": "second"}


def test_a_record_deleted_meanwhile_is_unknown(workspace: Workspace) -> None:
    publish(workspace, item={"name": TEXT})
    record = a_record()
    saved(workspace, record)
    with workspace.write() as session:
        records.delete_record(session, record)
    with refused_with(Unknown, ("record.unknown", "")), workspace.write() as session:
        records.update_record(session, record, changed(record))
    with refused_with(Unknown, ("record.unknown", "")), workspace.write() as session:
        records.delete_record(session, record)


def test_deleting_needs_the_present_revision(workspace: Workspace) -> None:
    publish(workspace, item={"name": TEXT})
    saved(workspace, a_record(revision=2))
    with refused_with(Conflict, ("record.stale", "/revision")), workspace.write() as session:
        records.delete_record(session, a_record(revision=1))


def test_lines_and_tasks_go_with_their_record_and_its_history_stays(workspace: Workspace) -> None:
    publish(workspace, item={"items": lines(parts=lines(name=TEXT))})
    outcome = an_outcome(a_record(values={"items": [{"parts": [{"name": "a"}]}]}), tasks=(a_task(),))
    with workspace.write() as session:
        record = records.apply(session, outcome)
    with workspace.write() as session:
        records.delete_record(session, record)
        assert rows_in(session, "shop/item", ("items",)) == 0
        assert tasks.of_record(session, "r1") == ()
        assert len(events.history(session, "r1")) == 1


def test_a_record_that_is_referred_to_is_not_deleted(workspace: Workspace) -> None:
    publish(workspace, shelf={"name": TEXT}, item={"shelf": reference("shop/shelf")})
    shelf = a_record("shop/shelf", id="s1")
    saved(workspace, shelf, a_record(values={"shelf": "s1"}))
    with refused_with(Conflict, ("record.in_use", "")), workspace.write() as session:
        records.delete_record(session, shelf)


def test_a_reference_to_a_record_that_has_gone_is_a_conflict(workspace: Workspace) -> None:
    publish(workspace, shelf={"name": TEXT}, item={"items": lines(shelf=reference("shop/shelf"))})
    with refused_with(Conflict, ("record.reference_gone", "")):
        saved(workspace, a_record(values={"items": [{"shelf": "s1"}]}))


@pytest.mark.parametrize(
    ("properties", "first", "second", "pointer"),
    [
        ({"code": UNIQUE}, {"code": "x"}, {"code": "x"}, "/code"),
        ({"a": group(b=group(code=UNIQUE))}, {"a": {"b": {"code": "x"}}}, {"a": {"b": {"code": "x"}}}, "/a/b/code"),
        ({"items": lines(code=UNIQUE)}, {}, {"items": [{"code": "x"}, {"code": "x"}]}, "/items"),
        ({"a": group(b=lines(code=UNIQUE))}, {}, {"a": {"b": [{"code": "x"}, {"code": "x"}]}}, "/a/b"),
    ],
)
def test_a_value_that_must_be_unique_and_is_taken_is_refused_at_its_field(
    workspace: Workspace, properties: dict[str, Any], first: dict[str, Any], second: dict[str, Any], pointer: str
) -> None:
    publish(workspace, item=properties)
    saved(workspace, a_record(id="r1", values=first))
    with refused_with(Invalid, ("field.taken", f"/values{pointer}")):
        saved(workspace, a_record(id="r2", values=second))


def test_blanks_and_lines_of_other_records_may_be_the_same(workspace: Workspace) -> None:
    publish(workspace, item={"code": UNIQUE, "items": lines(code=UNIQUE)})
    alike = [a_record(id=each, values={"items": [{"code": "x"}, {}, {}]}) for each in ("r1", "r2")]
    saved(workspace, *alike)
    with workspace.read() as session:
        assert [records.load(session, "shop/item", each.id).values for each in alike] == [each.values for each in alike]


def test_the_same_number_twice_is_a_bug(workspace: Workspace) -> None:
    publish(workspace, item={"name": TEXT})
    saved(workspace, a_record(id="r0"), a_record(id="r1", number="1"), a_record(id="r3"))
    with pytest.raises(Exception, match=r"(?i)unique"):
        saved(workspace, a_record(id="r2", number="1"))


def test_open_tasks_say_the_present_title_of_their_record(workspace: Workspace) -> None:
    publish(workspace, item={"name": TEXT})
    with workspace.write() as session:
        before = records.apply(session, an_outcome(a_record(), tasks=(a_task(),)))
        after = msgspec.structs.replace(changed(before), title="Another title")
        records.apply(session, an_outcome(after), before=before)
        assert [each.title for each in tasks.of_record(session, "r1")] == ["Another title"]


def test_an_outcome_happens_whole_or_not_at_all(workspace: Workspace) -> None:
    publish(workspace, item={"items": lines(name=TEXT)})
    record = a_record(values={"items": [{"name": "a"}]})
    with undone(workspace) as session:
        records.apply(session, an_outcome(record, tasks=(a_task(),)))
    with workspace.read() as session:
        assert records.load_many(session, "shop/item", ["r1"]) == {}
        assert events.history(session, "r1") == ()
        assert tasks.of_record(session, "r1") == ()


def test_a_key_leads_to_the_event_of_its_first_request(workspace: Workspace) -> None:
    publish(workspace, item={"name": TEXT})
    ask = Ask("li.na", "key-1", "print")
    with workspace.write() as session:
        before = records.apply(session, an_outcome(a_record()))
        assert records.claim(session, "shop/item", "r1", ask) == (before, None)
        assert events.answered(session, ask) is None
        after = records.apply(session, an_outcome(changed(before), kind="approved"), before=before, ask=ask)
    with workspace.write() as session:
        record, answered = records.claim(session, "shop/item", "r1", ask)
        assert record == after
        assert answered == events.answered(session, ask)
        assert answered == events.Answered("r1", 2, "print")
        assert records.claim(session, "shop/item", "r1", Ask("zhang.wei", "key-1", "print"))[1] is None
        with refused_with(Unknown, ("record.unknown", "")):
            records.claim(session, "shop/item", "nobody", ask)


def test_the_second_of_two_requests_with_one_key_is_asked_to_come_again(workspace: Workspace) -> None:
    publish(workspace, item={"name": TEXT})
    ask = Ask("li.na", "key-1", "print")
    with workspace.write() as session:
        records.apply(session, an_outcome(a_record(id="r1")), ask=ask)
    with refused_with(Busy, ("database.busy", "")), workspace.write() as session:
        records.apply(session, an_outcome(a_record(id="r2")), ask=ask)


@contextmanager
def statements(database: Engine) -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(database, "before_cursor_execute", note)
    yield sent
    event.remove(database, "before_cursor_execute", note)
    sent[:] = [each for each in sent if not each.startswith(("BEGIN", "COMMIT"))]


def test_an_approval_of_a_record_with_lines_takes_five_statements(workspace: Workspace) -> None:
    publish(workspace, item={"amount": MONEY, "items": lines(name=TEXT)})
    with workspace.write() as session:
        company = session.company
        record = a_record(values={"amount": Decimal("12.50"), "items": [{"name": "a"}, {"name": "b"}]})
        record = records.apply(session, an_outcome(record, tasks=(a_task(),)))
    with statements(workspace.database) as sent, workspace.write(company) as session:
        before, _ = records.claim(session, "shop/item", "r1", Ask("li.na", "k", "p"))
        values = {**before.values, "amount": Decimal("13.00")}
        done = a_task(status="done", closed_at=NOON)
        outcome = an_outcome(changed(before, **values), tasks=(done, a_task(id="t2", person="zhang.wei")))
        records.apply(session, outcome, before=before)
    assert len(sent) == 5, sent


def test_lines_are_written_only_where_they_have_changed(workspace: Workspace) -> None:
    publish(workspace, item={"items": lines(name=TEXT), "parts": lines(name=TEXT)})
    before = a_record(values={"items": [{"name": "a"}, {"name": "b"}], "parts": [{"name": "p"}]})
    saved(workspace, before)
    with workspace.write() as session:
        company = session.company
    with statements(workspace.database) as sent, workspace.write(company) as session:
        records.update_record(session, before, changed(before, items=[{"name": "b"}], parts=[{"name": "p"}]))
    assert sum("__items" in each for each in sent) == 2
    assert not any("__parts" in each for each in sent)
    with workspace.read() as session:
        assert records.load(session, "shop/item", "r1").values == {"items": [{"name": "b"}], "parts": [{"name": "p"}]}


def test_the_id_of_a_record_is_not_written_again(workspace: Workspace) -> None:
    """SQLite would look through every record that refers to it."""
    publish(workspace, item={"name": TEXT})
    before = a_record(values={"name": "a"})
    saved(workspace, before)
    with statements(workspace.database) as sent, workspace.write() as session:
        records.update_record(session, before, changed(before, name="b"))
    (written,) = [each.partition(" WHERE ")[0] for each in sent if each.startswith("UPDATE")]
    assert "name=" in written
    assert " id=" not in written
