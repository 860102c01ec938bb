"""Sign in and out."""

import re
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for

from engine.problems import Invalid, Problem, Throttled, Unauthenticated, Unknown
from engine.usecases.people.sign_in import SESSION_LASTS, sign_in_with_password
from engine.usecases.people.sign_in import sign_out as end_session
from web.errors import STATUSES
from web.present.frame import alone
from web.request import COOKIE, deployment, language
from web.words import sentence

sign_in: Final = Blueprint("sign_in", __name__)

#: A path on this site, in no way that a browser could take for another one: it reads backslashes as slashes and drops
#: control characters.
_OWN: Final = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


@sign_in.get("/login")
def ask() -> Response:
    """The sign-in form."""
    return _form()


@sign_in.post("/login")
def enter() -> Response:
    """Check the password and begin a session."""
    slug = request.form.get("workspace", "") or next(iter(deployment().slugs()), "")
    try:
        workspace = deployment().workspace(slug)
        secret = sign_in_with_password(
            workspace,
            request.form.get("login", "").strip(),
            request.form.get("password", ""),
            address=request.remote_addr or "",
        )
    except (Throttled, Unauthenticated) as refusal:
        return _form(refusal.problems[0], STATUSES[type(refusal)])
    except (Unknown, Invalid):
        return _form(Problem("sign_in.wrong"), HTTPStatus.UNAUTHORIZED)
    answer = make_response(redirect(_inside(request.form.get("next", "")), HTTPStatus.SEE_OTHER))
    answer.set_cookie(
        COOKIE,
        f"{workspace.slug}.{secret}",
        max_age=SESSION_LASTS,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure or current_app.config["SESSION_COOKIE_SECURE"],
    )
    return answer


@sign_in.post("/logout")
def sign_out() -> Response:
    """End the session."""
    slug, _, secret = request.cookies.get(COOKIE, "").partition(".")
    if slug in deployment().slugs():
        end_session(deployment().workspace(slug), secret)
    answer = make_response(redirect(url_for("sign_in.ask"), HTTPStatus.SEE_OTHER))
    answer.delete_cookie(COOKIE)
    # Drafts of forms lie in the browser; they go with whoever typed them.
    answer.headers["Clear-Site-Data"] = '"storage"'
    return answer


def _form(problem: Problem | None = None, status: HTTPStatus = HTTPStatus.OK) -> Response:
    slugs = deployment().slugs()
    login = {
        "url": url_for("sign_in.enter"),
        "next": _inside(request.values.get("next", "")),
        "login": request.form.get("login", ""),
        "workspace": request.form.get("workspace", ""),
        "workspaces": [(slug, slug) for slug in slugs],
        "error": sentence(problem) if problem else "",
    }
    return make_response(render_template("login.html", shell=alone("斗拱", language()), login=login), status)


def _inside(address: str) -> str:
    """Only a path of our own is gone to after signing in."""
    return address if _OWN.fullmatch(address) else url_for("home.show")
