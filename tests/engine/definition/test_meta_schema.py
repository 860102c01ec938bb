"""The same fact twice needs a test: what the meta-schemas accept is what the nouns hold and the compiler knows."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.compile.check.workflow import OUTCOMES
from engine.definition import model
from engine.definition.bundled import bundled
from engine.definition.document.meta_schema import errors_of, is_fine, meta_schema
from engine.definition.document.shape import LIMITS
from engine.definition.folder import FILES, FOLDERS, kind_of
from engine.definition.model import Json
from engine.definition.nouns import entities, people, workflows
from engine.definition.read import read
from engine.fields import known_types
from engine.sentences import SENTENCES
from tests.engine.definition.daywork import files

SCHEMAS = {path.name: json.loads(path.read_bytes()) for path in sorted(bundled("schemas").glob("*.json"))}
VOCABULARY = meta_schema("vocabulary")["$defs"]


def inside(value: Json) -> Iterator[dict[str, Any]]:
    """Every object inside a meta-schema, itself included."""
    if isinstance(value, dict):
        yield value
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from inside(each)


def keys(schema: dict[str, Any]) -> set[str]:
    return set(schema["properties"]) - {"$schema"}


def fields(noun: type[model.Noun]) -> set[str]:
    return set(noun.__struct_fields__) - {"at"}


#: What a meta-schema calls what a noun calls otherwise.
RENAMED = {
    "rule": {"condition": "assert"},
    "section": {"title": "section"},
    "entity": {
        "rules": "x-rules",
        "number": "x-number",
        "title_formula": "x-title",
        "workflow": "x-workflow",
        "layout": "x-layout",
        "fields": "properties",
    },
    "field": {
        "type": "x-type",
        "reference": "x-reference",
        "formula": "x-formula",
        "table": "x-table",
        "default": "x-default",
        "visible": "x-visible",
        "required_when": "x-required",
        "read_only_when": "x-readonly",
        "unique": "x-unique",
        "index": "x-index",
        "help": "x-help",
    },
}
DAYWORK = read(files()).documents
ENTITY = meta_schema("entity")["$defs"]["entity"]
MODULE = meta_schema("module")
RIGHTS = meta_schema("permissions")["$defs"]
STATES = meta_schema("state")["$defs"]
BUTTON = STATES["lifeCycle"]["properties"]["actions"]["additionalProperties"]
COLOUR = meta_schema("view")["properties"]["colours"]["items"]


@pytest.mark.parametrize(
    ("schema", "noun", "only_in_text", "only_in_noun"),
    [
        (meta_schema("view"), model.View, set(), set()),
        (COLOUR, model.Colour, set(), set()),
        (meta_schema("report"), model.Report, {"description"}, set()),
        (meta_schema("print"), model.Print, set(), set()),
        (meta_schema("scenario"), model.Scenario, {"description"}, set()),
        (meta_schema("samples"), model.Samples, set(), set()),
        (MODULE["$defs"]["role"], model.Role, {"description"}, set()),
        (MODULE["$defs"]["entry"], model.MenuEntry, set(), set()),
        (RIGHTS["grant"], model.Grant, set(), {"entity"}),
        (RIGHTS["fieldGrant"], model.FieldGrant, set(), set()),
        (meta_schema("workflow"), model.Workflow, {"description"}, set()),
        (BUTTON, model.Action, set(), {"key"}),
    ],
)
def test_a_noun_holds_what_its_meta_schema_accepts(
    schema: dict[str, Any], noun: type[model.Noun], only_in_text: set[str], only_in_noun: set[str]
) -> None:
    assert keys(schema) - only_in_text == fields(noun) - only_in_noun


def test_a_module_holds_what_its_meta_schema_accepts() -> None:
    documents = {"documents", "texts", "translations", "grants", "field_grants"}
    assert keys(MODULE) - {"format"} == fields(model.Module) - documents - set(FOLDERS)


@pytest.mark.parametrize(
    ("what", "schema", "noun"),
    [
        ("rule", ENTITY["properties"]["x-rules"]["items"], model.Rule),
        ("section", ENTITY["properties"]["x-layout"]["items"], model.Section),
        ("entity", ENTITY, model.Entity),
    ],
)
def test_a_noun_with_words_of_its_own_holds_the_same(what: str, schema: dict[str, Any], noun: type[model.Noun]) -> None:
    ours = {RENAMED[what].get(field, field) for field in fields(noun) - {"schema"}}
    theirs = {key for key in keys(schema) if what != "entity" or key.startswith("x-") or key in ours}
    assert ours == theirs - {"x-foreign"}


def test_a_field_holds_our_whole_vocabulary_in_own_and_in_foreign_schemas() -> None:
    held = set(RENAMED["field"].values()) | set(entities.REST)
    for schema in (meta_schema("property"), meta_schema("foreign")["$defs"]["property"]):
        assert {key for key in schema["properties"] if key.startswith("x-")} == held
    assert set(RENAMED["field"]) <= fields(model.Field)
    own, foreign = keys(ENTITY), keys(meta_schema("foreign"))
    assert {key for key in own if key.startswith("x-")} - {"x-foreign"} == {
        key for key in foreign if key.startswith("x-")
    }


def test_a_state_lists_the_keys_of_every_type_and_the_noun_has_a_place_for_them() -> None:
    state = meta_schema("state")
    types = {each["then"]["$ref"].rpartition("/")[2] for each in state["allOf"]}
    assert {STATES[each]["properties"]["type"]["const"] for each in types} == set(state["properties"]["type"]["enum"])
    assert {key for each in types for key in STATES[each]["properties"]} == keys(state)
    assert fields(model.State) - {"key", "rest"} == workflows.STATE
    assert keys(state) >= workflows.STATE
    assert fields(model.Seats) - {"rest"} == workflows.SEATS <= keys(meta_schema("seats"))
    assert fields(model.Transition) - {"rest"} == workflows.TRANSITION <= keys(STATES["way"])


def test_a_step_lists_the_keys_that_order_it() -> None:
    steps = meta_schema("scenario")["$defs"]
    kinds = {key for each in steps["step"]["oneOf"] for key in each["required"]}
    accepted = {key for each in steps["step"]["allOf"] for key in steps[each["then"]["$ref"][8:]]["properties"]}
    assert kinds <= accepted
    assert keys(steps["step"]) <= accepted


def test_a_selector_has_the_kinds_that_are_read() -> None:
    selector = VOCABULARY["selector"]
    assert {each["required"][0] for each in selector["oneOf"]} == people.KINDS
    assert set(selector["properties"]) == people.KINDS | set(selector["dependentRequired"])


def test_every_kind_of_file_has_its_meta_schema() -> None:
    for kind in (*FILES.values(), *FOLDERS.values()):
        assert meta_schema(kind)["title"]


def test_outcomes_are_those_the_compiler_knows() -> None:
    for each in meta_schema("state")["allOf"]:
        schema = STATES[each["then"]["$ref"].rpartition("/")[2]]
        type_ = schema["properties"]["type"]["const"]
        if type_ != "state":
            assert set(schema["properties"].get("on", {}).get("properties", ())) == OUTCOMES[type_]


def test_what_is_no_object_has_no_keys_to_miss() -> None:
    for value in (None, [], "x"):
        assert [each.validator for each in errors_of("workflow", value)] == ["type"]
        assert [each.validator for each in errors_of("seats", {"who": [value]})]
        assert [each.validator for each in errors_of("view", {**DAYWORK["views/sheet.mine.json"], "totals": value})]


def test_editors_suggest_the_field_types_that_exist() -> None:
    assert set(meta_schema("property")["properties"]["x-type"]["examples"]) == set(known_types())


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_meta_schema_is_one_and_refuses_what_it_does_not_know(name: str) -> None:
    jsonschema_rs.meta.validate(SCHEMAS[name])
    for schema in inside(SCHEMAS[name]):
        if schema.get("type") == "object" and "properties" in schema and not name.startswith("foreign"):
            is_open = name == "entity.schema.json" or {"oneOf", "allOf"} & schema.keys()
            assert schema.get("additionalProperties") is False or is_open, schema


def test_every_keyword_that_can_fail_has_its_words() -> None:
    telling = {"$schema", "$ref", "$defs", "title", "description", "default", "examples", "deprecated", "x-sorted"}
    applying = {"properties", "items", "prefixItems", "if", "then", "else", "allOf"}
    worded = {"type", "enum", "const", "pattern", "required", "dependentRequired", "propertyNames"}
    chosen = {"additionalProperties", "oneOf", "anyOf"}
    used = {key for name in SCHEMAS for key in keywords(SCHEMAS[name])}
    assert used - telling - applying - worded - chosen == set(LIMITS) | {"format"}
    assert set(LIMITS.values()) <= SENTENCES.keys()


def keywords(schema: Json) -> Iterator[str]:
    if not isinstance(schema, dict):
        return
    yield from schema
    for keyword in ("properties", "$defs"):
        for each in schema.get(keyword, {}).values():
            yield from keywords(each)
    for keyword in ("items", "additionalProperties", "propertyNames", "if", "then", "else"):
        yield from keywords(schema.get(keyword))
    for keyword in ("allOf", "anyOf", "oneOf", "prefixItems"):
        for each in schema.get(keyword, ()):
            yield from keywords(each)


def test_every_pattern_has_an_example_that_fits() -> None:
    for name, schema in SCHEMAS.items():
        for each in inside(schema):
            if isinstance(each.get("pattern"), str):
                assert each["examples"], (name, each)
                assert all(jsonschema_rs.is_valid({"pattern": each["pattern"]}, text) for text in each["examples"])


@given(st.data())
def test_the_quick_validator_and_the_thorough_one_agree(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted(DAYWORK)))
    document = copy.deepcopy(DAYWORK[path])
    spots = [each for each in inside(document) if each]
    spot = data.draw(st.sampled_from(spots))
    key = data.draw(st.sampled_from(sorted(spot)))
    value = data.draw(st.sampled_from([None, True, 1, "", "x", "x\n", [], [1, 1], {}, {"role": "a", "user": "b"}]))
    if data.draw(st.booleans()):
        spot[data.draw(st.sampled_from(["key", "to", "zzz", "1"]))] = value
    else:
        spot[key] = value
    kind = kind_of(path)
    assert is_fine(kind, document) == (not list(errors_of(kind, document)))
