"""Quick filters above a list: what they offer, and what was typed as formulas."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from flask_babel import gettext

from engine.compile.model import CompiledEntity, CompiledField
from engine.definition.model import Json
from engine.fields.field_type import Audience, Storage, Unreadable
from engine.problems import Invalid, refuse_if_any
from web.present.wording import Wording

#: Before the name of a filter in an address, so that no field can meet another part of it.
PREFIX: Final = "f."
CHOICES: Final = frozenset({"choice", "boolean"})


def offered(
    entity: CompiledEntity, keys: Iterable[str], asked: Mapping[str, str], wording: Wording
) -> Iterator[dict[str, Any]]:
    """The quick filters of a list as `filter_field` draws them: the state, and the fields of these keys."""
    if entity.workflow is not None:
        states = ["draft", *entity.workflow.states, "rejected", "withdrawn"]
        shown = [each for each in states if _rests(entity, each)]
        options = [(each, wording.state(entity, each)) for each in shown]
        yield _filter("state", gettext("State"), "choice", options, asked)
    for key in keys:
        field = field_at(entity, key)
        if field is not None and (kind := _filter_kind(field)):
            options = _options(field, wording) if kind == "choice" else []
            yield _filter(key, title_at(key, field, wording), kind, options, asked)


def _options(field: CompiledField, wording: Wording) -> list[tuple[str, str]]:
    if field.type.name == "boolean":
        return [("true", gettext("Yes")), ("false", gettext("No"))]
    return [(str(each.value), wording.label(each.title)) for each in field.definition.options]


def _rests(entity: CompiledEntity, key: str) -> bool:
    """Whether a record can be found in that state."""
    workflow = entity.workflow
    assert workflow is not None
    state = workflow.states.get(key)
    if state is not None:
        return state.type not in {"choice", "auto", "cc"}
    return workflow.states[workflow.definition.initial].type != "state"


def _filter_kind(field: CompiledField) -> str:
    """How a quick filter asks: choice, date, number or text; "" for what cannot be asked so."""
    if field.type.name in CHOICES:
        return "choice"
    kinds = {Storage.DATE: "date", Storage.DECIMAL: "number", Storage.INTEGER: "number", Storage.TEXT: "text"}
    return kinds.get(field.type.storage, "") if not field.type.target else ""


def _filter(
    name: str, title: str, kind: str, options: Sequence[tuple[str, str]], asked: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "name": f"{PREFIX}{name}",
        "title": title,
        "kind": kind,
        "options": options,
        "value": asked.get(name, ""),
        "from": asked.get(f"{name}_from", ""),
        "to": asked.get(f"{name}_to", ""),
    }


def conditions(entity: CompiledEntity, filters: Mapping[str, str], audience: Audience) -> tuple[str, ...]:
    """The quick filters as formulas. `Invalid` with everything in them that cannot be understood."""
    formulas, problems = [], []
    for name, typed in filters.items():
        path, operator = name, "="
        for end, meaning in (("_from", ">="), ("_to", "<=")):
            if name.endswith(end) and field_at(entity, name.removesuffix(end)) and not field_at(entity, name):
                path, operator = name.removesuffix(end), meaning
        field = field_at(entity, path)
        if field is not None:
            try:
                formulas.append(f"{path} {operator} {_literal(field, typed, audience)}")
            except Unreadable as error:
                problems.append(error.problem(f"/{PREFIX}{path}"))
        elif path == "state":
            formulas.append(f"STATE() = {quoted(typed)}")
    refuse_if_any(Invalid, problems)
    return tuple(formulas)


def _literal(field: CompiledField, typed: str, audience: Audience) -> str:
    """What somebody typed into a filter, as a formula writes it. Raises `Unreadable`."""
    value: Json = field.type.read(field.type.typed(typed, audience))
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, (Decimal, int)):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    if field.type.storage is Storage.DATE:
        year, month, day = map(int, str(value).split("-"))
        return f"DATE({year}, {month}, {day})"
    return quoted(str(value))


def quoted(text: str) -> str:
    """A text literal of the formula language."""
    return '"' + text.replace('"', '""') + '"'


def field_at(entity: CompiledEntity, path: str) -> CompiledField | None:
    """The field at a dotted path; None for a system column."""
    fields, field = entity.fields, None
    for key in path.split("."):
        if key not in fields:
            return None
        field = fields[key]
        fields = field.fields
    return field


def title_at(path: str, field: CompiledField | None, wording: Wording) -> str:
    """The title of a column: the field's, or that of the system column."""
    return wording.label(field.definition.title) if field else str(SYSTEM_TITLES[path]())


SYSTEM_TITLES: Final = {
    "id": lambda: gettext("Id"),
    "number": lambda: gettext("Number"),
    "state": lambda: gettext("State"),
    "status": lambda: gettext("Status"),
    "created_by": lambda: gettext("Created by"),
    "created_at": lambda: gettext("Created at"),
    "updated_at": lambda: gettext("Changed at"),
}
