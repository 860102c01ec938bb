"""Puts the application together: settings in, a WSGI app out."""

from http import HTTPStatus
from typing import Final

from flask import Flask, Response, request
from flask_babel import Babel
from flask_wtf.csrf import CSRFProtect

from engine.usecases.attach import Folder
from engine.usecases.deployment import Deployment
from web import errors, manifest
from web.api import lists as api_lists
from web.api import recompute as api_recompute
from web.api import records as api_records
from web.api import whole
from web.request import language, look_who_it_is, no_such_address, sign_in_from_cookie, sign_in_from_token, zone_name
from web.settings import Settings
from web.views import files, home, inbox, lists, lookups, profile, records
from web.views.admin import departments, modules, people, recompute, roles, tables
from web.views.rendering import shell
from web.views.sign_in import sign_in

#: Largest request: one file, or a form with some thousand lines; JSON is held to less.
MAX_BODY: Final = 64 * 2**20
MAX_FIELDS: Final = 8 * 2**20
MAX_PARTS: Final = 50_000

#: Nothing from elsewhere, no inline script, no framing.
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=()",
}


API: Final = (api_records.records, api_lists.lists, api_recompute.recompute, whole.whole)
PAGES: Final = (
    home.home,
    inbox.inbox,
    lists.lists,
    records.records,
    files.files,
    lookups.lookups,
    profile.profile,
    people.people,
    departments.departments,
    roles.roles,
    modules.modules,
    recompute.recompute,
    tables.tables,
)


def create_app(settings: Settings) -> Flask:
    """The application."""
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=MAX_BODY,
        MAX_FORM_MEMORY_SIZE=MAX_FIELDS,
        MAX_FORM_PARTS=MAX_PARTS,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        WTF_CSRF_TIME_LIMIT=None,
        BABEL_DEFAULT_LOCALE="en",
    )
    app.extensions["dougong"] = Deployment(settings.database, clock=settings.clock, new_id=settings.new_id)
    app.extensions["dougong_shelf"] = Folder(settings.files)
    Babel(app, locale_selector=language, timezone_selector=zone_name)
    app.before_request(look_who_it_is)
    csrf = CSRFProtect(app)
    for blueprint in API:
        csrf.exempt(blueprint)
        app.register_blueprint(blueprint, url_prefix="/api/v1")
        app.before_request_funcs[blueprint.name] = [sign_in_from_token]
    for blueprint in PAGES:
        app.register_blueprint(blueprint)
        app.before_request_funcs[blueprint.name] = [sign_in_from_cookie]
    app.register_blueprint(sign_in)
    app.before_request(no_such_address)
    app.context_processor(shell)
    manifest.install(app)
    errors.register(app)
    app.after_request(_with_headers)
    return app


def _with_headers(response: Response) -> Response:
    """Security headers; and no page is ever taken from a cache of fragments."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.path.startswith("/static/dist/") and response.status_code == HTTPStatus.OK:
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    elif response.mimetype == "text/html":
        response.headers["Cache-Control"] = "no-cache, private"
        response.vary.add("HX-Request")
    elif request.path.startswith("/api/"):
        response.headers.setdefault("Cache-Control", "no-store")
    return response
