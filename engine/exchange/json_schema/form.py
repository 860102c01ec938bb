"""A schema of 2020-12 as an entity: the same schema, with a title, a field type and a place for every value.

What judges values stays as it stands. What no field type can hold becomes a field with a JSON editor, which the schema
judges as before. The field types are stricter than JSON Schema in what they say of themselves, and where one thing is
left open by the schema: a value that is described without a JSON type must have the one that its keywords are about.
"""

import re
from collections.abc import Collection, Mapping
from typing import Final

from engine.definition.document.meta_schema import meta_schema
from engine.definition.model import At, Field, Json
from engine.exchange.json_schema.branches import hinted, is_closed
from engine.exchange.json_schema.drafts import IGNORED
from engine.exchange.json_schema.kinds import is_nullable, kind, options, types
from engine.exchange.json_schema.merge import flattened
from engine.exchange.json_schema.titles import readable
from engine.fields import field_type
from engine.fields.field_type import Unreadable
from engine.fields.infer import inferred

#: Key of the field that holds a whole document which is no object with fields.
WHOLE: Final = "value"
_WHOLE_NOTE: Final = "The schema describes no object with named properties: the field “value” holds the document."

#: Browsers take this name for something else.
_NO_KEY: Final = "__proto__"
#: Row rules need this system column, which a field of the same name would hide.
_NO_KEY_AT_ROOT: Final = "created_by"
#: They describe, and stay with the field when what judges its values is moved.
_TELLING: Final = frozenset(
    {"title", "description", "default", "examples", "deprecated", "writeOnly", "$comment", IGNORED}
)
#: Where the definition of a module is read, these hold fields, or lead to some.
_LIKE_FIELDS: Final = frozenset({"properties", "$ref"})
#: What schemas without keywords say.
_BOOLEAN: Final[Mapping[bool, dict[str, Json]]] = {True: {}, False: {"not": {}}}


def form(schema: Json) -> dict[str, Json]:
    """The schema as an object with fields; a document that is none becomes its one field."""
    definitions = _only(schema, {"$defs"}) if isinstance(schema, dict) else {}
    schema = flattened(_without(schema, {"$defs"}) if definitions else schema)
    whole = _object(schema, {}, is_root=True) if kind(schema) == "object" else None
    if whole is None:
        note = " ".join(filter(None, (_told(schema, "description"), _WHOLE_NOTE)))
        whole = {"description": note, "properties": {WHOLE: _field(WHOLE, schema, hint=True)}}
        whole |= {} if is_nullable(schema) else {"required": [WHOLE]}
    return {**whole, "type": "object", **_sealed(definitions)}


def _field(key: str, schema: Json, hint: Json) -> dict[str, Json]:
    """A property with its title and, where its keywords do not tell, its field type.

    `hint` is what the alternatives around say of it; it judges no more than they do.
    """
    written = flattened(schema) if isinstance(schema, dict) else _BOOLEAN[schema]
    shaped = _shaped(written, hint if isinstance(hint, dict) else {})
    titled = {"title": _told(shaped, "title") or readable(key), **_without(shaped, {"title"})}
    if "default" in titled and not _can_read(key, titled, titled["default"]):
        ignored = {**titled.get(IGNORED, {}), "default": titled["default"]}
        return {**_without(titled, {"default"}), IGNORED: ignored}
    return titled


def _shaped(schema: dict[str, Json], hint: dict[str, Json]) -> dict[str, Json]:
    if not types(schema):
        schema = {**hint, **schema}
    elif options(schema) is None and types(schema) >= types(hint) - {"null"}:
        # A list that is named with a field type may be longer than the alternatives say.
        schema = {**schema, **_only({} if "x-type" in hint else hint, {"enum", "enumNames"})}
    name = kind(schema)
    shaped: dict[str, Json] | None = schema
    if name == "object":
        shaped = _object(schema, hint)
    elif name == "lines":
        shaped = _lines(schema, hint)
    elif name == "multi_choice":
        # Said aloud, because the field type takes no value twice unless it is.
        shaped = {"uniqueItems": False, **schema}
    elif name == "choice" and inferred(schema) != "choice":
        shaped = {**schema, "enum": [*(options(schema) or ()), *([None] if is_nullable(schema) else [])]}
    if name == "json" or shaped is None:
        return _json(schema)
    return shaped if inferred(shaped) == name else {**shaped, "x-type": name}


