"""Every page with made-up content, served under the strictest policy that the real application may have."""

from collections.abc import Mapping
from typing import Any, Final

from flask import Flask, Response, current_app, flash, jsonify, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import Babel, gettext
from flask_wtf.csrf import CSRFProtect
from jinja2_fragments.flask import render_block

from engine.runtime.access import EVERYTHING
from engine.runtime.values.accept import accept, missing
from tests.browser import samples
from tests.browser.still_pages import PAGES
from tests.web import diary
from web.forms import RecordForm, form_class, linkage, rearrange
from web.manifest import install

POLICY: Final = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; frame-ancestors 'none'; base-uri 'none';"
    " form-action 'self'"
)


def showroom() -> Flask:
    """An application without a database."""
    app = Flask("web")
    app.config.update(SECRET_KEY="for tests only", MAX_FORM_PARTS=20_000)
    app.jinja_env.policies["json.dumps_kwargs"] = {"default": str, "sort_keys": False}
    CSRFProtect(app)
    Babel(app, locale_selector=_language, default_translation_directories=str(samples.TRANSLATIONS))
    install(app)
    #: Every form that was posted, newest last.
    app.extensions["posted"] = []
    app.context_processor(lambda: {"shell": samples.shell(_language(), request.cookies.get("theme", "auto"))})
    app.after_request(_guard)
    _add_pages(app)
    return app


def _language() -> str:
    return request.args.get("language") or request.cookies.get("language") or "zh_CN"


def _guard(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Vary"] = "HX-Request"
    response.headers["Cache-Control"] = "no-cache, private"
    return response


def _add_pages(app: Flask) -> None:
    app.add_url_rule("/", "home", _home)
    app.add_url_rule("/list", "list", _list)
    app.add_url_rule("/form", "form", _form, methods=["GET", "POST"])
    app.add_url_rule("/action", "action", _action, methods=["GET", "POST"])
    app.add_url_rule("/inbox", "inbox", _inbox)
    app.add_url_rule("/files", "files", _upload, methods=["POST"])
    app.add_url_rule("/find", "find", _find)
    app.add_url_rule("/logout", "logout", lambda: redirect("/login"), methods=["POST"])
    app.add_url_rule("/<path:name>", "page", _page)


def _home() -> str:
    if request.args.get("said"):
        flash(gettext("Saved"), "success")
    return render_template("home.html", trail=samples.trail(gettext("Home")), home=samples.home())


def _page(name: str) -> ResponseReturnValue:
    if name not in PAGES:
        error = {"status": 404, "title": gettext("There is no such page"), "text": "", "problems": [], "url": "/"}
        return render_template("error.html", trail=samples.trail("404"), error=error), 404
    template, title, models = PAGES[name]
    if name == "explain" and "HX-Request" in request.headers:
        return render_block(template, "dialog", **models)
    return render_template(template, trail=samples.trail(title), **models)


def _list() -> str:
    model = {"trail": samples.trail("施工日志"), "list": samples.listing(request.args)}
    if "HX-Request" in request.headers:
        return render_block("list.html", "results", **model)
    return render_template("list.html", **model)


def _form() -> ResponseReturnValue:
    posted = request.form if request.method == "POST" else None
    if posted is not None:
        current_app.extensions["posted"].append(posted)
    moved = rearrange(posted) if posted is not None else None
    many = request.args.get("lookup")
    made = form_class(diary.entity(), EVERYTHING, lambda path: "/find" if many else diary.options(path))
    values: Mapping[str, Any] = {} if request.args.get("new") else diary.VALUES
    form = made(posted if moved is None else moved, values=values, audience=diary.AUDIENCE)
    refused = posted is not None and moved is None and not _is_accepted(form)
    if posted is not None and moved is None and not refused:
        return _gone("/?said=1")
    model = {"trail": samples.trail("施工日志"), "page": samples.form_page(form, linkage(form, diary.facts(values)))}
    if refused and "HX-Request" in request.headers:
        return render_block("form.html", "form", **model), 422
    return render_template("form.html", **model), 422 if refused else 200


def _is_accepted(form: RecordForm) -> bool:
    fields = diary.entity().fields
    values, problems = accept(fields, form.raw_values(), {}, EVERYTHING)
    told = {each.pointer for each in problems}
    form.place((*problems, *(each for each in missing(fields, values, {}) if each.pointer not in told)))
    return not form.summary


def _gone(address: str) -> Response:
    if "HX-Request" not in request.headers:
        return make_response(redirect(address))
    response = make_response("", 204)
    response.headers["HX-Redirect"] = address
    return response


def _action() -> ResponseReturnValue:
    if request.method == "POST":
        current_app.extensions["posted"].append(request.form)
    comment = request.form.get("_comment", "")
    if comment:
        return _gone("/?said=1")
    error = gettext("This is required.") if request.method == "POST" else ""
    model = {"trail": samples.trail("驳回"), "action": samples.action(error)}
    status = 422 if error else 200
    if "HX-Request" in request.headers:
        return render_block("action.html", "dialog", **model), status
    return render_template("action.html", **model), status


def _inbox() -> str:
    chosen = request.args.get("task", "")
    model = {
        "trail": samples.trail("待办"),
        "inbox": samples.inbox(chosen),
        "record": samples.record() if chosen else None,
    }
    if "HX-Request" in request.headers:
        return render_block("inbox.html", "pane", **model)
    return render_template("inbox.html", **model)


def _upload() -> ResponseReturnValue:
    file = request.files["file"]
    if file.filename == "broken.pdf":
        return jsonify(problems=[]), 413
    return jsonify(id=f"id-of-{file.filename}"), 201


def _find() -> Response:
    question = request.args.get("q", "")
    return jsonify([each for each in diary.SUPPLIERS if question in each[1]])
