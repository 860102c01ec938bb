"""Administration of modules: what is in force, and installing another one."""

import json
from collections.abc import Mapping
from io import BytesIO
from zipfile import ZipFile

from werkzeug.test import TestResponse

from engine.usecases.deployment import Workspace
from engine.usecases.modules.publish import installed
from tests.web.views.conftest import Visit
from tests.web.views.visitor import Visitor, main_form, page_of, read_page

MODULES = "/admin/modules"


def zipped(files: Mapping[str, str]) -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return packed.getvalue()


def a_module(key: str, *, view: Mapping[str, object] | None = None, **changed: object) -> bytes:
    """A module of one form, and a view of its records."""
    module = {
        "format": 1,
        "key": key,
        "title": "<b>试验</b>",
        "version": "1.0.0",
        "language": "zh_CN",
        "roles": [],
        **changed,
    }
    entity = {
        "key": "note",
        "title": "记事",
        "type": "object",
        "properties": {"text": {"type": "string", "title": "文"}},
    }
    rights = {"entities": {"note": [{"role": "employee", "verbs": ["create", "read"]}]}}
    texts = {"module.json": module, "entities/note.json": entity, "permissions.json": rights}
    if view:
        texts[f"views/{view['key']}.json"] = dict(view)
    return zipped({f"{key}/{path}": json.dumps(each, ensure_ascii=False) for path, each in texts.items()})


def install(visitor: Visitor, content: bytes | None, name: str = "module.zip", *, status: int) -> TestResponse:
    sent: dict[str, object] = dict(main_form(visitor.get(MODULES)).fields)
    if content is not None:
        sent["bundle"] = (BytesIO(content), name)
    return visitor.open("POST", MODULES, status=status, data=sent, content_type="multipart/form-data")


def editions(workspace: Workspace) -> dict[str, int]:
    return {each.module: each.number for each in installed(workspace)}


def test_a_zipped_folder_is_put_in_force_and_can_be_used_at_once(visit: Visit, workspace: Workspace, tag: str) -> None:
    admin = visit("admin")
    page = admin.get(install(admin, a_module(tag), status=303).location)
    assert f"{tag} is now in force as edition 1" in page.one(id="toasts").text
    row = next(each for each in page.all("li") if f"{tag} 1.0.0" in each.text)
    assert "<b>试验</b>" in row.text
    assert "记事" in row.text
    assert "Edition 1, published" in row.text
    visit("clerk").get(f"/m/{tag}/note/new")
    assert editions(workspace)[tag] == 1


def test_what_databases_leave_to_python_is_said_beside(visit: Visit, tag: str) -> None:
    admin = visit("admin")
    view = {"key": "note.some", "entity": "note", "title": "部分", "columns": ["text"]}
    page = admin.get(
        install(admin, a_module(tag, view=view | {"filter": "RMB_UPPER(LEN(text)) > text"}), status=303).location
    )
    toasts = page.one(id="toasts").text
    assert f"{tag} is now in force as edition 1" in toasts
    assert "views/note.some.json:" in toasts
    assert "RMB_UPPER(LEN(text))" in toasts


def test_the_same_module_again_changes_nothing_and_another_is_the_next_edition(
    visit: Visit, workspace: Workspace, tag: str
) -> None:
    admin = visit("admin")
    for content, number in ((a_module(tag), 1), (a_module(tag), 1), (a_module(tag, version="1.1.0"), 2)):
        install(admin, content, status=303)
        assert editions(workspace)[tag] == number


def test_everything_that_is_wrong_is_listed_with_its_place(visit: Visit, workspace: Workspace, tag: str) -> None:
    admin = visit("admin")
    broken = a_module(tag, colour="red", version=1)
    page = page_of(install(admin, broken, "<b>module.zip", status=422))
    problems = page.one(id="problems")
    assert problems.one("h2").text == "<b>module.zip was not installed: 2 problems"
    places = [each.all(class_="code")[0].texts[0] for each in problems.one("tbody").all("tr")]
    assert all(each.startswith("module.json:1:") for each in places)
    assert "colour" in problems.text
    assert tag not in editions(workspace)


def test_what_is_no_module_is_refused(visit: Visit, workspace: Workspace) -> None:
    admin, before = visit("admin"), editions(workspace)
    for content in (
        None,
        b"",
        b"no archive",
        zipped({}),
        zipped({"readme.txt": "x"}),
        zipped({"../module.json": "{}"}),
    ):
        page = page_of(install(admin, content, status=422))
        assert page.one(id="problems").all("td")
    assert editions(workspace) == before


def test_only_administrators_install(visit: Visit, workspace: Workspace, tag: str) -> None:
    clerk = visit("clerk")
    sent = {"csrf_token": clerk.token(), "bundle": (BytesIO(a_module(tag)), "module.zip")}
    answer = clerk.open("POST", MODULES, status=403, data=sent, content_type="multipart/form-data")
    assert "Only an administrator may do this." in read_page(answer.text).text
    sent = {"csrf_token": clerk.token(), "bundle": (BytesIO(b"no archive"), "module.zip")}
    clerk.open("POST", MODULES, status=403, data=sent, content_type="multipart/form-data")
    assert tag not in editions(workspace)
