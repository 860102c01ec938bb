"""All documents of a module → `Module`."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from engine.definition.folder import kind_of
from engine.definition.model import (
    At,
    Colour,
    FieldGrant,
    Grant,
    Json,
    MenuEntry,
    Module,
    Noun,
    Print,
    Report,
    Role,
    Samples,
    Scenario,
    View,
)
from engine.definition.nouns.entities import entity_from
from engine.definition.nouns.workflows import workflow_from

Made = TypeVar("Made", bound=Noun)


def module_from(
    documents: Mapping[str, Json], texts: Mapping[str, str], translations: Mapping[str, Mapping[str, str]]
) -> Module:
    """The module whose files these are; their shape has been checked."""

    def every(kind: str, make: Callable[[Mapping[str, Json], At], Made]) -> tuple[Made, ...]:
        return tuple(make(each, At(file=path)) for path, each in sorted(documents.items()) if kind_of(path) == kind)

    module, at = documents["module.json"], At(file="module.json")
    permissions, rights = documents.get("permissions.json", {}), At(file="permissions.json")
    return Module(
        key=module["key"],
        title=module["title"],
        at=at,
        documents=documents,
        texts=texts,
        description=module.get("description", ""),
        version=module.get("version", "1.0.0"),
        language=module.get("language", "zh_CN"),
        requires=module.get("requires", {}),
        roles=_each(module.get("roles", ()), at / "roles", _role),
        menu=_each(module.get("menu", ()), at / "menu", _entry),
        entities=every("entity", entity_from),
        workflows=every("workflow", workflow_from),
        views=every("view", _view),
        grants=tuple(
            _grant(entity, each, rights / "entities" / entity / number)
            for entity, grants in permissions.get("entities", {}).items()
            for number, each in enumerate(grants)
        ),
        field_grants=_each(permissions.get("fields", ()), rights / "fields", _field_grant),
        reports=every("report", _report),
        prints=every("print", _print),
        scenarios=every("scenario", _scenario),
        samples=every("samples", _samples),
        translations=translations,
    )


def _each(
    documents: Iterable[Mapping[str, Json]], at: At, make: Callable[[Mapping[str, Json], At], Made]
) -> tuple[Made, ...]:
    return tuple(make(each, at / number) for number, each in enumerate(documents))


def _role(document: Mapping[str, Json], at: At) -> Role:
    return Role(key=document["key"], title=document["title"], at=at, scope=document.get("scope", "company"))


def _entry(document: Mapping[str, Json], at: At) -> MenuEntry:
    return MenuEntry(title=document["title"], at=at, view=document.get("view", ""), report=document.get("report", ""))


def _view(document: Mapping[str, Json], at: At) -> View:
    return View(
        key=document["key"],
        entity=document["entity"],
        title=document["title"],
        at=at,
        type=document.get("type", "list"),
        columns=tuple(document.get("columns", ())),
        filter=document.get("filter", ""),
        sort=tuple(document.get("sort", ())),
        totals=document.get("totals", {}),
        filters=tuple(document.get("filters", ())),
        colours=_each(document.get("colours", ()), at / "colours", _colour),
    )


def _colour(document: Mapping[str, Json], at: At) -> Colour:
    return Colour(when=document["when"], colour=document["colour"], at=at)


def _grant(entity: str, document: Mapping[str, Json], at: At) -> Grant:
    return Grant(
        entity=entity,
        role=document["role"],
        verbs=frozenset(document["verbs"]),
        at=at,
        rows=document.get("rows", ""),
    )


def _field_grant(document: Mapping[str, Json], at: At) -> FieldGrant:
    return FieldGrant(
        entity=document["entity"],
        role=document["role"],
        field=document["field"],
        access=document["access"],
        at=at,
        state=document.get("state", ""),
    )


def _report(document: Mapping[str, Json], at: At) -> Report:
    return Report(
        key=document["key"],
        title=document["title"],
        at=at,
        source=document["source"],
        filter=document.get("filter", ""),
        rows=tuple(document.get("rows", ())),
        columns=tuple(document.get("columns", ())),
        measures=tuple(document["measures"]),
        chart=document.get("chart", "table"),
    )


def _print(document: Mapping[str, Json], at: At) -> Print:
    return Print(
        key=document["key"],
        entity=document["entity"],
        title=document["title"],
        at=at,
        paper=document.get("paper", "A4"),
        orientation=document.get("orientation", "portrait"),
        header=document.get("header", ""),
        footer=document.get("footer", ""),
        blocks=tuple(document["blocks"]),
    )


def _scenario(document: Mapping[str, Json], at: At) -> Scenario:
    return Scenario(
        title=document["title"],
        at=at,
        workflow=document.get("workflow", ""),
        required=document.get("required", False),
        now=document.get("now", ""),
        people=document.get("people", {}),
        records=document.get("records", {}),
        steps=tuple(document["steps"]),
    )


def _samples(document: Mapping[str, Json], at: At) -> Samples:
    return Samples(
        at=at,
        departments=tuple(document.get("departments", ())),
        people=tuple(document.get("people", ())),
        records=tuple(document.get("records", ())),
    )
