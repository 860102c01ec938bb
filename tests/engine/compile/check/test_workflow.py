"""A workflow's graph before anybody runs through it: ways, reach, people, fields and names."""

from typing import Any

import pytest

from engine.definition.model import Json
from tests.engine.compile.refusals import problems
from tests.engine.definitions import (
    END,
    MONEY,
    PERSON,
    TEXT,
    UNIT,
    approval,
    choice,
    compiled,
    computed,
    handling,
    life,
    lines,
    reference,
    user,
)

FILE = "workflows/claim.json"
LIN = user("lin")[0]
FIELDS = {"amount": MONEY, "person": PERSON, "unit": UNIT, "name": TEXT, "total": computed("amount")}


def wrong(states: dict[str, Any], properties: dict[str, Any] | None = None, **given: Json) -> list[tuple[str, str]]:
    found = problems(properties or FIELDS, states=states, **given)
    assert {file for _, file, _ in found} <= {FILE}
    return [(code, shown) for code, _, shown in found]


@pytest.mark.parametrize(
    "states",
    [
        {
            "lead": approval(LIN, passed="size"),
            "size": choice(("amount > 5", "boss"), "done"),
            "boss": approval(LIN),
            "done": END,
        },
        {"pay": handling(LIN), "done": END},
        {"lead": approval(LIN, on={"passed": [{"to": "done"}], "rejected": [{"to": "start"}]}), "done": END},
        {"lead": approval(LIN, on={"passed": [{"to": "rejected"}]})},
        {"open": life(close={"to": "done"}, hold={"to": "held"}), "held": life(go_on={"to": "open"}), "done": END},
        {"open": life(close={"to": [("amount > 5", "done"), ("amount < 2", "open")]}), "done": END},
        {"lead": approval(LIN, passed="open"), "open": life(close={"to": "done"}), "done": END},
    ],
)
def test_a_sound_graph_is_fine(states: dict[str, Any]) -> None:
    assert wrong(states) == []


def test_ways_lead_to_states() -> None:
    assert wrong({"lead": approval(LIN, passed="nowhere"), "done": END}) == [
        ("state.undefined", '"nowhere"'),
        ("workflow.no_end", "{"),
        ("workflow.unreachable", "{"),
    ]


@pytest.mark.parametrize("target", ["draft", "withdrawn"])
def test_only_people_begin_and_withdraw(target: str) -> None:
    states = {"size": choice(("amount > 5", target), "lead"), "lead": approval(LIN), "done": END}
    assert wrong(states) == [("state.undefined", f'"{target}"')]


def test_back_to_the_starter_leads_only_a_workflow_that_asks_people() -> None:
    states = {"open": life(close={"to": "done"}, back={"to": "start"}), "done": END}
    assert wrong(states) == [("state.undefined", '"start"')]


def test_it_begins_in_one_of_its_states() -> None:
    assert wrong({"lead": approval(LIN), "done": END}, workflow={"initial": "leed"}) == [
        ("state.undefined", '"leed"'),
        ("workflow.unreachable", "{"),
        ("workflow.unreachable", "{"),
    ]


@pytest.mark.parametrize("key", ["draft", "start", "rejected", "withdrawn"])
def test_the_states_that_every_workflow_has_are_not_defined_again(key: str) -> None:
    assert ("workflow.reserved_state", "{") in wrong({key: approval(LIN), "done": END})


@pytest.mark.parametrize("key", ["submit", "approve", "reject", "return", "resubmit", "withdraw"])
def test_a_button_beside_approvals_has_another_key_than_theirs(key: str) -> None:
    buttons = {"open": life(**{key: {"to": "done"}}), "done": END}
    assert wrong(buttons) == []
    assert wrong({"lead": approval(LIN, passed="open"), **buttons}) == [("workflow.reserved_action", "{")]


def test_every_outcome_is_one_that_the_state_has() -> None:
    states = {"lead": approval(LIN) | {"on": {"passed": [{"to": "done"}]}}, "done": END}
    button = {"open": life(close={"to": "done"}) | {"on": {"close": [{"to": "done"}], "cloes": [{"to": "done"}]}}}
    assert wrong(states) == []
    assert wrong({**button, "done": END}) == [("outcome.undefined", "[")]


