"""OpenAPI 3.1 of a workspace, composed from the entities that the reader may see, without what is hidden from them.

Definitions inside a schema are hoisted into the components, because a reference may not lead into one of them.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from engine.definition.model import Json
from engine.usecases.modules.describe import Described, Part
from web.api.shapes import OBJECT, SHAPES, TEXT, WHOLE, Schema, an_object, listing, record, ref


def openapi(modules: Iterable[Described]) -> dict[str, Any]:
    """The description, complete in itself."""
    schemas, paths = dict(SHAPES), dict(_WHOLE)
    for module in modules:
        for part in module.parts:
            name = part.entity.name.replace("/", ".")
            schemas |= _schemas(part, name, module.edition)
            paths |= _paths(part, name)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Dougong", "version": "1"},
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    }


def _schemas(part: Part, name: str, edition: int) -> dict[str, Schema]:
    definitions = part.entity.schema.get("$defs", {})
    values = {key: value for key, value in part.entity.schema.items() if key != "$defs"}
    moved = _without(_moved(values, name), part.hidden)
    return {
        **{f"{name}.{key}": _moved(value, name) for key, value in definitions.items()},
        f"{name}.values": moved,
        f"{name}.record": _record(_answered(moved), edition),
    }


def _record(values: Schema, edition: int) -> dict[str, Any]:
    """A record; those of older editions have the values of theirs."""
    if edition == 1:
        return record(values)
    in_force = {"properties": {"edition": {"const": edition}}}
    return {**record(OBJECT), "if": in_force, "then": {"properties": {"values": values}}}


def _moved(schema: Json, name: str) -> Json:
    """The schema with its references to own definitions led to the components."""
    if isinstance(schema, list | tuple):
        return [_moved(each, name) for each in schema]
    if not isinstance(schema, Mapping):
        return schema
    moved = {key: _moved(value, name) for key, value in schema.items()}
    if isinstance(reference := moved.get("$ref"), str):
        moved["$ref"] = reference.replace("#/$defs/", f"#/components/schemas/{name}.")
    return moved


def _without(schema: Schema, hidden: frozenset[str], above: str = "") -> dict[str, Any]:
    """The schema of an object without its hidden properties."""
    kept = {
        key: _inside(value, hidden, f"{above}{key}.")
        for key, value in schema["properties"].items()
        if above + key not in hidden
    }
    required = {"required": [key for key in schema["required"] if key in kept]} if "required" in schema else {}
    return {**schema, "properties": kept, **required}


def _inside(schema: Schema, hidden: frozenset[str], above: str) -> Schema:
    if "properties" in schema:
        return _without(schema, hidden, above)
    if _holds_rows(schema):
        return {**schema, "items": _without(schema["items"], hidden, above)}
    return schema


def _holds_rows(schema: Schema) -> bool:
    """Whether it is a list of objects; the items of other lists may be `true` or `false`."""
    rows = schema.get("items")
    return isinstance(rows, Mapping) and "properties" in rows


def _answered(schema: Schema) -> Schema:
    """Of a schema what holds for answers, too: a record may lack what its reader has no right to in its state."""
    if "properties" in schema:
        kept = {key: _answered(value) for key, value in schema["properties"].items()}
        return {"type": "object", "properties": kept, "additionalProperties": False}
    if _holds_rows(schema):
        return {**schema, "items": _answered(schema["items"])}
    return schema


def _paths(part: Part, name: str) -> dict[str, Json]:
    base, title = f"/{part.entity.name}", part.entity.definition.title
    made = ref(f"{name}.record")
    sent = an_object({"values": ref(f"{name}.values")})
    one = f"{base}/{{id}}"
    return {
        base: {
            "get": _operation(f"{title}: list", listing(made, {**_NEXT, "total": WHOLE}), parameters=_LIST),
            "post": _operation(f"{title}: create", made, body=sent, parameters=[_KEY], status="201", headers=_MADE),
        },
        one: {
            "parameters": [_ID],
            "get": _operation(f"{title}: read", made, headers=_TAG),
            "patch": _operation(f"{title}: change", made, body=_PATCH, parameters=[_IF_MATCH], headers=_TAG),
            "delete": _operation(f"{title}: delete", None, parameters=[_IF_MATCH], status="204"),
        },
        f"{one}/actions": _reading(f"{title}: actions", "choice"),
        f"{one}/actions/{{action}}": {
            "parameters": [_ID, _parameter("action", "path")],
            "post": _operation(f"{title}: act", made, body=ref("decision"), parameters=[_KEY], headers=_TAG),
        },
        f"{one}/events": _reading(f"{title}: history", "event"),
        f"{one}/tasks": _reading(f"{title}: open tasks", "task"),
        f"{one}/explain": {
            "parameters": [_ID],
            "get": _operation(f"{title}: how a value comes about", _EXPLAINED, parameters=[_FIELD]),
        },
    }


def _reading(summary: str, shape: str) -> dict[str, Json]:
    return {"parameters": [_ID], "get": _operation(summary, listing(ref(shape)))}


def _parameter(name: str, place: str, schema: Schema = TEXT, *, required: bool = False) -> dict[str, Json]:
    return {"name": name, "in": place, "required": required or place == "path", "schema": schema}


def _operation(
    summary: str,
    answer: Schema | None,
    *,
    body: Schema | None = None,
    parameters: Iterable[Json] = (),
    status: str = "200",
    headers: Iterable[str] = (),
) -> dict[str, Json]:
    good: dict[str, Json] = {"description": summary}
    if answer is not None:
        good["content"] = {"application/json": {"schema": answer}}
    if headers:
        good["headers"] = {each: {"required": True, "schema": TEXT} for each in headers}
    operation: dict[str, Json] = {"summary": summary, "responses": {status: good, "default": _REFUSED}}
    if parameters:
        operation["parameters"] = list(parameters)
    if body is not None:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    return operation


_REFUSED: Final = {"description": "Refused", "content": {"application/problem+json": {"schema": ref("problem")}}}
_ID: Final = _parameter("id", "path")
_KEY: Final = _parameter("Idempotency-Key", "header")
_IF_MATCH: Final = _parameter("If-Match", "header", required=True)
_FIELD: Final = _parameter("field", "query", {"type": "string", "examples": ["items.0.amount"]}, required=True)
_EXPLAINED: Final = an_object({"value": {}, "trace": {"anyOf": [ref("trace"), {"type": "null"}]}})
_TAG: Final = ("ETag",)
_MADE: Final = ("ETag", "Location")
_PATCH: Final = an_object({"values": OBJECT})
_NEXT: Final = {"next": {"type": ["string", "null"]}}
_PAGE: Final = (_parameter("limit", "query", {"type": "integer", "minimum": 1}), _parameter("cursor", "query"))
_LIST: Final = (
    _parameter("filter", "query"),
    _parameter("sort", "query"),
    *_PAGE,
    _parameter("count", "query", {"enum": ["exact"]}),
)
_UPLOAD: Final = {"multipart/form-data": {"schema": an_object({"file": {"type": "string", "format": "binary"}})}}
_CONTENT: Final = {"description": "The content of a file", "content": {"*/*": {}}}
_WHOLE: Final[Mapping[str, Json]] = {
    "/openapi.json": {"get": _operation("This description", OBJECT)},
    "/me": {"get": _operation("Who I am", ref("me"))},
    "/modules": {"get": _operation("Modules and entities I may see", listing(ref("module")))},
    "/modules/{module}/recompute": {
        "parameters": [_parameter("module", "path")],
        "get": _operation("How far recomputing is", ref("recompute")),
        "post": _operation("Bring records to the formulas in force", ref("recompute"), status="202"),
        "delete": _operation("Recompute no further", ref("recompute")),
    },
    "/tasks": {"get": _operation("My open tasks", listing(ref("task"), _NEXT), parameters=_PAGE)},
    "/files": {
        "post": {
            **_operation("Upload a file", ref("file"), status="201"),
            "requestBody": {"required": True, "content": _UPLOAD},
        }
    },
    "/files/{id}": {
        "parameters": [_ID],
        "get": {"summary": "The content of a file", "responses": {"200": _CONTENT, "default": _REFUSED}},
    },
}
