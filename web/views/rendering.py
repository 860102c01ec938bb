"""Rendering a page or one block of it, in the frame of whoever is signed in."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from flask import Response, g, make_response, redirect, render_template, request
from jinja2_fragments.flask import render_block

from engine.fields.field_type import Audience
from engine.problems import Problem
from engine.usecases.modules.describe import describe, who_am_i
from engine.usecases.names import Names
from engine.usecases.records.inbox import count_open
from web.forms import Complaint
from web.present.frame import alone, frame
from web.present.wording import Wording
from web.request import actor, language, workspace, zone
from web.words import sentence

Context = dict[str, Any]


def is_fragment() -> bool:
    """Whether htmx asks for a part of the page."""
    return request.headers.get("HX-Request") == "true"


def page(template: str, trail: list[Context], *, status: HTTPStatus = HTTPStatus.OK, **context: Any) -> Response:  # noqa: ANN401
    """The whole page."""
    return make_response(render_template(template, trail=trail, **context), status)


def block(template: str, name: str, *, status: HTTPStatus = HTTPStatus.OK, **context: Any) -> Response:  # noqa: ANN401
    """One block of a page, for htmx."""
    return make_response(render_block(template, name, trail=[], **context), status)


def shell() -> Context:
    """What every template finds as `shell`: the frame of whoever is signed in, or that of a page alone."""
    if "actor" not in g:
        return {"shell": alone("斗拱", language()), "trail": []}
    person, company = who_am_i(workspace(), actor())
    modules = describe(workspace(), actor())
    waiting = count_open(workspace(), actor())
    return {"shell": frame(person, company.title, modules, waiting, language()), "trail": []}


def audience(wording: Wording, names: Names) -> Audience:
    """For whom values of a module are shown."""
    return Audience(locale=language(), zone=zone(), label=wording.label, name=names.of)


def told(problems: Iterable[Problem], labels: Mapping[str, str]) -> tuple[dict[str, str], list[Complaint]]:
    """What is wrong with a form that no entity describes: sentences by input, and the lines of the summary."""
    errors: dict[str, list[str]] = {}
    summary = []
    for each in problems:
        name, text = each.pointer.removeprefix("/"), sentence(each)
        errors.setdefault(name, []).append(text)
        summary.append(Complaint(text, (labels[name],), name) if name in labels else Complaint(text))
    return {name: " ".join(texts) for name, texts in errors.items()}, summary


def gone_to(url: str) -> Response:
    """Send the browser elsewhere after something was done, also when htmx asked."""
    if is_fragment():
        return Response(status=HTTPStatus.NO_CONTENT, headers={"HX-Redirect": url})
    return make_response(redirect(url, HTTPStatus.SEE_OTHER))
