"""The meta-schemas in schemas/, one for each kind of document, and the validators made of them.

`jsonschema-rs` says quickly that a document is fine, which is what happens nearly always; `jsonschema` says what is
wrong with the others.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

import jsonschema_rs
from jsonschema import Draft202012Validator, ValidationError, validators
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from engine.definition.bundled import bundled
from engine.definition.model import Json

#: What the names of the meta-schemas are relative to; both validators know them all and fetch nothing.
BASE: Final = "file:///schemas/"


def meta_schema(kind: str) -> dict[str, Json]:
    """The meta-schema of a kind of document: module, entity, workflow and so on."""
    return _schemas()[f"{kind}.schema.json"]


def follow(reference: str, file: str) -> tuple[Json, str]:
    """What a `$ref` inside the meta-schema `file` leads to, and the file where that stands."""
    name, _, pointer = reference.partition("#")
    found: Json = _schemas()[name or file]
    for step in pointer.split("/")[1:]:
        found = found[step]
    return found, name or file


def is_fine(kind: str, document: Json) -> bool:
    """Whether the meta-schema finds nothing wrong."""
    return _quick(kind).is_valid(document)


def errors_of(kind: str, document: Json) -> Iterator[ValidationError]:
    """Everything the meta-schema finds wrong.

    The message of an error about a missing, needed or badly named key is that key, and nothing else.
    """
    errors: Iterator[ValidationError] = _thorough(kind).iter_errors(document)
    return errors


@lru_cache(maxsize=1)
def _schemas() -> Mapping[str, dict[str, Json]]:
    found = {path.name: json.loads(path.read_bytes()) for path in bundled("schemas").glob("*.schema.json")}
    # Where a schema names its dialect, `jsonschema` would go on with its own class instead of ours.
    return {name: {key: each[key] for key in each if key != "$schema"} for name, each in found.items()}


@lru_cache
def _quick(kind: str) -> jsonschema_rs.Draft202012Validator:
    registry = jsonschema_rs.Registry(
        [(BASE + name, each) for name, each in _schemas().items()], draft=jsonschema_rs.Draft202012
    )
    return jsonschema_rs.Draft202012Validator(_root(kind), registry=registry, offline=True)


@lru_cache
def _thorough(kind: str) -> Any:  # noqa: ANN401 - jsonschema makes the class at run time
    resources = ((BASE + name, DRAFT202012.create_resource(each)) for name, each in _schemas().items())
    registry: Registry[Json] = Registry().with_resources(resources)
    return _Validator(_root(kind), registry=registry)


def _root(kind: str) -> dict[str, Json]:
    return {"$ref": f"{BASE}{kind}.schema.json"}


def _required(_validator: Any, keys: list[str], value: Json, _schema: Json) -> Iterator[ValidationError]:  # noqa: ANN401
    if isinstance(value, dict):
        yield from (ValidationError(key) for key in keys if key not in value)


def _needed(_validator: Any, needs: Json, value: Json, _schema: Json) -> Iterator[ValidationError]:  # noqa: ANN401
    if isinstance(value, dict):
        for key, keys in needs.items():
            if key in value and not all(each in value for each in keys):
                yield ValidationError(key)


def _names(validator: Any, schema: Json, value: Json, _schema: Json) -> Iterator[ValidationError]:  # noqa: ANN401
    if isinstance(value, dict):
        for key in value:
            if errors := list(validator.descend(key, schema)):
                yield ValidationError(key, context=errors)


def _pattern(_validator: Any, pattern: str, value: Json, _schema: Json) -> Iterator[ValidationError]:  # noqa: ANN401
    # Python's `$` also stands before a last line break.
    if isinstance(value, str) and (value.endswith("\n") or not re.search(pattern, value)):
        yield ValidationError(value)


_Validator: Final = validators.extend(
    Draft202012Validator,
    {"required": _required, "dependentRequired": _needed, "propertyNames": _names, "pattern": _pattern},
)
