"""Permissions, views, menu and layout name only what is there."""

from typing import Any

import pytest

from engine.definition.model import Json
from tests.engine.compile.refusals import problems
from tests.engine.definitions import END, MONEY, TEXT, approval, lines, user

CLAIM = {"name": TEXT, "amount": MONEY, "items": lines(price=MONEY)}
STATES = {"lead": approval(*user("lin")), "done": END}


def grants(entity: str = "claim", **grant: Json) -> dict[str, Any]:
    return {"entities": {entity: [{"role": "employee", "verbs": ["read"], **grant}]}}


def field_grants(**grant: Json) -> dict[str, Any]:
    return {"fields": [{"entity": "claim", "role": "employee", "field": "amount", "access": "read", **grant}]}


@pytest.mark.parametrize(
    "permissions",
    [
        grants(),
        field_grants(),
        field_grants(field="*"),
        field_grants(field="items.price"),
        field_grants(field="created_by"),
        field_grants(state="lead"),
        field_grants(state="draft"),
    ],
)
def test_permissions_that_name_what_is_there_are_fine(permissions: dict[str, Any]) -> None:
    assert problems(CLAIM, states=STATES, permissions=permissions) == []


@pytest.mark.parametrize(
    ("permissions", "code", "shown"),
    [
        (grants(entity="clam"), "entity.undefined", "{"),
        (grants(role="boss"), "role.undefined", '"boss"'),
        (field_grants(entity="clam"), "entity.undefined", '"clam"'),
        (field_grants(role="boss"), "role.undefined", '"boss"'),
        (field_grants(field="amuont"), "field.undefined", '"amuont"'),
        (field_grants(field="items.prise"), "field.undefined", '"items.prise"'),
        (field_grants(field="items.created_by"), "field.undefined", '"items.created_by"'),
        (field_grants(state="leed"), "state.undefined", '"leed"'),
    ],
)
def test_permissions_for_what_is_not_there_are_refused(permissions: dict[str, Any], code: str, shown: str) -> None:
    assert problems(CLAIM, states=STATES, permissions=permissions) == [(code, "permissions.json", shown)]


def test_without_a_workflow_there_are_no_states() -> None:
    assert problems(CLAIM, permissions=field_grants(state="lead")) == [
        ("state.undefined", "permissions.json", '"lead"')
    ]


def test_an_entity_whose_workflow_is_missing_is_told_once() -> None:
    found = problems(CLAIM, entity={"x-workflow": "clam"}, permissions=field_grants())
    assert [code for code, _, _ in found] == ["workflow.undefined"]


@pytest.mark.parametrize(
    "view",
    [
        {"columns": ["number", "amount", "items.price", "created_at"]},
        {"sort": ["-amount", "name"]},
        {"filters": ["name", "state"]},
        {"totals": {"amount": "sum", "name": "count"}},
    ],
)
def test_a_view_of_what_is_there_is_fine(view: dict[str, Any]) -> None:
    assert problems(CLAIM, views={"claim.list": view}) == []


@pytest.mark.parametrize(
    ("view", "code", "shown"),
    [
        ({"entity": "clam"}, "entity.undefined", '"clam"'),
        ({"columns": ["name", "amuont"]}, "field.undefined", '"amuont"'),
        ({"sort": ["-amuont"]}, "field.undefined", '"-amuont"'),
        ({"filters": ["items.prise"]}, "field.undefined", '"items.prise"'),
        ({"totals": {"amuont": "sum"}}, "field.undefined", '"sum"'),
        ({"totals": {"name": "sum"}}, "view.total", '"sum"'),
        ({"totals": {"name": "max"}}, "view.total", '"max"'),
        ({"totals": {"items": "count"}}, "view.total", '"count"'),
        ({"totals": {"items.price": "sum"}}, "view.total", '"sum"'),
    ],
)
def test_a_view_of_what_is_not_there_is_refused(view: dict[str, Any], code: str, shown: str) -> None:
    assert problems(CLAIM, views={"claim.list": view}) == [(code, "views/claim.list.json", shown)]


def test_the_menu_leads_to_views_that_are_there() -> None:
    menu = [{"title": "List", "view": "claim.list"}, {"title": "Lost", "view": "claim.lost"}]
    found = problems(CLAIM, views={"claim.list": {"columns": ["name"]}}, module={"menu": menu})
    assert found == [("view.undefined", "module.json", '"claim.lost"')]


def test_the_form_places_fields_that_are_there_and_each_once() -> None:
    layout = [{"section": "One", "fields": ["name", "amuont"]}, {"section": "Two", "fields": ["amount", "name"]}]
    assert problems(CLAIM, entity={"x-layout": layout}) == [
        ("field.undefined", "entities/claim.json", '"amuont"'),
        ("layout.twice", "entities/claim.json", '"name"'),
    ]
