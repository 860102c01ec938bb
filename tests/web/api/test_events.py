"""The history of a record: who did what, without a gap, and nothing of what the reader may not see."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from engine.definition.model import Json
from engine.store import events, records
from engine.usecases.deployment import Workspace
from tests.web.api.caller import Caller, address

ARepair = Callable[..., dict[str, Any]]


def history(caller: Caller, record: Json) -> list[Json]:
    found: list[Json] = caller.get(f"{address(record)}/events")["items"]
    return found


def test_every_change_is_told_with_what_was_and_what_is(keeper: Caller, a_repair: ARepair) -> None:
    made = keeper.create("plant/repair", **a_repair(count=1))
    keeper.patch(address(made), 1, count=2, hours="1.5")
    keeper.act(made, "close", comment="好")
    created, changed, closed, *_ = told = history(keeper, made)
    assert [each["seq"] for each in told] == list(range(1, len(told) + 1))
    assert (created["kind"], created["actor"], created["data"]["values"]["count"]) == ("created", "keeper", 1)
    assert changed["data"]["fields"] == {"count": [1, 2], "hours": [None, "1.5"]}
    assert (closed["data"]["action"], closed["data"]["comment"]) == ("close", "好")
    assert all(datetime.fromisoformat(each["at"]).tzinfo for each in told)


def test_each_event_holds_the_hash_of_the_one_before(keeper: Caller, a_repair: ARepair, workspace: Workspace) -> None:
    made = keeper.create("plant/repair", **a_repair(hours=1))
    keeper.patch(address(made), 1, cost="9.99")
    keeper.act(made, "close", comment="好")
    told = history(keeper, made)
    assert [each["prev_hash"] for each in told] == ["", *(each["hash"] for each in told[:-1])]
    with workspace.read() as session:
        assert events.broken(session, records.load(session, "plant/repair", made["id"])) is None


def test_what_is_hidden_is_not_told_either(keeper: Caller, mechanic: Caller, a_repair: ARepair) -> None:
    made = mechanic.create("plant/repair", **a_repair(place={"zone": "A"}))
    parts = [{"name": "螺栓", "quantity": "2", "price": "1.50", "supplier": "甲供"}]
    keeper.patch(address(made), 1, cost="1300", place={"owner": "一分公司"}, parts=parts)
    assert {"cost", "place", "parts"} == set(history(keeper, made)[1]["data"]["fields"])
    told = history(mechanic, made)
    assert "1300" not in str(told)
    assert "一分公司" not in str(told)
    assert "甲供" not in str(told)
    assert "cost" not in told[1]["data"]["fields"]


def test_what_is_hidden_in_a_state_is_not_told_there(keeper: Caller, mechanic: Caller, a_repair: ARepair) -> None:
    made = mechanic.create("plant/repair", **a_repair(remark="口头交代", hours=1))
    assert "口头交代" in str(history(mechanic, made))
    keeper.act(made, "close", comment="好")
    assert "口头交代" not in str(history(mechanic, made))
    assert "口头交代" in str(history(keeper, made))
