"""Schemas that nobody would write: however keywords are mixed, the entity made of them says the same."""

from typing import Final

import jsonschema_rs
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engine.definition.model import Json
from engine.exchange.json_schema.drafts import DRAFTS
from engine.exchange.json_schema.form import form
from engine.exchange.json_schema.inline import inlined
from engine.exchange.json_schema.merge import flattened
from engine.problems import Malformed

NAMES: Final = ("a", "b", "c", "d")
names = st.sampled_from(NAMES)
lists_of_names = st.lists(names, min_size=1, max_size=2, unique=True)
values = st.sampled_from(["x", "y", "long", 0, 1, 2, 5, True, False, 1.5])
counts = st.integers(0, 2)

SIMPLE: Final = {
    "type": st.sampled_from(["string", "integer", "number", "boolean", "array", "object", ["string", "object"]]),
    "enum": st.lists(st.sampled_from(["x", "y", 1, 2, True]), min_size=1, max_size=3, unique_by=repr),
    "const": st.sampled_from(["x", 1, True]),
    "minLength": counts,
    "minimum": counts,
    "maximum": counts,
    "required": lists_of_names,
    "minProperties": counts,
    "minItems": counts,
    "uniqueItems": st.booleans(),
    "dependentRequired": st.dictionaries(names, lists_of_names, min_size=1, max_size=1),
    "propertyNames": st.just({"enum": ["a", "b", "c"]}),
    "$ref": st.sampled_from(["#/$defs/one", "#/$defs/two"]),
}


def some(keywords: dict[str, st.SearchStrategy[Json]], most: int) -> st.SearchStrategy[dict[str, Json]]:
    """Objects with a few of the keywords."""
    chosen = st.lists(st.sampled_from(sorted(keywords)), max_size=most, unique=True)
    return chosen.flatmap(lambda few: st.fixed_dictionaries({keyword: keywords[keyword] for keyword in few}))


def holding(inner: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    """Schemas that hold others."""
    several = st.lists(inner, min_size=1, max_size=3)
    named = st.dictionaries(names, inner, min_size=1, max_size=3)
    by_pattern = st.dictionaries(st.sampled_from(["^a", "b$"]), inner, min_size=1, max_size=1)
    one = dict.fromkeys(("items", "contains", "not", "additionalProperties", "unevaluatedProperties"), inner)
    conditional = st.fixed_dictionaries({"if": inner, "then": inner}, optional={"else": inner})
    keywords = {
        **SIMPLE,
        **one,
        **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), several),
        **dict.fromkeys(("properties", "dependentSchemas"), named),
        "patternProperties": by_pattern,
    }
    return some(keywords, 5) | st.builds(lambda schema, ways: schema | ways, some(keywords, 3), conditional)


schemas = st.recursive(st.booleans() | some(SIMPLE, 3), holding, max_leaves=6)
objects = st.builds(
    lambda schema, properties, one, two: {**schema, "properties": properties, "$defs": {"one": one, "two": two}},
    holding(schemas),
    st.dictionaries(names, schemas, min_size=1, max_size=3),
    schemas,
    schemas,
)
documents = st.recursive(
    values, lambda inner: st.dictionaries(names, inner, max_size=4) | st.lists(inner, max_size=3), max_leaves=8
)
thorough = settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)


def judge(schema: Json) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(schema, offline=True)


def written_out(schema: Json) -> Json:
    """Without its references; schemas that lead nowhere but to themselves are none."""
    try:
        return inlined(schema, DRAFTS[-1])
    except Malformed:
        assume(False)


@thorough
@given(objects, st.lists(documents, min_size=4, max_size=8))
def test_references_written_out_say_the_same(schema: Json, examples: list[Json]) -> None:
    before, after = judge(schema), judge(written_out(schema))
    for document in examples:
        assert before.is_valid(document) == after.is_valid(document)


@thorough
@given(objects, st.lists(documents, min_size=4, max_size=8))
def test_all_of_written_as_one_says_the_same(schema: Json, examples: list[Json]) -> None:
    before, after = judge(schema), judge(flattened(written_out(schema)))
    for document in examples:
        assert before.is_valid(document) == after.is_valid(document)


@thorough
@given(objects, st.lists(documents, min_size=4, max_size=8))
def test_a_form_is_never_more_lenient_and_stricter_only_where_it_says_so(schema: Json, examples: list[Json]) -> None:
    whole = form(written_out(schema))
    is_wrapped = "no object with named properties" in whole.get("description", "")
    before, after, without_types = judge(schema), judge(whole), judge(without_typed_lists(whole))
    for document in examples:
        if is_wrapped or isinstance(document, dict):
            filled = {"value": document} if is_wrapped else document
            assert before.is_valid(document) or not after.is_valid(filled)
            assert without_types.is_valid(filled) or not before.is_valid(document)


def without_typed_lists(schema: Json) -> Json:
    """Without the lists of values that a field type was given for."""
    if isinstance(schema, list):
        return [without_typed_lists(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    dropped = {"enum"} if "x-type" in schema else set()
    return {keyword: without_typed_lists(held) for keyword, held in schema.items() if keyword not in dropped}
