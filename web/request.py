"""Who is asking, in which workspace, in which language: everything a view wants to know of its request."""

import re
from contextlib import suppress
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from flask import current_app, g, request
from flask_babel import refresh
from werkzeug.exceptions import NotFound, PreconditionRequired, UnsupportedMediaType

from engine.definition.model import Json
from engine.definition.text.json_text import parse_json
from engine.problems import Invalid, Malformed, Problem, Unauthenticated, Unknown
from engine.usecases.actor import Actor
from engine.usecases.attach import Shelf
from engine.usecases.deployment import Deployment, Workspace
from engine.usecases.people.sign_in import recognise

#: Cookie of a browser session: "workspace.secret".
COOKIE: Final = "dougong_session"
LANGUAGES: Final = ("zh_CN", "en")
#: Records a page of a list.
DEFAULT_PAGE: Final = 50
MAX_PAGE: Final = 500
#: Largest JSON body, in bytes: some ten thousand line items.
MAX_JSON: Final = 4 * 2**20
_NUMBER: Final = re.compile(r"[0-9]{1,6}")
#: As `ETag` gives it, perhaps weakened by a proxy on the way.
_REVISION: Final = re.compile(r'(?:W/)?"?([0-9]{1,9})"?')


def deployment() -> Deployment:
    """The workspaces this app serves."""
    return cast("Deployment", current_app.extensions["dougong"])


def shelf() -> Shelf:
    """Where the content of files lies."""
    return cast("Shelf", current_app.extensions["dougong_shelf"])


def no_such_address() -> None:
    """Nothing has an address with a NUL in it, and a database cannot even be asked."""
    is_page = not request.path.startswith("/api/")
    if "\0" in request.path or (is_page and b"%00" in request.query_string):
        raise NotFound


def sign_in_from_token() -> None:
    """Recognise the bearer of an API token, which names the workspace and the person."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise Unauthenticated(Problem("sign_in.needed"))
    _recognise("token", token.strip())


def look_who_it_is() -> None:
    """Recognise the browser's session before anything is refused, so that a refusal speaks the reader's language."""
    if not request.path.startswith(("/api/", "/static/")):
        with suppress(Unauthenticated):
            _recognise("session", request.cookies.get(COOKIE, ""))


def sign_in_from_cookie() -> None:
    """Let nobody in whose session was not recognised."""
    if "actor" not in g:
        raise Unauthenticated(Problem("sign_in.needed"))


def _recognise(kind: Any, shown: str) -> None:  # noqa: ANN401
    slug, _, secret = shown.partition(".")
    try:
        g.workspace = deployment().workspace(slug) if slug else None
    except (Unknown, Invalid):
        g.workspace = None
    if g.workspace is None:
        raise Unauthenticated(Problem("sign_in.needed"))
    g.actor = recognise(g.workspace, kind, secret)
    g.language = g.actor.language


def workspace() -> Workspace:
    """The workspace of the request."""
    return cast("Workspace", g.workspace)


def actor() -> Actor:
    """Who is asking."""
    return cast("Actor", g.actor)


def zone() -> ZoneInfo:
    """The workspace's zone."""
    company = actor().company
    assert company is not None
    return ZoneInfo(company.zone)


def zone_name() -> str | None:
    """The name of the workspace's zone, once somebody is signed in."""
    return zone().key if "actor" in g else None


def language() -> str:
    """The reader's language: chosen in the profile, else asked for by the browser, else Chinese."""
    if chosen := g.get("language"):
        return cast("str", chosen)
    return _understood(request.accept_languages.best_match(["zh-CN", "zh", "en"], default="zh"))


def read_in(chosen: str) -> None:
    """Answer in another language from here on."""
    g.language = chosen
    refresh()


def _understood(tag: str | None) -> str:
    return "en" if tag and tag.startswith("en") else "zh_CN"


def body() -> dict[str, Json]:
    """The JSON object sent: exact numbers, no key twice, bounded depth. `Malformed`, with the position, otherwise."""
    if not request.is_json:
        raise UnsupportedMediaType
    request.max_content_length = MAX_JSON
    try:
        text = request.get_data(cache=False).decode()
    except UnicodeDecodeError as error:
        raise Malformed(Problem("json.not_utf8", "", {"given": str(error.start)})) from error
    value = parse_json(text)
    if not isinstance(value, dict):
        raise Invalid(Problem("field.object"))
    return value


def revision() -> int:
    """The revision in `If-Match`, which nobody may leave out; `Malformed` when it is none."""
    tag = request.headers.get("If-Match", "").strip()
    if not tag:
        raise PreconditionRequired
    found = _REVISION.fullmatch(tag)
    if found is None:
        raise Malformed(Problem("http.if_match"))
    return int(found[1])


def idempotency_key() -> str:
    """The request's idempotency key, or ""."""
    return request.headers.get("Idempotency-Key", "").strip()


def page_size(name: str = "limit") -> int:
    """How many records a page is to hold, within bounds."""
    asked = request.args.get(name, "")
    return min(max(1, int(asked)), MAX_PAGE) if _NUMBER.fullmatch(asked) else DEFAULT_PAGE


def uploaded_file() -> tuple[str, str, bytes]:
    """Name, media type and content of the file that was sent; `Invalid` when there is none."""
    sent = request.files.get("file")
    if sent is None:
        raise Invalid(Problem("field.required", "/file"))
    return sent.filename or "", sent.mimetype or "application/octet-stream", sent.read()
