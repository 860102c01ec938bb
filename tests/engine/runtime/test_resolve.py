"""A record from its blank form on: made, changed by hand, and what resolving a decision has to read."""

from decimal import Decimal

import pytest

from engine.definition.model import Json
from engine.problems import Invalid, NotAllowed
from engine.runtime.record import Decision, Record
from engine.runtime.resolve import blank, create, find_action, paths_read, save
from engine.runtime.world import facts, seen
from tests.engine.definitions import (
    END,
    MONEY,
    NUMBER,
    PERSON,
    TEXT,
    YES,
    an_entity,
    approval,
    choice,
    computed,
    life,
    reference,
    user,
)
from tests.engine.runtime.stage import NOW, a_person, a_record, a_world, an_organisation, codes

CLAIM = {
    "amount": MONEY | {"default": "5"},
    "name": TEXT,
    "total": computed("amount * 2"),
    "who": PERSON | {"x-default": "ME()"},
}
LIN, WU, ADMIN = a_person("lin"), a_person("wu"), a_person("chen", "administrator")
WORLD = a_world(an_organisation(LIN, WU, ADMIN))
EMPLOYEES = {"entities": {"claim": [{"role": "employee", "verbs": ["create", "read", "update"]}]}}
LEAD = {"lead": approval(*user("wu")), "done": END}


def a_claim(properties: Json = None, **given: Json) -> Json:
    return an_entity(properties or CLAIM, **{"permissions": EMPLOYEES, **given})


@pytest.mark.parametrize(
    ("states", "state", "status"),
    [
        (None, "", "draft"),
        (LEAD, "draft", "draft"),
        ({"size": choice("done"), "done": END}, "draft", "draft"),
        ({"open": life(close={"to": "done"}), "done": END}, "open", "running"),
    ],
)
def test_a_blank_record_waits_where_its_workflow_begins(states: Json, state: str, status: str) -> None:
    record = blank(a_claim(states=states), 7, LIN, WORLD)
    assert (record.state, record.status, record.edition, record.revision, record.number) == (state, status, 7, 1, "")
    assert (record.created_by, record.created_at, record.module, record.entity) == ("lin", NOW, "shop", "claim")
    assert record.values == {"amount": Decimal("5.00"), "who": "lin"}
    assert record.run is None


def made(given: Json, **definition: Json) -> Record:
    entity = a_claim(**definition)
    return create(entity, blank(entity, 1, LIN, WORLD), given, LIN, WORLD).record


def test_what_is_not_sent_takes_its_default_and_null_takes_it_away() -> None:
    assert made({}).values == {"amount": Decimal("5.00"), "total": Decimal("10.00"), "who": "lin"}
    assert made({"amount": 7, "who": None}).values == {"amount": Decimal("7.00"), "total": Decimal("14.00")}


def test_making_a_record_is_told_with_its_values() -> None:
    entity = a_claim()
    outcome = create(entity, blank(entity, 1, LIN, WORLD), {"name": "x"}, LIN, WORLD)
    (event,) = outcome.events
    assert (event.kind, event.actor, event.data["values"]) == ("created", "lin", outcome.record.values)
    assert outcome.tasks == ()


def test_who_may_not_make_one_is_refused_before_anything_else() -> None:
    entity = a_claim(permissions={})
    with pytest.raises(NotAllowed) as refusal:
        create(entity, blank(entity, 1, LIN, WORLD), {"nothing": 1}, LIN, WORLD)
    assert codes(refusal.value) == [("permission.verb", "")]


def test_who_may_make_only_some_is_refused_when_it_is_not_one_of_them() -> None:
    grant = {"role": "employee", "verbs": ["create"], "rows": 'name = "mine"'}
    entity = a_claim(permissions={"entities": {"claim": [grant]}})
    assert create(entity, blank(entity, 1, LIN, WORLD), {"name": "mine"}, LIN, WORLD).record.values["name"] == "mine"
    with pytest.raises(NotAllowed) as refusal:
        create(entity, blank(entity, 1, LIN, WORLD), {"name": "yours"}, LIN, WORLD)
    assert codes(refusal.value) == [("permission.row", "")]


