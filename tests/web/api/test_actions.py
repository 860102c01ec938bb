"""Actions through the API: an approval from the first button to the last, and everything that stands against one."""

from collections.abc import Callable
from typing import Any

import pytest

from engine.definition.model import Json
from tests.web.api.caller import Caller, address, problems

Calling = Callable[[str], Caller]
Claim = Callable[..., Json]


@pytest.fixture
def clerk(calling: Calling) -> Caller:
    return calling("clerk")


@pytest.fixture
def manager(calling: Calling, project: Json, tag: str) -> Caller:
    """The project's manager."""
    assert project["values"]["code"] == tag
    return calling(tag)


@pytest.fixture
def claim(clerk: Caller, project: Json) -> Claim:
    """Makes a claim of so many yuan, and submits it when wanted."""

    def made(price: str = "100", *, submitted: bool = True) -> Json:
        items = [{"name": "水泥", "quantity": "1", "price": price}]
        values = {"project": project["id"], "category": "material", "date": "2026-03-02", "items": items}
        record = clerk.create("cost_center/expense", **values)
        return clerk.act(record, "submit") if submitted else record

    return made


def where(record: Json) -> tuple[str, str]:
    return record["state"], record["status"]


def test_a_claim_runs_through_its_approval(calling: Calling, clerk: Caller, manager: Caller, claim: Claim) -> None:
    draft = claim("600000", submitted=False)
    assert where(draft) == ("draft", "draft")
    running = clerk.act(draft, "submit", comment="请审批")
    assert where(running) == ("project_manager", "running")
    running = manager.act(running, "approve", comment="同意")
    assert where(running) == ("vice_president", "running")
    assert where(calling("vice").act(running, "approve")) == ("approved", "approved")


def test_below_the_limit_one_approval_is_enough(manager: Caller, claim: Claim) -> None:
    assert where(manager.act(claim("499999.99"), "approve")) == ("approved", "approved")


def test_a_refused_claim_has_ended(manager: Caller, claim: Claim) -> None:
    running = claim()
    refused = manager.act(running, "reject", status=422)
    assert problems(refused) == [("field.required", "/comment")]
    assert where(manager.act(running, "reject", comment="重复报销")) == ("rejected", "rejected")


def test_a_returned_claim_is_mended_and_sent_again(clerk: Caller, manager: Caller, claim: Claim) -> None:
    returned = manager.act(claim(), "return", comment="请补发票")
    assert where(returned) == ("start", "running")
    again = clerk.act(returned, "resubmit", values={"reason": "发票已补"})
    assert (where(again), again["revision"]) == (("project_manager", "running"), 2)
    assert again["values"]["reason"] == "发票已补"
    assert where(manager.act(again, "approve")) == ("approved", "approved")


def test_a_claim_is_withdrawn_by_whoever_started_it(clerk: Caller, manager: Caller, claim: Claim) -> None:
    running = claim()
    assert problems(manager.act(running, "withdraw", status=403)) == [("workflow.not_starter", "")]
    assert where(clerk.act(running, "withdraw")) == ("withdrawn", "withdrawn")


def test_every_action_is_listed_with_what_stands_against_it(clerk: Caller, manager: Caller, claim: Claim) -> None:
    running = claim()
    for caller, allowed in ((clerk, {"withdraw"}), (manager, {"approve", "reject", "return"})):
        listed = caller.get(f"{address(running)}/actions")["items"]
        assert [each["action"] for each in listed] == ["submit", "approve", "reject", "return", "resubmit", "withdraw"]
        assert {each["action"] for each in listed if each["allowed"]} == allowed
        assert all(each["allowed"] is (each["problems"] == []) for each in listed)
    assert problems(next(each for each in clerk.get(f"{address(running)}/actions")["items"])) == [
        ("workflow.not_draft", "")
    ]


@pytest.mark.parametrize(
    "refused",
    [
        ("clerk", "approve", {}, 403, ("task.not_yours", "")),
        ("clerk", "submit", {}, 409, ("workflow.not_draft", "")),
        ("clerk", "resubmit", {}, 409, ("workflow.wrong_state", "")),
        ("clerk", "fly", {}, 404, ("action.unknown", "")),
        ("another", "approve", {}, 404, ("record.unknown", "")),
        ("manager", "approve", {"values": {"amount": "1"}}, 422, ("field.read_only", "/values/amount")),
        ("manager", "approve", {"values": {"colour": "red"}}, 422, ("field.unknown", "/values/colour")),
        ("manager", "approve", {"revision": 7}, 409, ("record.stale", "/revision")),
        ("manager", "approve", {"task": "none"}, 403, ("task.not_yours", "")),
        ("manager", "return", {"args": {"to": "approved"}}, 422, ("workflow.return_target", "/args/to")),
        ("manager", "return", {"args": {"to": {}}}, 422, ("workflow.return_target", "/args/to")),
        ("manager", "approve", {"comment": 5}, 422, ("http.body_type", "/comment")),
        ("manager", "approve", {"values": []}, 422, ("http.body_type", "/values")),
        ("manager", "approve", {"revision": "1"}, 422, ("http.body_type", "/revision")),
        ("manager", "approve", {"opinion": "ok"}, 422, ("field.unknown", "/opinion")),
        ("manager", "reject", {"comment": "x\0"}, 422, ("field.characters", "/comment")),
        ("manager", "reject", {"comment": "x" * 2001}, 422, ("field.too_long", "/comment")),
    ],
)
def test_a_refused_action_changes_nothing(
    calling: Calling, tag: str, claim: Claim, refused: tuple[str, str, Json, int, tuple[str, str]]
) -> None:
    who, action, said, status, found = refused
    running = claim()
    caller = calling(tag if who == "manager" else who)
    assert problems(caller.act(running, action, status=status, **said)) == [found]
    assert calling("admin").get(address(running)) == running
    assert len(calling("admin").get(f"{address(running)}/events")["items"]) == 3


