"""Which field a property becomes, what it is called, and what is kept of its schema."""

import pytest

from engine.definition.model import Json
from tests.engine.exchange.json_schema.importing import DRAFT_4, DRAFT_7, imported

PERSON = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}


def one_field(schema: Json) -> Json:
    """The written field that a property with this schema becomes."""
    return imported({"type": "object", "properties": {"it": schema}}).schema["properties"]["it"]


@pytest.mark.parametrize(
    ("schema", "type_"),
    [
        ({"type": "string"}, "text"),
        ({"type": "string", "maxLength": 500}, "long_text"),
        ({"type": "string", "format": "date"}, "date"),
        ({"type": "string", "format": "date-time"}, "datetime"),
        ({"type": "string", "format": "date-time", "pattern": "Z$"}, "text"),
        ({"type": "string", "format": "time"}, "text"),
        ({"type": "string", "format": "email"}, "email"),
        ({"type": "string", "format": "uri"}, "text"),
        ({"type": "number"}, "decimal"),
        ({"type": ["integer", "number"]}, "decimal"),
        ({"type": "integer"}, "integer"),
        ({"type": "boolean"}, "boolean"),
        ({"type": ["string", "null"]}, "text"),
        ({"enum": ["a", "b"]}, "choice"),
        ({"enum": [1, "a"]}, "choice"),
        ({"const": "a"}, "choice"),
        ({"enum": [True, False]}, "boolean"),
        ({"oneOf": [{"const": "a", "title": "A"}, {"const": "b"}]}, "choice"),
        ({"anyOf": [{"enum": ["a"]}, {"enum": ["b", None]}]}, "choice"),
        ({"anyOf": [{"enum": ["a"]}, {"type": "string"}]}, "text"),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, "integer"),
        ({"anyOf": [PERSON, {"type": "null"}]}, "object"),
        ({"type": "array", "items": {"enum": ["a", "b"]}, "uniqueItems": True}, "multi_choice"),
        ({"type": "array", "items": {"enum": ["a", "b"]}}, "multi_choice"),
        ({"type": "array", "items": PERSON}, "lines"),
        (PERSON, "object"),
        ({"properties": {"a": {}}}, "object"),
        ({"minimum": 3}, "decimal"),
        ({"allOf": [{"type": "string"}, {"enum": ["a"]}]}, "choice"),
    ],
)
def test_a_property_becomes_the_field_that_suits_it(schema: Json, type_: str) -> None:
    assert imported({"type": "object", "properties": {"it": schema}}).types["it"] == type_


@pytest.mark.parametrize(
    "schema",
    [
        {},
        True,
        {"type": "object"},
        {"type": "object", "additionalProperties": {"type": "string"}},
        {"type": "object", "properties": {"a": {"type": "string"}}, "patternProperties": {"^x": {"type": "string"}}},
        {"type": "object", "properties": {"two words": {"type": "string"}}},
        {"type": "object", "properties": {"__proto__": {"type": "string"}}},
        {"type": "object", "properties": {"a" * 64: {"type": "string"}}},
        {"type": "array"},
        {"type": "array", "items": {"type": "string"}},
        {"type": "array", "items": {"type": ["object", "null"], "properties": {"a": {}}}},
        {"type": "array", "prefixItems": [{"type": "string"}], "items": PERSON},
        {"type": "array", "items": {"enum": ["a", "bb"], "minLength": 2}},
        {"type": ["string", "integer"]},
        {"type": "null"},
        {"enum": [{"a": 1}, "b"]},
        {"anyOf": [PERSON, {"type": "string"}]},
        {"not": {"type": "string"}},
    ],
)
def test_what_has_no_input_is_edited_as_json(schema: Json) -> None:
    form = imported({"type": "object", "properties": {"it": schema}})
    assert form.types == {"it": "json"}


def test_chinese_names_are_kept() -> None:
    form = imported({"type": "object", "properties": {"姓名": {"type": "string"}}})
    assert form.types == {"姓名": "text"}
    assert form.schema["properties"]["姓名"]["title"] == "姓名"


@pytest.mark.parametrize(
    ("key", "title"),
    [
        ("primaryPhoneNumber", "Primary phone number"),
        ("ssn_or_tin", "Ssn or tin"),
        ("homeURL", "Home URL"),
        ("URLPath", "URL path"),
        ("street2", "Street 2"),
        ("a", "A"),
        ("_", "_"),
    ],
)
def test_a_property_without_title_gets_one_from_its_key(key: str, title: str) -> None:
    assert imported({"type": "object", "properties": {key: {}}}).schema["properties"][key]["title"] == title


