"""One record: read, filled, changed, acted upon, deleted."""

import re
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext

from engine.problems import Conflict, Invalid, NotAllowed, Problem, Refused, Stale, Unknown, nearest, refuse_if_any
from engine.runtime.record import Decision, Record
from engine.usecases.clock import new_id
from engine.usecases.modules.in_force import module_of
from engine.usecases.records.act import act
from engine.usecases.records.create import create
from engine.usecases.records.draft import Draft, edit_draft, new_draft
from engine.usecases.records.explain import explain_value
from engine.usecases.records.look import look
from engine.usecases.records.remove import remove
from engine.usecases.records.save import save
from engine.usecases.sight import Sight
from web.errors import STATUSES
from web.forms import Complaint, RecordForm, rearrange
from web.present.addresses import address
from web.present.explaining.page import explain_page
from web.present.record import ACTION_TONES, action_title, buttons, comment_need, phrases, record_page, trail
from web.present.wording import Wording
from web.request import actor, language, workspace
from web.views.forming import KEY, REVISION, form_again, form_of, linked, place
from web.views.rendering import Context, audience, block, gone_to, is_fragment, page
from web.words import sentence

records: Final = Blueprint("records", __name__)

_REVISION: Final = re.compile(r"[0-9]{1,9}")


def _wording(module: str) -> Wording:
    return Wording(module_of(workspace(), actor(), module), language())


@records.get("/m/<module>/<entity>/<record_id>")
def show(module: str, entity: str, record_id: str) -> Response:
    """The record as it is."""
    wording = _wording(module)
    found = look(workspace(), actor(), f"{module}/{entity}", record_id)
    record = record_page(found, wording, audience(wording, found.names))
    return page("record.html", trail(wording, found.sight.entity, record["title"]), record=record)


@records.get("/m/<module>/<entity>/<record_id>/explain")
def explain(module: str, entity: str, record_id: str) -> Response:
    """How one of its values comes about."""
    asked = request.args.get("field", "")
    found = explain_value(workspace(), actor(), f"{module}/{entity}", record_id, asked, named=True)
    wording = _wording(module)
    model = explain_page(found, audience(wording, found.names))
    if is_fragment():
        return block("explain.html", "dialog", explained=model)
    steps = trail(wording, found.sight.entity, model["title"])
    steps[1:1] = [{"title": model["record_title"], "url": model["back_url"]}]
    return page("explain.html", steps, explained=model)


@records.get("/m/<module>/<entity>/new")
def new(module: str, entity: str) -> Response:
    """A blank form, or one filled like another record."""
    draft = new_draft(workspace(), actor(), f"{module}/{entity}", like=request.args.get("like", ""))
    wording = _wording(module)
    return _form_page(draft, wording, form_of(draft, wording))


@records.post("/m/<module>/<entity>/new")
def start(module: str, entity: str) -> Response:
    """Keep the new record; with the second button, send it on its way."""
    draft, wording = new_draft(workspace(), actor(), f"{module}/{entity}"), _wording(module)
    if rearranged := _rearranged(draft, wording):
        return rearranged
    form = form_of(draft, wording, request.form)
    try:
        made = create(workspace(), actor(), draft.entity.name, form.raw_values(), key=request.form.get(KEY, ""))
    except Invalid as refusal:
        return _form_page(draft, wording, form_again(draft, wording, form, request.form), refusal)
    return _kept(made)


@records.get("/m/<module>/<entity>/<record_id>/edit")
def edit(module: str, entity: str, record_id: str) -> Response:
    """The form of the record."""
    draft, wording = edit_draft(workspace(), actor(), f"{module}/{entity}", record_id), _wording(module)
    return _form_page(draft, wording, form_of(draft, wording))


@records.post("/m/<module>/<entity>/<record_id>/edit")
def change(module: str, entity: str, record_id: str) -> Response:
    """Keep the changes; with the second button, send the record on its way."""
    draft, wording = edit_draft(workspace(), actor(), f"{module}/{entity}", record_id), _wording(module)
    if rearranged := _rearranged(draft, wording):
        return rearranged
    form = form_of(draft, wording, request.form)
    try:
        saved = save(workspace(), actor(), draft.entity.name, record_id, form.raw_values(), revision=_seen() or 0)
    except (Invalid, Stale) as refusal:
        return _form_page(draft, wording, form_again(draft, wording, form, request.form), refusal)
    return _kept(saved)