def test_only_whoever_made_a_draft_submits_it(manager: Caller, claim: Claim) -> None:
    draft = claim(submitted=False)
    assert problems(manager.act(draft, "submit", status=403)) == [("permission.row", "")]


def test_a_seat_is_decided_once(calling: Calling, manager: Caller, claim: Claim) -> None:
    running = claim("600000")
    (task,) = manager.get(f"{address(running)}/tasks")["items"]
    running = manager.act(running, "approve", task=task["id"])
    assert problems(manager.act(running, "approve", task=task["id"], status=409)) == [("task.closed", "")]
    assert problems(manager.act(running, "approve", status=409)) == [("task.closed", "")]
    calling("vice").act(running, "approve")
    assert problems(manager.act(running, "approve", status=409)) == [("workflow.not_running", "")]


def test_a_repeated_request_is_answered_again(clerk: Caller, manager: Caller, claim: Claim, tag: str) -> None:
    running = claim()
    first = manager.act(running, "approve", key=tag, comment="好")
    assert manager.act(running, "approve", key=tag, comment="好") == first
    assert [each["kind"] for each in clerk.get(f"{address(running)}/events")["items"]].count("decision") == 1


@pytest.mark.parametrize("other", [{"comment": "坏"}, {"comment": "好", "args": {"x": 1}}, {"values": {"reason": "x"}}])
def test_a_key_stands_for_one_content(manager: Caller, claim: Claim, tag: str, other: dict[str, Any]) -> None:
    running = claim()
    manager.act(running, "approve", key=tag, comment="好")
    assert problems(manager.act(running, "approve", key=tag, status=422, **other)) == [("action.key_reused", "")]
    assert problems(manager.act(running, "reject", key=tag, status=422, comment="好")) == [("action.key_reused", "")]
    assert problems(manager.act(claim(), "approve", key=tag, status=422, comment="好")) == [("action.key_reused", "")]


def test_a_refusal_is_not_remembered_under_its_key(manager: Caller, claim: Claim, tag: str) -> None:
    running = claim()
    manager.act(running, "reject", key=tag, status=422)
    assert where(manager.act(running, "reject", key=tag, comment="不合规")) == ("rejected", "rejected")


def test_a_running_claim_is_not_changed_by_hand(clerk: Caller, claim: Claim) -> None:
    running = claim()
    for refused in (
        clerk.patch(address(running), 1, status=403, reason="x"),
        clerk.delete(address(running), 1, status=403).json,
    ):
        assert problems(refused) == [("permission.locked", "")]


def test_whoever_is_asked_finds_it_among_the_tasks(clerk: Caller, manager: Caller, claim: Claim) -> None:
    assert manager.get("/tasks") == {"items": [], "next": None}
    first, second = claim(), claim()
    (task, _) = manager.get("/tasks")["items"]
    assert (task["record"], task["entity"], task["kind"]) == (second["id"], "cost_center/expense", "decide")
    assert (task["number"], task["title"]) == (second["number"], second["title"])
    assert manager.get(f"{address(second)}/tasks")["items"] == [task]
    page = manager.get("/tasks", limit=1)
    assert [each["record"] for each in page["items"]] == [second["id"]]
    rest = manager.get("/tasks", limit=1, cursor=page["next"])
    assert ([each["record"] for each in rest["items"]], rest["next"]) == ([first["id"]], None)
    manager.act(first, "approve")
    clerk.act(second, "withdraw")
    assert manager.get("/tasks")["items"] == []


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"cursor": "x"}, 400, "list.cursor"),
        ({"limit": "0"}, 422, "list.limit"),
        ({"filter": "TRUE"}, 422, "list.parameter"),
    ],
)
def test_what_the_tasks_cannot_be_asked(clerk: Caller, query: dict[str, str], status: int, code: str) -> None:
    assert [found for found, _ in problems(clerk.get("/tasks", status=status, **query))] == [code]


def test_a_life_cycle_has_buttons_of_its_own(
    keeper: Caller, mechanic: Caller, a_repair: Callable[..., dict[str, Any]]
) -> None:
    made = mechanic.create("plant/repair", **a_repair())
    listed = {each["action"]: each for each in mechanic.get(f"{address(made)}/actions")["items"]}
    assert {key: each["allowed"] for key, each in listed.items()} == {"close": False, "drop": True, "reopen": False}
    assert problems(mechanic.act(made, "close", comment="x", status=403)) == [("workflow.not_for_you", "")]
    assert problems(keeper.act(made, "close", comment="x", status=409)) == [("workflow.condition", "")]
    assert problems(keeper.act(made, "reopen", status=409)) == [("workflow.wrong_state", "")]
    made = keeper.patch(address(made), 1, hours=2)
    assert problems(keeper.act(made, "close", status=422)) == [("field.required", "/comment")]
    assert where(keeper.act(made, "close", comment="修好了")) == ("closed", "running")
    assert where(keeper.act(made, "reopen")) == ("open", "running")
    dropped = mechanic.act(made, "drop")
    assert where(dropped) == ("dropped", "cancelled")
    assert problems(keeper.patch(address(made), 2, status=403, count=1)) == [("permission.locked", "")]
