"""Whatever is sent: a clear refusal with a list of problems, never an accident, and nothing is half saved."""

from collections.abc import Callable
from typing import Any

import pytest

from engine.definition.model import Json
from engine.usecases.deployment import Workspace
from tests.web.api.caller import Caller, address, problems
from tests.web.api.snapshot import unchanged

ARepair = Callable[..., dict[str, Any]]

DEEP = b'{"values": {"extra": ' + b"[" * 100 + b"]" * 100 + b"}}"
#: Body → status, and code and pointer of the problem.
BODIES: dict[bytes, tuple[int, tuple[str, str]]] = {
    b"": (400, ("json.ended", "")),
    b"{": (400, ("json.ended", "")),
    b'{"values": {}': (400, ("json.ended", "")),
    b'{"values": {},}': (400, ("json.trailing_comma", "")),
    b"{'values': {}}": (400, ("json.key", "")),
    b'{"values": NaN}': (400, ("json.not_a_number", "/values")),
    b'{"values": {"hours": 1e99999999}}': (400, ("json.number", "/values/hours")),
    b'{"values": {"hours": ' + b"9" * 5000 + b"}}": (400, ("json.number", "/values/hours")),
    b'{"values": {}, "values": {}}': (400, ("json.duplicate_key", "")),
    b'{"values": {"remark": "\\ud800"}}': (400, ("json.surrogate", "/values/remark")),
    b'{"values": {"remark": "a\x01b"}}': (400, ("json.control", "/values/remark")),
    DEEP: (400, ("json.too_deep", "/values/extra" + "/0" * 62)),
    b"[" * 100_000: (400, ("json.too_deep", "/0" * 64)),
    b'{"values": {"remark": "\xff"}}': (400, ("json.not_utf8", "")),
    '{"values": {}}'.encode("utf-16"): (400, ("json.not_utf8", "")),
    b"null": (422, ("field.object", "")),
    b"[]": (422, ("field.object", "")),
    b'"values"': (422, ("field.object", "")),
    b"5": (422, ("field.object", "")),
    b'{"values": []}': (422, ("http.body_type", "/values")),
    b'{"values": "x"}': (422, ("http.body_type", "/values")),
    b'{"values": true}': (422, ("http.body_type", "/values")),
    b'{"value": {}, "values": {"count": 1}}': (422, ("field.unknown", "/value")),
}
#: Value of one field → code and pointer of its problem.
VALUES: list[tuple[dict[str, Json], tuple[str, str]]] = [
    ({"colour": 1}, ("field.unknown", "/values/colour")),
    ({"": 1}, ("field.unknown", "/values/")),
    ({"a/b~c": 1}, ("field.unknown", "/values/a~1b~0c")),
    ({"__proto__": {}}, ("field.unknown", "/values/__proto__")),
    ({"id": "x"}, ("field.unknown", "/values/id")),
    ({"number": "WX-1"}, ("field.unknown", "/values/number")),
    ({"state": "closed"}, ("field.unknown", "/values/state")),
    ({"remark": 5}, ("field.text", "/values/remark")),
    ({"remark": ["x"]}, ("field.text", "/values/remark")),
    ({"remark": "a\0b"}, ("field.characters", "/values/remark")),
    ({"remark": "\u009f"}, ("field.characters", "/values/remark")),
    ({"hours": True}, ("field.number", "/values/hours")),
    ({"hours": "1e5000"}, ("field.number", "/values/hours")),
    ({"hours": 1e30}, ("field.digits", "/values/hours")),
    ({"hours": "0.0000001"}, ("field.decimals", "/values/hours")),
    ({"hours": -1}, ("field.minimum", "/values/hours")),
    ({"count": 1.5}, ("field.whole", "/values/count")),
    ({"count": 2**70}, ("field.digits", "/values/count")),
    ({"urgent": "maybe"}, ("field.boolean", "/values/urgent")),
    ({"urgent": 1}, ("field.boolean", "/values/urgent")),
    ({"date": "03/02/2026"}, ("field.date", "/values/date")),
    ({"date": "0001-01-01"}, ("field.date", "/values/date")),
    ({"began": "2026-03-02T25:00:00Z"}, ("field.datetime", "/values/began")),
    ({"at": "24:00"}, ("field.time", "/values/at")),
    ({"kind": ["repair"]}, ("field.choice", "/values/kind")),
    ({"skills": "电工"}, ("field.list", "/values/skills")),
    ({"skills": ["电工", "电工"]}, ("field.twice", "/values/skills")),
    ({"skills": ["木工"]}, ("field.choices", "/values/skills")),
    ({"email": "x"}, ("field.email", "/values/email")),
    ({"phone": "12"}, ("field.phone", "/values/phone")),
    ({"place": []}, ("field.object", "/values/place")),
    ({"place": {"zone": {}}}, ("field.text", "/values/place/zone")),
    ({"parts": {}}, ("field.lines", "/values/parts")),
    ({"parts": [1]}, ("field.object", "/values/parts/0")),
    ({"parts": []}, ("field.required", "/values/parts")),
    ({"parts": [{"name": "x", "quantity": 1}] * 51}, ("field.too_many", "/values/parts")),
    ({"machine": 5}, ("field.reference", "/values/machine")),
    ({"machine": "x\0"}, ("field.reference", "/values/machine")),
    ({"machine": None}, ("field.required", "/values/machine")),
    ({"unit": "nowhere"}, ("department.unknown", "/values/unit")),
    ({"helper": {}}, ("field.user", "/values/helper")),
    ({"photo": "none"}, ("photo.unknown", "/values/photo")),
    ({"files": ["none"]}, ("file.unknown", "/values/files/0")),
    ({"files": "none"}, ("field.list", "/values/files")),
    ({"reason": "x"}, ("field.not_shown", "/values/reason")),
    ({"total": "5"}, ("field.read_only", "/values/total")),
    ({"extra": {"a": "\0"}}, ("field.characters", "/values/extra/a")),
]


