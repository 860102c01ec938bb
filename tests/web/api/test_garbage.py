"""Garbage of every kind, by the hundred: it is refused, nothing is changed, and nothing breaks."""

import json
from collections.abc import Callable
from typing import Any, Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.definition.model import Json
from engine.usecases.deployment import Workspace
from tests.web.api.caller import Caller, address
from tests.web.api.snapshot import snapshot

ARepair = Callable[..., dict[str, Any]]
_SETTINGS: Final = settings(
    max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)

FIELDS: Final = (
    "machine", "date", "began", "at", "kind", "reason", "hours", "share", "count", "urgent", "skills", "helper", "unit",
    "email", "phone", "place", "parts", "total", "cost", "grade", "remark", "extra", "photo", "files", "colour",
)  # fmt: skip
ODD: Final = (
    "\0",
    "\ud800",
    "\udfff\ud800",
    "\u202e",
    "1e999999",
    "-0",
    "٣",
    "２０２６-03-02",
    "𠮷",
    "x" * 5000,
    "'",
    "{}",
)
TEXTS: Final = st.text(max_size=20) | st.sampled_from(ODD)
NUMBERS: Final = st.integers() | st.floats() | st.sampled_from([10**40, -(10**17), 1e300, 5e-324])
LEAVES: Final = st.none() | st.booleans() | NUMBERS | TEXTS
ANY: Final = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=12
)


def some(*keys: str, **known: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    """An object with some of these members, of any value where none is said."""
    return st.fixed_dictionaries({}, optional={**dict.fromkeys(keys, ANY), **known})


LINES: Final = st.lists(some("name", "quantity", "price", "amount", "weight") | ANY, max_size=3)
VALUES: Final = some(*FIELDS, parts=LINES | ANY, place=some("zone", "owner", "axis") | ANY)
#: A formula, more or less.
PIECES: Final = (
    "hours", "count", "kind", "date", "began", "urgent", "skills", "parts.price", "place.zone", "machine.name", "cost",
    "1", "0", "2.5", '"x"', "TRUE", "ME()", "TODAY()", "NOW()", "PROJECT()", "STATE()", "SUM(", "IF(", "AND(", "BLANK(",
    "ROUND(", "DAYS(", "CONCAT(", "(", ")", ")", ",", "+", "-", "*", "/", "%", "=", "<>", "<", "&", " ", "\0", "é",
)  # fmt: skip
FORMULAS: Final = st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | TEXTS


def sent(body: Json) -> bytes:
    """JSON as careless programs write it: with NaN and with halves of characters."""
    return json.dumps(body).encode()


@_SETTINGS
@given(values=VALUES, patch=VALUES, decision=some("comment", "revision", "args", "task", values=VALUES))
def test_odd_values_are_kept_or_refused(
    keeper: Caller, a_repair: ARepair, machine: Json, workspace: Workspace, **odd: Json
) -> None:
    values, patch, decision = odd["values"], odd["patch"], odd["decision"]
    record = _once(keeper, a_repair, machine)
    for method, path, body in (
        ("POST", "/plant/repair", {"values": a_repair(**values)}),
        ("PATCH", address(record), {"values": patch}),
        ("POST", f"{address(record)}/actions/drop", decision),
    ):
        before = snapshot(workspace)
        headers = {"If-Match": f'"{record["revision"]}"'}
        answer = keeper.call(method, path, data=sent(body), content_type="application/json", headers=headers)
        if answer.status_code >= 400:
            assert answer.json["problems"]
            assert snapshot(workspace) == before


@_SETTINGS
@given(content=st.binary(max_size=300) | ANY.map(sent) | some("values", "comment", "revision", "args").map(sent))
def test_odd_bodies_are_refused(keeper: Caller, machine: Json, workspace: Workspace, content: bytes) -> None:
    before = snapshot(workspace)
    for method, path in (
        ("POST", "/plant/repair"),
        ("PATCH", address(machine)),
        ("POST", f"{address(machine)}/actions/drop"),
    ):
        headers = {"If-Match": '"999"'}
        answer = keeper.call(method, path, data=content, content_type="application/json", headers=headers)
        assert 400 <= answer.status_code < 500
        assert answer.json["problems"]
    assert snapshot(workspace) == before


@_SETTINGS
@given(query=some(filter=FORMULAS, sort=FORMULAS, cursor=TEXTS, limit=TEXTS, count=TEXTS))
def test_odd_questions_are_answered_or_refused(keeper: Caller, mechanic: Caller, query: dict[str, str]) -> None:
    query = {key: text.encode(errors="replace").decode() for key, text in query.items()}
    for caller in (keeper, mechanic):
        assert caller.call("GET", "/plant/repair", query_string=query).status_code in {200, 400, 422}


@_SETTINGS
@given(formula=FORMULAS)
def test_odd_filters_are_answered_or_refused(keeper: Caller, formula: str) -> None:
    formula = formula.encode(errors="replace").decode()
    assert keeper.call("GET", "/plant/repair", query_string={"filter": formula}).status_code in {200, 422}


@_SETTINGS
@given(
    tag_=st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=40),
    key=st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=40),
)
def test_odd_headers_are_understood_or_refused(keeper: Caller, machine: Json, tag_: str, key: str) -> None:
    headers = {"If-Match": tag_, "Idempotency-Key": key}
    sent_: dict[str, Any] = {"json": {"values": {"name": "同名"}}, "headers": headers}
    assert keeper.call("PATCH", address(machine), **sent_).status_code in {200, 400, 412, 428}


_RECORDS: dict[str, Json] = {}


def _once(keeper: Caller, a_repair: ARepair, machine: Json) -> Json:
    """The record of a test, made at its first example and looked up at the others."""
    if machine["id"] not in _RECORDS:
        _RECORDS[machine["id"]] = keeper.create("plant/repair", **a_repair())
    _RECORDS[machine["id"]] = keeper.get(address(_RECORDS[machine["id"]]))
    return _RECORDS[machine["id"]]
