"""Who is asked: every selector, then the binding order of docs/workflow.md §4.1, each step of it told."""

from typing import Any

import msgspec
import pytest

from engine.compile.model import CompiledEntity, CompiledWorkflow
from engine.definition.model import Json
from engine.problems import Conflict
from engine.runtime.approval.ask import Asked, ask, ask_starter
from engine.runtime.organisation import Organisation
from engine.runtime.world import facts
from tests.engine.definitions import END, PERSON, TEXT, UNIT, an_entity, approval, compiled, lines, reference, user
from tests.engine.runtime.stage import a_person, a_record, a_world, an_organisation

CORE = compiled(key="core", others={"project": {"name": TEXT, "lead": PERSON}})
MODULE = {
    "roles": [
        {"key": "cashier", "title": "Cashier"},
        {"key": "boss", "title": "Boss"},
        {"key": "custodian", "title": "Custodian", "scope": "project"},
    ],
    "requires": {"core": ">=1"},
}
CLAIM = {
    "person": PERSON,
    "unit": UNIT,
    "project": reference("core/project"),
    "other": reference("core/project"),
    "items": lines(person=PERSON, project=reference("core/project")),
}
COMPANY = an_organisation(
    a_person("lin", manager="wu", department="site"),
    a_person("wu", "custodian@p1", manager="zhao", department="site"),
    a_person("zhao", "cashier", manager="chen", department="works"),
    a_person("qian", "cashier", "custodian@p2", department="works"),
    a_person("chen", "boss", manager="root"),
    a_person("root", "administrator", manager="chen"),
    a_person("old", "cashier", manager="wu", active=False),
    heads={"site": "wu", "works": "zhao", "left": "old"},
    site="works",
)
REFERENCES = {"p1": {"id": "p1", "lead": "qian", "created_by": "chen"}, "p2": {"id": "p2"}}


def asked(
    *who: Json,
    values: Json = None,
    starter: str = "lin",
    company: Organisation = COMPANY,
    settings: Json = None,
    **seats: Json,
) -> Asked:
    states = {"lead": approval(*who, title="Lead", **seats), "done": END}
    entity = an_entity(
        CLAIM, states=states, workflow={"settings": settings or {}}, module=MODULE, neighbours={"core": CORE}
    )
    return _ask(entity, values, starter, company)


def _ask(entity: CompiledEntity, values: Json, starter: str, company: Organisation) -> Asked:
    assert isinstance(entity.workflow, CompiledWorkflow)
    reading = facts(entity, a_record(entity, values), a_world(company, references=REFERENCES))
    return ask(entity.workflow.states["lead"], entity.workflow, reading, starter, company)


@pytest.mark.parametrize(
    ("selector", "people"),
    [
        ({"user": "wu"}, ["wu"]),
        ({"role": "cashier"}, ["qian", "zhao"]),
        ({"role": "employee"}, ["chen", "qian", "root", "wu", "zhao"]),
        ({"dept": "works"}, ["qian", "zhao"]),
        ({"role": "custodian"}, ["wu"]),
        ({"role": "custodian", "in": "other"}, ["qian"]),
        ({"role": "custodian", "in": "items.project"}, ["qian", "wu"]),
        ({"field": "person"}, ["zhao"]),
        ({"field": "unit"}, ["zhao"]),
        ({"form_field": "person"}, ["zhao"]),
        ({"field": "items.person"}, ["wu", "chen"]),
        ({"field": "project.lead"}, ["qian"]),
        ({"field": "project.created_by"}, ["chen"]),
        ({"manager_of": "starter"}, ["wu"]),
        ({"manager_of": "starter", "level": 2}, ["zhao"]),
        ({"manager_of": "person"}, ["chen"]),
        ({"manager_of": "items.person", "level": 2}, ["chen"]),
        ({"manager_chain_of": "starter"}, ["wu", "zhao", "chen", "root"]),
        ({"manager_chain_of": "starter", "levels": 2}, ["wu", "zhao"]),
        ({"manager_chain_of": "starter", "until": "boss"}, ["wu", "zhao", "chen"]),
        ({"manager_chain_of": "person", "levels": 9}, ["chen", "root"]),
        ({"dept_head_of": "starter"}, ["wu"]),
        ({"dept_head_of": "starter", "up": 1}, ["zhao"]),
        ({"dept_head_of": "person"}, ["zhao"]),
        ({"dept_head_of": "unit"}, ["zhao"]),
    ],
)
def test_every_selector_names_its_people(selector: dict[str, Any], people: list[str]) -> None:
    items = [{"person": "wu", "project": "p2"}, {"person": "chen", "project": "p1"}, {}]
    values = {"person": "zhao", "unit": "works", "project": "p1", "other": "p2", "items": items}
    found = asked(selector, values=values)
    assert list(found.people) == people
    assert (found.rule, found.outcome) == ("", "")


