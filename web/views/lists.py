"""Lists of records."""

import re
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, request

from engine.compile.model import CompiledEntity, CompiledView
from engine.fields.field_type import Audience
from engine.problems import Invalid, Problem, Unknown
from engine.runtime.permit import permit
from engine.usecases.modules.describe import who_am_i
from engine.usecases.modules.in_force import module_of
from engine.usecases.records.find import Found, Wish, find
from web.present.filters import PREFIX, conditions
from web.present.listing import Asked, Listing, in_menu_order
from web.present.wording import Wording
from web.request import actor, language, page_size, workspace, zone
from web.views.rendering import audience, block, is_fragment, page

lists: Final = Blueprint("lists", __name__)

#: Order of a list whose view names none: what was made last comes first.
NEWEST_FIRST: Final = "-created_at"
_NUMBER: Final = re.compile(r"[0-9]{1,7}")


@lists.get("/m/<module>/<entity>")
def show(module: str, entity: str) -> Response:
    """A page of the list, or only its results."""
    compiled = module_of(workspace(), actor(), module)
    if entity not in compiled.entities:
        raise Unknown(Problem("entity.unknown", "", {"given": entity}))
    definition, wording = compiled.entities[entity], Wording(compiled, language())
    asked = _asked()
    views = in_menu_order(compiled, definition)
    view = next((each for each in views if each.key == asked.view), next(iter(views), None))
    found, problems = Found(definition, (), ""), tuple[Problem, ...]()
    try:
        found = find(workspace(), actor(), definition.name, _wish(definition, view, asked))
    except Invalid as refusal:
        problems = refusal.problems
    person, _ = who_am_i(workspace(), actor())
    seen_by = audience(wording, found.names)
    listing = Listing(found, view, asked, wording=wording, audience=seen_by, problems=problems)
    model = listing.model(views, may_create=permit(person, "create", definition) is None)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
    if is_fragment():
        return block("list.html", "results", status=status, list=model)
    titles = (wording.label(compiled.definition.title), model["title"])
    return page("list.html", [{"title": title, "url": ""} for title in titles], status=status, list=model)


def _wish(entity: CompiledEntity, view: CompiledView | None, asked: Asked) -> Wish:
    return Wish(
        filters=conditions(entity, asked.filters, Audience(locale=language(), zone=zone())),
        view=view,
        sort=tuple(asked.sort.split(",")) if asked.sort else (view and view.definition.sort) or (NEWEST_FIRST,),
        text=asked.text,
        limit=asked.size,
        skip=(asked.page - 1) * asked.size,
        counted=True,
        named=True,
    )


def _asked() -> Asked:
    """What the address says; what makes no sense in it is as if it were not there."""
    given = request.args
    number = given.get("page", "1")
    return Asked(
        view=given.get("view", ""),
        text=given.get("q", "").strip(),
        sort=given.get("sort", ""),
        page=max(1, int(number)) if _NUMBER.fullmatch(number) else 1,
        size=page_size("size"),
        filters={
            key.removeprefix(PREFIX): value for key, value in given.items() if key.startswith(PREFIX) and value.strip()
        },
    )
