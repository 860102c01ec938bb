"""Which field type suits a schema. The schema judges values; the type gives them an input and a column."""

from collections.abc import Hashable, Iterable, Mapping
from decimal import Decimal
from typing import Final

from engine.definition.model import Json
from engine.exchange.json_schema.merge import mark, types_of
from engine.fields.infer import inferred

#: Keywords that only mean something for one JSON type. Where no type is given, they show which one is meant.
_ABOUT: Final[Mapping[str, str]] = {
    **dict.fromkeys(("properties", "required", "minProperties", "maxProperties", "dependentRequired"), "object"),
    **dict.fromkeys(("dependentSchemas", "propertyNames", "patternProperties", "additionalProperties"), "object"),
    **dict.fromkeys(("items", "prefixItems", "contains", "minItems", "maxItems", "uniqueItems"), "array"),
    **dict.fromkeys(("minLength", "maxLength", "pattern", "format"), "string"),
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"), "number"),
}
#: JSON types of a value → the field type, where no keyword makes a difference.
_PLAIN: Final[Mapping[frozenset[str], str]] = {
    frozenset({"integer"}): "integer",
    frozenset({"integer", "number"}): "decimal",
    frozenset({"boolean"}): "boolean",
    frozenset({"object"}): "object",
}
#: Field type → JSON types of its values, for schemas that name their field type and nothing else.
_VALUES: Final[Mapping[str, frozenset[str]]] = {
    **dict.fromkeys(("text", "long_text", "date", "datetime", "email"), frozenset({"string"})),
    **dict.fromkeys(("lines", "multi_choice"), frozenset({"array"})),
    **{name: allowed for allowed, name in _PLAIN.items()},
}
#: Types that are not inferred for the format of the same name: they take other values than JSON Schema's format does.
_NARROWER: Final = frozenset({"time", "url"})
#: A moment is kept in UTC, so that nothing can be said about the text that was sent.
_ABOUT_TEXT: Final = frozenset({"pattern", "minLength", "maxLength", "allOf", "anyOf", "oneOf", "not", "if"})
#: What the items of a multiple choice may say; it would check no more of them than their values.
_OPTION: Final = frozenset(
    {"type", "enum", "const", "oneOf", "anyOf", "title", "description", "enumNames", "default", "examples", "$comment"}
)


def kind(schema: Json) -> str:
    """The name of the field type; "json" where none suits. Of "object" and "lines" the inside is not looked at."""
    if not isinstance(schema, dict):
        return "json"
    if "x-type" in schema:
        return str(schema["x-type"])
    if values := options(schema):
        listed = {json_type(value) for value in values}
        return "boolean" if listed == {"boolean"} else "json" if listed & {"object", "array"} else "choice"
    meant = types(schema) - {"null"}
    if meant == {"string"}:
        return _text(schema)
    if meant == {"array"}:
        return _list(schema)
    return _PLAIN.get(meant, "json")


def options(schema: Json) -> list[Json] | None:
    """Every value that is allowed, `null` aside, when the schema lists them; None when it does not."""
    if not isinstance(schema, dict):
        return None
    if "enum" in schema or "const" in schema:
        values = schema.get("enum", [schema.get("const")])
        return [value for value in values if value is not None]
    for keyword in ("oneOf", "anyOf"):
        branches = [options(branch) for branch in schema.get(keyword, ())]
        if branches and None not in branches:
            return distinct(value for branch in branches for value in branch or ())
    return None


def distinct(values: Iterable[Json]) -> list[Json]:
    """The values without those that are there already."""
    found: dict[Hashable, Json] = {}
    for value in values:
        found.setdefault(mark(value), value)
    return list(found.values())


def types(schema: Json) -> frozenset[str]:
    """The JSON types that values may have, or else are meant to have; empty when the schema says nothing of it."""
    if isinstance(schema, dict) and "x-type" in schema:
        return _VALUES.get(schema["x-type"], frozenset())
    said = _said(schema)
    return _meant(schema) if said is None else said


def can_be(name: str, schema: Json) -> bool:
    """Whether the schema leaves room for values of the JSON type."""
    said = _said(schema)
    return schema is not False and (said is None or name in said)


def is_nullable(schema: Json) -> bool:
    """Whether the schema says that there may be `null` in place of a value."""
    return "null" in (_said(schema) or ())


def json_type(value: Json) -> str:
    """The JSON type of a value; a number without fraction is an integer."""
    if value is None or isinstance(value, bool):
        return "null" if value is None else "boolean"
    if isinstance(value, int | Decimal):
        return "integer" if value == int(value) else "number"
    return "string" if isinstance(value, str) else "array" if isinstance(value, list) else "object"


def _said(schema: Json) -> frozenset[str] | None:
    if not isinstance(schema, dict):
        return None
    said = []
    if "type" in schema:
        said.append(types_of(schema["type"]))
    if "enum" in schema or "const" in schema:
        said.append(frozenset(map(json_type, schema.get("enum", [schema.get("const")]))))
    said += [each for each in map(_said, schema.get("allOf", ())) if each is not None]
    for keyword in ("anyOf", "oneOf"):
        branches = [_said(branch) for branch in schema.get(keyword, ()) if branch is not False]
        known = [each for each in branches if each is not None]
        if known and len(known) == len(branches):
            said.append(frozenset().union(*known))
    return frozenset.intersection(*said) if said else None


def _meant(schema: Json) -> frozenset[str]:
    if not isinstance(schema, dict):
        return frozenset()
    meant = {_ABOUT[keyword] for keyword in schema if keyword in _ABOUT}
    for keyword in ("allOf", "anyOf", "oneOf"):
        for branch in schema.get(keyword, ()):
            meant |= types(branch) - {"null"}
    return types_of(meant.pop()) if len(meant) == 1 else frozenset()


def _text(schema: Mapping[str, Json]) -> str:
    words = {keyword: schema[keyword] for keyword in ("format", "maxLength") if keyword in schema}
    name = inferred({"type": "string", **words})
    if name in _NARROWER or (name == "datetime" and not _ABOUT_TEXT.isdisjoint(schema)):
        return "text"
    return name


def _list(schema: Mapping[str, Json]) -> str:
    items = schema.get("items")
    if not isinstance(items, dict) or "prefixItems" in schema:
        return "json"
    values = options(items)
    if values and all(isinstance(value, str) for value in values) and items.keys() <= _OPTION:
        return "multi_choice"
    return "lines" if kind(items) == "object" and not is_nullable(items) else "json"
