"""What combo boxes find while somebody types."""

from typing import Final

from flask import Blueprint, Response, request

from engine.usecases.people.save import active_people
from engine.usecases.records.draft import OFFERED, offer
from web.answers import json_answer
from web.request import actor, workspace

lookups: Final = Blueprint("lookups", __name__)


@lookups.get("/look-up/m/<module>/<entity>")
def records(module: str, entity: str) -> Response:
    """Records by number or title."""
    return json_answer(list(offer(workspace(), actor(), f"{module}/{entity}", request.args.get("q", "").strip())))


@lookups.get("/look-up/people")
def people() -> Response:
    """Active people by name or login."""
    text = request.args.get("q", "").strip().lower()
    found = [each for each in active_people(workspace(), actor()) if text in each.login or text in each.name.lower()]
    return json_answer([(each.login, each.name) for each in found[:OFFERED]])