@pytest.mark.parametrize(
    "state",
    [
        approval(LIN) | {"on": {}},
        handling(LIN) | {"on": {}},
        {"type": "choice", "on": {}},
        life(go={"to": "done"}) | {"on": {}},
    ],
)
def test_every_outcome_leads_on(state: dict[str, Any]) -> None:
    found = wrong({"first": state, "done": END})
    assert found[0] == ("workflow.no_way_out", "{")


@pytest.mark.parametrize(
    "state",
    [
        choice(("amount > 5", "done")),
        approval(LIN, passed=("amount > 5", "done")),
        handling(LIN, passed=("amount > 5", "done")),
        approval(LIN, on={"passed": [{"to": "done"}], "rejected": [{"to": "done", "when": "amount > 5"}]}),
    ],
)
def test_the_last_way_of_what_is_decided_holds_always(state: dict[str, Any]) -> None:
    assert wrong({"first": state, "done": END}) == [("workflow.no_default", '"amount > 5"')]


def test_a_way_behind_one_that_holds_always_is_never_taken() -> None:
    states = {"size": choice("lead", "done"), "lead": approval(LIN), "done": END}
    assert wrong(states) == [("workflow.hidden_way", "{")]


def test_every_state_can_be_reached_and_left() -> None:
    island = {"lead": approval(LIN), "island": approval(LIN, passed="island"), "done": END}
    trap = {"lead": approval(LIN, passed="trap"), "trap": approval(LIN, passed="trap"), "done": END}
    assert wrong(island) == [("workflow.unreachable", "{")]
    assert wrong(trap) == [("workflow.no_end", "{"), ("workflow.no_end", "{"), ("workflow.unreachable", "{")]


def test_a_return_is_no_way_to_an_end() -> None:
    states = {"lead": approval(LIN, passed="start"), "done": END}
    assert wrong(states) == [("workflow.no_end", "{"), ("workflow.unreachable", "{")]


def test_a_circle_needs_somebody_who_can_stop() -> None:
    states = {
        "one": choice(("amount > 1", "two"), "done"),
        "two": choice(("amount > 2", "one"), "done"),
        "done": END,
    }
    assert wrong(states) == [("workflow.endless", "{"), ("workflow.endless", "{")]
    states["two"] = approval(LIN, passed="one")
    assert wrong(states) == []


@pytest.mark.parametrize("keyword", ["who", "on_empty", "action"])
def test_selectors_name_roles_that_exist(keyword: str) -> None:
    boss = {"role": "boss"}
    state = {
        "who": approval(boss),
        "on_empty": approval(LIN, on_empty={"assign": [boss]}),
        "action": life(close={"to": "done", "who": [boss]}),
    }[keyword]
    assert wrong({"first": state, "done": END}) == [("role.undefined", '"boss"')]


def test_a_chain_of_managers_ends_at_a_role_that_exists() -> None:
    chain = {"manager_chain_of": "starter", "until": "boss"}
    assert wrong({"lead": approval(chain), "done": END}) == [("role.undefined", '"boss"')]
    assert wrong({"lead": approval(chain | {"until": "administrator"}), "done": END}) == []


@pytest.mark.parametrize(
    "selector",
    [
        {"field": "person"},
        {"field": "unit"},
        {"form_field": "person"},
        {"field": "created_by"},
        {"field": "account.owner"},
        {"field": "items.person"},
        {"manager_of": "starter"},
        {"manager_of": "person", "level": 2},
        {"manager_chain_of": "person"},
        {"dept_head_of": "person"},
        {"dept_head_of": "unit"},
        {"starter": True},
        {"dept": "anything"},
    ],
)
def test_a_selector_leads_to_people(selector: dict[str, Any]) -> None:
    given = {**FIELDS, "account": reference("shop/account"), "items": lines(person=PERSON)}
    assert wrong({"lead": approval(selector), "done": END}, given, others={"account": {"owner": PERSON}}) == []


