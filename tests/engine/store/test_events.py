"""History cannot be changed without a trace."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import delete, insert, update

from engine.runtime.record import Event, Record
from engine.store import events, records
from engine.store.session import Workspace
from engine.store.tables.system_tables import EVENT
from tests.engine.store.builders import NOON, TEXT, a_record, an_outcome, changed, publish


@pytest.fixture
def record(workspace: Workspace) -> Record:
    """A record with three events."""
    publish(workspace, item={"name": TEXT})
    with workspace.write() as session:
        record = records.apply(session, an_outcome(a_record(), kind="created", amount=Decimal("1.10"), at=NOON))
        for kind in ("submitted", "approved"):
            record = records.apply(session, an_outcome(changed(record), kind=kind), before=record)
    return record


def test_events_come_back_in_order_and_the_record_holds_the_head(workspace: Workspace, record: Record) -> None:
    with workspace.read() as session:
        history = events.history(session, "r1")
        assert events.broken(session, record) is None
    assert [(each.seq, each.event.kind) for each in history] == [(1, "created"), (2, "submitted"), (3, "approved")]
    first = history[0].event
    assert first == Event(
        kind="created", at=NOON, actor="li.na", data={"amount": Decimal("1.10"), "at": "2026-03-02T04:00:00Z"}
    )
    assert (record.event_number, record.event_hash) == (3, history[-1].hash)
    assert [each.prev_hash for each in history] == ["", history[0].hash, history[1].hash]


@pytest.mark.parametrize(
    "forged",
    [{"actor": "zhang.wei"}, {"kind": "rejected"}, {"data": {"a": 1}}, {"prev_hash": ""}, {"hash": ""}, {"seq": 9}],
)
def test_a_changed_event_is_noticed(workspace: Workspace, record: Record, forged: dict[str, Any]) -> None:
    with workspace.write() as session:
        session.connection.execute(update(EVENT).where(EVENT.c.seq == 2).values(forged))
        assert events.broken(session, record) == 2


@pytest.mark.parametrize(("lost", "noticed"), [(1, 1), (2, 2), (3, 3)])
def test_a_lost_event_is_noticed(workspace: Workspace, record: Record, lost: int, noticed: int) -> None:
    with workspace.write() as session:
        session.connection.execute(delete(EVENT).where(EVENT.c.seq == lost))
        assert events.broken(session, record) == noticed


def test_an_event_that_was_put_in_is_noticed(workspace: Workspace, record: Record) -> None:
    _, rows = events.chained(record, [Event(kind="revoked", at=NOON, actor="")])
    with workspace.write() as session:
        session.connection.execute(insert(EVENT), rows)
        assert events.broken(session, record) == 5


def test_the_same_event_of_another_record_has_another_hash() -> None:
    event = Event(kind="created", at=NOON, actor="li.na")
    hashes = {events.chained(a_record(id=each), [event])[1][0]["hash"] for each in ("r1", "r2")}
    assert len(hashes) == 2


def test_an_outcome_without_events_leaves_the_chain_alone(workspace: Workspace, record: Record) -> None:
    assert events.chained(record, []) == (record, [])
    with workspace.write() as session:
        events.append(session, [])
        assert len(events.history(session, "r1")) == 3
