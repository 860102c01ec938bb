"""What a step leaves behind: state and run, events with their actors, tasks that open and close, titles and digests."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from engine.definition.model import Json
from engine.runtime.canonical import canonical, digest
from engine.runtime.resolve import blank, create
from tests.engine.definitions import (
    DATE,
    END,
    MONEY,
    NUMBER,
    TEXT,
    an_entity,
    approval,
    choice,
    group,
    handling,
    life,
    lines,
    user,
)
from tests.engine.runtime.stage import NOW, Stage, a_person, a_world, an_organisation

CLAIM = {"amount": MONEY, "name": TEXT, "day": DATE, "site": group(width=NUMBER), "items": lines(price=MONEY)}
PEOPLE = [*map(a_person, ("lin", "wu", "li")), a_person("root", "administrator")]
NOBODY = {"user": "nobody"}


def a_stage(states: dict[str, Any], values: Json = None, **given: Json) -> Stage:
    return Stage(an_entity(CLAIM, states=states, **given), *PEOPLE, values=values or {"amount": 5})


def test_a_story_is_told_from_its_beginning_to_its_end() -> None:
    states = {
        "one": approval(*user("wu", "li"), mode="all", passed="size"),
        "size": choice(("amount > 1", "rule"), "done"),
        "rule": approval(NOBODY, on_empty="pass", passed="two"),
        "two": approval(*user("li")),
        "done": END,
    }
    stage = a_stage(states).act("lin", "submit", comment="Please.").play("wu approve; li approve")
    kinds = [(each.kind, each.actor) for each in stage.history]
    assert kinds == [
        ("created", "lin"),
        ("submitted", "lin"),
        ("step_open", ""),
        ("decision", "wu"),
        ("decision", "li"),
        ("step_closed", ""),
        ("step_open", ""),
        ("auto", ""),
        ("step_closed", ""),
        ("step_open", ""),
        ("auto", ""),
        ("step_closed", ""),
        ("ended", ""),
    ]
    assert stage.told("step_open")[0] == {"by": "", "state": "one", "asked": ["wu", "li"], "dropped": [], "rule": ""}
    assert stage.told("step_closed") == [
        {"by": "", "state": "one", "outcome": "passed", "tally": [["wu", "approved"], ["li", "approved"]]},
        {"by": "", "state": "rule", "outcome": "passed", "tally": []},
        {"by": "", "state": "two", "outcome": "passed", "tally": [["li", "approved"]]},
    ]
    assert stage.told("auto") == [
        {"by": "", "state": "rule", "rule": "empty_pass"},
        {"by": "", "state": "two", "rule": "dedupe_consecutive", "person": "li", "basis": "one"},
    ]
    assert stage.told("ended") == [{"by": "", "status": "approved"}]


def test_who_is_left_out_is_told_with_the_reason() -> None:
    stage = a_stage({"lead": approval(*user("wu", "gone", "wu", "lin")), "done": END}).act("lin", "submit")
    assert stage.told("step_open")[0]["dropped"] == [["gone", "inactive"], ["wu", "twice"], ["lin", "self_skip"]]


def test_a_refusal_that_leads_back_is_told_as_the_rule_s_and_not_as_the_person_s() -> None:
    stage = a_stage({"lead": approval(*user("wu"), on_reject={"return": "start"}), "done": END}).play(
        "lin submit; wu reject"
    )
    assert stage.told("returned") == [{"by": "", "state": "lead", "target": "start", "rule": "on_reject"}]
    returned = (
        a_stage({"lead": approval(*user("wu")), "done": END}).play("lin submit").act("wu", "return", comment="No.")
    )
    (told,) = returned.told("returned")
    assert (told["by"], told["comment"], told["target"]) == ("wu", "No.", "start")


def test_tasks_open_and_close_with_the_seats() -> None:
    states = {
        "lead": approval(*user("wu", "li"), mode="sequential", passed="pay"),
        "pay": handling(*user("wu")),
        "done": END,
    }
    stage = a_stage(states, workflow={"settings": {"dedupe": "none"}}).act("lin", "submit")
    (first,) = stage.tasks.values()
    assert (first.person, first.kind, first.state, first.status, first.closed_at) == (
        "wu",
        "decide",
        "lead",
        "open",
        None,
    )
    stage.act("wu", "approve")
    first, second = stage.tasks.values()
    assert (first.status, first.opened_at < first.closed_at) == ("done", True)
    assert (second.person, second.status, second.opened_at) == ("li", "open", first.closed_at)
    stage.act("li", "approve")
    assert [(task.person, task.kind, task.status) for task in stage.tasks.values()] == [
        ("wu", "decide", "done"),
        ("li", "decide", "done"),
        ("wu", "handle", "open"),
    ]
    assert stage.tasks[second.id].opened_at == second.opened_at


def test_a_seat_that_never_was_anybody_s_turn_leaves_no_task() -> None:
    states = {"lead": approval(*user("wu", "li"), mode="sequential"), "done": END}
    stage = a_stage(states).play("lin submit; wu reject")
    assert [(task.person, task.status) for task in stage.tasks.values()] == [("wu", "done")]
    cancelled = a_stage({"lead": approval(*user("wu", "li")), "done": END}).play("lin submit; wu approve")
    assert {task.person: task.status for task in cancelled.tasks.values()} == {"wu": "done", "li": "cancelled"}


def test_the_starter_s_turn_is_a_task_as_well() -> None:
    stage = a_stage({"lead": approval(*user("wu")), "done": END}).play("lin submit; wu return")
    (task,) = (each for each in stage.tasks.values() if each.status == "open")
    assert (task.person, task.kind, task.state) == ("lin", "resubmit", "start")
    assert stage.play("lin resubmit").tasks[task.id].status == "done"


def test_a_run_has_a_token_as_long_as_it_is_under_way() -> None:
    stage = a_stage({"lead": approval(*user("wu")), "done": END})
    assert stage.record.run is None
    stage.act("lin", "submit")
    run = stage.record.run
    assert run is not None
    assert (run.starter, run.started_at > NOW, [token.state for token in run.tokens]) == ("lin", True, ["lead"])
    assert run.tokens[0].visit == run.visits[-1].id
    stage.act("wu", "approve")
    assert stage.record.run is not None
    assert stage.record.run.tokens == ()
    assert stage.record.run.started_at == run.started_at


def test_every_step_says_who_changed_the_record_when() -> None:
    stage = a_stage({"lead": approval(*user("wu")), "done": END})
    at = stage.world.now
    stage.act("lin", "submit")
    assert (stage.record.updated_by, stage.record.updated_at) == ("lin", at)
    assert stage.act("wu", "approve").record.updated_by == "wu"


@pytest.mark.parametrize(
    ("title", "values", "said"),
    [
        ("name", {"name": "Bridge"}, "Bridge"),
        ('CONCAT(name, " ", amount)', {"name": "Bridge", "amount": "5.00"}, "Bridge 5"),
        ("amount", {"amount": "5.00"}, "5.00"),
        ("day", {"day": "2026-03-02"}, "2026-03-02"),
        ("name", {}, "N-1"),
        ("1 / site.width", {"site": {"width": 0}}, "N-1"),
        ("number", {}, "N-1"),
        ("", {"name": "Bridge"}, "N-1"),
    ],
)
def test_a_record_is_called_by_its_title_or_else_its_number(title: str, values: Json, said: str) -> None:
    entity = an_entity(CLAIM, entity={"x-title": title} if title else {})
    world, maker = a_world(an_organisation(*PEOPLE)), PEOPLE[-1]
    record = msgspec.structs.replace(blank(entity, 1, maker, world), number="N-1")
    assert create(entity, record, values, maker, world).record.title == said


def test_a_title_follows_the_values() -> None:
    stage = a_stage({"lead": approval(*user("wu")), "done": END}, {"name": "A"}, entity={"x-title": "name"})
    assert stage.record.title == "A"
    assert stage.act("root", "submit", values={"name": "B"}).record.title == "B"


def content(values: Json, *protected: str) -> str:
    workflow = {"protected": list(protected)} if protected else {}
    stage = a_stage({"lead": approval(*user("wu")), "done": END}, values, workflow=workflow)
    (decision,) = stage.play("lin submit; wu approve").told("decision")
    return str(decision["content"])


def test_a_decision_is_about_a_content() -> None:
    values = {"amount": "5.00", "items": [{"price": 1}, {"price": 2}], "site": {"width": 1}}
    assert (
        content(values)
        == content(values)
        == digest(
            {
                "amount": Decimal("5.00"),
                "items": [{"price": Decimal("1.00")}, {"price": Decimal("2.00")}],
                "site": {"width": 1},
            }
        )
    )
    assert content(values) != content({**values, "name": "x"})


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("amount", {"amount": 6}),
        ("items", {"items": [{"price": 1}]}),
        ("items.price", {"items": [{"price": 1}, {"price": 3}]}),
        ("site.width", {"site": {"width": 2}}),
    ],
)
def test_of_protected_fields_every_change_shows_at_any_depth_and_no_other_does(path: str, change: Json) -> None:
    values = {"amount": 5, "items": [{"price": 1}, {"price": 2}], "site": {"width": 1}}
    assert content(values, path) != content({**values, **change}, path)
    assert content(values, path) == content({**values, "name": "x"}, path)
    assert content({"name": "y"}, path) == content({"name": "x"}, path)


def test_the_digest_is_of_one_text_for_one_value() -> None:
    assert canonical({"b": Decimal("1.50"), "a": [True, None, "中"]}) == '{"a":[true,null,"中"],"b":"1.50"}'.encode()
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    assert len(digest(None)) == 64


def test_a_run_that_leads_back_to_itself_without_anybody_is_refused() -> None:
    states = {
        "one": approval(NOBODY, on_empty="pass", passed="size"),
        "size": choice(("amount > 5", "one"), "done"),
        "done": END,
    }
    assert a_stage(states, {"amount": 6}).refused("lin", "submit") == ["workflow.endless"]
    assert a_stage(states, {"amount": 5}).act("lin", "submit").record.status == "approved"


def test_a_button_into_a_state_where_nobody_can_be_asked_is_refused() -> None:
    states = {"open": life(ask={"to": "lead", "who": user("li")}), "lead": approval(NOBODY), "done": END}
    stage = a_stage(states)
    assert stage.refused("li", "ask") == []
    stage.reorganise(a_person("root", "administrator", active=False))
    assert stage.refused("li", "ask") == ["workflow.nobody_to_ask"]


def test_when_nobody_can_be_asked_the_submission_is_refused_and_stays_a_draft() -> None:
    stage = a_stage({"lead": approval(NOBODY), "done": END}).reorganise(a_person("root", active=False))
    assert stage.refused("lin", "submit") == ["workflow.nobody_to_ask"]
    assert stage.record.state == "draft"


def test_a_way_to_the_refusing_end_may_be_written_down() -> None:
    states = {"size": choice(("amount > 5", "rejected"), "lead"), "lead": approval(*user("wu")), "done": END}
    assert a_stage(states, {"amount": 6}).act("lin", "submit").record.status == "rejected"


def test_an_end_says_the_status() -> None:
    states = {"open": life(stop={"to": "off", "who": user("li")}), "off": {"type": "end", "outcome": "cancelled"}}
    assert a_stage(states).play("li stop").record.status == "cancelled"
