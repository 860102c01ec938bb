"""What concerns no single entity: who I am, the modules, my tasks, files, the description of this API."""

from http import HTTPStatus
from io import BytesIO
from typing import Final

from flask import Blueprint, Response, request, send_file

from engine.usecases.attach import download, upload
from engine.usecases.modules.describe import describe, who_am_i
from engine.usecases.records.inbox import inbox
from web.answers import json_answer
from web.api.asked import limit, only
from web.api.openapi import openapi
from web.present import as_json
from web.request import actor, language, shelf, uploaded_file, workspace

whole: Final = Blueprint("api", __name__)


@whole.get("/me")
def me() -> Response:
    """Person, roles, workspace, licence."""
    person, company = who_am_i(workspace(), actor())
    roles = [{"role": each.role, "project": each.project or None} for each in sorted(person.assignments)]
    about = {"slug": workspace().slug, "title": company.title, "zone": company.zone, "language": company.language}
    return json_answer(
        {
            "login": person.login,
            "name": person.name,
            "department": person.department or None,
            "manager": person.manager or None,
            "roles": roles,
            "workspace": about,
            "licence": None,
        }
    )


@whole.get("/modules")
def modules() -> Response:
    """Modules and entities the caller may see."""
    found = describe(workspace(), actor())
    return json_answer({"items": [as_json.module_json(each, language()) for each in found]})


@whole.get("/tasks")
def tasks() -> Response:
    """The caller's open tasks over all modules."""
    only("limit", "cursor")
    found = inbox(workspace(), actor(), limit=limit(), after=request.args.get("cursor", ""))
    return json_answer({"items": [as_json.task_json(each) for each in found.items], "next": found.next or None})


@whole.post("/files")
def upload_file() -> Response:
    """Keep a file; the form that uses it names its id."""
    name, media_type, content = uploaded_file()
    kept = upload(workspace(), actor(), shelf(), name=name, media_type=media_type, content=content)
    return json_answer(as_json.file_json(kept), HTTPStatus.CREATED)


@whole.get("/files/<file_id>")
def read_file(file_id: str) -> Response:
    """The content, with the permission of its record; never shown inside a page of ours."""
    kept, content = download(workspace(), actor(), shelf(), file_id)
    return send_file(BytesIO(content), kept.type, as_attachment=True, download_name=kept.name)


@whole.get("/openapi.json")
def description() -> Response:
    """OpenAPI 3.1, made from the editions in force."""
    return json_answer(openapi(describe(workspace(), actor())))