@pytest.mark.parametrize(
    ("selector", "starter"),
    [
        ({"user": "nobody"}, "lin"),
        ({"user": "old"}, "lin"),
        ({"dept": "nowhere"}, "lin"),
        ({"role": "custodian"}, "lin"),
        ({"field": "person"}, "lin"),
        ({"field": "unit"}, "lin"),
        ({"field": "project.lead"}, "lin"),
        ({"field": "items.person"}, "lin"),
        ({"manager_of": "starter"}, "qian"),
        ({"manager_of": "person"}, "lin"),
        ({"manager_chain_of": "person"}, "lin"),
        ({"dept_head_of": "starter", "up": 9}, "lin"),
        ({"dept_head_of": "person"}, "lin"),
        ({"dept_head_of": "starter"}, "chen"),
    ],
)
def test_a_selector_that_names_nobody_leads_to_the_administrator(selector: dict[str, Any], starter: str) -> None:
    found = asked(selector, starter=starter)
    assert (found.people, found.rule, found.outcome) == (("root",), "empty_admin", "")


def test_a_line_of_managers_ends_where_somebody_is_not_known() -> None:
    company = an_organisation(a_person("lin", manager="gone"), a_person("root", "administrator"))
    found = asked({"manager_chain_of": "starter", "until": "boss"}, company=company)
    assert (found.people, found.dropped) == (("root",), (("gone", "inactive"),))
    stranger = an_organisation(a_person("root", "administrator"))
    assert asked({"dept_head_of": "person"}, values={"person": "gone"}, company=stranger).people == ("root",)


def test_people_stand_in_the_order_in_which_they_are_named() -> None:
    assert asked(*user("zhao", "wu"), {"role": "cashier"}).people == ("zhao", "wu", "qian")


def test_who_has_left_is_left_out_and_who_is_named_twice_keeps_the_first_place() -> None:
    found = asked(*user("zhao", "old", "nobody"), {"role": "cashier"}, *user("wu"))
    assert found.people == ("zhao", "qian", "wu")
    assert found.dropped == (("old", "inactive"), ("nobody", "inactive"), ("zhao", "twice"))


@pytest.mark.parametrize(
    ("rule", "people"),
    [
        ("allow", ["zhao", "lin", "qian"]),
        ("skip", ["zhao", "qian"]),
        ("manager", ["zhao", "wu", "qian"]),
        ("dept_head", ["zhao", "wu", "qian"]),
        ("admin", ["zhao", "root", "qian"]),
    ],
)
def test_the_starter_is_asked_left_out_or_replaced_in_place(rule: str, people: list[str]) -> None:
    found = asked(*user("zhao", "lin", "qian"), settings={"self": rule})
    assert list(found.people) == people
    assert found.dropped == (() if rule == "allow" else (("lin", f"self_{rule}"),))


def test_a_replacement_who_is_there_already_is_not_asked_twice() -> None:
    assert asked(*user("wu", "lin"), settings={"self": "manager"}).people == ("wu",)
    assert asked(*user("lin", "wu"), settings={"self": "manager"}).people == ("wu",)


def test_the_starter_is_left_out_unless_it_is_said_otherwise_and_a_state_may_say_it_for_itself() -> None:
    assert asked(*user("lin", "wu")).people == ("wu",)
    assert asked(*user("lin", "wu"), self="allow").people == ("lin", "wu")
    assert asked(*user("lin", "wu"), settings={"self": "allow"}, self="skip").people == ("wu",)
    assert asked({"starter": True}, self="allow").people == ("lin",)


