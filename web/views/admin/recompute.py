"""Records brought to the formulas in force: what would change, and how far the job is that does it."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from flask import Blueprint, Response, flash, url_for
from flask_babel import gettext, ngettext

from engine.compile.model import CompiledField
from engine.definition.model import Json
from engine.fields.field_type import Audience, Storage
from engine.problems import Conflict
from engine.usecases.modules.in_force import module_of
from engine.usecases.names import Names
from engine.usecases.people.save import administered
from engine.usecases.recompute.batch import Trouble
from engine.usecases.recompute.preview import EntityChange, FieldChange, Preview, preview
from engine.usecases.recompute.start import Recomputing, cancel, recomputing, start
from web.present.timeline import moment
from web.present.wording import Tag, Wording
from web.request import actor, language, workspace, zone
from web.views.rendering import Context, audience, block, gone_to, is_fragment, page
from web.words import sentence

recompute: Final = Blueprint("recompute", __name__)

#: Records that are looked at while somebody waits for the page; the command line looks at more.
LOOKED_AT: Final = 2_000
NUMBERS: Final = frozenset({Storage.DECIMAL, Storage.INTEGER})


@recompute.get("/admin/modules/<module>/recompute")
def show(module: str) -> Response:
    """How far the job is, and while none is under way what it would change; to htmx the first alone."""
    administered(workspace(), actor())
    compiled = module_of(workspace(), actor(), module)
    wording = Wording(compiled, language())
    found = recomputing(workspace(), actor(), module)
    model: Context = {
        "url": url_for("recompute.show", module=module),
        "start_url": url_for("recompute.begin", module=module),
        "cancel_url": url_for("recompute.stop", module=module),
        "is_part": is_fragment(),
        "job": _job(found) if found else None,
        "preview": None,
    }
    if is_fragment():
        return block("admin/recompute.html", "job", recompute=model)
    if found is None or found.job.state != "open":
        model["preview"] = _preview(preview(workspace(), actor(), module, limit=LOOKED_AT), wording)
    trail = [
        {"title": gettext("Modules"), "url": url_for("modules.show")},
        {"title": wording.label(compiled.definition.title), "url": ""},
    ]
    return page("admin/recompute.html", trail, recompute=model)


@recompute.post("/admin/modules/<module>/recompute")
def begin(module: str) -> Response:
    """Have it done; where it is under way already that is fine, too."""
    try:
        start(workspace(), actor(), module)
    except Conflict as refusal:
        flash(sentence(refusal.problems[0]), "warning")
    return gone_to(url_for("recompute.show", module=module))


@recompute.post("/admin/modules/<module>/recompute/cancel")
def stop(module: str) -> Response:
    """Go no further."""
    cancel(workspace(), actor(), module)
    return gone_to(url_for("recompute.show", module=module))


def _job(found: Recomputing) -> Context:
    job, progress = found.job, found.progress
    is_open = job.state == "open"
    model: Context = {
        "is_open": is_open,
        "status": _status(found),
        "at": moment(job.ended_at or job.created_at, zone()),
        "problem": sentence(found.problem) if found.problem else "",
        "again": moment(job.run_at, zone()) if is_open and found.problem and not found.is_held else "",
        "done": 0,
        "total": 0,
        "facts": [],
        "troubles": [],
        "more": 0,
    }
    if progress is None:
        return model
    unchanged = progress.done - progress.changed - progress.refused
    return model | {
        "done": progress.done,
        "total": max(progress.total, progress.done),
        "facts": [
            (gettext("Changed"), progress.changed),
            (gettext("Unchanged"), unchanged),
            (gettext("Left as they are"), progress.refused),
            (gettext("In or after approval"), progress.staying),
        ],
        "troubles": [_trouble(each) for each in progress.troubles],
        "more": progress.refused - len(progress.troubles),
    }


def _status(found: Recomputing) -> Tag:
    if found.job.state == "open" and not found.is_held:
        return Tag(gettext("Waiting for a worker"), "neutral")
    return {
        "open": Tag(gettext("Under way"), "info"),
        "done": Tag(gettext("Finished"), "success"),
        "failed": Tag(gettext("Given up"), "danger"),
        "cancelled": Tag(gettext("Cancelled"), "neutral"),
    }[found.job.state]


def _preview(found: Preview, wording: Wording) -> Context:
    seen_by, looked = audience(wording, Names()), ""
    if found.looked_at < found.drafts:
        looked = gettext(
            "Looked at the first %(count)s of %(total)s records; the command line looks at more.",
            count=found.looked_at,
            total=found.drafts,
        )
    return {
        "edition": found.edition,
        "looked": looked,
        "can_start": found.drafts > 0,
        "entities": [_entity(each, wording, seen_by) for each in found.entities],
    }


def _entity(change: EntityChange, wording: Wording, seen_by: Audience) -> Context:
    return {
        "title": wording.label(change.entity.definition.title),
        "facts": [
            (gettext("Would change"), change.changed),
            (gettext("Unchanged"), change.looked_at - change.changed - change.refused),
            (gettext("Cannot be brought along"), change.refused),
            (gettext("In or after approval, stay as they are"), change.staying),
        ],
        "fields": [_field(each, change, seen_by) for each in change.fields],
        "troubles": [_trouble(each) for each in change.troubles],
        "more": change.refused - len(change.troubles),
    }


def _field(change: FieldChange, around: EntityChange, seen_by: Audience) -> Context:
    field = change.field
    return {
        "title": " › ".join(_titles(field, around, seen_by)),
        "count": ngettext("%(num)s record", "%(num)s records", change.count),
        "is_number": change.before is not None,
        **_sides(field, change.before, change.after, seen_by),
        "largest": [
            {
                "label": each.label,
                "url": _url(around.entity.name, each.record_id),
                **_sides(field, each.before, each.after, seen_by),
            }
            for each in change.largest
        ],
    }


def _titles(field: CompiledField, around: EntityChange, seen_by: Audience) -> Iterable[str]:
    """What the field and the groups or lines around it are called."""
    fields = around.entity.fields
    for key in field.path[:-1]:
        if key in fields:
            yield seen_by.label(fields[key].definition.title)
            fields = fields[key].fields
    yield seen_by.label(field.definition.title)


def _sides(field: CompiledField, before: Json, after: Json, seen_by: Audience) -> Context:
    sides = {"before": _shown(field, before, seen_by), "after": _shown(field, after, seen_by), "difference": ""}
    if isinstance(before, Decimal) and isinstance(after, Decimal):
        difference = after - before
        sides["difference"] = ("+" if difference > 0 else "") + _shown(field, difference, seen_by)
    return sides


def _shown(field: CompiledField, value: Json, seen_by: Audience) -> str:
    """A value, or several of a column; the sum of whole numbers is one, too."""
    if value is None:
        return "–"
    if isinstance(value, Decimal) and field.type.storage is Storage.INTEGER:
        return str(int(value))
    if isinstance(value, Decimal) and field.type.storage not in NUMBERS:
        return f"{value:f}"
    if isinstance(value, list) and field.type.json_type != "array":
        return str(gettext(", ")).join(field.type.show(each, seen_by) for each in value)
    return field.type.show(value, seen_by)


def _trouble(trouble: Trouble) -> Context:
    return {
        "label": trouble.label,
        "url": _url(trouble.entity, trouble.record_id),
        "problems": [sentence(each) for each in trouble.problems],
    }


def _url(entity: str, record_id: str) -> str:
    module, _, key = entity.partition("/")
    return url_for("records.show", module=module, entity=key, record_id=record_id)
