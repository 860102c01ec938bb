"""JSON Schema keywords are judged exactly, in bounded time, and told at the field they are about."""

import re
from decimal import Decimal
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.compile import validator
from engine.compile.validator import Validator, matcher
from engine.definition.model import Json


def found(schema: dict[str, Any], values: Json) -> list[tuple[str, str]]:
    problems = Validator({"type": "object", **schema}).problems(values)
    assert all(each.sentence for each in problems)
    return [(each.code, each.pointer) for each in problems]


def about(schema: dict[str, Any], value: Json) -> list[str]:
    """Codes for one property."""
    wrong = found({"properties": {"a": schema}}, {"a": value})
    assert all(pointer == "/a" for _, pointer in wrong)
    return [code for code, _ in wrong]


@pytest.mark.parametrize(
    ("schema", "good", "bad", "code"),
    [
        ({"minimum": 5}, 5, Decimal("4.99"), "field.minimum"),
        ({"maximum": Decimal("0.3")}, Decimal("0.3"), Decimal("0.30000000000000000001"), "field.maximum"),
        ({"exclusiveMinimum": 0}, Decimal("0.01"), 0, "field.above"),
        ({"exclusiveMaximum": 1}, Decimal("0.99"), Decimal("1.00"), "field.below"),
        ({"multipleOf": Decimal("0.1")}, Decimal("0.3"), Decimal("0.35"), "field.multiple"),
        ({"minLength": 2}, "ab", "a", "field.too_short"),
        ({"maxLength": 2}, "中文", "中文字", "field.too_long"),
        ({"minItems": 1}, [1], [], "field.too_few"),
        ({"maxItems": 1}, [1], [1, 2], "field.too_many"),
        ({"pattern": "^A\\d+$"}, "A1", "B1", "field.pattern"),
        ({"type": "string", "format": "ipv4"}, "10.0.0.1", "10.0.0", "field.format"),
        ({"const": "x"}, "x", "y", "field.const"),
        ({"enum": ["red", "blue"]}, "red", "green", "field.choice"),
        ({"uniqueItems": True}, [1, 2], [1, 1], "field.repeated"),
        ({"not": {"const": 1}}, 2, 1, "field.keyword"),
        ({"contains": {"const": 1}}, [1], [2], "field.keyword"),
        ({"type": "integer"}, Decimal("5.00"), Decimal("5.50"), "field.keyword"),
        ({"type": "integer"}, 5, True, "field.keyword"),
        (False, None, 1, "field.not_shown"),
    ],
)
def test_a_keyword_tells_what_is_wrong_at_its_field(schema: Json, good: Json, bad: Json, code: str) -> None:
    assert about(schema, bad) == [code]
    if schema:
        assert about(schema, good) == []


def test_every_mistake_of_a_record_is_told_once_in_order() -> None:
    schema = {
        "properties": {
            "items": {"items": {"properties": {"price": {"minimum": 0}, "name": {"maxLength": 2}}}},
            "b": {"minLength": 2, "pattern": "^x"},
            "a/b": {"minimum": 1},
        },
        "allOf": [{"properties": {"b": {"minLength": 2}}}],
    }
    values = {"items": [{"price": 1}, {"price": -1, "name": "abc"}], "b": "y", "a/b": 0}
    assert found(schema, values) == [
        ("field.minimum", "/a~1b"),
        ("field.pattern", "/b"),
        ("field.too_short", "/b"),
        ("field.too_long", "/items/1/name"),
        ("field.minimum", "/items/1/price"),
    ]


def test_what_is_missing_is_told_at_its_own_place() -> None:
    schema = {"if": {"properties": {"a": {"const": 1}}, "required": ["a"]}, "then": {"required": ["b", "c"]}}
    assert found(schema, {"a": 1, "c": 1}) == [("field.required", "/b")]
    assert found(schema, {"a": 1}) == [("field.required", "/b"), ("field.required", "/c")]
    needs = {"dependentRequired": {"card": ["name", "month"], "cash": ["till"]}}
    assert found(needs, {"card": 1, "month": 2}) == [("field.required", "/name")]
    assert found(needs, {}) == []


