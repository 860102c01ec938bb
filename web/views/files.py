"""Files of forms: uploaded by scripts, read by links."""

from http import HTTPStatus
from io import BytesIO
from typing import Final

from flask import Blueprint, Response, send_file

from engine.usecases.attach import download
from engine.usecases.attach import upload as keep
from web.answers import json_answer
from web.present.as_json import file_json
from web.request import actor, shelf, uploaded_file, workspace

files: Final = Blueprint("files", __name__)

#: Shown in the browser; anything else is downloaded, because a page or drawing of somebody's could carry script.
SHOWN: Final = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "application/pdf"})


@files.post("/files")
def upload() -> Response:
    """Keep a file; the form carries its id."""
    name, media_type, content = uploaded_file()
    kept = keep(workspace(), actor(), shelf(), name=name, media_type=media_type, content=content)
    return json_answer(file_json(kept), HTTPStatus.CREATED)


@files.get("/files/<file_id>")
def read(file_id: str) -> Response:
    """The content, with the permission of its record."""
    kept, content = download(workspace(), actor(), shelf(), file_id)
    return send_file(BytesIO(content), kept.type, as_attachment=kept.type not in SHOWN, download_name=kept.name)
