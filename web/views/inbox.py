"""What waits for me, what I have dealt with, what I have started; the chosen record beside it."""

from typing import Any, Final

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext

from engine.problems import Unknown
from engine.usecases.modules.in_force import module_of
from engine.usecases.records.inbox import Slips, count_open, done_slips, open_slips, started_slips
from engine.usecases.records.look import look
from web.present.record import record_page
from web.present.slips import slip_model
from web.present.wording import Wording
from web.request import actor, language, page_size, workspace, zone
from web.views.rendering import audience, block, is_fragment, page

inbox: Final = Blueprint("inbox", __name__)

#: Tab → title when it is empty.
TABS: Final = ("todo", "done", "started")


@inbox.get("/inbox")
def show() -> Response:
    """A tab of the inbox; with a record chosen, that record beside it."""
    tab = request.args.get("tab", "todo")
    tab = tab if tab in TABS else "todo"
    chosen = request.args.get("record", "")
    model = _model(tab, _slips(tab), chosen)
    record = _chosen(chosen)
    if is_fragment():
        return block("inbox.html", "pane", inbox=model, record=record)
    return page("inbox.html", [{"title": gettext("To do"), "url": ""}], inbox=model, record=record)


def _slips(tab: str) -> Slips:
    if tab == "done":
        return done_slips(workspace(), actor(), limit=page_size())
    if tab == "started":
        return started_slips(workspace(), actor(), limit=page_size())
    return open_slips(workspace(), actor(), limit=page_size(), after=request.args.get("after", ""))


def _model(tab: str, found: Slips, chosen: str) -> dict[str, Any]:
    url = url_for("inbox.show", tab=tab)
    tasks = []
    for slip in found.slips:
        record = slip.seen.record
        line = slip_model(slip, found.organisation, language(), zone(), workspace().clock())
        name = f"{record.module}/{record.entity}/{record.id}"
        line |= {"url": url_for("inbox.show", tab=tab, record=name), "is_current": name == chosen}
        tasks.append(line)
    titles = {"todo": gettext("To do"), "done": gettext("Done by me"), "started": gettext("Started by me")}
    nothing = {
        "todo": gettext("Nothing is waiting for you."),
        "done": gettext("You have not dealt with anything yet."),
        "started": gettext("You have nothing under way."),
    }
    waiting = count_open(workspace(), actor())
    tabs = [
        {
            "title": titles[key],
            "count": waiting if key == "todo" else None,
            "url": url_for("inbox.show", tab=key),
            "is_current": key == tab,
        }
        for key in TABS
    ]
    more = url_for("inbox.show", tab=tab, after=found.next) if found.next else ""
    return {"url": url, "tabs": tabs, "tasks": tasks, "more_url": more, "nothing": nothing[tab]}


def _chosen(name: str) -> dict[str, Any] | None:
    """The chosen record; nothing when it has gone or was never there."""
    module, _, rest = name.partition("/")
    entity, _, record_id = rest.partition("/")
    if not record_id:
        return None
    try:
        wording = Wording(module_of(workspace(), actor(), module), language())
        found = look(workspace(), actor(), f"{module}/{entity}", record_id)
    except Unknown:
        return None
    return record_page(found, wording, audience(wording, found.names), back="inbox")