def _json(schema: dict[str, Json]) -> dict[str, Json]:
    """The field of a JSON editor. The properties that it judges are no fields and must not look like some."""
    items = schema.get("items")
    if not any(isinstance(each, dict) and not _LIKE_FIELDS.isdisjoint(each) for each in (schema, items)):
        return {**schema, "x-type": "json"}
    return {**_only(schema, _TELLING), "x-type": "json", "allOf": [_without(schema, _TELLING | {"x-type"})]}


def _sealed(definitions: Mapping[str, Json]) -> dict[str, Json]:
    """Definitions in which nothing looks like a field, either."""
    return {keyword: {name: {"allOf": [each]} for name, each in held.items()} for keyword, held in definitions.items()}


def _lines(schema: dict[str, Json], hint: dict[str, Json]) -> dict[str, Json] | None:
    rows_hint = hint.get("items")
    rows = _object(schema["items"], rows_hint if isinstance(rows_hint, dict) else {})
    return None if rows is None else {**schema, "items": rows}


def _object(schema: dict[str, Json], hint: dict[str, Json], *, is_root: bool = False) -> dict[str, Json] | None:
    """The object with all its properties as fields; None when it cannot be a form."""
    own = schema.get("properties", {})
    hints = {**hint.get("properties", {}), **hinted(schema)}
    names = [name for name in dict.fromkeys([*own, *hints]) if own.get(name) is not False]
    names = [name for name in names if name in own or not is_closed(schema, name)]
    if not names or not all(map(_is_key, names)):
        return None
    if _NO_KEY_AT_ROOT in names if is_root else _describes_others(schema):
        return None
    fields = {name: _field(name, own.get(name, True), hints.get(name, True)) for name in names}
    needed = [name for name in schema.get("required", ()) if not is_nullable(own.get(name, True))]
    schema = {**schema, "required": needed}
    whole = {"properties": fields, "required": [name for name in needed if name in fields]}
    if "unevaluatedProperties" in schema or (_describes_others(schema) and not own.keys() >= fields.keys()):
        # To name further properties beside these keywords would change what they judge.
        whole = {**_only(schema, _TELLING), **whole, "allOf": [_without(schema, _TELLING | {"x-type"})]}
    elif no_fields := _without_fields(own, needed, fields):
        whole = {**schema, **whole, "allOf": [*schema.get("allOf", ()), no_fields]}
    else:
        whole = {**schema, **whole}
    return whole if whole["required"] else _without(whole, {"required"})


def _without_fields(own: Mapping[str, Json], needed: list[str], fields: Mapping[str, Json]) -> dict[str, Json]:
    """What is said about properties that nobody can fill in."""
    refused = {name: False for name, each in own.items() if each is False}
    missing = [name for name in needed if name not in fields]
    return ({"properties": refused} if refused else {}) | ({"required": missing} if missing else {})


def _describes_others(schema: Mapping[str, Json]) -> bool:
    """Whether the schema says what those properties are like that it does not name."""
    return schema.get("additionalProperties", True) not in (True, False, {}) or bool(schema.get("patternProperties"))


def _is_key(name: str) -> bool:
    return name != _NO_KEY and re.fullmatch(meta_schema("vocabulary")["$defs"]["fieldKey"]["pattern"], name) is not None


def _can_read(key: str, schema: Mapping[str, Json], default: Json) -> bool:
    """Whether the default is a value of the field. A foreign one may be anything, even an excuse for having none."""
    if default is None:
        return True
    field = Field(key=key, title=key, at=At(), schema=schema, type=schema.get("x-type", ""))
    try:
        field_type(field).read(default)
    except Unreadable:
        return False
    return True


def _told(schema: Json, word: str) -> str:
    return str(schema.get(word, "")) if isinstance(schema, dict) else ""


def _only(schema: Mapping[str, Json], keywords: Collection[str]) -> dict[str, Json]:
    return {keyword: held for keyword, held in schema.items() if keyword in keywords}


def _without(schema: Mapping[str, Json], keywords: Collection[str]) -> dict[str, Json]:
    return {keyword: held for keyword, held in schema.items() if keyword not in keywords}