def test_what_must_not_be_there_is_told_at_its_own_place() -> None:
    inner = {"properties": {"a": {"type": "object", "properties": {"b": False, "c": True}}}}
    assert found(inner, {"a": {"b": 1, "c": 1}}) == [("field.not_shown", "/a/b")]
    closed = {
        "properties": {
            "a": {"properties": {"b": True}, "patternProperties": {"^x": True}, "additionalProperties": False}
        }
    }
    assert found(closed, {"a": {"b": 1, "x1": 1, "y": 1}}) == [("field.not_shown", "/a/y")]
    assert found(closed, {"a": 1}) == []
    typed = {"properties": {"a": {"patternProperties": {"^n": {"maximum": 5}}, "additionalProperties": {"minimum": 5}}}}
    assert found(typed, {"a": {"n": 9, "x": 1}}) == [("field.maximum", "/a/n"), ("field.minimum", "/a/x")]
    assert found(typed, {"a": []}) == []


def test_a_whole_that_does_not_fit_is_told_at_the_top() -> None:
    assert found({"minProperties": 1}, {}) == [("field.keyword", "")]


def test_alternatives_that_each_lack_a_field_are_told_as_ways_out() -> None:
    schema = {"anyOf": [{"required": ["mobile"]}, {"required": ["phone"]}]}
    problems = Validator(schema).problems({})
    assert [(each.code, each.pointer, each.params) for each in problems] == [
        ("field.one_of_required", "/mobile", {"known": "mobile, phone"}),
        ("field.one_of_required", "/phone", {"known": "mobile, phone"}),
    ]
    assert found(schema, {"phone": 1}) == []


def test_of_other_alternatives_the_nearest_one_is_told() -> None:
    cash = {"properties": {"kind": {"const": "cash"}, "till": {"minimum": 1}}, "required": ["till"]}
    card = {"properties": {"kind": {"const": "card"}, "name": {"minLength": 2}}, "required": ["name", "till"]}
    assert found({"oneOf": [card, cash]}, {"kind": "cash", "till": 0}) == [("field.minimum", "/till")]
    nested = {"anyOf": [{"properties": {"a": {"required": ["b"]}}}, {"required": ["c"]}]}
    assert found(nested, {"a": {}}) == [("field.required", "/a/b")]


def test_two_alternatives_that_both_fit_are_one_too_many() -> None:
    assert found({"oneOf": [{"required": ["a"]}, {"required": ["b"]}]}, {"a": 1, "b": 1}) == [("field.keyword", "")]


def test_an_alternative_that_nothing_fits_does_not_end_in_an_error() -> None:
    assert found({"anyOf": [False]}, {}) == [("field.keyword", "")]
    assert found({"anyOf": [{"properties": {"a": False}}, False]}, {"a": 1}) == [("field.not_shown", "/a")]


@pytest.mark.parametrize(
    ("value", "step", "fits"),
    [
        (Decimal("19.99"), Decimal("0.01"), True),
        (Decimal("1e-9"), Decimal("0.01"), False),
        (Decimal("999999999999999999.99"), Decimal("0.01"), True),
        (Decimal("1e39"), 1, True),
        (Decimal("1e39"), Decimal("1e-2"), False),
        (Decimal("0.00"), Decimal("0.07"), True),
        (7, Decimal("3.5"), True),
        (-9, 6, False),
        ("text", 2, True),
        (True, 2, True),
    ],
)
def test_multiples_are_exact(value: Json, step: Json, fits: bool) -> None:  # noqa: FBT001
    errors = list(validator._RecordValidator({"multipleOf": step}).iter_errors(value))
    assert (not errors) is fits


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("^\\p{Script=Han}+$", "钢筋", True),
        ("^\\d{3}-\\d+$", "010-1234", True),
        ("^(?!admin)\\w+$", "admin1", False),
        ("^(a|b)\\1$", "aa", True),
        ("^(a|b)\\1$", "ab", False),
        ("^[\\u4e00-\\u9fff]+$", "中", True),
    ],
)
def test_patterns_match_as_in_the_browser(pattern: str, text: str, matches: bool) -> None:  # noqa: FBT001
    assert matcher(pattern).is_valid(text) is matches
    assert found({"properties": {"a": {"pattern": pattern}}}, {"a": text}) == (
        [] if matches else [("field.pattern", "/a")]
    )


