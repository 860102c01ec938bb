"""A compiled entity: what it carries, which other records it needs, and its JSON Schema."""

from typing import Any

from openapi_spec_validator import OpenAPIV31SpecValidator

from engine.definition.model import Json
from tests.engine.definitions import (
    END,
    MONEY,
    NUMBER,
    PERSON,
    TEXT,
    YES,
    a_translation,
    an_entity,
    approval,
    choice,
    compiled,
    computed,
    group,
    life,
    lines,
    reference,
    user,
)

CORE = compiled(key="core", others={"project": {"name": TEXT, "budget": MONEY, "lead": PERSON}})
AROUND = {"neighbours": {"core": CORE}, "module": {"requires": {"core": ">=1"}}}
PROJECT = reference("core/project")


def through(properties: dict[str, Any], **given: Json) -> list[str]:
    return sorted(".".join(path) for path in an_entity(properties, **AROUND, **given).through)


def test_formulas_of_every_kind_tell_which_records_they_need() -> None:
    rule = {"key": "r", "assert": "f.budget > 0", "message": "{g.name}"}
    grant = {"role": "employee", "verbs": ["read"], "rows": "h.lead = ME()"}
    given = {
        "a": PROJECT, "b": PROJECT, "c": PROJECT, "d": PROJECT, "e": PROJECT, "f": PROJECT, "g": PROJECT,
        "h": PROJECT, "i": PROJECT,
        "one": computed("a.budget"),
        "two": TEXT | {"x-default": "b.name", "x-visible": "c.budget > 0", "x-required": "d.budget > 0"},
        "six": TEXT | {"x-readonly": "e.budget > 0"},
    }  # fmt: skip
    entity = {"x-rules": [rule], "x-title": "i.name"}
    assert through(given, entity=entity, permissions={"entities": {"claim": [grant]}}) == [
        "a.budget", "b.name", "c.budget", "d.budget", "e.budget", "f.budget", "g.name", "h.lead", "i.name",
    ]  # fmt: skip


def test_a_path_in_a_line_begins_at_the_record() -> None:
    items = lines(project=PROJECT, share=computed("project.budget"), other=computed("main.budget"))
    assert through({"items": items, "main": PROJECT}) == ["items.project.budget", "main.budget"]
    site = group(project=PROJECT, name=computed("project.name", TEXT))
    assert through({"site": site}) == ["site.project.name"]


def test_a_path_through_a_computed_reference_needs_what_that_one_will_point_to() -> None:
    above = reference("shop/claim")
    given = {
        "above": above,
        "project": computed("above.project", PROJECT),
        "own": PROJECT,
        "limit": computed("project.budget"),
    }
    assert through(given) == ["above.project", "above.project.budget", "project.budget"]
    either = {**given, "use": YES, "project": computed("IF(use, own, above.project)", PROJECT)}
    assert through(either) == ["above.project", "above.project.budget", "own.budget", "project.budget"]
    items = lines(above=above, project=computed("above.project", PROJECT), limit=computed("project.budget"))
    assert through({"items": items, "project": PROJECT}) == [
        "items.above.project",
        "items.above.project.budget",
        "items.project.budget",
    ]


def test_a_workflow_needs_the_records_of_its_conditions_and_selectors() -> None:
    states = {
        "lead": approval({"field": "project.lead"}, {"field": "site.lead"}, {"field": "boss"}, passed="size"),
        "size": choice(("project.budget > 5", "open"), "done"),
        "open": life(
            close={"to": "done", "when": 'project.name <> "x"', "who": [{"manager_of": "project.created_by"}]}
        ),
        "done": END,
    }
    given = {"project": PROJECT, "site": group(lead=PERSON), "boss": PERSON}
    workflow = an_entity(given, states=states, **AROUND).workflow
    assert workflow is not None
    assert {".".join(path) for path in workflow.through} == {
        "project.lead",
        "project.budget",
        "project.name",
        "project.created_by",
        "site.lead",
    }
    assert {path: each.target for path, each in workflow.paths.items()} == {
        "project.lead": "user",
        "site.lead": "user",
        "boss": "user",
        "project.created_by": "user",
        "": "core/project",
    }
    assert set(workflow.conditions) == {"project.budget > 5", 'project.name <> "x"'}


def test_a_path_that_two_formulas_read_is_needed_once() -> None:
    given = {"project": PROJECT, "one": computed("project.budget"), "two": computed("project.budget")}
    assert through(given) == ["project.budget"]


