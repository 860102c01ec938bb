"""What cannot be imported is refused with every reason and its place, quickly."""

import json

import pytest

from engine.definition.model import Json
from engine.exchange.json_schema import from_schema
from engine.exchange.json_schema.inline import MAX_SCHEMAS
from engine.problems import Problem, Refused, TooLarge
from tests.engine.exchange.json_schema.importing import DRAFT_7, imported


def refused(data: Json, key: str = "form") -> list[Problem]:
    with pytest.raises(Refused) as refusal:
        from_schema(data if isinstance(data, bytes) else json.dumps(data).encode(), key)
    return list(refusal.value.problems)


@pytest.mark.parametrize("key", ["", "Form", "two words", "1st", "表单", "a" * 64])
def test_a_module_needs_a_key(key: str) -> None:
    (problem,) = refused({}, key)
    assert problem.code == "definition.key_pattern"


@pytest.mark.parametrize(
    ("data", "code", "line", "column"),
    [
        (b'{"type":\n "object"', "json.ended", 2, 10),
        (b"", "json.ended", 1, 1),
        (b'{"type": "object", "type": "array"}', "json.duplicate_key", 1, 20),
        (b'{"minimum": NaN}', "json.not_a_number", 1, 13),
        (b'{"minimum": 1e99999}', "json.number", 1, 13),
        (b'{\n"title": "\xff"}', "definition.not_utf8", 2, 11),
        (b"[" * 100_000, "json.too_deep", 1, 65),
    ],
)
def test_broken_text_is_refused_at_its_place(data: bytes, code: str, line: int, column: int) -> None:
    (problem,) = refused(data)
    assert (problem.code, problem.line, problem.column) == (code, line, column)


def test_a_byte_order_mark_does_not_matter() -> None:
    assert from_schema(b"\xef\xbb\xbf" + b'{"title": "T"}', "form")["module.json"]["title"] == "T"


def test_a_file_of_ten_megabytes_is_not_even_read() -> None:
    with pytest.raises(TooLarge):
        from_schema(b" " * 10_000_000, "form")


def test_an_unknown_draft_is_refused_with_the_known_ones() -> None:
    (problem,) = refused({"$schema": "http://json-schema.org/draft-03/schema#"})
    assert problem.code == "schema.draft"
    assert "draft-04" in problem.sentence
    assert "2020-12" in problem.sentence


@pytest.mark.parametrize("uri", ["http://json-schema.org/draft-07/schema", "https://json-schema.org/draft-07/schema#"])
def test_a_draft_is_known_however_its_address_is_written(uri: str) -> None:
    form = imported(
        {
            "$schema": uri,
            "type": "object",
            "definitions": {"a": {"type": "string"}},
            "properties": {"a": {"$ref": "#/definitions/a", "maxLength": 0}},
        }
    )
    assert form.judged({"a": "x"}) == ()


def test_every_mistake_of_a_schema_is_told() -> None:
    problems = refused({"$schema": DRAFT_7, "type": "strng", "required": "a", "properties": {"a": {"minLength": -1}}})
    assert {(each.code, each.pointer) for each in problems} == {
        ("schema.invalid", "/type"),
        ("schema.invalid", "/required"),
        ("schema.invalid", "/properties/a/minLength"),
    }


@pytest.mark.parametrize("document", [[], 5, "text", None])
def test_what_is_no_schema_at_all_is_told_once(document: Json) -> None:
    assert [(each.code, each.pointer) for each in refused(document)] == [("schema.invalid", "")]


def test_not_every_value_of_what_is_no_schema_is_told() -> None:
    assert len(refused({"properties": {f"a{number}": number for number in range(300)}})) == 100


def test_patterns_that_cannot_be_matched_are_refused_and_named() -> None:
    problems = refused(
        {
            "properties": {"a": {"type": "string", "pattern": "("}, "b": {"patternProperties": {"[": {}}}},
            "$defs": {"unused": {"pattern": "("}},
        }
    )
    assert [(each.code, each.pointer, each.params["given"]) for each in problems] == [
        ("schema.pattern", "/properties/a/pattern", "("),
        ("schema.pattern", "/properties/b/patternProperties/[", "["),
    ]


def test_references_that_grow_without_end_are_refused() -> None:
    doubling: dict[str, Json] = {
        f"d{number}": {"anyOf": [{"$ref": f"#/$defs/d{number + 1}"}] * 2} for number in range(25)
    }
    problems = refused({"properties": {"a": {"$ref": "#/$defs/d0"}}, "$defs": {**doubling, "d25": {"type": "string"}}})
    assert [(each.code, each.params) for each in problems] == [("schema.too_many", {"limit": str(MAX_SCHEMAS)})]


def test_a_form_has_no_more_fields_than_a_definition_may_have() -> None:
    row = {"type": "object", "properties": {f"a{number}": {"type": "string"} for number in range(999)}}
    rows = {"type": "array", "items": row}
    assert from_schema(json.dumps({"properties": {"one": row, "two": {"type": "string"}}}).encode(), "form")
    problems = refused({"properties": {"one": row, "two": rows, "three": {"type": "string"}}})
    assert [each.code for each in problems] == ["definition.too_many_fields"]


def test_references_that_lead_ever_deeper_are_refused() -> None:
    chain: dict[str, Json] = {f"d{number}": {"$ref": f"#/$defs/d{number + 1}"} for number in range(1000)}
    problems = refused({"properties": {"a": {"$ref": "#/$defs/d0"}}, "$defs": {**chain, "d1000": {}}})
    assert {each.code for each in problems} == {"schema.too_deep"}


def test_a_module_that_would_be_too_deep_to_be_read_again_is_not_written() -> None:
    deep: dict[str, Json] = {"type": "string"}
    for _ in range(20):
        deep = {"anyOf": [deep]}
    deeper = json.loads(json.dumps(deep).replace('{"type": "string"}', '{"$ref": "#/$defs/deep"}'))
    assert from_schema(json.dumps({"properties": {"a": deep}}).encode(), "form")
    problems = refused({"properties": {"a": deeper}, "$defs": {"deep": deep}})
    assert {each.code for each in problems} == {"schema.too_deep"}


def test_a_module_that_would_be_too_large_to_be_read_again_is_not_written() -> None:
    long = {"enum": [f"a long value with the number {number}" for number in range(4000)]}
    properties = {f"a{number}": {"$ref": "#/$defs/long"} for number in range(20)}
    problems = refused({"properties": properties, "$defs": {"long": long}})
    assert [each.code for each in problems] == ["schema.too_large"]
