"""The buttons of a life cycle: who may press them, when, with which comment and values, and where they lead."""

from decimal import Decimal
from typing import Any

import pytest

from engine.definition.model import Json
from tests.engine.definitions import END, MONEY, NUMBER, PERSON, TEXT, an_entity, approval, computed, life, user
from tests.engine.runtime.stage import Stage, a_person

TASK = {"n": NUMBER, "owner": PERSON, "note": TEXT, "cost": MONEY, "twice": computed("cost * 2")}
PEOPLE = [a_person("lin", manager="wu"), *map(a_person, ("wu", "li")), a_person("chen", "administrator")]
EDITORS = {"entities": {"claim": [{"role": "employee", "verbs": ["create", "read", "update"], "rows": "owner = ME()"}]}}


def a_stage(states: dict[str, Any], values: Json = None, **given: Json) -> Stage:
    return Stage(an_entity(TASK, states={**states, "done": END}, **given), *PEOPLE, values=values or {})


def test_a_new_record_is_under_way_in_the_first_state() -> None:
    stage = a_stage({"open": life(close={"to": "done"})})
    assert (stage.record.state, stage.record.status) == ("open", "running")
    assert stage.record.run is not None
    assert (stage.record.run.starter, stage.record.run.visits) == ("lin", ())


@pytest.mark.parametrize(
    ("who", "pressed_by"),
    [
        (user("li"), ["li"]),
        ([{"starter": True}], ["lin"]),
        ([{"manager_of": "starter"}, *user("li")], ["wu", "li"]),
        ([{"field": "owner"}], ["li"]),
        ([{"role": "administrator"}], ["chen"]),
        ([], ["li", "chen"]),
    ],
)
def test_a_button_is_for_whom_it_names_or_else_who_may_change_the_record(who: Json, pressed_by: list[str]) -> None:
    states = {"open": life(close={"to": "done"} | ({"who": who} if who else {}))}
    stage = a_stage(states, {"owner": "li"}, permissions=EDITORS)
    assert [person.login for person in PEOPLE if stage.offered(person.login)] == pressed_by
    codes = {code for person in PEOPLE for code in stage.refused(person.login, "close")}
    assert codes == ({"workflow.not_for_you"} if who else {"permission.row"})


def test_of_a_mixed_workflow_the_starter_is_whoever_submitted_it() -> None:
    states = {
        "lead": approval(*user("wu"), passed="open"),
        "open": life(close={"to": "done", "who": [{"starter": True}]}),
    }
    stage = a_stage(states).play("chen submit; wu approve")
    assert stage.refused("lin", "close") == ["workflow.not_for_you"]
    assert stage.refused("chen", "close") == []


@pytest.mark.parametrize(("n", "refused"), [(6, []), (5, ["workflow.condition"]), (None, ["workflow.condition"])])
def test_a_button_may_have_a_condition(n: int | None, refused: list[str]) -> None:
    stage = a_stage({"open": life(close={"to": "done", "when": "n > 5", "who": user("li")})}, {"n": n})
    assert stage.refused("li", "close") == refused
    assert stage.refused("wu", "close") == ["workflow.not_for_you"]


def test_a_condition_that_fails_refuses_with_its_reason() -> None:
    stage = a_stage({"open": life(close={"to": "done", "when": "1 / n > 0", "who": user("li")})}, {"n": 0})
    assert stage.refused("li", "close") == ["formula.division_by_zero"]


def test_a_button_may_want_a_word() -> None:
    stage = a_stage({"open": life(close={"to": "done", "comment": True, "who": user("li")})})
    assert stage.refusal("li", "close", comment=" ") == [("field.required", "/comment")]
    stage.act("li", "close", comment="Over.")
    assert stage.told("action") == [{"by": "li", "action": "close", "comment": "Over.", "state": "open"}]
    assert stage.record.status == "approved"


def test_a_button_leads_where_its_conditions_say_or_is_refused() -> None:
    states = {
        "open": life(close={"to": [("n > 5", "held"), ("n > 2", "done")], "who": user("li")}),
        "held": life(go={"to": "open"}),
    }
    assert a_stage(states, {"n": 6}).act("li", "close").record.state == "held"
    assert a_stage(states, {"n": 3}).act("li", "close").record.state == "done"
    assert a_stage(states, {"n": 1}).refused("li", "close") == ["workflow.no_way"]
    assert a_stage(states).refused("li", "close") == ["workflow.blank_condition"]


def test_a_button_is_there_only_in_its_state() -> None:
    states = {"open": life(hold={"to": "held", "who": user("li")}), "held": life(go={"to": "open", "who": user("li")})}
    stage = a_stage(
        {**states, "open": life(hold={"to": "held", "who": user("li")}, close={"to": "done", "who": user("li")})}
    )
    assert stage.offered("li") == ["hold", "close"]
    assert stage.refused("li", "go") == ["workflow.wrong_state"]
    assert stage.play("li hold").offered("li") == ["go"]


def test_buttons_of_the_same_name_in_several_states_are_each_its_own_state_s() -> None:
    drop = {"to": "done", "who": user("li"), "title": "Drop it"}
    states = {
        "open": life(drop=drop, go={"to": "held", "who": user("li")}),
        "held": life(drop={**drop, "who": user("wu")}),
    }
    stage = a_stage(states)
    assert sorted(stage.offered("li")) == ["drop", "go"]
    stage.play("li go")
    assert stage.refused("li", "drop") == ["workflow.not_for_you"]
    assert stage.play("wu drop").record.state == "done"


def test_after_the_end_nothing_is_pressed() -> None:
    stage = a_stage({"open": life(close={"to": "done", "who": user("li")})}).play("li close")
    assert stage.refused("li", "close") == ["workflow.wrong_state"]
    assert stage.record.run is not None
    assert stage.record.run.tokens == ()


FILLED = {
    "open": life(close={"to": "done", "who": user("li")})
    | {"fields": {"cost": "required", "note": "edit", "n": "read"}}
}


def test_what_the_state_wants_is_filled_in_with_the_button_by_whoever_presses_it() -> None:
    stage = a_stage(FILLED, {"n": 1})
    assert stage.refusal("li", "close") == [("field.required", "/values/cost")]
    assert stage.refusal("li", "close", values={"cost": 1, "n": 2}) == [("field.read_only", "/values/n")]
    stage.act("li", "close", values={"cost": 5, "note": "Paid."})
    assert stage.record.values["twice"] == Decimal("10.00")
    assert stage.record.revision == 2
    assert [each.kind for each in stage.history] == ["created", "changed", "action", "ended"]


def test_values_that_nobody_let_them_fill_in_are_refused() -> None:
    stage = a_stage({"open": life(close={"to": "done", "who": user("li")})})
    assert stage.refusal("li", "close", values={"cost": 1}) == [("field.read_only", "/values/cost")]
    assert stage.refused("li", "close") == []
