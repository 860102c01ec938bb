"""The one table from refusals to HTTP statuses, and both faces of a refusal: problem+json and a page."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, Final, cast

from flask import Flask, Response, g, json, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from engine import problems
from engine.problems import Problem, Refused
from engine.sentences import SENTENCES
from web.words import sentence

#: Every refusal and its status; a test holds that none is missing.
STATUSES: Final[Mapping[type[Refused], HTTPStatus]] = {
    problems.Malformed: HTTPStatus.BAD_REQUEST,
    problems.Unauthenticated: HTTPStatus.UNAUTHORIZED,
    problems.NotAllowed: HTTPStatus.FORBIDDEN,
    problems.Unknown: HTTPStatus.NOT_FOUND,
    problems.Conflict: HTTPStatus.CONFLICT,
    problems.Stale: HTTPStatus.PRECONDITION_FAILED,
    problems.TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    problems.Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    problems.DefinitionInvalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    problems.Throttled: HTTPStatus.TOO_MANY_REQUESTS,
    problems.Busy: HTTPStatus.SERVICE_UNAVAILABLE,
}

#: Headers of flask's own refusals that say what would be accepted.
PASSED_ON: Final = frozenset({"Allow", "Retry-After"})


def problem_json(status: HTTPStatus, found: Iterable[Problem]) -> Response:
    """An RFC 9457 answer that lists every problem."""
    listed = [{"code": each.code, "pointer": each.pointer, "message": sentence(each), **each.failing} for each in found]
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "detail": " ".join(each["message"] for each in listed) or status.phrase,
        "problems": listed,
    }
    return Response(json.dumps(body), status, mimetype="application/problem+json")


def refused(refusal: Refused) -> Response:
    """Answer a refusal in the shape the client asked for."""
    if isinstance(refusal, problems.Unauthenticated) and _is_visited():
        return _led(url_for("sign_in.ask", next=request.full_path.rstrip("?")))
    answer = _answer(STATUSES[type(refusal)], refusal.problems)
    if isinstance(refusal, problems.Unauthenticated):
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def http_error(error: HTTPException) -> Response | HTTPException:
    """Answer what flask itself refused: unknown addresses, methods, bodies too large."""
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return error
    status = HTTPStatus(error.code)
    code = "http.form_expired" if isinstance(error, CSRFError) else f"http.{status.name.lower()}"
    answer = _answer(status, (Problem(code if code in SENTENCES else "http.bad_request"),))
    answer.headers.extend((name, value) for name, value in error.get_headers() if name in PASSED_ON)
    return answer


def crashed(_error: Exception) -> Response:
    """A bug: say so without saying what; the log has the rest."""
    # The frame of a page asks the database, which may be what has failed.
    g.pop("actor", None)
    return _answer(HTTPStatus.INTERNAL_SERVER_ERROR, (Problem("http.internal_server_error"),))


def _is_visited() -> bool:
    """Whether a browser asks for a page to show: not a script for data, a part of a page or a picture."""
    is_page = "text/html" in request.headers.get("Accept", "") and "HX-Request" not in request.headers
    return is_page and request.method in {"GET", "HEAD"} and not request.path.startswith("/api/")


def _led(url: str) -> Response:
    return cast("Response", redirect(url, HTTPStatus.SEE_OTHER, Response))


def _answer(status: HTTPStatus, found: Iterable[Problem]) -> Response:
    if request.path.startswith("/api/"):
        return problem_json(status, found)
    error = {
        "status": status.value,
        "title": _title(status),
        "text": "",
        "problems": [sentence(each) for each in found],
        "url": "/",
    }
    return Response(render_template("error.html", error=error), status)


def _title(status: HTTPStatus) -> str:
    return str(
        {
            HTTPStatus.FORBIDDEN: gettext("You may not do this"),
            HTTPStatus.NOT_FOUND: gettext("There is nothing here"),
            HTTPStatus.CONFLICT: gettext("This has changed meanwhile"),
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE: gettext("Too large"),
            HTTPStatus.TOO_MANY_REQUESTS: gettext("Too many attempts"),
        }.get(status, gettext("That did not work"))
    )


def register(app: Flask) -> None:
    """Make the app answer every error this way."""
    app.register_error_handler(Refused, refused)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(HTTPStatus.INTERNAL_SERVER_ERROR, crashed)