def test_a_change_by_hand_is_one_more_revision_told_field_by_field() -> None:
    entity = a_claim()
    record = made({})
    outcome = save(entity, record, {"amount": 7, "name": "x"}, WU, WORLD)
    assert outcome.record.revision == record.revision + 1
    assert outcome.record.updated_by == "wu"
    (event,) = outcome.events
    assert (event.kind, event.actor) == ("changed", "wu")
    assert event.data["fields"] == {
        "amount": [Decimal("5.00"), Decimal("7.00")],
        "name": [None, "x"],
        "total": [Decimal("10.00"), Decimal("14.00")],
    }


def test_a_change_of_nothing_is_none() -> None:
    record = made({})
    outcome = save(a_claim(), record, {"amount": "5.00", "total": "10.00"}, LIN, WORLD)
    assert (outcome.events, outcome.record.revision) == ((), record.revision)


def test_a_change_is_refused_by_who_may_not_and_by_what_does_not_fit() -> None:
    entity = a_claim(states=LEAD)
    record = made({}, states=LEAD)
    with pytest.raises(Invalid) as refusal:
        save(entity, record, {"amount": "x"}, LIN, WORLD)
    assert codes(refusal.value) == [("field.number", "/values/amount")]
    with pytest.raises(NotAllowed) as locked:
        save(entity, a_record(entity, state="lead", status="running"), {"amount": 1}, LIN, WORLD)
    assert codes(locked.value) == [("permission.locked", "")]


def test_an_unknown_action_is_refused_with_what_there_is() -> None:
    entity = a_claim(states=LEAD)
    with pytest.raises(Exception, match=r"There is no action “sumbit”; known: submit, .*withdraw"):
        find_action(entity, a_record(entity), "sumbit")


PROJECT = {"budget": MONEY, "open": YES, "lead": PERSON}
LINKED = {"project": reference("shop/project"), "share": computed("project.budget"), "n": NUMBER}


@pytest.mark.parametrize(
    ("action", "state", "values", "wide"),
    [
        ("submit", "draft", {}, True),
        ("resubmit", "start", {}, True),
        ("approve", "lead", {}, False),
        ("approve", "lead", {"n": 1}, True),
        ("approve", "filled", {}, True),
        ("close", "open", {}, False),
        ("close", "wanting", {}, True),
        ("reject", "filled", {}, False),
        ("nothing", "lead", {}, False),
    ],
)
def test_a_decision_reads_what_guards_read_and_where_it_computes_what_formulas_read(
    action: str,
    state: str,
    values: Json,
    wide: bool,  # noqa: FBT001
) -> None:
    states = {
        "lead": approval({"field": "project.lead"}, passed="filled"),
        "filled": approval(*user("wu"), passed="open", fields={"n": "required"}),
        "open": life(close={"to": "wanting", "when": "project.open"}),
        "wanting": life(close={"to": "done"}) | {"fields": {"n": "required"}},
        "done": END,
    }
    entity = a_claim(LINKED, states=states, others={"project": PROJECT})
    record = a_record(entity, state=state, status="running")
    paths = paths_read(entity, record, Decision(actor="lin", action=action, values=values))
    assert paths == {("project", "lead"), ("project", "open"), *([("project", "budget")] if wide else [])}


def test_without_a_workflow_there_is_nothing_to_read() -> None:
    entity = a_claim(LINKED, others={"project": PROJECT})
    assert paths_read(entity, a_record(entity), Decision(actor="lin", action="submit")) == frozenset()


def test_formulas_see_the_values_and_the_columns_that_no_field_hides() -> None:
    entity = a_claim({"state": TEXT, "name": TEXT}, states=LEAD)
    record = a_record(entity, {"state": "Bavaria", "name": "x"}, state="lead", number="N-1", created_by="wu")
    assert seen(entity, record)["state"] == "Bavaria"
    assert seen(entity, record, {"name": "y"})["name"] == "y"
    reading = facts(entity, record, WORLD, actor="lin", projects=frozenset({"p1"}))
    assert (reading.state, reading.actor, reading.today, reading.projects) == ("lead", "lin", WORLD.today, {"p1"})
    assert {key: reading.values[key] for key in ("number", "created_by", "id")} == {
        "number": "N-1",
        "created_by": "wu",
        "id": "r1",
    }
