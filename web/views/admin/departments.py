"""Administration of departments: a tree, and who heads what."""

from collections import Counter
from collections.abc import Iterator
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext

from engine.problems import Invalid, Problem
from engine.runtime.organisation import Department, Organisation
from engine.usecases.people.save import administered, save_department
from web.request import actor, workspace
from web.views.rendering import Context, gone_to, page, told

departments: Final = Blueprint("departments", __name__)


@departments.get("/admin/departments")
def show() -> Response:
    """The tree, and one department to change or add."""
    chosen = administered(workspace(), actor()).departments.get(request.args.get("key", ""))
    return _page(chosen or Department(key="", name=""), is_new=chosen is None)


@departments.post("/admin/departments")
def keep() -> Response:
    """Add or change a department."""
    form = request.form
    names = ("key", "name", "parent", "head")
    entry = Department(**{name: form.get(name, "").strip() for name in names})
    is_known = entry.key in administered(workspace(), actor()).departments
    is_new = "new" in form or not is_known
    if is_new and is_known:
        return _page(entry, is_new=True, problems=(Problem("department.taken", "/key", {"given": entry.key}),))
    try:
        save_department(workspace(), actor(), entry)
    except Invalid as refusal:
        return _page(entry, is_new=is_new, problems=refusal.problems)
    flash(gettext("Saved"), "success")
    return gone_to(url_for("departments.show"))


def _page(entry: Department, *, is_new: bool, problems: tuple[Problem, ...] = ()) -> Response:
    organisation = administered(workspace(), actor())
    labels = {"key": gettext("Key"), "name": gettext("Name"), "parent": gettext("Part of"), "head": gettext("Head")}
    errors, summary = told(problems, labels)
    model = {
        "url": url_for("departments.keep"),
        "rows": list(_rows(organisation)),
        "heads": [("", "—"), *((each.login, each.name) for each in organisation.people.values() if each.active)],
        "parents": [
            ("", "—"),
            *((key, each.name) for key, each in organisation.departments.items() if key != entry.key),
        ],
        "entry": {"key": entry.key, "name": entry.name, "parent": entry.parent, "head": entry.head, "is_new": is_new},
        "errors": errors,
        "problems": summary,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
    return page(
        "admin/departments.html", [{"title": gettext("Departments"), "url": ""}], status=status, departments=model
    )


def _rows(organisation: Organisation, parent: str = "", depth: int = 0) -> Iterator[Context]:
    members = Counter(each.department for each in organisation.people.values() if each.active)
    for key, unit in sorted(organisation.departments.items()):
        if unit.parent == parent:
            head = organisation.people.get(unit.head)
            yield {
                "key": key,
                "name": unit.name,
                "depth": depth,
                "head": head.name if head else "",
                "parent": parent,
                "count": members[key],
                "edit_url": url_for("departments.show", key=key),
            }
            yield from _rows(organisation, key, depth + 1)
