"""Actions on a run: what each is refused for, in the order of docs/workflow.md §5, and what it does with values."""

from decimal import Decimal
from typing import Any

import pytest

from engine.definition.model import Json
from tests.engine.compile.refusals import problems as problems_of
from tests.engine.definitions import (
    END,
    MONEY,
    TEXT,
    YES,
    an_entity,
    approval,
    computed,
    group,
    handling,
    life,
    lines,
    user,
)
from tests.engine.runtime.stage import Stage, a_person

CLAIM = {
    "amount": MONEY | {"maximum": 100},
    "name": TEXT,
    "note": TEXT,
    "total": computed("amount * 2"),
    "site": group(width=MONEY),
    "items": lines(price=MONEY, name=TEXT),
}
EMPLOYEES = {
    "entities": {"claim": [{"role": "employee", "verbs": ["create", "read", "update"], "rows": "created_by = ME()"}]}
}
PEOPLE = [*map(a_person, ("lin", "wu", "li")), a_person("root", "administrator")]


def a_stage(states: dict[str, Any] | None = None, values: Json = None, **given: Json) -> Stage:
    states = states or {"lead": approval(*user("wu", "li"), mode="all"), "done": END}
    entity = an_entity(given.pop("properties", CLAIM), states=states, permissions=EMPLOYEES, **given)
    return Stage(entity, *PEOPLE, values=values or {"amount": 5})


EDITING = {"lead": approval(*user("wu"), fields={"note": "edit", "items.price": "edit"}), "done": END}
KEPT = {"amount": 5, "name": "x", "items": [{"price": 1, "name": "a"}]}


def test_an_action_nobody_knows_is_unknown() -> None:
    stage = a_stage()
    assert stage.refused("lin", "sumbit") == ["action.unknown"]
    assert Stage(an_entity(CLAIM), *PEOPLE).refused("lin", "submit") == ["action.unknown"]


def test_whoever_has_left_does_nothing() -> None:
    stage = a_stage().reorganise(a_person("lin", active=False))
    assert stage.refused("lin", "submit") == ["permission.inactive"]


@pytest.mark.parametrize(
    ("login", "refused"), [("lin", []), ("root", []), ("wu", ["permission.row"]), ("li", ["permission.row"])]
)
def test_a_draft_is_submitted_by_its_maker_or_who_may_change_it(login: str, refused: list[str]) -> None:
    assert a_stage().refused(login, "submit") == refused


def test_whoever_submits_is_the_starter() -> None:
    stage = a_stage().act("root", "submit")
    assert stage.record.run is not None
    assert stage.record.run.starter == "root"
    assert stage.refused("lin", "withdraw") == ["workflow.not_starter"]


def test_submitting_may_bring_values_along_and_computes_them_again() -> None:
    stage = a_stage().act("lin", "submit", values={"amount": "7"})
    assert stage.record.values["total"] == Decimal("14.00")
    assert stage.record.revision == 2
    assert [each["fields"] for each in stage.told("changed")] == [
        {"amount": [Decimal("5.00"), Decimal("7.00")], "total": [Decimal("10.00"), Decimal("14.00")]}
    ]
    assert stage.told("submitted") == [{"by": "lin", "comment": "", "revision": 2}]
    assert a_stage().refusal("lin", "submit", values={"amount": 101}) == [("field.maximum", "/values/amount")]


def test_a_draft_is_judged_again_when_it_is_submitted() -> None:
    rule = {"key": "open", "assert": "project.open", "message": "Closed."}
    given = {"project": {"title": "Project", "x-type": "reference", "x-reference": "shop/project"}}
    entity = an_entity(
        given,
        others={"project": {"open": YES}},
        entity={"x-rules": [rule]},
        states={"lead": approval(*user("wu")), "done": END},
    )
    project = {"open": True}
    stage = Stage(entity, *PEOPLE, values={"project": "p1"}, references={"p1": project})
    assert stage.refused("lin", "submit") == []
    project["open"] = False
    assert stage.refusal("lin", "submit") == [("rule.open", "/values")]


