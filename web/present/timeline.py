"""The history of a record and whom it waits for, as a timeline."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
from flask_babel import format_datetime, gettext, ngettext

from engine.compile.model import CompiledField
from engine.definition.model import Json
from engine.fields.field_type import Audience, Storage, Unreadable
from engine.runtime.record import Event
from engine.usecases.records.look import Look
from web.present.wording import Wording, was_approved


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the timeline."""

    who: str
    text: str
    at: str
    tone: str = "neutral"
    comment: str = ""
    is_waiting: bool = False
    #: Field, old, new.
    changes: tuple[tuple[str, str, str], ...] = ()


def timeline(look: Look, wording: Wording, audience: Audience) -> tuple[Step, ...]:
    """What has happened, then who is asked now."""
    done = (_step(entry.event, look, wording, audience) for entry in look.history)
    return (*(step for step in done if step is not None), *_waiting(look, wording, audience))


def _step(event: Event, look: Look, wording: Wording, audience: Audience) -> Step | None:
    entity = look.sight.entity
    told = _TOLD.get(event.kind)
    if told is None:
        return None
    state = str(event.data.get("state", ""))
    text, tone = told(event, was_approved(entity, state))
    if event.kind == "action":
        text = wording.action(entity, str(event.data["action"]))
    if event.kind == "ended":
        return None
    place = f"{wording.state(entity, state)} · " if state and event.kind in {"decision", "auto", "returned"} else ""
    return Step(
        who=audience.name("user", event.actor) if event.actor else gettext("System"),
        text=place + text,
        tone=tone,
        at=moment(event.at, audience.zone),
        comment=str(event.data.get("comment", "")),
        changes=tuple(_changes(event.data.get("fields", {}), look, audience)),
    )


def _decided(event: Event, approved: str) -> tuple[str, str]:
    return (approved, "success") if event.data["decision"] == "approve" else (gettext("rejected it"), "danger")


def _automatic(event: Event, _approved: str) -> tuple[str, str]:
    rules = {
        "self_skip": gettext("passed: the only one asked is the starter"),
        "empty_pass": gettext("passed: there is nobody to ask"),
        "empty_reject": gettext("rejected: there is nobody to ask"),
    }
    rule = str(event.data["rule"])
    return rules.get(rule, gettext("passed: approved by the same person before")), "info"


def _recomputed(event: Event, _approved: str) -> tuple[str, str]:
    before, after = event.data["edition"]
    return gettext("recomputed it by edition %(after)s, before that %(before)s", after=after, before=before), "info"


#: Kind of event → (text, tone); kinds that are not here are not for people.
_TOLD: Final[Mapping[str, Callable[[Event, str], tuple[str, str]]]] = {
    "created": lambda _event, _approved: (gettext("created it"), "neutral"),
    "changed": lambda _event, _approved: (gettext("changed it"), "neutral"),
    "recomputed": _recomputed,
    "submitted": lambda _event, _approved: (gettext("submitted it"), "success"),
    "decision": _decided,
    "auto": _automatic,
    "returned": lambda _event, _approved: (gettext("returned it"), "warning"),
    "resubmitted": lambda _event, _approved: (gettext("submitted it again"), "success"),
    "withdrawn": lambda _event, _approved: (gettext("withdrew it"), "warning"),
    "action": lambda _event, _approved: ("", "success"),
}


def _changes(fields: Mapping[str, Json], look: Look, audience: Audience) -> Iterator[tuple[str, str, str]]:
    for key, (before, after) in fields.items():
        field = look.sight.entity.fields.get(key)
        if field is not None and look.sight.access.of(field.path) != "hidden":
            title = audience.label(field.definition.title)
            yield title, _shown(field, before, audience), _shown(field, after, audience)


def _shown(field: CompiledField, value: Json, audience: Audience) -> str:
    """A value out of the history, where exact numbers are text."""
    if value is None:
        return ""
    if field.type.storage is Storage.TABLE:
        return str(ngettext("%(num)s line", "%(num)s lines", len(value)))
    if field.type.storage is Storage.COLUMNS:
        return "…"
    try:
        return field.type.show(field.type.read(value), audience)
    except Unreadable:
        return str(value)


def _waiting(look: Look, wording: Wording, audience: Audience) -> Iterator[Step]:
    entity, by_state = look.sight.entity, dict[str, list[str]]()
    for item in look.tasks:
        by_state.setdefault(item.task.state, []).append(audience.name("user", item.task.person))
    for state, people in by_state.items():
        yield Step(
            who=wording.state(entity, state),
            text=_listed(people),
            at=gettext("in progress"),
            is_waiting=True,
            tone="info",
        )


def _listed(names: Iterable[str]) -> str:
    return str(gettext(", ")).join(names)


def moment(at: datetime, zone: ZoneInfo) -> str:
    """A moment in the workspace's zone: short, with the year only when it is another one."""
    return str(format_datetime(at.astimezone(zone), "yyyy-MM-dd HH:mm", rebase=False))