@records.get("/m/<module>/<entity>/<record_id>/do/<action>")
def ask(module: str, entity: str, record_id: str, action: str) -> Response:
    """Ask what the action needs: a comment, and the fields that may be changed with it."""
    asked = _Asked(module, entity, record_id, action)
    asked.refuse_if_vain()
    return asked.page()


@records.post("/m/<module>/<entity>/<record_id>/do/<action>")
def take(module: str, entity: str, record_id: str, action: str) -> Response:
    """Take the action."""
    asked = _Asked(module, entity, record_id, action)
    decision = Decision(
        actor=actor().login,
        action=action,
        values=asked.form.raw_values() if asked.form else {},
        comment=request.form.get("_comment", ""),
        revision=_seen(),
        key=request.form.get(KEY, ""),
    )
    try:
        _warn(act(workspace(), actor(), asked.entity.name, record_id, decision))
    except (Invalid, Conflict) as refusal:
        return asked.page(refusal)
    flash(gettext("Done: %(action)s", action=asked.title), "success")
    return gone_to(asked.back_url)


@records.get("/m/<module>/<entity>/<record_id>/delete")
def confirm_delete(module: str, entity: str, record_id: str) -> Response:
    """Ask whether it is meant."""
    found, wording = look(workspace(), actor(), f"{module}/{entity}", record_id), _wording(module)
    if found.against_delete:
        raise NotAllowed(found.against_delete)
    record = found.sight.record
    model = {
        **_EMPTY_ACTION,
        "title": gettext("Delete"),
        "tone": "danger",
        "url": address(record, "delete"),
        "back_url": address(record),
        "record_title": record.title or record.number,
        "text": gettext("It will be gone for everybody; its history stays."),
        "hidden": [(REVISION, str(record.revision))],
    }
    if is_fragment():
        return block("action.html", "dialog", action=model)
    return page("action.html", trail(wording, found.sight.entity, gettext("Delete")), action=model)


@records.post("/m/<module>/<entity>/<record_id>/delete")
def delete(module: str, entity: str, record_id: str) -> Response:
    """Delete the record."""
    remove(workspace(), actor(), f"{module}/{entity}", record_id, revision=_seen() or 0)
    flash(gettext("Deleted"), "success")
    return gone_to(url_for("lists.show", module=module, entity=entity))


_EMPTY_ACTION: Final[Context] = {
    "text": "",
    "problems": [],
    "comment": "",
    "comment_text": "",
    "comment_error": "",
    "phrases": [],
    "args": [],
    "form": None,
    "linkage": None,
}


class _Asked:
    """An action about to be taken, with what its dialog needs."""

    def __init__(self, module: str, entity: str, record_id: str, action: str) -> None:
        self._wording = _wording(module)
        found = look(workspace(), actor(), f"{module}/{entity}", record_id)
        self.entity, self.record, self._action = found.sight.entity, found.sight.record, action
        known = {each.action: each for each in found.choices}
        if action not in known:
            raise Unknown(Problem("action.unknown", "", {"given": action, "known": nearest(action, known)}))
        self._against = known[action].problems
        self.back_url = url_for("inbox.show") if request.args.get("back") == "inbox" else address(self.record)
        self.title = action_title(self._wording, found, action)
        self.form: RecordForm | None = None
        if action == "approve":
            self._draft = edit_draft(workspace(), actor(), self.entity.name, record_id, deciding=True)
            if self._draft.access.may_edit:
                self.form = form_of(self._draft, self._wording, request.form or None)

    def refuse_if_vain(self) -> None:
        """`NotAllowed` when the action cannot be taken: nobody is asked to fill in what would be refused."""
        refuse_if_any(NotAllowed, self._against)

    def page(self, refusal: Refused | None = None) -> Response:
        """The dialog; after a refusal with everything that was typed and what is wrong with it."""
        status = STATUSES[type(refusal)] if refusal else HTTPStatus.OK
        problems = refusal.problems if refusal else ()
        comment_errors = [sentence(each) for each in problems if each.pointer == "/comment"]
        others = [each for each in problems if each.pointer != "/comment"]
        if self.form is not None and refusal is not None:
            self.form = form_again(self._draft, self._wording, self.form, request.form)
            place(self.form, others)
        model = {
            **_EMPTY_ACTION,
            "title": self.title,
            "tone": ACTION_TONES.get(self._action, "primary"),
            "url": request.full_path.rstrip("?"),
            "back_url": self.back_url,
            "record_title": self.record.title or self.record.number,
            "problems": [Complaint(sentence(each)) for each in others],
            "comment": comment_need(self.entity, self.record.state, self._action),
            "comment_text": request.form.get("_comment", ""),
            "comment_error": " ".join(comment_errors),
            "phrases": phrases(self._action),
            "form": self.form,
            "linkage": linked(self.form, self._draft) if self.form else None,
            "hidden": [(REVISION, _shown_revision(self.record)), (KEY, _key(refusal))],
        }
        if is_fragment():
            # htmx swaps only what it can show in place; the dialog says itself what went wrong.
            shown = HTTPStatus.UNPROCESSABLE_ENTITY if refusal else HTTPStatus.OK
            return block("action.html", "dialog", status=shown, action=model)
        return page("action.html", trail(self._wording, self.entity, self.title), status=status, action=model)


