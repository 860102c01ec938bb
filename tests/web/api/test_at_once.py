"""Several requests at the same moment, with real threads: exactly one wins, the others are told or answered again."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from engine.definition.model import Json
from engine.store import events, records
from engine.usecases.deployment import Workspace
from tests.web.api.caller import Caller, address
from tests.web.api.snapshot import snapshot

ARepair = Callable[..., dict[str, Any]]
Calling = Callable[[str], Caller]
THREADS = 6
ROUNDS = 3


def at_once(*requests: Callable[[], Any]) -> Counter[int]:
    """Send them all at the same moment; how often each status was answered."""
    barrier = Barrier(len(requests))

    def send(request: Callable[[], Any]) -> int:
        barrier.wait()
        return int(request().status_code)

    with ThreadPoolExecutor(len(requests)) as pool:
        return Counter(pool.map(send, requests))


@pytest.fixture
def draft(calling: Calling, project: Json) -> Callable[[], Json]:
    def made() -> Json:
        items = [{"name": "水泥", "quantity": "1", "price": "100"}]
        values = {"project": project["id"], "category": "material", "date": "2026-03-02", "items": items}
        return calling("clerk").create("cost_center/expense", **values)

    return made


def taking(caller: Caller, record: Json, action: str, key: str = "", **said: Json) -> Callable[[], Any]:
    assert caller.description
    return lambda: caller.post(f"{address(record)}/actions/{action}", said, key=key)


def kinds(workspace: Workspace, record: Json) -> list[str]:
    """What has happened to the record, in an unbroken chain."""
    with workspace.read() as session:
        assert events.broken(session, records.load(session, record["entity"], record["id"])) is None
        return [each.event.kind for each in events.history(session, record["id"])]


def test_a_double_click_on_submit_submits_once(
    calling: Calling, draft: Callable[[], Json], workspace: Workspace
) -> None:
    for _ in range(ROUNDS):
        record = draft()
        answers = at_once(*[taking(calling("clerk"), record, "submit")] * THREADS)
        assert answers == {200: 1, 409: THREADS - 1}
        assert kinds(workspace, record).count("submitted") == 1


def test_a_double_click_on_approve_decides_once(
    calling: Calling, draft: Callable[[], Json], workspace: Workspace, tag: str
) -> None:
    for _ in range(ROUNDS):
        record = calling("clerk").act(draft(), "submit")
        answers = at_once(*[taking(calling(tag), record, "approve")] * THREADS)
        assert answers == {200: 1, 409: THREADS - 1}
        assert kinds(workspace, record).count("decision") == 1


def test_the_same_key_is_answered_alike_and_acts_once(
    calling: Calling, draft: Callable[[], Json], workspace: Workspace, tag: str
) -> None:
    for number in range(ROUNDS):
        record = calling("clerk").act(draft(), "submit")
        answers = at_once(*[taking(calling(tag), record, "approve", key=f"{tag}-{number}")] * THREADS)
        assert answers == {200: THREADS}
        assert kinds(workspace, record).count("decision") == 1


def test_the_same_key_with_two_contents_acts_once(
    calling: Calling, draft: Callable[[], Json], workspace: Workspace, tag: str
) -> None:
    for number in range(ROUNDS):
        record, key = calling("clerk").act(draft(), "submit"), f"{tag}-{number}"
        approve, reject = (
            taking(calling(tag), record, action, key=key, comment="x") for action in ("approve", "reject")
        )
        answers = at_once(approve, reject)
        assert answers == {200: 1, 422: 1}
        assert kinds(workspace, record).count("decision") == 1


def test_approving_and_withdrawing_exclude_each_other(
    calling: Calling, draft: Callable[[], Json], workspace: Workspace, tag: str
) -> None:
    for _ in range(ROUNDS):
        record = calling("clerk").act(draft(), "submit")
        answers = at_once(taking(calling(tag), record, "approve"), taking(calling("clerk"), record, "withdraw"))
        assert answers == {200: 1, 409: 1}
        told = kinds(workspace, record)
        assert ("decision" in told) is not ("withdrawn" in told)


def test_of_two_changes_to_one_revision_one_is_kept(keeper: Caller, machine: Json, workspace: Workspace) -> None:
    assert keeper.description
    changes = [_patch(keeper, machine, f"名 {number}") for number in range(THREADS)]
    assert at_once(*changes) == {200: 1, 412: THREADS - 1}
    assert keeper.get(address(machine))["revision"] == 2
    assert kinds(workspace, machine) == ["created", "changed"]


def _patch(caller: Caller, record: Json, name: str) -> Callable[[], Any]:
    body = {"values": {"name": name}}
    return lambda: caller.call("PATCH", address(record), json=body, headers={"If-Match": '"1"'})


def test_creating_under_one_key_makes_one_record(keeper: Caller, a_repair: ARepair, tag: str) -> None:
    values = {"values": a_repair()}
    assert keeper.description
    answers = at_once(*[lambda: keeper.post("/plant/repair", values, key=tag)] * THREADS)
    assert answers == {201: THREADS}
    assert keeper.get("/plant/repair", filter=f'machine.code = "{tag}"', count="exact")["total"] == 1


def test_numbers_are_counted_one_by_one(keeper: Caller, a_repair: ARepair, tag: str) -> None:
    assert keeper.description
    answers = at_once(*[lambda: keeper.post("/plant/repair", {"values": a_repair()})] * THREADS)
    assert answers == {201: THREADS}
    found = keeper.get("/plant/repair", filter=f'machine.code = "{tag}"', sort="number")["items"]
    numbers = [int(each["number"].removeprefix("WX-")) for each in found]
    assert numbers == list(range(numbers[0], numbers[0] + THREADS))


def test_a_unique_value_goes_to_one(keeper: Caller, tag: str) -> None:
    body = {"values": {"code": f"{tag}u", "name": "x"}}
    assert keeper.description
    assert at_once(*[lambda: keeper.post("/plant/machine", body)] * THREADS) == {201: 1, 422: THREADS - 1}


def test_a_record_is_deleted_once(keeper: Caller, machine: Json, workspace: Workspace) -> None:
    assert keeper.description
    gone = [lambda: keeper.call("DELETE", address(machine), headers={"If-Match": '"1"'})] * THREADS
    assert at_once(*gone) == {204: 1, 404: THREADS - 1}
    assert machine["id"] not in str(snapshot(workspace)["task"])
