"""References are written out inside the file, kept where they lead back, and never followed outside."""

import json
from typing import Final

import pytest

from engine.definition.model import Json
from engine.exchange.json_schema import from_schema
from engine.exchange.json_schema.references import on_a_loop
from engine.problems import Malformed, Problem
from tests.engine.exchange.json_schema.importing import DRAFT_4, DRAFT_6, DRAFT_7, DRAFT_2019, imported

TEXT: Final = {"type": "string", "minLength": 2}
NODE: Final = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": TEXT, "nodes": {"type": "array", "items": {"$ref": "#/$defs/node"}}},
}


def refused(schema: Json) -> list[Problem]:
    with pytest.raises(Malformed) as refusal:
        from_schema(json.dumps(schema).encode(), "form")
    return list(refusal.value.problems)


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"it": {"$ref": "#/$defs/a"}}, "$defs": {"a": TEXT}},
        {"properties": {"it": {"$ref": "#a"}}, "$defs": {"x": {"$anchor": "a", **TEXT}}},
        {"properties": {"it": {"$ref": "#/$defs/a~1b%25"}}, "$defs": {"a/b%": TEXT}},
        {"properties": {"it": {"$ref": "#/$defs/a/allOf/0"}}, "$defs": {"a": {"allOf": [TEXT]}}},
        {"properties": {"it": {"$ref": "#/components/schemas/a"}}, "components": {"schemas": {"a": TEXT}}},
        {
            "$id": "http://x.org/a.json",
            "properties": {"it": {"$ref": "b.json"}},
            "$defs": {"b": {"$id": "b.json", **TEXT}},
        },
        {"$id": "urn:x", "properties": {"it": {"$ref": "urn:x#/$defs/a"}}, "$defs": {"a": TEXT}},
        {
            "$schema": DRAFT_4,
            "id": "http://x.org/",
            "properties": {"it": {"$ref": "a"}},
            "definitions": {"a": {"id": "a", **TEXT}},
        },
        {"$schema": DRAFT_6, "properties": {"it": {"$ref": "#a"}}, "definitions": {"x": {"$id": "#a", **TEXT}}},
        {"$schema": DRAFT_2019, "properties": {"it": {"$ref": "#a"}}, "$defs": {"x": {"$anchor": "a", **TEXT}}},
    ],
)
def test_whatever_names_a_schema_leads_to_it(schema: Json) -> None:
    form = imported({"type": "object", **schema})
    assert form.types == {"it": "text"}
    assert form.judged({"it": "ab"}) == ()
    assert [each.pointer for each in form.judged({"it": "a"})] == ["/it"]


def test_an_older_reference_stands_alone_even_beside_a_name() -> None:
    form = imported(
        {
            "$schema": DRAFT_7,
            "$id": "http://x.org/a.json",
            "type": "object",
            "definitions": {"a": TEXT},
            "properties": {"it": {"$id": "http://elsewhere.org/", "$ref": "#/definitions/a", "maxLength": 0}},
        }
    )
    assert form.judged({"it": "ab"}) == ()


def test_a_schema_that_refers_to_itself_keeps_its_reference_and_definitions() -> None:
    form = imported({"type": "object", "properties": {"tree": {"$ref": "#/$defs/node"}}, "$defs": {"node": NODE}})
    assert form.types == {"tree": "json"}
    assert form.schema["properties"]["tree"]["allOf"] == [{"$ref": "#/$defs/node"}]
    assert list(form.schema["$defs"]) == ["node"]
    assert form.judged({"tree": {"name": "root", "nodes": [{"name": "leaf", "nodes": []}]}}) == ()
    assert [each.pointer for each in form.judged({"tree": {"name": "root", "nodes": [{"name": ""}]}})] == [
        "/tree/nodes/0/name"
    ]


def test_the_document_itself_is_a_form_even_when_it_refers_to_itself() -> None:
    form = imported({"$ref": "#/$defs/node", "$defs": {"node": NODE}})
    assert form.types == {"name": "text", "nodes": "json"}
    assert [each.pointer for each in form.judged({"name": "root", "nodes": [{"nodes": []}]})] == ["/nodes/0/name"]


def test_definitions_of_the_same_name_are_told_apart() -> None:
    inner = {"type": "object", "properties": {"more": {"$ref": "#/$defs/node"}, "name": {"type": "integer"}}}
    form = imported(
        {
            "type": "object",
            "properties": {"tree": {"$ref": "#/$defs/node"}},
            "$defs": {
                "node": {**NODE, "properties": {"name": TEXT, "other": {"$ref": "#/$defs/deep/node"}}},
                "deep": {"node": inner},
            },
        }
    )
    assert len(form.schema["$defs"]) == 2
    assert form.judged({"tree": {"name": "ab", "other": {"name": 1, "more": {"name": "cd"}}}}) == ()
    assert form.judged({"tree": {"name": "ab", "other": {"name": "cd"}}})


