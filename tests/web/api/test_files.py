"""Files: uploaded apart, attached by a form, read with the permission of the record they belong to."""

from collections.abc import Callable
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
from werkzeug.test import TestResponse

from engine.definition.model import Json
from tests.web.api.caller import Caller, address, problems

ARepair = Callable[..., dict[str, Any]]


def upload(caller: Caller, name: str = "验收单.pdf", content: bytes = b"%PDF-1.7", *, status: int = 201) -> Json:
    sent = {"data": {"file": (BytesIO(content), name, "application/pdf")}, "content_type": "multipart/form-data"}
    return caller.call("POST", "/files", status=status, **sent).json


def download(caller: Caller, file: Json, *, status: int = 200) -> TestResponse:
    return caller.call("GET", f"/files/{file['id']}", status=status)


def test_a_file_is_kept_and_given_back(keeper: Caller) -> None:
    file = upload(keeper)
    assert (file["name"], file["type"], file["size"]) == ("验收单.pdf", "application/pdf", 8)
    assert file["digest"] == sha256(b"%PDF-1.7").hexdigest()
    answer = download(keeper, file)
    assert answer.data == b"%PDF-1.7"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\temp\\x.pdf", "", "x" * 300, "a\0b", ".", ".."])
def test_a_name_is_only_a_name(keeper: Caller, name: str) -> None:
    file = upload(keeper, name)
    assert not {"/", "\\", "\0"} & set(file["name"])
    assert 0 < len(file["name"]) <= 200
    assert download(keeper, file).data


def test_before_it_is_attached_only_its_owner_reads_a_file(keeper: Caller, mechanic: Caller) -> None:
    file = upload(mechanic)
    assert problems(download(keeper, file, status=404).json) == [("file.unknown", "")]
    assert problems(keeper.call("GET", "/files/none", status=404).json) == [("file.unknown", "")]


def test_an_attached_file_has_the_permission_of_its_record(
    keeper: Caller, mechanic: Caller, calling: Callable[[str], Caller], a_repair: ARepair
) -> None:
    file, photo = upload(mechanic), upload(mechanic, "现场.jpg", b"jpeg")
    made = mechanic.create("plant/repair", **a_repair(files=[file["id"]], photo=photo["id"]))
    assert made["values"]["files"] == [file["id"]]
    assert download(keeper, file).data == b"%PDF-1.7"
    assert download(keeper, photo).data == b"jpeg"
    assert problems(download(calling("another"), file, status=404).json) == [("record.unknown", "")]
    mechanic.delete(address(made), 1)
    assert download(mechanic, file, status=404).json


def test_a_file_in_a_hidden_field_is_hidden(keeper: Caller, mechanic: Caller, a_repair: ARepair) -> None:
    made = mechanic.create("plant/repair", **a_repair(hours=1))
    report = upload(keeper)
    keeper.patch(address(made), 1, report=report["id"])
    assert download(keeper, report).data
    assert problems(download(mechanic, report, status=404).json) == [("file.unknown", "")]


def test_nobody_attaches_what_they_may_not_read(keeper: Caller, mechanic: Caller, a_repair: ARepair) -> None:
    file = upload(keeper)
    refused = mechanic.create("plant/repair", status=422, **a_repair(files=[file["id"]]))
    assert problems(refused) == [("file.unknown", "/values/files/0")]
    kept = keeper.create("plant/repair", **a_repair(files=[file["id"]]))
    refused = mechanic.create("plant/repair", status=422, **a_repair(files=[file["id"]]))
    assert problems(refused) == [("file.unknown", "/values/files/0")]
    assert keeper.patch(address(kept), 1, count=3)["values"]["files"] == [file["id"]]


def test_a_file_belongs_to_one_record(keeper: Caller, a_repair: ARepair) -> None:
    file = upload(keeper)
    keeper.create("plant/repair", **a_repair(files=[file["id"]]))
    refused = keeper.create("plant/repair", status=422, **a_repair(files=[file["id"]]))
    assert problems(refused) == [("file.unknown", "/values/files/0")]


def test_an_upload_needs_a_file_with_something_in_it(keeper: Caller) -> None:
    assert problems(upload(keeper, content=b"", status=422)) == [("file.empty", "/file")]
    sent: dict[str, Any] = {"data": {"other": "x"}, "content_type": "multipart/form-data"}
    refused = keeper.call("POST", "/files", status=422, **sent)
    assert problems(refused.json) == [("field.required", "/file")]


@pytest.mark.parametrize(
    ("megabytes", "status", "found"),
    [(51, 422, ("file.too_large", "/file")), (65, 413, ("http.request_entity_too_large", ""))],
)
def test_too_large_a_file_is_refused(keeper: Caller, megabytes: int, status: int, found: tuple[str, str]) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="large.pdf"\r\n\r\n'
    content = head + bytes(megabytes * 2**20) + b"\r\n--x--\r\n"
    sent: dict[str, Any] = {"data": content, "content_type": "multipart/form-data; boundary=x"}
    assert problems(keeper.call("POST", "/files", status=status, **sent).json) == [found]


def test_the_same_content_may_come_from_two_people(keeper: Caller, mechanic: Caller) -> None:
    first, second = upload(keeper, content=b"twice"), upload(mechanic, content=b"twice")
    assert first["id"] != second["id"]
    assert first["digest"] == second["digest"]
    assert download(mechanic, second).data == b"twice"