def send(caller: Caller, method: str, path: str, content: bytes, *, status: int, **headers: str) -> Json:
    sent = {"data": content, "content_type": headers.pop("content_type", "application/json"), "headers": headers}
    return caller.call(method, path, status=status, **sent).json


@pytest.mark.parametrize("content", BODIES, ids=lambda content: repr(content[:30]))
def test_a_body_that_cannot_be_taken(keeper: Caller, machine: Json, workspace: Workspace, content: bytes) -> None:
    status, found = BODIES[content]
    repair = "/plant/repair"
    with unchanged(workspace):
        assert problems(send(keeper, "POST", repair, content, status=status))[0] == found
        assert problems(send(keeper, "PATCH", address(machine), content, status=status, If_Match='"1"'))[0] == found
        assert problems(send(keeper, "POST", f"{address(machine)}/actions/drop", content, status=status))[0] == found


@pytest.mark.parametrize(("values", "found"), VALUES, ids=lambda each: repr(each)[:40])
def test_a_value_that_cannot_be_kept(
    keeper: Caller, a_repair: ARepair, workspace: Workspace, values: dict[str, Json], found: tuple[str, str]
) -> None:
    made = keeper.create("plant/repair", **a_repair())
    with unchanged(workspace):
        assert problems(keeper.create("plant/repair", status=422, **a_repair(**values))) == [found]
        assert problems(keeper.patch(address(made), 1, status=422, **values)) == [found]
        assert problems(keeper.act(made, "drop", status=422, values=values)) == [found]


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "application/xml", ""])
def test_only_json_is_read(keeper: Caller, content_type: str) -> None:
    refused = send(keeper, "POST", "/plant/repair", b"{}", status=415, content_type=content_type)
    assert problems(refused) == [("http.unsupported_media_type", "")]


@pytest.mark.parametrize("content", [b'{"values": {"remark": "' + b"x" * 10_000_000 + b'"}}', b" " * 10_000_000])
def test_too_large_a_body_is_not_even_read(keeper: Caller, machine: Json, content: bytes) -> None:
    for method, path in (
        ("POST", "/plant/repair"),
        ("PATCH", address(machine)),
        ("POST", f"{address(machine)}/actions/drop"),
    ):
        refused = send(keeper, method, path, content, status=413, If_Match='"1"')
        assert problems(refused) == [("http.request_entity_too_large", "")]


@pytest.mark.parametrize("odd", ["%00", "a%00b", "%ff", "..%2f..", "'--", "x" * 3000, "%F0%9F%98%80", "%2e%2e"])
@pytest.mark.parametrize(
    "path",
    ["/plant/repair/{}", "/plant/{}", "/{}/repair", "/files/{}", "/plant/repair/{}/actions", "/plant/repair/{}/tasks"],
)
def test_an_odd_address_leads_nowhere(keeper: Caller, path: str, odd: str) -> None:
    assert keeper.call("GET", path.format(odd), status=404).json["status"] == 404


def test_an_odd_key_is_a_key(keeper: Caller, a_repair: ARepair, tag: str) -> None:
    for key in (f"{tag}é'\"", tag + "x" * 5000):
        first = keeper.create("plant/repair", key=key, **a_repair())
        assert keeper.create("plant/repair", key=key, **a_repair()) == first


def test_keys_that_begin_alike_are_different(keeper: Caller, a_repair: ARepair, tag: str) -> None:
    first = keeper.create("plant/repair", key=tag + "x" * 500 + "1", **a_repair())
    assert keeper.create("plant/repair", key=tag + "x" * 500 + "2", **a_repair())["id"] != first["id"]
