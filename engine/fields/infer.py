"""Which type the plain JSON Schema keywords of a property describe; what a foreign schema's form is made from."""

from collections.abc import Mapping
from typing import Final

from engine.definition.model import Json
from engine.fields import keywords
from engine.fields.choice import listed

#: Longer texts get an input of several lines.
_LONG: Final = 200

_FORMATS: Final = {"date": "date", "date-time": "datetime", "time": "time", "email": "email", "uri": "url"}
_SINGLE: Final = {"boolean": "boolean", "integer": "integer", "number": "decimal"}


def inferred(schema: Mapping[str, Json]) -> str:
    """The name of the type; "json" for everything that has no input of its own."""
    whole = keywords.merged(schema)
    kind, options = _kind(whole), listed(schema)
    if kind == "boolean" or (options and all(isinstance(each.value, bool) for each in options)):
        return "boolean"
    if options:
        return "choice"
    if kind == "string":
        return _FORMATS.get(whole.get("format", "")) or ("long_text" if whole.get("maxLength", 0) > _LONG else "text")
    if kind == "array":
        return _list(schema)
    if kind == "object" or ("properties" in schema and "type" not in schema):
        return "object" if _has_fields(schema) else "json"
    return _SINGLE.get(kind, "json")


def _kind(schema: Mapping[str, Json]) -> str:
    """The one JSON type that a value may have, `null` aside; "" when there are several or none is said."""
    given = schema.get("type", "")
    kinds = [each for each in ([given] if isinstance(given, str) else given) if each != "null"]
    return kinds[0] if len(kinds) == 1 else ""


def _list(schema: Mapping[str, Json]) -> str:
    items = schema.get("items")
    if not isinstance(items, Mapping) or "prefixItems" in schema:
        return "json"
    if schema.get("uniqueItems") and (options := listed(items)):
        return "multi_choice" if all(isinstance(each.value, str) for each in options) else "json"
    return "lines" if _has_fields(items) else "json"


def _has_fields(schema: Mapping[str, Json]) -> bool:
    """Whether the author names the properties, and leaves none to be made up by whoever fills the form."""
    is_open = "patternProperties" in schema or isinstance(schema.get("additionalProperties"), Mapping)
    return bool(schema.get("properties")) and not is_open
