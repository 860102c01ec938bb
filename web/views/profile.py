"""My own page: language, look, password."""

from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, Response, flash, make_response, redirect, request, url_for
from flask_babel import gettext

from engine.problems import Invalid
from engine.usecases.modules.describe import where_i_work, who_am_i
from engine.usecases.people.save import choose_language as keep_language
from engine.usecases.people.sign_in import change_password
from web.forms import Complaint
from web.present.frame import LANGUAGES, THEMES, theme
from web.present.wording import role_titles
from web.request import actor, language, read_in, workspace
from web.views.rendering import page, told

profile: Final = Blueprint("profile", __name__)


@profile.get("/profile")
def show() -> Response:
    """What is known about me, and what I may change."""
    return _page({}, [])


@profile.post("/profile")
def settle() -> Response:
    """Choose language and theme."""
    _choose(request.form.get("language", ""))
    answer = make_response(redirect(url_for("profile.show"), HTTPStatus.SEE_OTHER))
    chosen = request.form.get("theme", "")
    # Not hidden from scripts: the switch on every page changes it, too.
    answer.set_cookie("theme", chosen if chosen in THEMES else "auto", max_age=31_536_000, samesite="Lax")
    flash(gettext("Saved"), "success")
    return answer


@profile.post("/language")
def choose_language() -> Response:
    """Change the language from wherever one is."""
    _choose(request.form.get("language", ""))
    back = request.referrer if request.referrer and request.referrer.startswith(request.host_url) else "/"
    return make_response(redirect(back, HTTPStatus.SEE_OTHER))


@profile.get("/profile/password")
def back() -> Response:
    """Where the browser asks again after the page of a refusal."""
    return make_response(redirect(url_for("profile.show"), HTTPStatus.SEE_OTHER))


@profile.post("/profile/password")
def password() -> Response:
    """Change my password; I sign in again with the new one."""
    old, new, again = (request.form.get(each, "") for each in ("old", "new", "again"))
    labels = {"old": gettext("Current password"), "new": gettext("New password")}
    if new != again:
        differ = gettext("The two new passwords differ.")
        return _page({"again": differ}, [Complaint(differ, (gettext("New password again"),), "again")])
    try:
        change_password(workspace(), actor(), old=old, new=new)
    except Invalid as refusal:
        return _page(*told(refusal.problems, labels))
    flash(gettext("The password is changed. Sign in with the new one."), "success")
    return make_response(redirect(url_for("sign_in.ask"), HTTPStatus.SEE_OTHER))


def _choose(chosen: str) -> None:
    if chosen in dict(LANGUAGES):
        keep_language(workspace(), actor(), chosen)
        read_in(chosen)


def _page(errors: dict[str, str], summary: list[Complaint]) -> Response:
    person, company = who_am_i(workspace(), actor())
    department, manager = where_i_work(workspace(), actor())
    titles = role_titles(workspace(), actor(), language())
    facts = [
        (gettext("Login"), person.login),
        (gettext("Company"), company.title),
        (gettext("Department"), department),
        (gettext("Manager"), manager),
        (
            gettext("Roles"),
            gettext(", ").join(sorted({titles.get(each.role, each.role) for each in person.assignments})),
        ),
    ]
    model: dict[str, Any] = {
        "facts": facts,
        "language": language(),
        "languages": LANGUAGES,
        "theme": theme(),
        "errors": errors,
        "problems": summary,
        "urls": {"settings": url_for("profile.settle"), "password": url_for("profile.password")},
        "tokens": None,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
    return page("profile.html", [{"title": gettext("Me"), "url": ""}], status=status, profile=model)