@pytest.mark.parametrize(
    ("selector", "code", "shown"),
    [
        ({"field": "persn"}, "field.undefined", '"persn"'),
        ({"field": "person.boss"}, "field.undefined", '"person.boss"'),
        ({"field": "name"}, "selector.no_person", '"name"'),
        ({"field": "account"}, "selector.no_person", '"account"'),
        ({"field": "id"}, "selector.no_person", '"id"'),
        ({"manager_of": "holder"}, "field.undefined", '"holder"'),
        ({"manager_of": "unit"}, "selector.no_person", '"unit"'),
        ({"manager_chain_of": "unit"}, "selector.no_person", '"unit"'),
        ({"dept_head_of": "name"}, "selector.no_person", '"name"'),
        ({"role": "employee", "in": "persn"}, "field.undefined", '"persn"'),
        ({"role": "employee", "in": "person"}, "selector.no_project", '"person"'),
        ({"role": "employee", "in": "account"}, "selector.no_project", '"account"'),
    ],
)
def test_a_selector_that_leads_elsewhere_is_refused(selector: dict[str, Any], code: str, shown: str) -> None:
    given = {**FIELDS, "account": reference("shop/account")}
    states = {"lead": approval(selector), "done": END}
    assert wrong(states, given, others={"account": {"owner": PERSON}}) == [(code, shown)]


SCOPED = {"roles": [{"key": "custodian", "title": "Custodian", "scope": "project"}], "requires": {"core": ">=1"}}
CORE = compiled(key="core", others={"project": {"name": TEXT}})


@pytest.mark.parametrize(
    ("properties", "selector"),
    [
        ({"project": reference("core/project")}, {"role": "custodian"}),
        ({"account": reference("shop/account")}, {"role": "custodian", "in": "account.project"}),
        ({"project": reference("core/project")}, {"role": "custodian", "in": "project.id"}),
    ],
)
def test_a_role_held_per_project_is_held_in_the_project_of_the_record(
    properties: dict[str, Any], selector: dict[str, Any]
) -> None:
    account = {"project": reference("core/project")}
    states = {"lead": approval(selector), "done": END}
    given = {"module": SCOPED, "neighbours": {"core": CORE}, "others": {"account": account}}
    assert wrong(states, properties, **given) == []


def test_a_role_held_per_project_needs_a_project() -> None:
    states = {"lead": approval({"role": "custodian"}), "done": END}
    given = {"module": SCOPED, "neighbours": {"core": CORE}}
    assert wrong(states, **given) == [("selector.which_project", '"custodian"')]


def test_a_project_belongs_to_itself() -> None:
    states = {"lead": approval({"role": "custodian"}), "done": END}
    assert problems({"name": TEXT}, key="core", name="project", states=states, module={"roles": SCOPED["roles"]}) == []


@pytest.mark.parametrize(
    "condition", [choice(("amuont > 5", "done"), "done"), life(close={"to": "done", "when": "amuont > 5"})]
)
def test_conditions_compile(condition: dict[str, Any]) -> None:
    assert wrong({"first": condition, "done": END}) == [("formula.unknown_field", '"amuont > 5"')]


def test_conditions_are_true_or_false() -> None:
    assert wrong({"first": choice(("amount", "done"), "done"), "done": END}) == [("formula.result", '"amount"')]


def test_a_decision_table_is_checked_like_the_ways_it_stands_for() -> None:
    rows = [{"when": ["> 5"], "to": "nowhere"}, {"to": "done"}]
    table = {"type": "choice", "table": {"fields": ["amuont"], "rows": rows}}
    assert wrong({"size": table, "done": END}) == [
        ("state.undefined", '"nowhere"'),
        ("formula.unknown_field", '"amuont"'),
    ]


def test_states_and_protection_name_fields_that_exist() -> None:
    states = {"lead": approval(LIN, fields={"amuont": "edit", "name": "hidden", "items.prise": "edit"}), "done": END}
    given = {**FIELDS, "items": lines(price=MONEY)}
    assert wrong(states, given, workflow={"protected": ["items.price", "nmae"]}) == [
        ("field.undefined", '"nmae"'),
        ("field.undefined", '"edit"'),
        ("field.undefined", '"edit"'),
    ]
