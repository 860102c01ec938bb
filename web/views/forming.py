"""From a draft to a form on the page, and from what was posted back to values."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec
from flask import url_for
from werkzeug.datastructures import MultiDict

from engine.compile.model import CompiledEntity, CompiledField
from engine.fields.field_type import Storage
from engine.problems import Problem
from engine.usecases.records.draft import OFFERED, Draft, naming
from web.forms import Options, RecordForm, form_class, linkage
from web.present.wording import Wording
from web.request import actor, workspace
from web.views.rendering import audience
from web.words import sentence

#: Field of every form of a record: the revision it shows, and the key under which it is sent once.
REVISION: Final = "_revision"
KEY: Final = "_key"


def form_of(draft: Draft, wording: Wording, posted: "MultiDict[str, str] | None" = None) -> RecordForm:
    """The form of a draft in the reader's words, filled with what was posted or else with what is kept."""
    made = form_class(draft.entity, draft.access, _options(draft))
    values = {**_first_lines(draft.entity), **draft.record.values}
    return made(posted, values=values, audience=audience(wording, draft.names), fresh=draft.fresh)


def form_again(draft: Draft, wording: Wording, form: RecordForm, posted: "MultiDict[str, str]") -> RecordForm:
    """The form as it was posted, now naming the files and records that were chosen in it."""
    return form_of(naming(workspace(), actor(), draft, form.raw_values()), wording, posted)


def _first_lines(entity: CompiledEntity) -> dict[str, Any]:
    """One blank line for each list that must have lines."""
    return {key: [{}] for key, each in entity.fields.items() if each.type.storage is Storage.TABLE and _is_needed(each)}


def _is_needed(field: CompiledField) -> bool:
    return field.definition.required or bool(field.definition.schema.get("minItems"))


def linked(form: RecordForm, draft: Draft) -> dict[str, Any]:
    """What the browser needs to compute while somebody types."""
    return linkage(form, draft.facts)


def place(form: RecordForm, problems: Iterable[Problem]) -> None:
    """Put problems of a refused request at their fields."""
    form.place(
        (msgspec.structs.replace(each, pointer=each.pointer.removeprefix("/values")) for each in problems), sentence
    )


def _options(draft: Draft) -> Options:
    people = sorted(
        ((each.login, each.name) for each in draft.organisation.people.values() if each.active),
        key=lambda each: each[1],
    )
    departments = sorted((each.key, each.name) for each in draft.organisation.departments.values())

    def options(path: tuple[str, ...]) -> Sequence[tuple[str, str]] | str:
        field = _at(draft.entity, path)
        if field.type.name == "user":
            return people if len(people) <= OFFERED else url_for("lookups.people")
        if field.type.name == "department":
            return departments
        module, _, entity = field.definition.reference.partition("/")
        found = draft.offers[field.definition.reference]
        return url_for("lookups.records", module=module, entity=entity) if found is None else found

    return options


def _at(entity: CompiledEntity, path: tuple[str, ...]) -> CompiledField:
    field = entity.fields[path[0]]
    for key in path[1:]:
        field = field.fields[key]
    return field
