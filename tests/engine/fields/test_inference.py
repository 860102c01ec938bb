import pytest

from engine.definition.model import Json
from tests.engine.fields.made import made

NAMED = {"type": "object", "properties": {"first": {"type": "string"}}}


@pytest.mark.parametrize(
    ("schema", "name"),
    [
        ({"type": "string"}, "text"),
        ({"type": "string", "maxLength": 200}, "text"),
        ({"type": "string", "maxLength": 201}, "long_text"),
        ({"type": "string", "pattern": "^[0-9]{9}$"}, "text"),
        ({"type": "string", "format": "uuid"}, "text"),
        ({"type": "string", "format": "date"}, "date"),
        ({"type": "string", "format": "date-time"}, "datetime"),
        ({"type": "string", "format": "time"}, "time"),
        ({"type": "string", "format": "email", "maxLength": 256}, "email"),
        ({"type": "string", "format": "uri"}, "url"),
        ({"type": ["string", "null"]}, "text"),
        ({"type": ["null", "string"], "format": "date"}, "date"),
        ({"allOf": [{"type": "string", "maxLength": 500}], "title": "T"}, "long_text"),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, "integer"),
        ({"type": "integer"}, "integer"),
        ({"type": "number", "default": 0}, "decimal"),
        ({"type": "boolean"}, "boolean"),
        ({"type": "boolean", "enum": [True]}, "boolean"),
        ({"enum": [True, False]}, "boolean"),
        ({"type": "string", "enum": ["F", "M"]}, "choice"),
        ({"type": "integer", "enum": [1, 2]}, "choice"),
        ({"enum": ["a", 1, None]}, "choice"),
        ({"oneOf": [{"const": "a", "title": "A"}, {"const": "b"}]}, "choice"),
        ({"type": "string", "anyOf": [{"const": "a"}, {"const": "b"}]}, "choice"),
        ({"type": "array", "uniqueItems": True, "items": {"type": "string", "enum": ["a", "b"]}}, "multi_choice"),
        ({"type": "array", "uniqueItems": True, "items": {"oneOf": [{"const": "a"}]}}, "multi_choice"),
        ({"type": "array", "items": NAMED}, "lines"),
        (NAMED, "object"),
        ({"properties": {"a": {"type": "string"}}}, "object"),
        ({**NAMED, "anyOf": [{"required": ["first"]}]}, "object"),
        ({**NAMED, "additionalProperties": True}, "object"),
    ],
)
def test_plain_json_schema_says_which_input_a_field_needs(schema: dict[str, Json], name: str) -> None:
    assert made(**schema).name == name


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"type": "null"},
        {"type": ["string", "number"]},
        {"oneOf": [{"type": "string"}, {"type": "number"}]},
        {"oneOf": [{"const": "a"}, {"type": "number"}]},
        {"enum": [None]},
        {"type": "array"},
        {"type": "array", "items": {"type": "string"}},
        {"type": "array", "items": {"enum": ["a"]}},
        {"type": "array", "uniqueItems": True, "items": {"enum": [1, 2]}},
        {"type": "array", "items": True},
        {"type": "array", "prefixItems": [NAMED], "items": NAMED},
        {"type": "array", "items": {"type": "object"}},
        {"type": "object"},
        {"type": "object", "properties": {}},
        {**NAMED, "additionalProperties": {"type": "string"}},
        {**NAMED, "patternProperties": {"^x": {}}},
        {"allOf": [NAMED, True]},
    ],
)
def test_what_has_no_input_of_its_own_is_json(schema: dict[str, Json]) -> None:
    assert made(**schema).name == "json"


def test_x_type_goes_before_what_the_keywords_say() -> None:
    assert made("long_text", type="string", enum=["a"]).name == "long_text"