def test_a_path_without_a_reference_to_follow_needs_no_record() -> None:
    assert through({"project": PROJECT, "same": computed("project", PROJECT), "id": computed("number", TEXT)}) == []


def test_rules_carry_their_message_in_every_language() -> None:
    rule = {"key": "r", "assert": "amount > 0", "message": "Not {amount}."}
    more = a_translation("en", **{"Not {amount}.": "Never {amount}."}) | a_translation("fr")
    (compiled_rule,) = an_entity({"amount": MONEY}, entity={"x-rules": [rule]}, more=more).rules
    assert compiled_rule.translations == {"en": "Never {amount}."}
    assert [value.text for value in compiled_rule.values] == ["amount"]


def test_fields_know_who_fills_them_and_which_are_conditional() -> None:
    given = {
        "typed": TEXT,
        "sum": computed("1"),
        "serial": {"title": "Serial", "x-type": "serial_number"},
        "shown": TEXT | {"x-visible": "TRUE"},
        "items": lines(needed=TEXT | {"x-required": "TRUE"}),
    }
    entity = an_entity(given)
    assert [key for key, field in entity.fields.items() if field.is_computed] == ["sum", "serial"]
    assert [".".join(field.path) for field in entity.conditional] == ["shown", "items.needed"]
    assert entity.fields["items"].fields["needed"].key == "needed"


def test_grants_and_views_are_those_of_the_entity() -> None:
    permissions = {
        "entities": {
            "claim": [{"role": "employee", "verbs": ["read"], "rows": "created_by = ME()"}],
            "other": [{"role": "employee", "verbs": ["create"]}],
        },
        "fields": [{"entity": "other", "role": "employee", "field": "*", "access": "read"}],
    }
    views = {"claim.list": {"columns": ["name"]}, "other.list": {"entity": "other"}}
    entity = an_entity({"name": TEXT}, others={"other": {"name": TEXT}}, permissions=permissions, views=views)
    assert [grant.verbs for grant in entity.grants] == [{"read"}]
    assert set(entity.row_rules) == {"created_by = ME()"}
    assert entity.field_grants == ()
    assert [view.key for view in entity.views] == ["claim.list"]


def test_the_public_schema_says_what_the_api_sends_and_accepts() -> None:
    given = {
        "name": TEXT | {"maxLength": 10, "x-help": "Short."},
        "amount": MONEY | {"minimum": 0},
        "reason": TEXT | {"x-visible": "amount > 5"},
        "total": computed("amount"),
        "items": lines(("price",), price=MONEY) | {"minItems": 1},
        "site": group(("width",), width=NUMBER) | {"maxProperties": 1},
    }
    schema = an_entity(given, entity={"required": ["name", "reason", "total"], "minProperties": 1}).schema
    assert schema["additionalProperties"] is False
    assert schema["required"] == ["name"]
    assert schema["minProperties"] == 1
    properties = schema["properties"]
    assert properties["name"] == {"title": "Text", "description": "Short.", "type": "string", "maxLength": 10}
    assert properties["amount"]["type"] == "string"
    assert properties["items"]["minItems"] == 1
    assert properties["items"]["items"]["required"] == ["price"]
    assert properties["items"]["items"]["additionalProperties"] is False
    assert properties["site"]["required"] == ["width"]
    assert properties["site"]["maxProperties"] == 1
    info = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {}}
    assert [*OpenAPIV31SpecValidator({**info, "components": {"schemas": {"claim": dict(schema)}}}).iter_errors()] == []


def test_the_validator_judges_values_as_they_are_kept() -> None:
    given = {
        "amount": MONEY | {"multipleOf": 0.5},
        "items": lines(name=TEXT | {"maxLength": 2}),
        "any": {"x-type": "json", "type": "object", "minProperties": 1},
    }
    problems = an_entity(given, entity={"minProperties": 1}).validator.problems(
        {"amount": 1, "items": [{"name": "abc"}], "any": {}}
    )
    assert [(each.code, each.pointer) for each in problems] == [
        ("field.keyword", "/any"),
        ("field.too_long", "/items/0/name"),
    ]


def test_a_selector_in_a_button_reads_its_field() -> None:
    states = {"open": life(close={"to": "done", "who": [{"field": "boss"}, *user("lin")]}), "done": END}
    workflow = an_entity({"boss": PERSON}, states=states).workflow
    assert workflow is not None
    assert list(workflow.paths) == ["boss"]