def test_refusals_come_in_their_order() -> None:
    """State before task, task before what the state offers, that before arguments, revision and values."""
    states = {
        "lead": approval(*user("wu", "li"), mode="all", requires={"comment": "always"}, ops={"return": []}),
        "done": END,
    }
    stage = a_stage(states)
    wrong = {"values": {"amount": 1}, "revision": 9, "args": {"to": "boss"}}
    assert stage.refused("li", "return", **wrong) == ["workflow.not_running"]
    stage.act("lin", "submit")
    assert stage.refused("lin", "return", **wrong) == ["task.not_yours"]
    assert stage.refused("li", "return", **wrong) == ["workflow.not_offered"]
    assert stage.refused("li", "approve", **wrong) == ["record.stale"]
    assert stage.refusal("li", "approve", values={"amount": 1}) == [("field.required", "/comment")]
    assert stage.refusal("li", "approve", values={"amount": 1}, comment="ok") == [("field.read_only", "/values/amount")]


@pytest.mark.parametrize(
    ("requires", "approve", "reject"),
    [(None, [], []), ("on_reject", [], ["field.required"]), ("always", ["field.required"], ["field.required"])],
)
def test_a_comment_is_wanted_as_the_state_says(requires: str | None, approve: list[str], reject: list[str]) -> None:
    rest = {"requires": {"comment": requires}} if requires else {}
    stage = a_stage({"lead": approval(*user("wu"), **rest), "done": END}).act("lin", "submit")
    assert stage.refused("wu", "approve") == approve
    assert stage.refused("wu", "reject", comment=" \n") == reject
    assert stage.refused("wu", "approve", comment="ok") == stage.refused("wu", "reject", comment="no") == []


def test_who_names_the_revision_they_saw_is_refused_when_it_has_moved_on() -> None:
    stage = a_stage(EDITING, KEPT).act("lin", "submit")
    assert stage.refusal("wu", "approve", revision=0) == [("record.stale", "/revision")]
    assert stage.refused("wu", "approve", revision=1) == stage.refused("wu", "approve") == []


def test_a_task_names_one_seat() -> None:
    stage = a_stage().act("lin", "submit")
    mine, others = (next(task.id for task in stage.tasks.values() if task.person == login) for login in ("wu", "li"))
    assert stage.refused("wu", "approve", task=mine) == []
    assert stage.refused("wu", "approve", task=others) == ["task.not_yours"]
    assert stage.refused("wu", "approve", task="nothing") == ["task.not_yours"]
    stage.act("wu", "approve", task=mine)
    assert stage.refused("wu", "approve", task=mine) == stage.refused("wu", "approve") == ["task.closed"]
    assert stage.refused("li", "approve", task=mine) == ["task.not_yours"]


def test_a_task_of_an_earlier_visit_is_closed() -> None:
    stage = a_stage({"lead": approval(*user("wu")), "done": END}).play("lin submit; wu return; lin resubmit")
    first = next(task.id for task in stage.tasks.values() if task.status == "cancelled")
    assert stage.refused("wu", "approve", task=first) == ["task.closed"]
    assert stage.refused("wu", "approve") == []


def test_an_approval_keeps_what_the_state_lets_its_holder_change() -> None:
    stage = a_stage(EDITING, KEPT).act("lin", "submit")
    stage.act("wu", "approve", values={"note": "seen", "items": [{"price": 2}]})
    assert stage.record.values["note"] == "seen"
    assert stage.record.values["items"] == [{"price": Decimal("2.00"), "name": "a"}]
    assert stage.record.revision == 2
    assert stage.told("decision")[0]["revision"] == 2


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"amount": 6}, ("field.read_only", "/values/amount")),
        ({"items": []}, ("field.lines_fixed", "/values/items")),
        ({"items": [{"name": "b", "price": 1}]}, ("field.read_only", "/values/items/0/name")),
        ({"nothing": 1}, ("field.unknown", "/values/nothing")),
        ({"note": 5}, ("field.text", "/values/note")),
    ],
)
def test_an_approval_with_anything_else_is_refused_as_a_whole(values: Json, refusal: tuple[str, str]) -> None:
    stage = a_stage(EDITING, KEPT).act("lin", "submit")
    assert stage.refusal("wu", "approve", values={"note": "seen", **values}) == [refusal]


def test_what_the_state_requires_is_filled_in_before_it_is_approved() -> None:
    fields = {"note": "required", "site.width": "required", "items.price": "required"}
    stage = a_stage({"lead": approval(*user("wu"), fields=fields), "done": END}, {"items": [{"name": "a"}]})
    stage.act("lin", "submit")
    assert stage.refusal("wu", "approve") == [
        ("field.required", "/values/items/0/price"),
        ("field.required", "/values/note"),
        ("field.required", "/values/site/width"),
    ]
    assert stage.refused("wu", "reject", comment="no") == []
    values = {"note": "n", "site": {"width": 1}, "items": [{"price": 1}]}
    stage.act("wu", "approve", values=values)
    assert stage.record.status == "approved"


