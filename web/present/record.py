"""A record's page: head, sections, timeline, and the buttons of what may be done."""

from collections.abc import Mapping
from typing import Any, Final

from flask import url_for
from flask_babel import gettext

from engine.compile.machine import DRAFT, START
from engine.compile.model import CompiledEntity
from engine.fields.field_type import Audience
from engine.runtime.record import Record
from engine.usecases.records.look import Look
from web.present.addresses import address
from web.present.reading import sections
from web.present.timeline import timeline
from web.present.wording import ACTIONS, Wording, done_or_approve
from web.words import sentence

#: How a button looks; others are plain.
ACTION_TONES: Final[Mapping[str, str]] = {
    "submit": "primary",
    "resubmit": "primary",
    "approve": "primary",
    "reject": "danger",
}


def record_page(look: Look, wording: Wording, audience: Audience, back: str | None = None) -> dict[str, Any]:
    """Everything `record_parts.html` calls `record`; `back` names the screen to return to after an action."""
    record, entity = look.sight.record, look.sight.entity
    return {
        "id": record.id,
        "url": address(record),
        "title": record.title or record.number or wording.label(entity.definition.title),
        "number": record.number if record.title != record.number else "",
        "status": wording.status(entity, record.state, record.status),
        "light": None,
        "actions": actions(look, wording, back),
        "sections": sections(look.sight, audience),
        "timeline": timeline(look, wording, audience),
        "related": [],
        "warnings": [sentence(each) for each in look.warnings],
        "edit_url": None if look.against_update else address(record, "edit"),
        "copy_url": url_for("records.new", module=record.module, entity=record.entity, like=record.id),
        "previous_url": None,
        "next_url": None,
    }


def actions(look: Look, wording: Wording, back: str | None = None) -> list[dict[str, str]]:
    """The actions that may be taken, the main one first; deleting comes last."""
    record = look.sight.record
    made = [
        {
            "title": action_title(wording, look, choice.action),
            "url": address(record, "ask", choice.action, back),
            "tone": ACTION_TONES.get(choice.action, "plain"),
        }
        for choice in look.choices
        if choice.allowed
    ]
    if look.against_delete is None:
        made.append({"title": gettext("Delete"), "url": address(record, "confirm_delete"), "tone": "plain"})
    return made


def action_title(wording: Wording, look: Look, action: str) -> str:
    """What the button says; where something is done rather than decided, approving is finishing."""
    if action == "approve":
        return done_or_approve(look.sight.entity, look.sight.record.state)
    return wording.action(look.sight.entity, action)


def comment_need(entity: CompiledEntity, state: str, action: str) -> str:
    """Whether the action wants a comment: "required" or "optional"."""
    definition = entity.workflow.states.get(state) if entity.workflow else None
    if definition is None:
        return "optional"
    wanted = definition.requires.get("comment")
    is_wanted = wanted == "always" if action == "approve" else action == "reject" and wanted in {"always", "on_reject"}
    is_wanted = is_wanted or any(each.comment for each in definition.actions if each.key == action)
    return "required" if is_wanted else "optional"


def phrases(action: str) -> list[str]:
    """Comments that people write again and again."""
    if action == "approve":
        return [gettext("Agreed."), gettext("Checked, no objections.")]
    if action in {"reject", "return"}:
        return [gettext("Documents are missing."), gettext("The amount is not right."), gettext("Please say more.")]
    return []


def buttons(entity: CompiledEntity, record: Record) -> list[dict[str, str]]:
    """The buttons under a form: save, and what sends the record on its way."""
    made = [{"name": "_do", "value": "save", "title": gettext("Save"), "tone": "plain"}]
    send = {DRAFT: "submit", START: "resubmit"}.get(record.state)
    if entity.workflow is None or send is None:
        return [made[0] | {"tone": "primary"}]
    return [*made, {"name": "_do", "value": send, "title": str(ACTIONS[send]), "tone": "primary"}]


def trail(wording: Wording, entity: CompiledEntity, here: str = "") -> list[dict[str, str]]:
    """From the list down to this page."""
    url = url_for("lists.show", module=entity.module, entity=entity.key)
    steps = [{"title": wording.label(entity.definition.title), "url": url}]
    return [*steps, {"title": here, "url": ""}] if here else steps