def _warn(seen: Sight) -> None:
    """Say what has to be said about what has just been done."""
    for each in seen.warnings:
        flash(sentence(each), "warning")


def _kept(seen: Sight) -> Response:
    """Go to the record after it was kept, and send it on its way first when the second button was pressed."""
    record = seen.record
    _warn(seen)
    sent = request.form.get("_do", "")
    if sent in {"submit", "resubmit"}:
        # A second click finds the answer of the first under the same key.
        key = f"{request.form[KEY]}/{sent}" if request.form.get(KEY) else ""
        decision = Decision(actor=actor().login, action=sent, key=key)
        try:
            _warn(act(workspace(), actor(), f"{record.module}/{record.entity}", record.id, decision))
        except Refused as refusal:
            flash(" ".join(sentence(each) for each in refusal.problems), "danger")
            return gone_to(address(record))
    flash(gettext("Submitted") if sent in {"submit", "resubmit"} else gettext("Saved"), "success")
    return gone_to(address(record))


def _rearranged(draft: Draft, wording: Wording) -> Response | None:
    """The form with its lines added, removed or moved, when one of the buttons for that was pressed."""
    posted = rearrange(request.form)
    if posted is None:
        return None
    return _form_page(draft, wording, form_again(draft, wording, form_of(draft, wording, posted), posted))


def _form_page(draft: Draft, wording: Wording, form: RecordForm, refusal: Refused | None = None) -> Response:
    if refusal is not None:
        place(form, refusal.problems)
    record, entity, is_new = draft.record, draft.entity, request.endpoint in {"records.new", "records.start"}
    name = wording.label(entity.definition.title)
    title = gettext("New: %(entity)s", entity=name) if is_new else record.title or name
    model = {
        "title": title,
        "number": record.number,
        "status": wording.status(entity, record.state, record.status),
        "url": request.path,
        "form": form,
        "linkage": linked(form, draft),
        "hidden": [(REVISION, _shown_revision(record)), (KEY, _key(refusal))],
        "buttons": buttons(entity, record),
        "back_url": url_for("lists.show", module=entity.module, entity=entity.key),
        "draft": f"{entity.name}/{'new' if is_new else record.id}",
    }
    if is_fragment():
        shown = HTTPStatus.UNPROCESSABLE_ENTITY if refusal else HTTPStatus.OK
        return block("form.html", "form", status=shown, page=model)
    status = STATUSES[type(refusal)] if refusal else HTTPStatus.OK
    return page("form.html", trail(wording, entity, title), status=status, page=model)


def _seen() -> int | None:
    """The revision that the form showed."""
    text = request.form.get(REVISION, "")
    return int(text) if _REVISION.fullmatch(text) else None


def _shown_revision(record: Record) -> str:
    """What the form goes on showing: after a refusal what it showed before."""
    return str(_seen() or record.revision)


def _key(refusal: Refused | None) -> str:
    """The key of the form; a new one once the old one stands for something else."""
    is_spent = refusal is not None and any(each.code == "action.key_reused" for each in refusal.problems)
    return new_id() if is_spent else request.form.get(KEY) or new_id()