def test_names_that_are_no_keys_may_stand_behind_references() -> None:
    node = {"type": "object", "properties": {"two words": {"$ref": "#/$defs/node"}, "n": {"type": "integer"}}}
    form = imported({"type": "object", "properties": {"a": {"$ref": "#/$defs/node"}}, "$defs": {"node": node}})
    assert form.judged({"a": {"two words": {"two words": {"n": 1}}}}) == ()
    assert [each.pointer for each in form.judged({"a": {"two words": {"n": "x"}}})] == ["/a/two words/n"]


def test_a_document_in_one_field_keeps_its_definitions() -> None:
    form = imported({"type": "array", "items": {"$ref": "#/$defs/node"}, "$defs": {"node": NODE}})
    assert form.is_wrapped
    assert [each.pointer for each in form.judged([{"name": "ab", "nodes": [{}]}])] == ["/value/0/nodes/0/name"]


@pytest.mark.parametrize(
    "reference", ["http://example.org/a.json", "other.json#/a", "https://json-schema.org/draft/2020-12/schema"]
)
def test_nothing_outside_the_file_is_fetched(reference: str) -> None:
    (problem,) = refused({"properties": {"a": {"$ref": reference}}})
    assert problem.code == "schema.remote"
    assert problem.pointer == "/properties/a/$ref"
    assert problem.params["given"] == reference


@pytest.mark.parametrize("reference", ["#/$defs/a", "#a", "#/properties/b/enum", "#/properties/b/enum/7", "#/type"])
def test_a_reference_to_no_schema_is_refused(reference: str) -> None:
    (problem,) = refused({"type": "object", "properties": {"a": {"$ref": reference}, "b": {"enum": ["x"]}}})
    assert problem.code == "schema.nowhere"


def test_every_wrong_reference_is_told_at_once_with_its_line() -> None:
    text = b'{"properties": {\n  "a": {"$ref": "#/x"},\n  "b": {"$ref": "http://x.org/"}\n}}'
    with pytest.raises(Malformed) as refusal:
        from_schema(text, "form", "theirs.json")
    assert [(each.code, each.file, each.line) for each in refusal.value.problems] == [
        ("schema.nowhere", "theirs.json", 2),
        ("schema.remote", "theirs.json", 3),
    ]


def test_wrong_references_that_nothing_leads_to_do_not_matter() -> None:
    form = imported({"type": "object", "properties": {"a": TEXT}, "$defs": {"b": {"$ref": "http://x.org/"}}})
    assert form.types == {"a": "text"}


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#"},
        {"allOf": [{"$ref": "#"}]},
        {"if": True, "then": {"$ref": "#"}},
        {"dependentSchemas": {"a": {"$ref": "#"}}},
        {
            "properties": {"a": {"$ref": "#/$defs/b"}},
            "$defs": {"b": {"not": {"$ref": "#/$defs/c"}}, "c": {"$ref": "#/$defs/b"}},
        },
    ],
)
def test_a_circle_without_anything_in_between_is_refused(schema: Json) -> None:
    assert {each.code for each in refused(schema)} == {"schema.circular"}


def test_what_stands_where_no_schemas_stand_must_be_one_all_the_same() -> None:
    (problem,) = refused({"components": {"a": {"properties": []}}, "properties": {"a": {"$ref": "#/components/a"}}})
    assert problem.code == "schema.invalid"
    assert problem.pointer == "/components/a/properties"


def test_a_part_may_be_written_in_another_draft() -> None:
    part = {"$schema": DRAFT_4, "id": "http://x.org/part", "type": "number", "minimum": 1, "exclusiveMinimum": True}
    schema = {"type": "object", "properties": {"it": {"$ref": "http://x.org/part"}}}
    # The draft of the whole must take the part for a schema, too.
    assert {each.pointer for each in refused({**schema, "$defs": {"part": part}})} == {"/$defs/part/exclusiveMinimum"}
    part |= {"$schema": DRAFT_7, "$id": part.pop("id"), "exclusiveMinimum": 1, "dependencies": {"a": ["b"]}}
    form = imported({**schema, "$defs": {"part": part}})
    assert form.judged({"it": 2}) == ()
    assert form.judged({"it": 1})


def test_a_part_in_another_draft_must_be_right_and_the_draft_known() -> None:
    part = {"$schema": DRAFT_7, "$id": "http://x.org/part", "dependencies": []}
    assert [each.pointer for each in refused({"$defs": {"part": part}})] == ["/$defs/part/dependencies"]
    part = {"$schema": "http://x.org/draft", "$id": "http://x.org/part"}
    assert [(each.code, each.pointer) for each in refused({"$defs": {"part": part}})] == [
        ("schema.draft", "/$defs/part/$schema")
    ]


def test_nodes_on_a_loop_are_found_and_no_others() -> None:
    edges: dict[str, list[str]] = {
        "in": ["a"],
        "a": ["b"],
        "b": ["c", "between"],
        "c": ["a"],
        "between": ["self"],
        "self": ["self", "out"],
        "out": [],
    }
    assert on_a_loop(edges) == {"a", "b", "c", "self"}
