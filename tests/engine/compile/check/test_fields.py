"""Fields: types, references, choices, numbers, required names and defaults that cannot be."""

from typing import Any

import pytest

from tests.engine.compile.refusals import problems
from tests.engine.definitions import COLOUR, DATE, MONEY, NUMBER, TEXT, group, lines, reference

CLAIM = "entities/claim.json"
SERIAL = {"title": "Serial", "x-type": "serial_number"}


@pytest.mark.parametrize(
    ("field", "code", "shown"),
    [
        ({"x-type": "monney"}, "type.undefined", '"monney"'),
        ({"x-type": "reference", "x-reference": "shop/clam"}, "entity.undefined", '"shop/clam"'),
        ({"x-type": "reference"}, "entity.undefined", "{"),
        ({"type": "string", "x-reference": "shop/claim"}, "reference.type", '"shop/claim"'),
        ({"type": "string", "x-reference": "shop/clam"}, "entity.undefined", '"shop/clam"'),
        ({"x-type": "choice"}, "choice.empty", "{"),
        ({"x-type": "multi_choice"}, "choice.empty", "{"),
        ({"x-type": "choice", "enum": [None]}, "choice.empty", "{"),
        ({"x-type": "serial_number", "x-number": "A-{0}{00}"}, "number.pattern", '"A-{0}{00}"'),
    ],
)
def test_a_field_that_cannot_be_is_refused(field: dict[str, Any], code: str, shown: str) -> None:
    assert problems({"a": {"title": "A", **field}}) == [(code, CLAIM, shown)]
    assert problems({"items": lines(a={"title": "A", **field})})[0] in {
        (code, CLAIM, shown),
        ("number.in_part", CLAIM, "{"),
    }


def test_a_reference_to_the_own_entity_or_another_of_the_module_is_fine() -> None:
    given = {"above": reference("shop/claim"), "account": reference("shop/account")}
    assert problems(given, others={"account": {"name": TEXT}}) == []


def test_a_serial_number_may_name_its_pattern_and_stands_at_the_record() -> None:
    assert problems({"a": SERIAL, "b": SERIAL | {"x-number": "A-{YYYY}-{000}"}}) == []
    assert problems({"site": group(a=SERIAL), "items": lines(a=SERIAL)}) == [
        ("number.in_part", CLAIM, "{"),
        ("number.in_part", CLAIM, "{"),
    ]


def test_what_is_required_must_be_a_field_at_every_depth() -> None:
    given = {"site": group(("widht",), width=NUMBER), "items": lines(("prise",), price=MONEY)}
    assert problems(given, entity={"required": ["site", "itmes"]}) == [
        ("field.undefined", CLAIM, '"widht"'),
        ("field.undefined", CLAIM, '"prise"'),
        ("field.undefined", CLAIM, '"itmes"'),
    ]


def test_a_choice_of_several_may_say_that_one_is_required_among_its_items() -> None:
    tags = {"title": "Tags", "type": "array", "uniqueItems": True, "items": {"enum": ["a"], "required": ["x"]}}
    assert problems({"tags": tags}) == []


@pytest.mark.parametrize(
    ("field", "code", "shown"),
    [
        (DATE | {"default": "tomorrow"}, "field.date", '"tomorrow"'),
        (COLOUR | {"default": "green"}, "field.choice", '"green"'),
        (MONEY | {"default": 1.234}, "field.decimals", "1.234"),
        (lines(price=MONEY) | {"default": [{"price": "x"}]}, "field.number", '"x"'),
        (lines(price=MONEY) | {"default": [{"prise": 1}]}, "field.undefined", "1"),
        (lines(price=MONEY) | {"default": ["x"]}, "field.object", '"x"'),
        (group(day=DATE) | {"default": {"day": "x"}}, "field.date", '"x"'),
        (group(day=DATE) | {"default": []}, "field.object", "[]"),
        ({"title": "Any", "x-type": "json", "default": {"a": ["\x01"]}}, "field.characters", '"\\u0001"'),
    ],
)
def test_a_default_is_a_value_of_its_field(field: dict[str, Any], code: str, shown: str) -> None:
    assert problems({"a": field}) == [(code, CLAIM, shown)]


def test_defaults_that_fit_are_fine_at_every_depth() -> None:
    given = {
        "day": DATE | {"default": "2026-03-01"},
        "items": lines(price=MONEY) | {"default": [{"price": "1.50"}, {"price": None}, {}]},
        "site": group(day=DATE) | {"default": {"day": "2026-03-01"}},
        "none": TEXT | {"default": None},
    }
    assert problems(given) == []


def test_a_foreign_schema_may_require_and_prefill_what_means_nothing() -> None:
    given = {"day": DATE | {"default": "yyyy-mm-dd"}, "site": group(("widht",), width=NUMBER)}
    assert problems(given, entity={"x-foreign": True, "required": ["elsewhere"]}) == []


@pytest.mark.parametrize(
    "schema",
    [
        {"allOf": [{"$ref": "#/definitions/nothing"}]},
        {"allOf": [{"properties": {"a": {"pattern": "("}}}]},
        {"allOf": [{"properties": {"a": {"minimum": "x"}}}]},
        {"allOf": [{"$ref": "https://example.com/other.json"}]},
    ],
)
def test_keywords_that_are_no_json_schema_are_refused_before_anybody_fills_the_form(schema: dict[str, Any]) -> None:
    assert problems({"a": TEXT}, entity={"x-foreign": True, **schema}) == [("schema.invalid", CLAIM, "{")]


def test_definitions_of_a_foreign_schema_can_be_referred_to() -> None:
    given = {
        "definitions": {"short": {"properties": {"a": {"maxLength": 3}}}},
        "allOf": [{"$ref": "#/definitions/short"}],
    }
    assert problems({"a": TEXT}, entity={"x-foreign": True, **given}) == []
