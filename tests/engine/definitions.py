"""Modules in a line. What is not said is the least that compiles; what is said reads like the definition itself."""

import json
from collections.abc import Mapping
from typing import Any, TypeAlias

from engine.compile.build import compile_module
from engine.compile.model import CompiledEntity, CompiledModule
from engine.definition.model import Json, Module
from engine.definition.read import read

TEXT = {"title": "Text", "type": "string"}
NUMBER = {"title": "Number", "type": "integer"}
MONEY = {"title": "Money", "x-type": "money"}
QUANTITY = {"title": "Quantity", "x-type": "quantity"}
PERCENT = {"title": "Percent", "x-type": "percent"}
DATE = {"title": "Date", "x-type": "date"}
MOMENT = {"title": "Moment", "x-type": "datetime"}
YES = {"title": "Yes or no", "type": "boolean"}
PERSON = {"title": "Person", "x-type": "user"}
UNIT = {"title": "Department", "x-type": "department"}
COLOUR = {"title": "Colour", "enum": ["red", "blue"]}
TAGS = {"title": "Tags", "type": "array", "uniqueItems": True, "items": {"enum": ["new", "used"]}}
END = {"type": "end", "outcome": "approved"}

Doc: TypeAlias = Mapping[str, Any]


def lines(required: tuple[str, ...] = (), **columns: Doc) -> dict[str, Any]:
    """A list of line items."""
    items = {"type": "object", "properties": columns} | ({"required": list(required)} if required else {})
    return {"title": "Lines", "type": "array", "items": items}


def group(required: tuple[str, ...] = (), **properties: Doc) -> dict[str, Any]:
    """A nested object."""
    return {"title": "Group", "type": "object", "properties": properties} | (
        {"required": list(required)} if required else {}
    )


def reference(entity: str) -> dict[str, Any]:
    return {"title": "Reference", "x-type": "reference", "x-reference": entity}


def computed(formula: str, field: Doc = MONEY) -> dict[str, Any]:
    return {**field, "x-formula": formula}


def approval(*who: Doc, passed: Json = "done", **rest: Json) -> dict[str, Any]:
    """A state in which people are asked; `mode` and `on_empty` are about the seats."""
    seats = {"who": list(who)} | {key: rest.pop(key) for key in ("mode", "on_empty", "self") if key in rest}
    return {"type": "approval", "seats": seats, "on": {"passed": ways(passed)}} | rest


def handling(*who: Doc, **rest: Json) -> dict[str, Any]:
    return approval(*who, **rest) | {"type": "handle"}


def choice(*branches: tuple[str, str] | str) -> dict[str, Any]:
    """Branches as (condition, target); the last without a condition."""
    return {"type": "choice", "on": {"enter": ways(list(branches))}}


def life(**buttons: Doc) -> dict[str, Any]:
    """A life-cycle state; each button is what it is, and `to` says where it leads."""
    actions = {
        key: {"title": key} | {name: each[name] for name in each if name != "to"} for key, each in buttons.items()
    }
    return {"type": "state", "actions": actions, "on": {key: ways(each["to"]) for key, each in buttons.items()}}


def ways(targets: Json) -> list[dict[str, Any]]:
    listed = targets if isinstance(targets, list) else [targets]
    return [{"to": each} if isinstance(each, str) else {"when": each[0], "to": each[1]} for each in listed]


def user(*logins: str) -> list[dict[str, str]]:
    return [{"user": login} for login in logins]


def files(  # noqa: PLR0913 - each is a part of a module
    properties: Doc | None = None,
    *,
    key: str = "shop",
    name: str = "claim",
    entity: Doc | None = None,
    others: Mapping[str, Doc] | None = None,
    states: Doc | None = None,
    workflow: Doc | None = None,
    views: Mapping[str, Doc] | None = None,
    **documents: Json,
) -> dict[str, bytes]:
    """The files of a module with one entity, `name`, and perhaps `others`: key → properties.

    With `states`, its records run through them, beginning with the first. `module` and `permissions` are those
    documents, `more` are others by their path.
    """
    module = {"format": 1, "key": key, "title": key, **documents.pop("module", {})}
    made: dict[str, Any] = {"module.json": module}
    runs = {"x-workflow": name} if states else {}
    own = {"key": name, "title": name, "type": "object", "properties": properties or {"name": TEXT}}
    made[f"entities/{name}.json"] = {**own, **runs, **(entity or {})}
    for other, each in (others or {}).items():
        made[f"entities/{other}.json"] = {"key": other, "title": other, "type": "object", "properties": each}
    if states:
        run = {"key": name, "entity": name, "title": name, "initial": next(iter(states)), **(workflow or {})}
        made[f"workflows/{name}.json"] = {**run, "states": states}
    for view, each in (views or {}).items():
        made[f"views/{view}.json"] = {"key": view, "entity": name, "title": view, **each}
    if "permissions" in documents:
        made["permissions.json"] = documents.pop("permissions")
    made |= documents.pop("more", {})
    assert not documents, documents
    return {
        path: each if isinstance(each, bytes) else json.dumps(each, ensure_ascii=False, indent=2).encode()
        for path, each in made.items()
    }


def a_translation(language: str, **labels: str) -> dict[str, bytes]:
    """The file with these translations; each label and its words."""
    head = f'msgid ""\nmsgstr "Language: {language}\\nContent-Type: text/plain; charset=UTF-8\\n"\n'
    told = "".join(f'\nmsgid "{label}"\nmsgstr "{words}"\n' for label, words in labels.items())
    return {f"translations/{language}.po": (head + told).encode()}


def a_module(properties: Doc | None = None, **given: Json) -> Module:
    return read(files(properties, **given))


def compiled(
    properties: Doc | None = None, *, neighbours: Mapping[str, CompiledModule] | None = None, **given: Json
) -> CompiledModule:
    return compile_module(a_module(properties, **given), neighbours or {})


def an_entity(properties: Doc | None = None, **given: Json) -> CompiledEntity:
    """The compiled entity `claim`."""
    return compiled(properties, **given).entities["claim"]
