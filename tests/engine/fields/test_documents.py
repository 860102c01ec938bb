from decimal import Decimal

import pytest

from engine.definition.model import Json
from engine.fields.field_type import Storage
from tests.engine.fields.made import CHINESE, ENGLISH, made, refusal

DEEPEST = "[" * 32 + "]" * 32


@pytest.mark.parametrize("type_", ["json", "a_type_of_another_installation"])
@pytest.mark.parametrize(
    "raw", ["text", "", 7, 10**39, Decimal("1.50"), Decimal("1E-39"), True, [], {}, {"a/b": [None, {"~": "x\ny"}]}]
)
def test_any_json_is_kept(type_: str, raw: Json) -> None:
    kept = made(type_).read(raw)
    assert (type(kept), kept) == (type(raw), raw)


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        ({"a/b": [0, "\x00"]}, "/f/a~1b/1 field.characters: The character U+0000 "),
        ({"\ud800": 1}, "/f field.characters: The character U+D800 "),
        ([10**40], "/f/0 field.json_number: A number has at most 40 digits and an exponent of at most 40, unlike 1000"),
        ([Decimal("1E+40")], "/f/0 field.json_number: "),
        ([Decimal("1E-40")], "/f/0 field.json_number: "),
        ([Decimal("0." + "1" * 41)], "/f/0 field.json_number: "),
        ([Decimal("NaN")], "/f/0 field.json_number: "),
        ([0.5], "/f/0 field.json: “0.5” is not JSON."),
        (b"x", "/f field.json: "),
    ],
)
def test_what_no_database_keeps_is_refused(raw: Json, sentence: str) -> None:
    assert refusal(made("json"), raw).startswith(sentence)


def test_json_is_kept_to_a_depth_of_32() -> None:
    json = made("json")
    assert json.show(json.read(json.typed(DEEPEST, CHINESE)), CHINESE) == DEEPEST
    assert refusal(json, json.typed(f"[{DEEPEST}]", CHINESE)) == (
        "/f" + "/0" * 32 + " field.depth: Lists and objects are nested more than 32 deep."
    )


@pytest.mark.parametrize(
    "text", ["abc", "{", "[1,]", "NaN", "1e99999999999999999999", "[" * 5000, "{'a': 1}", '"\ud800"']
)
def test_typed_text_that_is_no_json_is_refused(text: str) -> None:
    json = made("json")
    assert refusal(json, json.typed(text, CHINESE)).startswith("/f field.json: ")


def test_typed_json_is_exact() -> None:
    json = made("json")
    assert str(json.typed('{"a": 19.99}', CHINESE)) == "{'a': Decimal('19.99')}"
    assert json.read(json.typed('"abc"', CHINESE)) == "abc"
    assert json.show({"a": [Decimal("19.90"), None]}, ENGLISH) == '{"a":[19.90,null]}'


def test_the_author_of_a_json_field_says_everything_about_it() -> None:
    schema = {"type": ["string", "object"], "properties": {"a": {"type": "number"}}, "required": ["a"], "maxLength": 5}
    assert made(**schema).name == "json"
    assert made(**schema, x_index=True).checked() == schema
    assert made(**schema).schema() == {"title": "字段", **schema}


def test_an_unknown_type_still_shows_and_keeps_what_is_there() -> None:
    unknown = made("hologram")
    assert unknown.name == "unknown"
    assert unknown.storage is Storage.JSON
    assert unknown.show(unknown.read({"x": 1}), CHINESE) == '{"x":1}'


def test_line_items_are_read_line_by_line_elsewhere() -> None:
    lines = made("lines", type="array", minItems=1, items={"type": "object", "properties": {"a": {"type": "string"}}})
    assert lines.storage is Storage.TABLE
    assert lines.read([{"a": 1}, "x"]) == [{"a": 1}, "x"]
    assert lines.read(lines.typed('[{"a": 1.5}]', CHINESE)) == [{"a": Decimal("1.5")}]
    assert lines.checked() == {"type": "array", "minItems": 1}
    assert lines.schema() == {"title": "字段", "type": "array", "minItems": 1}


@pytest.mark.parametrize("raw", ["x", {}, 1])
def test_what_is_no_list_of_lines_is_refused(raw: Json) -> None:
    assert refusal(made("lines"), raw).startswith("/f field.lines: Expected a list of lines, not ")


def test_line_items_are_shown_by_their_number() -> None:
    lines = made("lines")
    assert lines.show([{}, {}], CHINESE) == "2 行"
    assert [lines.show([{}] * count, ENGLISH) for count in (0, 1, 2)] == ["0 lines", "1 line", "2 lines"]


def test_an_object_is_read_field_by_field_elsewhere() -> None:
    schema = {
        "type": "object",
        "properties": {"a": {}},
        "required": ["a"],
        "additionalProperties": False,
        "minProperties": 1,
    }
    nested = made(**schema)
    assert nested.storage is Storage.COLUMNS
    assert nested.read({"a": "\x00"}) == {"a": "\x00"}
    assert nested.checked() == {"type": "object", "minProperties": 1}
    assert refusal(nested, nested.typed("[]", CHINESE)) == "/f field.object: Expected an object with named fields."


def test_an_object_is_shown_by_the_words_in_it() -> None:
    value = {"name": {"first": "John", "middle": None, "last": "Doe"}, "amount": Decimal("1.50"), "tags": ["a", True]}
    assert made("object").show(value, ENGLISH) == "John Doe 1.50 a true"
