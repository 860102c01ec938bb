"""Files of forms and what combo boxes find: answers for scripts, with the permissions of pages."""

from io import BytesIO
from typing import Any

import pytest
from werkzeug.test import TestResponse

from engine.runtime.record import Record
from engine.usecases.deployment import Workspace
from engine.usecases.people.save import Entry, save_people
from tests.web.views.conftest import Make, Visit
from tests.web.views.visitor import Visitor, main_form, upload

PNG = b"\x89PNG\r\n\x1a\n"


def send(
    visitor: Visitor, status: int, content: bytes = b"content", name: str = "a.pdf", **headers: str
) -> TestResponse:
    held = {"X-CSRFToken": visitor.token(), **headers}
    return visitor.open("POST", "/files", status=status, data={"file": (BytesIO(content), name)}, headers=held)


def looked_up(visitor: Visitor, path: str, status: int = 200) -> Any:  # noqa: ANN401
    return visitor.open("GET", f"/look-up/{path}", status=status, headers={"Accept": "*/*"}).json


def test_a_file_comes_back_as_it_went(visit: Visit) -> None:
    visitor = visit("keeper")
    kept = send(visitor, 201, b"%PDF content", "验收单 “终”.pdf")
    assert kept.json["name"] == "验收单 “终”.pdf"
    answer = visitor.open("GET", f"/files/{kept.json['id']}", status=200)
    assert answer.data == b"%PDF content"
    assert answer.headers["Content-Disposition"].startswith("inline")


@pytest.mark.parametrize("name", ["page.html", "drawing.svg", "script.js", "page.xhtml", "x.xml"])
def test_what_could_carry_script_is_downloaded_and_never_shown(visit: Visit, name: str) -> None:
    visitor = visit("keeper")
    kept = send(visitor, 201, b"<script>alert(1)</script>", name)
    answer = visitor.open("GET", f"/files/{kept.json['id']}", status=200)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "script-src" not in answer.headers["Content-Security-Policy"]


def test_a_name_cannot_add_headers(visit: Visit) -> None:
    visitor = visit("keeper")
    kept = send(visitor, 201, b"x", 'a"\r\nX-Evil: 1\r\n.pdf')
    answer = visitor.open("GET", f"/files/{kept.json['id']}", status=200)
    assert "X-Evil" not in answer.headers


def test_a_file_without_the_token_is_not_taken(visit: Visit) -> None:
    send(visit("keeper"), 400, **{"X-CSRFToken": "wrong"})


def test_nothing_and_an_empty_file_are_refused(visit: Visit) -> None:
    visitor = visit("keeper")
    send(visitor, 422, b"")
    visitor.open("POST", "/files", status=422, data={}, headers={"X-CSRFToken": visitor.token()})


def test_a_file_belongs_to_whoever_sent_it_until_it_belongs_to_a_record(visit: Visit, a_repair: Make) -> None:
    keeper, mechanic = visit("keeper"), visit("mechanic")
    file = upload(mechanic, "a.pdf")
    mechanic.open("GET", f"/files/{file}", status=200)
    keeper.open("GET", f"/files/{file}", status=404)
    a_repair("mechanic", files=[file])
    keeper.open("GET", f"/files/{file}", status=200)
    visit("another").open("GET", f"/files/{file}", status=404)


def test_a_file_in_a_hidden_field_is_not_there(visit: Visit, a_repair: Make) -> None:
    keeper = visit("keeper")
    report, shown = upload(keeper, "report.pdf"), upload(keeper, "shown.pdf")
    record = a_repair(report=report, files=[shown])
    page = keeper.get(f"/m/plant/repair/{record.id}")
    assert {"report.pdf", "shown.pdf"} <= page.words
    mine = a_repair("mechanic")
    form = main_form(keeper.get(f"/m/plant/repair/{mine.id}/edit"))
    secret = upload(keeper, "secret.pdf")
    keeper.submit(form, {"report": ["", secret]}, status=303)
    assert "secret.pdf" not in visit("mechanic").get(f"/m/plant/repair/{mine.id}").words
    visit("mechanic").open("GET", f"/files/{secret}", status=404)


@pytest.mark.parametrize("identity", ["x", "%00", "a%00b", "00000000-0000-7000-8000-000000000000"])
def test_a_file_that_is_not_there_is_not_found(visit: Visit, identity: str) -> None:
    visit("keeper").open("GET", f"/files/{identity}", status=404)


def test_a_foreign_file_does_not_become_mine_by_naming_it(visit: Visit, machine: Record) -> None:
    file = upload(visit("keeper"), "theirs.pdf")
    mechanic = visit("mechanic")
    form = main_form(mechanic.get("/m/plant/repair/new"))
    line = {"parts": "", "parts-0-_row": "", "parts-0-name": "a", "parts-0-quantity": "1"}
    answer = mechanic.submit(form, {"machine": machine.id, "files": ["", file], **line}, status=422)
    assert "theirs.pdf" not in answer.text


def test_records_are_found_while_typing(visit: Visit, machine: Record, tag: str) -> None:
    assert looked_up(visit("keeper"), f"m/plant/machine?q={tag}") == [[machine.id, f"塔吊{tag}"]]
    assert looked_up(visit("keeper"), "m/plant/machine?q=nothing-like-this") == []


def test_only_what_one_may_read_is_found(visit: Visit, a_repair: Make, machine: Record, tag: str) -> None:
    record = a_repair("another")
    del machine
    assert looked_up(visit("another"), f"m/plant/repair?q={tag}") == [[record.id, f"塔吊{tag}"]]
    assert looked_up(visit("mechanic"), f"m/plant/repair?q={tag}") == []
    assert looked_up(visit("clerk"), f"m/plant/machine?q={tag}") == []


def test_what_is_not_there_is_not_looked_up(visit: Visit) -> None:
    looked_up(visit("keeper"), "m/plant/nothing", 404)
    looked_up(visit("keeper"), "m/nothing/machine", 404)
    looked_up(visit("keeper"), "m/plant/machine?q=%00", 404)


def test_active_people_are_found_by_name_and_login(visit: Visit, workspace: Workspace, tag: str) -> None:
    with workspace.write() as session:
        gone = Entry(login=f"{tag}.gone", name=f"离职{tag}", active=False)
        save_people(session, [Entry(login=f"{tag}.here", name=f"Wang{tag}"), gone])
    for query in (tag, f"wang{tag}", f"WANG{tag}", f"{tag}.here"):
        assert looked_up(visit("clerk"), f"people?q={query}") == [[f"{tag}.here", f"Wang{tag}"]]


def test_strangers_find_nothing(stranger: Visitor) -> None:
    for path in ("people", "m/plant/machine"):
        looked_up(stranger, path, 401)