def test_where_only_the_starter_would_be_asked_the_visit_passes_by_rule_even_if_the_empty_rule_says_reject() -> None:
    found = asked({"starter": True}, *user("old"), on_empty="reject")
    assert (found.people, found.rule, found.outcome) == ((), "self_skip", "passed")
    assert found.dropped == (("old", "inactive"), ("lin", "self_skip"))


@pytest.mark.parametrize("rule", ["manager", "dept_head", "admin"])
def test_a_starter_whom_nobody_can_replace_leaves_nobody_which_is_not_a_pass(rule: str) -> None:
    lonely = an_organisation(a_person("lin"), a_person("root", "administrator"))
    found = asked({"starter": True}, settings={"self": rule}, on_empty="reject", company=lonely, starter="lin")
    expected = ("root",) if rule == "admin" else ()
    assert found.people == expected
    assert found.outcome == ("" if expected else "rejected")


def test_a_replacement_who_has_left_is_none() -> None:
    company = an_organisation(
        a_person("lin", manager="old"), a_person("old", active=False), a_person("root", "administrator")
    )
    assert asked({"starter": True}, settings={"self": "manager"}, company=company).people == ("root",)


@pytest.mark.parametrize(
    ("on_empty", "people", "rule", "outcome"),
    [
        ("admin", ("root",), "empty_admin", ""),
        ("pass", (), "empty_pass", "passed"),
        ("reject", (), "empty_reject", "rejected"),
        ({"assign": user("wu", "old", "wu")}, ("wu",), "empty_assigned", ""),
        ({"assign": user("old", "lin")}, ("root",), "empty_admin", ""),
    ],
)
def test_for_nobody_there_is_a_rule(on_empty: Json, people: tuple[str, ...], rule: str, outcome: str) -> None:
    found = asked({"role": "boss"}, on_empty=on_empty, company=_without("chen"))
    assert (found.people, found.rule, found.outcome) == (people, rule, outcome)


def test_the_rule_for_nobody_comes_after_the_rule_for_the_starter() -> None:
    found = asked({"starter": True}, settings={"self": "manager"}, on_empty="pass", company=_without("wu"))
    assert (found.rule, found.outcome) == ("empty_pass", "passed")


def test_stand_ins_go_through_the_rule_for_the_starter_too() -> None:
    nobody = {"user": "old"}
    assert asked(nobody, on_empty={"assign": user("lin", "wu")}).people == ("wu",)
    assert asked(nobody, on_empty={"assign": user("lin")}, settings={"self": "manager"}).people == ("wu",)


def test_an_administrator_who_is_the_starter_is_asked_only_when_there_is_no_other_or_the_rule_allows_it() -> None:
    two = an_organisation(a_person("root", "administrator"), a_person("chen", "administrator"))
    one = an_organisation(a_person("root", "administrator"))
    assert asked(*user("old"), company=two, starter="root").people == ("chen",)
    assert asked(*user("old"), company=two, starter="root", settings={"self": "allow"}).people == ("chen", "root")
    assert asked(*user("old"), company=one, starter="root").people == ("root",)


def test_when_not_even_an_administrator_is_there_it_is_refused_with_the_name_of_the_state() -> None:
    with pytest.raises(Conflict) as refusal:
        asked(*user("old"), company=an_organisation("lin"))
    (problem,) = refusal.value.problems
    assert (problem.code, problem.params) == ("workflow.nobody_to_ask", {"state": "Lead"})


def test_what_is_returned_goes_to_the_starter_or_whoever_stands_in_for_them() -> None:
    assert ask_starter("lin", COMPANY) == Asked(people=("lin",))
    left = _without("lin")
    assert ask_starter("lin", left) == Asked(people=("wu",), dropped=(("lin", "inactive"),), rule="left_manager")
    both = _without("lin", "wu")
    assert ask_starter("lin", both) == Asked(people=("root",), dropped=(("lin", "inactive"),), rule="left_admin")
    with pytest.raises(Conflict):
        ask_starter("lin", an_organisation(a_person("lin", active=False)))


def _without(*logins: str) -> Organisation:
    gone = {login: msgspec.structs.replace(COMPANY.people[login], active=False) for login in logins}
    return msgspec.structs.replace(COMPANY, people={**COMPANY.people, **gone})
