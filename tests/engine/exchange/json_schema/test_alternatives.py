"""A form shows what any of the alternatives names; the alternatives go on judging."""

from typing import Final

from engine.definition.model import Json
from tests.engine.exchange.json_schema.importing import imported

TEXT: Final = {"type": "string"}


def form_of(*branches: Json, keyword: str = "oneOf", **beside: Json) -> Json:
    return imported({"type": "object", keyword: list(branches), **beside})


def test_lists_of_values_are_united_with_their_titles() -> None:
    form = form_of(
        {"properties": {"size": {"enum": ["s", "m"], "enumNames": ["Small", "Medium"]}}},
        {"properties": {"size": {"oneOf": [{"const": "l", "title": "Large"}, {"const": "s", "title": "Petite"}]}}},
    )
    options = form.entity.fields["size"].definition.options
    assert [(each.value, each.title) for each in options] == [("s", "Small"), ("m", "Medium"), ("l", "Large")]


def test_values_listed_by_alternatives_within_are_called_what_they_are() -> None:
    form = form_of(
        {"properties": {"a": {"anyOf": [{"enum": ["x"]}, {"enum": [2]}]}}},
        {"properties": {"a": {"enum": ["y"], "enumNames": ["Why"]}}},
    )
    options = form.entity.fields["a"].definition.options
    assert [(each.value, each.title) for each in options] == [("x", "x"), (2, "2"), ("y", "Why")]


def test_a_list_beside_any_text_is_a_text() -> None:
    assert form_of({"properties": {"a": {"enum": ["x"]}}}, {"properties": {"a": TEXT}}).types == {"a": "text"}
    assert form_of({"properties": {"a": {"enum": ["x"]}}}, {"properties": {"a": {"not": {"enum": ["x"]}}}}).types == {
        "a": "text"
    }


def test_an_alternative_that_leaves_a_property_out_does_not_open_its_list() -> None:
    assert form_of({"properties": {"a": {"enum": ["x"]}}}, {}, keyword="anyOf").types == {"a": "choice"}


def test_what_holds_only_under_a_condition_does_not_list_values() -> None:
    form = imported(
        {
            "type": "object",
            "properties": {"country": TEXT},
            "if": {"properties": {"country": {"const": "US"}, "plan": {"const": "pro"}}},
            "then": {"properties": {"state": {"enum": ["WA"]}}},
            "dependentSchemas": {"fax": {"properties": {"code": {"type": "integer"}}}},
        }
    )
    assert form.types == {"country": "text", "fax": "json", "plan": "text", "state": "text", "code": "integer"}
    assert form.judged({"country": "CN", "state": "Hubei"}) == ()
    assert [each.pointer for each in form.judged({"country": "US", "plan": "pro", "state": "Hubei"})] == ["/state"]


def test_a_declared_text_gets_the_list_that_every_alternative_has() -> None:
    form = form_of(
        {"properties": {"kind": {"const": "a"}}},
        {"properties": {"kind": {"const": "b"}}},
        properties={"kind": TEXT},
    )
    assert form.types == {"kind": "choice"}


def test_numbers_of_two_kinds_are_a_number_and_two_dates_a_date() -> None:
    form = form_of(
        {"properties": {"n": {"type": "integer"}, "d": {**TEXT, "format": "date"}, "t": {**TEXT, "maxLength": 999}}},
        {"properties": {"n": {"type": "number"}, "d": {**TEXT, "format": "date", "title": "Day"}, "t": TEXT}},
    )
    assert form.types == {"n": "decimal", "d": "date", "t": "long_text"}
    assert form.schema["properties"]["d"]["title"] == "Day"


def test_objects_and_lists_are_united_inside() -> None:
    form = form_of(
        {
            "properties": {
                "o": {"type": "object", "properties": {"a": TEXT}},
                "l": {"type": "array", "items": {"type": "object", "properties": {"x": TEXT}}},
            }
        },
        {
            "properties": {
                "o": {"type": "object", "properties": {"b": {"type": "integer"}}},
                "l": {"type": "array", "items": {"type": "object", "properties": {"y": TEXT}}},
            }
        },
    )
    assert form.types == {
        "o": "object",
        "o.a": "text",
        "o.b": "integer",
        "l": "lines",
        "l.x": "text",
        "l.y": "text",
    }


def test_several_choices_are_united_only_when_all_of_them_list_values() -> None:
    many = {"type": "array", "items": {"enum": ["x"]}}
    form = form_of(
        {"properties": {"a": many, "b": many}},
        {"properties": {"a": {"type": "array", "items": {"enum": ["y"]}}, "b": {"type": "array", "items": TEXT}}},
    )
    assert form.types == {"a": "multi_choice", "b": "json"}
    assert len(form.entity.fields["a"].definition.options) == 2


def test_what_cannot_be_one_field_is_edited_as_json() -> None:
    assert form_of({"properties": {"a": TEXT}}, {"properties": {"a": {"type": "object"}}}).types == {"a": "json"}


def test_a_property_is_not_shown_where_the_object_is_closed() -> None:
    form = form_of({"properties": {"b": TEXT}}, properties={"a": TEXT}, additionalProperties=False)
    assert form.types == {"a": "text"}


def test_alternatives_of_a_nested_object_are_shown_inside_it() -> None:
    address = {
        "type": "object",
        "properties": {"city": TEXT},
        "anyOf": [{"properties": {"zip": TEXT}}, {"type": "null"}],
    }
    assert imported({"type": "object", "properties": {"address": address}}).types == {
        "address": "object",
        "address.city": "text",
        "address.zip": "text",
    }


def test_a_declared_object_shows_what_its_alternatives_say_of_its_inside() -> None:
    form = form_of(
        {"properties": {"o": {"properties": {"b": TEXT}}}},
        {"properties": {"o": {"properties": {"c": TEXT}}}},
        properties={"o": {"type": "object", "properties": {"a": TEXT}}},
        keyword="anyOf",
    )
    assert form.types == {"o": "object", "o.a": "text", "o.b": "text", "o.c": "text"}


def test_an_alternative_that_is_never_true_shows_nothing() -> None:
    form = form_of({"properties": {"a": TEXT}}, False, {"properties": {"b": False}})
    assert form.types == {"a": "text"}
    assert form.judged({"a": 1})
