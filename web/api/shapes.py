"""JSON Schemas of what the API sends and takes, except the values of records, which their entities describe."""

from collections.abc import Mapping
from typing import Any, Final

Schema = Mapping[str, Any]

TEXT: Final = {"type": "string"}
WHOLE: Final = {"type": "integer"}
OBJECT: Final = {"type": "object"}
_MOMENT: Final = {"type": "string", "format": "date-time"}
_MAYBE: Final = {"type": ["string", "null"]}


def an_object(required: Mapping[str, Schema], optional: Mapping[str, Schema] = {}) -> dict[str, Any]:
    """An object with these members."""
    return {"type": "object", "required": [*required], "properties": {**required, **optional}}


def ref(name: str) -> dict[str, str]:
    """A schema among the components."""
    return {"$ref": f"#/components/schemas/{name}"}


def listing(item: Schema, optional: Mapping[str, Schema] = {}) -> dict[str, Any]:
    """A page of a list, or all of it."""
    return an_object({"items": {"type": "array", "items": item}}, optional)


def _texts(*names: str) -> dict[str, Schema]:
    return dict.fromkeys(names, TEXT)


#: Of a formula that has failed also the part of it that did, and what that was given.
_PROBLEM: Final = an_object(_texts("code", "pointer", "message"), _texts("part", "operands"))
_PROBLEMS: Final = {"type": "array", "items": _PROBLEM}
_VERBS: Final = {"type": "array", "items": {"enum": ["read", "create", "update", "delete"]}}
_PART: Final = an_object({**_texts("key", "name", "title"), "verbs": _VERBS})
#: Of `left`, the first hundred.
_JOB: Final = an_object(
    {
        "state": {"enum": ["open", "done", "failed", "cancelled"]},
        "held": {"type": "boolean"},
        "created_at": _MOMENT,
        "ended_at": {"anyOf": [_MOMENT, {"type": "null"}]},
        "problem": {"anyOf": [_PROBLEM, {"type": "null"}]},
        **dict.fromkeys(("total", "done", "changed", "refused", "staying"), WHOLE),
        "left": {"type": "array", "items": an_object({**_texts("entity", "id"), "problems": _PROBLEMS})},
    }
)

SHAPES: Final[Mapping[str, Schema]] = {
    "problem": an_object({**_texts("type", "title", "detail"), "status": WHOLE, "problems": _PROBLEMS}),
    "me": an_object(
        {
            **_texts("login", "name"),
            "department": _MAYBE,
            "manager": _MAYBE,
            "roles": {"type": "array", "items": an_object({"role": TEXT, "project": _MAYBE})},
            "workspace": an_object(_texts("slug", "title", "zone", "language")),
            "licence": {"type": "null"},
        }
    ),
    "module": an_object(
        {**_texts("key", "title", "version"), "edition": WHOLE, "entities": {"type": "array", "items": _PART}}
    ),
    "task": an_object(
        {
            **_texts("id", "person", "state", "entity", "record", "number", "title"),
            "kind": {"enum": ["decide", "handle", "resubmit"]},
            "opened_at": _MOMENT,
        }
    ),
    "choice": an_object({**_texts("action", "title"), "allowed": {"type": "boolean"}, "problems": _PROBLEMS}),
    "event": an_object({**_texts("actor", "kind", "prev_hash", "hash"), "seq": WHOLE, "at": _MOMENT, "data": OBJECT}),
    "trace": an_object(
        {
            "text": TEXT,
            "value": {},
            "problem": {"anyOf": [_PROBLEM, {"type": "null"}]},
            "hidden": {"type": "boolean"},
            "unused": {"type": "boolean"},
            "parts": {"type": "array", "items": ref("trace")},
        }
    ),
    "recompute": an_object({"outdated": WHOLE, "job": {"anyOf": [_JOB, {"type": "null"}]}}),
    "file": an_object({**_texts("id", "name", "type", "digest"), "size": WHOLE}),
    "decision": {
        **an_object({}, {"values": OBJECT, "comment": TEXT, "revision": WHOLE, "task": TEXT, "args": OBJECT}),
        "additionalProperties": False,
    },
}


def record(values: Schema) -> dict[str, Any]:
    """A record with these values; `warnings` only in the answer to a change that gives cause for some."""
    return an_object(
        {
            **_texts("id", "number", "entity", "state", "status", "title", "created_by"),
            "edition": WHOLE,
            "revision": WHOLE,
            "values": values,
            "created_at": _MOMENT,
            "updated_at": _MOMENT,
        },
        {"warnings": _PROBLEMS},
    )