def test_titles_and_other_words_are_kept() -> None:
    words = {"title": "It", "description": "What it is", "$comment": "why", "examples": ["x"], "deprecated": True}
    assert one_field({"type": "string", **words}) == {**words, "type": "string"}


def test_titles_beside_a_reference_are_kept_in_drafts_that_ignore_its_neighbours() -> None:
    form = imported(
        {
            "$schema": DRAFT_7,
            "type": "object",
            "definitions": {"a": {"type": "string", "title": "Theirs"}, "no": False},
            "properties": {
                "it": {"$ref": "#/definitions/a", "title": "Ours", "maxLength": 1},
                "no": {"$ref": "#/definitions/no", "title": "Never"},
            },
        }
    )
    assert form.schema["properties"]["it"] == {"title": "Ours", "type": "string"}
    assert form.schema["properties"]["no"]["title"] == "Never"


def test_keywords_unknown_to_the_draft_are_kept_where_they_judge_nothing() -> None:
    schema = {"$schema": DRAFT_4, "type": "object", "properties": {"it": {"type": "string", "const": "x"}}}
    assert imported(schema).schema["properties"]["it"]["x-ignored"] == {"const": "x"}


def test_foreign_words_that_look_like_ours_are_not_read_as_ours() -> None:
    field = one_field({"type": "string", "x-type": "money", "x-required": True, "readOnly": True, "propertyOrder": 3})
    assert field["x-ignored"] == {"x-type": "money", "x-required": True, "readOnly": True}
    assert field["propertyOrder"] == 3
    assert (
        imported({"type": "object", "properties": {"it": {"type": "string", "readOnly": True}}}).judged({"it": "x"})
        == ()
    )


def test_names_of_values_that_are_no_texts_are_not_shown() -> None:
    assert one_field({"enum": ["a"], "enumNames": [1]})["x-ignored"] == {"enumNames": [1]}


def test_a_default_is_kept_when_the_field_can_hold_it() -> None:
    assert one_field({"type": "integer", "default": 3})["default"] == 3
    assert one_field({"enum": ["a", "b"], "default": ""})["x-ignored"] == {"default": ""}
    assert one_field({"type": ["string", "null"], "default": None})["default"] is None


def test_what_may_be_null_is_not_required() -> None:
    form = imported(
        {
            "type": "object",
            "required": ["a", "b", "c"],
            "properties": {"a": {"type": ["string", "null"]}, "b": {"enum": ["x", None]}, "c": {"type": "string"}},
        }
    )
    assert form.schema["required"] == ["c"]
    assert form.judged({"a": None, "c": "x"}) == ()


def test_a_property_that_must_be_there_and_is_described_nowhere_is_a_field() -> None:
    form = imported({"type": "object", "required": ["a"], "properties": {"b": {"type": "string"}}})
    assert form.types == {"b": "text", "a": "json"}
    assert [each.pointer for each in form.judged({"b": "x"})] == ["/a"]


def test_a_property_that_must_not_be_there_is_no_field() -> None:
    form = imported({"type": "object", "required": ["a"], "properties": {"a": False, "b": {"type": "string"}}})
    assert form.types == {"b": "text"}
    assert form.judged({"b": "x"})


def test_a_property_hidden_by_row_rules_is_kept_in_json() -> None:
    form = imported({"type": "object", "properties": {"created_by": {"type": "string"}, "a": {"type": "string"}}})
    assert form.is_wrapped
    assert form.judged({"created_by": "x"}) == ()
    assert form.judged({"created_by": 1})


def test_names_of_system_columns_are_ordinary_names() -> None:
    form = imported({"type": "object", "properties": {"id": {"type": "string"}, "state": {"type": "string"}}})
    assert form.types == {"id": "text", "state": "text"}


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"type": "array", "items": {"type": "integer"}}, [1, 2], ["x"]),
        ({"type": "string", "enum": ["a", "b"]}, "a", "c"),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, {"any key": 1}, {"any key": "x"}),
        (True, "anything", None),
    ],
)
def test_a_document_that_is_no_object_with_names_is_one_field(schema: Json, good: Json, bad: Json) -> None:
    form = imported(schema)
    assert form.is_wrapped
    assert list(form.schema["properties"]) == ["value"]
    assert form.judged(good) == ()
    assert form.judged(bad)


def test_what_is_said_about_the_whole_document_is_kept() -> None:
    form = imported({"type": "array", "items": {"type": "integer"}, "title": "Primes", "description": "In order."})
    assert form.schema["title"] == "Primes"
    assert form.schema["description"].startswith("In order. ")
