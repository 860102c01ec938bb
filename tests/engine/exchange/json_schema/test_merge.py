"""`allOf` becomes one schema as far as that says the same; what does not fit stays in it."""

import pytest

from engine.definition.model import Json
from engine.exchange.json_schema.merge import flattened

TEXT = {"type": "string"}


@pytest.mark.parametrize(
    ("first", "second", "one"),
    [
        ({"type": "number"}, {"type": "integer"}, {"type": "integer"}),
        ({"type": ["string", "number"]}, {"type": ["number", "null", "string"]}, {"type": ["string", "number"]}),
        ({"minimum": 1, "maxLength": 9}, {"minimum": 3, "maxLength": 5}, {"minimum": 3, "maxLength": 5}),
        ({"uniqueItems": False}, {"uniqueItems": True}, {"uniqueItems": True}),
        ({"required": ["a", "b"]}, {"required": ["b", "c"]}, {"required": ["a", "b", "c"]}),
        ({"enum": ["a", "b", 1]}, {"enum": [1.0, "b", True]}, {"enum": ["b", 1]}),
        ({"enum": ["a", "b"], "enumNames": ["A", "B"]}, {"enum": ["b"]}, {"enum": ["b"], "enumNames": ["B"]}),
        ({"enumNames": ["A"]}, {"enum": ["a"]}, {"enumNames": ["A"], "enum": ["a"]}),
        (
            {"dependentRequired": {"a": ["b"]}},
            {"dependentRequired": {"a": ["c"], "d": ["a"]}},
            {"dependentRequired": {"a": ["b", "c"], "d": ["a"]}},
        ),
        ({"properties": {"a": TEXT}}, {"properties": {"b": TEXT}}, {"properties": {"a": TEXT, "b": TEXT}}),
        (
            {"properties": {"a": TEXT}},
            {"properties": {"a": {"minLength": 1}}},
            {"properties": {"a": {"type": "string", "minLength": 1}}},
        ),
        ({"items": TEXT}, {"items": {"maxLength": 5}}, {"items": {"type": "string", "maxLength": 5}}),
        (
            {"title": "Ours", "format": "date"},
            {"title": "Theirs", "format": "date"},
            {"title": "Ours", "format": "date"},
        ),
        ({"allOf": [{"minimum": 1}]}, {"allOf": [{"minimum": 2}]}, {"minimum": 2}),
        (True, {"minimum": 1}, {"minimum": 1}),
    ],
)
def test_what_fits_is_written_as_one(first: Json, second: Json, one: Json) -> None:
    assert flattened({"allOf": [first, second]}) == one


@pytest.mark.parametrize(
    ("first", "second", "left"),
    [
        ({"type": "string"}, {"type": "integer"}, {"type": "integer"}),
        ({"enum": ["a"]}, {"enum": ["b"], "minLength": 1}, {"enum": ["b"]}),
        ({"pattern": "^a"}, {"pattern": "b$"}, {"pattern": "b$"}),
        ({"multipleOf": 2}, {"multipleOf": 3}, {"multipleOf": 3}),
        ({"anyOf": [TEXT]}, {"anyOf": [{}], "title": "T"}, {"anyOf": [{}]}),
        ({"properties": {"a": TEXT}}, {"additionalProperties": False}, {"additionalProperties": False}),
        ({"items": TEXT}, {"prefixItems": [TEXT], "items": False}, {"prefixItems": [TEXT], "items": False}),
        ({"minimum": 1}, {"properties": {"a": TEXT}, "unevaluatedProperties": False},
         {"properties": {"a": TEXT}, "unevaluatedProperties": False}),
        ({"minimum": 1}, {"$ref": "#/$defs/a"}, {"$ref": "#/$defs/a"}),
        ({"minimum": 1}, False, False),
    ],
)  # fmt: skip
def test_what_does_not_fit_stays_in_all_of(first: Json, second: Json, left: Json) -> None:
    assert flattened({"allOf": [first, second]})["allOf"] == [left]


@pytest.mark.parametrize(
    ("schema", "one"),
    [
        ({"anyOf": [TEXT, {"type": "null"}]}, {"type": ["string", "null"]}),
        ({"oneOf": [{"enum": [None]}, {"type": ["string"]}]}, {"type": ["string", "null"]}),
        ({"anyOf": [{**TEXT, "enum": ["a"]}, {"type": "null"}]}, {"type": ["string", "null"], "enum": ["a", None]}),
        ({"anyOf": [{"enum": ["a"]}, {"const": None}]}, {"enum": ["a", None]}),
    ],
)  # fmt: skip
def test_an_alternative_of_null_is_written_as_a_type(schema: Json, one: Json) -> None:
    assert flattened(schema) == one


@pytest.mark.parametrize(
    "other", [{"const": "a"}, {"minLength": 1}, {"type": ["string", "null"]}, {"type": "string", "not": {}}, True]
)
def test_an_alternative_that_says_more_about_null_stays(other: Json) -> None:
    schema = {"anyOf": [other, {"type": "null"}]}
    assert flattened(schema) == schema
