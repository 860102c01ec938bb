"""A module as a tree of keyed elements: entities, fields, options, states, ways … What `diff` compares.

An element is found again by what it is and its key, wherever it stands among its neighbours.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import msgspec

from engine.definition.folder import kind_of, name_of
from engine.definition.model import Entity, Field, Json, Module

#: Kinds of documents that are elements with no elements inside.
_WHOLE: Final = frozenset({"view", "report", "print", "scenario"})


class Element(msgspec.Struct, frozen=True):
    """One piece of a module. Its attributes are what stands in it beside its parts, by dotted names."""

    what: str
    key: str
    title: str
    attributes: Mapping[str, Json]
    parts: tuple["Element", ...] = ()


def element_of(module: Module) -> Element:
    """The module and everything in it; notes are no part of the definition."""
    document = module.documents["module.json"]
    parts = (
        *_listed("role", document.get("roles", ())),
        *_listed("menu_entry", document.get("menu", ()), "view", "report"),
        *map(_entity, module.entities),
        *(part for path, each in sorted(module.documents.items()) for part in _of_document(path, each)),
        *(Element("translation", locale, locale, labels) for locale, labels in module.translations.items()),
    )
    return _element("module", module.key, document, {"$schema", "roles", "menu"}, parts)


def _of_document(path: str, document: Mapping[str, Json]) -> Iterator[Element]:
    kind, name = kind_of(path), name_of(path)
    if kind == "workflow":
        yield _element("workflow", name, document, {"$schema", "key", "states"}, _states(document["states"]))
    elif kind == "permissions":
        for entity, grants in document.get("entities", {}).items():
            yield from _listed("grant", ({"entity": entity, **each} for each in grants), "entity", "role")
        yield from _listed("field_grant", document.get("fields", ()), "entity", "field", "role", "state")
    elif kind == "samples":
        yield from _listed("sample", document["records"], "id")
    elif kind in _WHOLE:
        yield _element(kind, name, document, {"$schema", "key"})


def _entity(entity: Entity) -> Element:
    document = entity.schema
    rules = _listed("rule", document.get("x-rules", ()))
    sections = _listed("section", document.get("x-layout", ()), "section")
    parts_at = {"$schema", "key", "required", "properties", "x-rules", "x-layout"}
    return _element("entity", entity.key, document, parts_at, (*map(_field, entity.fields), *rules, *sections))


def _field(field: Field) -> Element:
    parts_at = {"properties", "required"} | ({"oneOf", "anyOf", "enum"} if field.options else set())
    document = {keyword: value for keyword, value in field.schema.items() if keyword not in parts_at}
    if isinstance(lines := document.get("items"), dict):
        document["items"] = {keyword: value for keyword, value in lines.items() if keyword not in parts_at}
    if field.required:
        document["required"] = True
    options = (Element("option", str(each.value), each.title, {"title": each.title}) for each in field.options)
    return _element("field", field.key, document, (), (*map(_field, field.fields), *options))


def _states(documents: Mapping[str, Json]) -> tuple[Element, ...]:
    return tuple(_state(key, each) for key, each in documents.items())


def _state(key: str, document: Mapping[str, Json]) -> Element:
    ways = ({"outcome": outcome, **way} for outcome, each in document.get("on", {}).items() for way in each)
    regions = document.get("regions", {}).items()
    parts = (
        *(_element("action", name, each) for name, each in document.get("actions", {}).items()),
        *_listed("timer", document.get("timers", ())),
        *(_element("region", name, each, {"states"}, _states(each["states"])) for name, each in regions),
        *_listed("way", ways, "outcome", "key", "to"),
    )
    return _element("state", key, document, {"actions", "timers", "regions", "on"}, parts)


def _listed(what: str, documents: Iterable[Mapping[str, Json]], *keys: str) -> Iterator[Element]:
    """Elements of a list, known by these of their own keys; those that are alike are counted."""
    seen: dict[str, int] = {}
    for each in documents:
        name = ".".join(str(each[key]) for key in keys or ("key",) if key in each)
        seen[name] = seen.get(name, 0) + 1
        yield _element(what, name if seen[name] == 1 else f"{name}#{seen[name]}", each)


def _element(
    what: str,
    key: str,
    document: Mapping[str, Json],
    parts_at: Iterable[str] = (),
    parts: Iterable[Element] = (),
) -> Element:
    attributes = {name: value for name, value in document.items() if name not in parts_at}
    return Element(what, key, str(document.get("title", key)), dict(_flattened("", attributes)), tuple(parts))


def _flattened(prefix: str, values: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    """Values inside objects by dotted names, so that a change inside one is told as small as it is."""
    for name, value in values.items():
        if isinstance(value, dict) and value:
            yield from _flattened(f"{prefix}{name}.", value)
        else:
            yield prefix + name, value
