"""Holds answers to the description that the API gives of itself."""

import copy
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT202012
from werkzeug.test import TestResponse

from engine.definition.model import Json

ROOT = "urn:openapi"


class Description:
    """An OpenAPI document, ready to judge answers."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        resource = DRAFT202012.create_resource(_closed(document))
        self._registry: Registry[Any] = Registry().with_resource(ROOT, resource)
        self._paths = {re.compile(re.sub(r"\{\w+\}", "[^/]+", path)): path for path in document["paths"]}

    def faults(self, method: str, path: str, answer: TestResponse) -> Iterator[str]:
        """What is not as the description says."""
        template = next((each for pattern, each in self._paths.items() if pattern.fullmatch(path)), "")
        operation = self.document["paths"].get(template, {}).get(method.lower())
        if operation is None:
            if answer.status_code < 400:
                yield f"{method} {path} is not described"
            operation = {"responses": {"default": _any_operation(self.document)["responses"]["default"]}}
            template = ""
        status = str(answer.status_code)
        name = status if status in operation["responses"] else "default"
        response = operation["responses"].get(name)
        if response is None or (name == "default" and answer.status_code < 400):
            yield f"{method} {path}: {status} is not described"
            return
        yield from self._content(response, answer)
        yield from (
            f"header {header} is missing" for header in response.get("headers", ()) if header not in answer.headers
        )

    def _content(self, response: Mapping[str, Any], answer: TestResponse) -> Iterator[str]:
        content = response.get("content", {})
        if not content:
            if answer.data:
                yield "a body where none is described"
            return
        if answer.mimetype not in content and "*/*" not in content:
            yield f"{answer.mimetype} is not described, only {', '.join(content)}"
            return
        schema = content.get(answer.mimetype, {}).get("schema")
        if schema is not None and answer.mimetype.endswith("json"):
            value = json.loads(answer.data)
            validator = Draft202012Validator(
                _absolute(schema), registry=self._registry, format_checker=FormatChecker(["date-time", "date"])
            )
            for error in validator.iter_errors(value):
                yield f"{'/'.join(map(str, error.absolute_path))}: {error.message}"


def _any_operation(document: Mapping[str, Any]) -> Mapping[str, Any]:
    operation: Mapping[str, Any] = document["paths"]["/me"]["get"]
    return operation


def _absolute(schema: Json) -> Json:
    """The schema with its references led into the document."""
    if isinstance(schema, list):
        return [_absolute(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    moved = {key: _absolute(value) for key, value in schema.items()}
    if isinstance(reference := moved.get("$ref"), str):
        moved["$ref"] = ROOT + reference
    return _closed_object(moved)


def _closed(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document with nothing allowed in our own objects that it does not name; values say so themselves."""
    closed = copy.deepcopy(dict(document))
    for name, schema in closed["components"]["schemas"].items():
        if "." not in name or name.endswith(".record"):
            _close(schema)
    return closed


def _close(schema: Json) -> None:
    for key, each in schema.items() if isinstance(schema, dict) else ():
        if key != "if":
            _close(each)
    for each in schema if isinstance(schema, list) else ():
        _close(each)
    if isinstance(schema, dict) and isinstance(schema.get("required"), list):
        schema.setdefault("additionalProperties", False)


def _closed_object(schema: dict[str, Any]) -> dict[str, Any]:
    return {"additionalProperties": False, **schema} if "properties" in schema else schema
