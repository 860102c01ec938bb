"""Administration of modules: what is in force, and installing a zipped module folder."""

from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext

from engine.problems import DefinitionInvalid, Malformed, Problem
from engine.usecases.modules.describe import modules_in_force
from engine.usecases.modules.publish import advice_on, installed, publish, unpacked
from engine.usecases.people.save import administered
from engine.usecases.recompute.outdated import outdated_records
from web.present.timeline import moment
from web.request import actor, language, workspace, zone
from web.views.rendering import Context, gone_to, page
from web.words import sentence

modules: Final = Blueprint("modules", __name__)


@modules.get("/admin/modules")
def show() -> Response:
    """The modules in force."""
    return _page()


@modules.post("/admin/modules")
def install() -> Response:
    """Check the sent module and put it in force, or show everything that is wrong with it.

    Where records carry values of older formulas now, what would change in them is shown next.
    """
    administered(workspace(), actor())
    sent = request.files.get("bundle")
    name = sent.filename or "" if sent else ""
    try:
        edition = publish(workspace(), actor(), unpacked(sent.read() if sent else b""))
    except (DefinitionInvalid, Malformed) as refusal:
        return _page(refusal.problems, name)
    flash(
        gettext("%(module)s is now in force as edition %(number)s", module=edition.module, number=edition.number),
        "success",
    )
    for each in advice_on(workspace(), edition.module):
        flash(f"{each.file}:{each.line}:{each.column}: {sentence(each)}", "warning")
    if outdated_records(workspace(), actor(), edition.module):
        return gone_to(url_for("recompute.show", module=edition.module))
    return gone_to(url_for("modules.show"))


def _page(problems: tuple[Problem, ...] = (), file_name: str = "") -> Response:
    administered(workspace(), actor())
    editions = {each.module: each for each in installed(workspace())}
    rows = [
        {
            "key": each.key,
            "title": each.label(each.definition.title, language()),
            "description": each.label(each.definition.description, language()),
            "version": each.definition.version,
            "edition": editions[each.key].number,
            "published": moment(editions[each.key].published_at, zone()),
            "entities": [each.label(entity.definition.title, language()) for entity in each.entities.values()],
            "recompute_url": url_for("recompute.show", module=each.key),
            "tables_url": url_for("tables.listed", module=each.key),
        }
        for each in modules_in_force(workspace(), actor())
    ]
    model: Context = {
        "url": url_for("modules.install"),
        "rows": rows,
        "problems": [_problem(each) for each in problems],
        "file_name": file_name,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
    return page("admin/modules.html", [{"title": gettext("Modules"), "url": ""}], status=status, modules=model)


def _problem(problem: Problem) -> Context:
    place = f"{problem.file}:{problem.line}:{problem.column}" if problem.file else ""
    return {"place": place, "code": problem.code, "message": sentence(problem), "pointer": problem.pointer}