def test_what_is_no_pattern_is_an_error_of_its_author() -> None:
    with pytest.raises(ValueError, match="regex"):
        matcher("(")
    with pytest.raises(ValueError, match="regex"):
        Validator({"properties": {"a": {"pattern": "("}}})


@pytest.mark.parametrize("evil", ["^(a+)+$", "^(a|a)*$", "^([a-z]+)*!$"])
def test_evil_patterns_take_linear_time(evil: str) -> None:
    """Backtracking would not come back before the end of the universe."""
    text = "a" * 5000 + "?"
    by_name = {"patternProperties": {evil: False}, "additionalProperties": {"minimum": 5}}
    assert about({"pattern": evil}, text) == ["field.pattern"]
    assert found({"properties": {"a": by_name}}, {"a": {text: 1}}) == [("field.minimum", f"/a/{text}")]
    assert about({"propertyNames": {"pattern": evil}}, {text: 1}) == ["field.pattern"]


def test_a_pattern_that_looks_around_gives_up_after_some_steps() -> None:
    assert not matcher("^(?=(a+)+$)(a|aa)+\\2$").is_valid("a" * 5000 + "!")


PRICES = st.decimals(min_value=-(10**6), max_value=10**6, places=2)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | PRICES | st.text("ab1-钢", max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
SUBSCHEMAS = st.recursive(
    st.sampled_from(
        [
            True,
            {},
            {"type": "string"},
            {"type": ["integer", "null"]},
            {"type": "number", "minimum": Decimal("0.5"), "multipleOf": Decimal("0.05")},
            {"minLength": 2, "pattern": "^a"},
            {"enum": [1, "a", None, Decimal("0.50")]},
            {"const": Decimal("1.0")},
            {"maxItems": 1, "uniqueItems": True},
            {"required": ["a"], "maxProperties": 2},
            {"exclusiveMaximum": 3},
        ]
    ),
    lambda inner: st.one_of(
        st.fixed_dictionaries({"properties": st.dictionaries(st.sampled_from("abc"), inner, max_size=3)}),
        st.fixed_dictionaries({"items": inner}),
        st.fixed_dictionaries({"anyOf": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"oneOf": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"allOf": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"not": inner}),
        st.fixed_dictionaries({"if": inner, "then": inner, "else": inner}),
        st.fixed_dictionaries(
            {"patternProperties": st.just({"^[ab]$": {"type": "string"}}), "additionalProperties": inner}
        ),
    ),
    max_leaves=6,
)


@given(SUBSCHEMAS, JSON_VALUES)
def test_the_quick_and_the_thorough_validator_agree(schema: Json, value: Json) -> None:
    quick = jsonschema_rs.validator_for(schema, validate_formats=True, offline=True).is_valid(value)
    thorough = not list(validator._RecordValidator(schema).iter_errors(value))
    assert quick == thorough


@given(SUBSCHEMAS, st.dictionaries(st.sampled_from("abc"), JSON_VALUES, max_size=3))
def test_whatever_is_wrong_has_its_words_and_a_place_in_the_record(schema: Json, values: dict[str, Json]) -> None:
    judge = Validator({"allOf": [schema]})
    problems = judge.problems(values)
    assert bool(problems) is not judge._quick.is_valid(values)
    for each in problems:
        assert each.sentence
        assert re.fullmatch(r"(/[^/]+)*", each.pointer)
