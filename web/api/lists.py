"""Lists of records, with a filter, an order and pages."""

from typing import Final

from flask import Blueprint, Response, request

from engine.definition.model import Json
from engine.usecases.records.find import Wish, find
from web.answers import json_answer
from web.api.asked import counted, limit, only
from web.present.as_json import record_json
from web.request import actor, workspace

lists: Final = Blueprint("api_lists", __name__)


@lists.get("/<module>/<entity>")
def list_records(module: str, entity: str) -> Response:
    """A page of what the caller may read."""
    only("filter", "sort", "limit", "cursor", "count")
    asked = request.args
    wish = Wish(
        filters=(asked.get("filter", ""),),
        sort=tuple(filter(None, asked.get("sort", "").split(","))),
        limit=limit(),
        after=asked.get("cursor", ""),
        counted=counted(),
        lines=True,
    )
    found = find(workspace(), actor(), f"{module}/{entity}", wish)
    answer: dict[str, Json] = {"items": [record_json(each) for each in found.sights], "next": found.next or None}
    if found.total is not None:
        answer["total"] = found.total
    return json_answer(answer)
