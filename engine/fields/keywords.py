"""The keywords of a field, sorted by what they are about."""

from collections.abc import Mapping
from typing import Final

from engine.definition.model import Field, Json

#: Keywords that only describe.
ANNOTATIONS: Final = frozenset(
    {"title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly", "$comment", "enumNames"}
)
#: What every field may have: descriptions, references to other schemas, combinations, and our own vocabulary.
COMMON: Final = ANNOTATIONS | {
    *("type", "const", "allOf", "anyOf", "oneOf", "not", "if", "then", "else", "format"),
    *("$ref", "$defs", "$id", "$anchor", "$dynamicRef", "$dynamicAnchor"),
    *("x-type", "x-formula", "x-table", "x-rollup", "x-default", "x-visible", "x-required", "x-readonly"),
    *("x-unique", "x-index", "x-help"),
}
TEXT: Final = frozenset({"minLength", "maxLength", "pattern", "contentEncoding", "contentMediaType", "contentSchema"})
NUMBER: Final = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"})
LIST: Final = frozenset({"items", "minItems", "maxItems", "uniqueItems"})
CHOICE: Final = frozenset({"enum", "x-enum-titles"})
OBJECT: Final = frozenset(
    {"properties", "required", "additionalProperties", "minProperties", "maxProperties", "propertyNames"}
    | {"dependentRequired", "dependentSchemas"}
)
#: Keywords of lists and objects whose parts are no fields.
SHAPELESS: Final = frozenset(
    {"prefixItems", "contains", "minContains", "maxContains", "unevaluatedItems"}
    | {"patternProperties", "unevaluatedProperties"}
)


def annotations(field: Field) -> dict[str, Json]:
    """Title and description of a field, for the public schema."""
    description = field.help or field.schema.get("description", "")
    return {"title": field.title} | ({"description": description} if description else {})


def assertions(schema: Mapping[str, Json]) -> dict[str, Json]:
    """The JSON Schema keywords by which the author limits a value; `format` is left to the types."""
    return {
        keyword: value
        for keyword, value in schema.items()
        if keyword not in ANNOTATIONS | {"format"} and not keyword.startswith("x-")
    }


def merged(schema: Mapping[str, Json]) -> Mapping[str, Json]:
    """The schema with what its `allOf` and its only alternative to `null` say beside it.

    The first is what a `$ref` among other keywords becomes, the second how generated schemas write an optional value.
    """
    several = list(schema.get("allOf", ()))
    for keyword in ("anyOf", "oneOf"):
        rest = [each for each in schema.get(keyword, ()) if each != {"type": "null"}]
        several += rest if len(rest) == 1 else []
    parts = [merged(each) for each in several if isinstance(each, Mapping)]
    return {keyword: value for part in (*parts, schema) for keyword, value in part.items()}
