"""How programs and scripts are answered: JSON with exact numbers."""

from http import HTTPStatus

from flask import Response

from engine.definition.model import Json
from web.present.as_json import encoded


def json_answer(value: Json, status: HTTPStatus = HTTPStatus.OK) -> Response:
    """The value as `application/json`."""
    return Response(encoded(value), status, mimetype="application/json")
