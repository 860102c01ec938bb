"""The home page, and the search over everything."""

from typing import Final

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext

from engine.usecases.modules.describe import describe, who_am_i
from engine.usecases.records.inbox import Slips, open_slips, started_slips
from engine.usecases.records.search import search as search_everywhere
from web.present.frame import startable
from web.present.slips import slip_model
from web.request import actor, language, workspace, zone
from web.views.rendering import Context, page, shell

home: Final = Blueprint("home", __name__)

#: Lines of each list.
LINES: Final = 8


@home.get("/")
def show() -> Response:
    """My tasks, what I started, what I can start."""
    person, _ = who_am_i(workspace(), actor())
    model = {
        "greeting": gettext("Hello, %(name)s", name=person.name),
        "tasks": _lines(open_slips(workspace(), actor(), limit=LINES)),
        "started": _lines(started_slips(workspace(), actor(), limit=LINES)),
        "startable": list(startable(describe(workspace(), actor()), language())),
        "places": shell()["shell"]["menu"],
    }
    return page("home.html", [{"title": gettext("Home"), "url": ""}], home=model)


@home.get("/search")
def search() -> Response:
    """Records of every kind by number or title."""
    text = request.args.get("q", "").strip()
    found = search_everywhere(workspace(), actor(), text)
    model = {"query": text, "hits": _lines(found), "url": url_for("home.search")}
    return page("search.html", [{"title": gettext("Search"), "url": ""}], search=model)


def _lines(found: Slips) -> list[Context]:
    return [slip_model(slip, found.organisation, language(), zone(), workspace().clock()) for slip in found.slips]