def test_what_is_required_and_there_need_not_be_sent_again() -> None:
    stage = a_stage({"pay": handling(*user("wu"), fields={"note": "required"}), "done": END}, {"note": "there"})
    assert stage.act("lin", "submit").refused("wu", "approve") == []


@pytest.mark.parametrize("action", ["reject", "return", "withdraw"])
def test_what_takes_no_values_refuses_them(action: str) -> None:
    stage = a_stage(EDITING, KEPT).act("lin", "submit")
    login = "lin" if action == "withdraw" else "wu"
    assert stage.refusal(login, action, values={"note": "x"}, comment="no") == [("action.no_values", "/values")]


@pytest.mark.parametrize(
    ("args", "refusal"),
    [
        ({"to": "previous"}, [("workflow.return_target", "/args/to")]),
        ({"to": "start", "resubmit": "resume"}, [("field.choice", "/args/resubmit")]),
        ({"to": "start", "resubmit": "rerun"}, []),
        ({}, []),
    ],
)
def test_a_return_leads_to_the_starter_and_the_way_is_walked_again(args: Json, refusal: list[tuple[str, str]]) -> None:
    assert a_stage().act("lin", "submit").refusal("wu", "return", args=args) == refusal


def test_who_got_it_back_corrects_it_and_sends_it_in_again() -> None:
    stage = a_stage().play("lin submit; wu return")
    assert stage.refused("wu", "resubmit") == ["task.closed"]
    assert stage.refused("root", "resubmit") == ["task.not_yours"]
    assert stage.refusal("lin", "resubmit", values={"amount": 101}) == [("field.maximum", "/values/amount")]
    stage.act("lin", "resubmit", values={"amount": 7}, comment="Now.")
    assert stage.told("resubmitted") == [{"by": "lin", "comment": "Now.", "revision": 2}]
    assert stage.record.values["total"] == Decimal("14.00")
    assert stage.refused("lin", "resubmit") == ["workflow.wrong_state"]


def test_what_is_with_the_starter_can_be_changed_by_hand_before_it_is_sent_in_again() -> None:
    stage = a_stage().play("lin submit; wu return").save("lin", {"amount": 8})
    assert stage.record.values["amount"] == 8
    assert stage.play("lin resubmit").record.state == "lead"


def test_when_the_starter_has_left_somebody_else_sends_it_in_again() -> None:
    stage = a_stage()
    stage.play("lin submit").reorganise(a_person("lin", active=False, manager="li")).play("wu return")
    assert stage.open == {"li": ["start"]}
    assert stage.told("step_open")[-1]["rule"] == "left_manager"
    assert stage.play("li resubmit").record.state == "lead"
    assert stage.record.run is not None
    assert stage.record.run.starter == "lin"


def test_of_several_administrators_the_first_one_sends_it_in_again() -> None:
    stage = a_stage().play("lin submit")
    stage.reorganise(a_person("lin", active=False), a_person("chen", "administrator")).play("wu return")
    assert stage.open == {"chen": ["start"], "root": ["start"]}
    stage.play("chen resubmit")
    assert {task.person: task.status for task in stage.tasks.values() if task.kind == "resubmit"} == {
        "chen": "done",
        "root": "cancelled",
    }


def test_every_action_is_offered_with_what_stands_against_it() -> None:
    stage = a_stage()
    names = ["submit", "approve", "reject", "return", "resubmit", "withdraw"]
    assert list(stage.choices("lin")) == names
    assert stage.offered("lin") == ["submit"]
    assert stage.offered("wu") == []
    stage.act("lin", "submit")
    assert stage.offered("lin") == ["withdraw"]
    assert stage.offered("wu") == ["approve", "reject", "return"]
    assert [each.code for each in stage.choices("root")["approve"].problems] == ["task.not_yours"]
    stage.play("wu return")
    assert stage.offered("lin") == ["resubmit", "withdraw"]


def test_an_entity_without_a_workflow_has_no_actions() -> None:
    assert Stage(an_entity(CLAIM), *PEOPLE).choices("lin") == {}


def test_a_life_cycle_alone_has_no_approval_actions() -> None:
    states = {"open": life(close={"to": "done"}), "done": END}
    assert list(a_stage(states).choices("lin")) == ["close"]
    assert problems_of(states=states) == []
