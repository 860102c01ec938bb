"""A module whose formulas change: bills without a workflow, and orders that are approved."""

from collections.abc import Mapping
from typing import Any

from engine.runtime.record import Decision, Record
from engine.store import events, records
from engine.store.jobs import Job
from engine.store.session import Workspace
from engine.usecases.actor import Actor
from engine.usecases.jobs.work import go_on, take, work_through
from engine.usecases.modules.publish import publish
from engine.usecases.recompute.batch import Progress
from engine.usecases.recompute.start import Recomputing, recomputing, start
from engine.usecases.records.act import act
from engine.usecases.records.create import create
from tests.engine.definitions import END, MONEY, PERCENT, TEXT, approval, computed, files, lines, user

ADMIN = Actor(login="admin")
BILL, ORDER = "shop/bill", "shop/order"
#: What the first edition computes, and the second.
PLAIN, WITH_TAX = "SUM(items.net)", "ROUND(SUM(items.net) * (1 + rate), 2)"


def shop(total: str = PLAIN, *, bill: Mapping[str, Any] = {}, entity: Mapping[str, Any] = {}) -> dict[str, bytes]:
    """The module; `bill` are other fields of a bill, `entity` other words about it."""
    fields = {
        "name": TEXT,
        "rate": PERCENT,
        "items": lines(net=MONEY),
        "total": computed(total),
        "double": computed("total * 2"),
        **bill,
    }
    fields = {key: each for key, each in fields.items() if each}
    orders = {"name": TEXT, "net": MONEY, "total": computed("net * 2" if total == PLAIN else "net * 3")}
    made = files(orders, name="order", states={"ask": approval(*user("admin"), self="allow"), "done": END})
    bills = files(fields, name="bill", entity={"x-title": "name", **entity})
    return {**made, "entities/bill.json": bills["entities/bill.json"]}


def install(workspace: Workspace, files: Mapping[str, bytes]) -> int:
    return publish(workspace, ADMIN, files).number


def a_bill(workspace: Workspace, name: str = "b", *nets: str, **values: Any) -> Record:  # noqa: ANN401
    items = [{"net": each} for each in nets or ("100",)]
    return create(workspace, ADMIN, BILL, {"name": name, "rate": "0.13", "items": items, **values}).record


def an_order(workspace: Workspace, *, submitted: bool) -> Record:
    made = create(workspace, ADMIN, ORDER, {"name": "o", "net": "10"}).record
    if submitted:
        return act(workspace, ADMIN, ORDER, made.id, Decision(actor="admin", action="submit")).record
    return made


def recomputed(workspace: Workspace) -> Progress:
    """Start the job and do it to its end."""
    start(workspace, ADMIN, "shop")
    return finished(workspace)


def finished(workspace: Workspace, holder: str = "w") -> Progress:
    """Do what is left of the job."""
    list(work_through(workspace, holder, "recompute/shop", pause=lambda: None))
    return progress(workspace)


def begun(workspace: Workspace) -> Job:
    """Start the job and do the first batch."""
    start(workspace, ADMIN, "shop")
    job = take(workspace, "w")
    assert job is not None
    job = go_on(workspace, job)
    assert job is not None
    return job


def state(workspace: Workspace) -> Recomputing:
    found = recomputing(workspace, ADMIN, "shop")
    assert found is not None
    return found


def progress(workspace: Workspace) -> Progress:
    found = state(workspace).progress
    assert found is not None
    return found


def ended(workspace: Workspace, job: Job | None) -> Job | None:
    """The job done to its end by whoever holds it."""
    while job is not None and job.holder:
        job = go_on(workspace, job)
    return job


def now(workspace: Workspace, record: Record) -> Record:
    with workspace.read() as session:
        return records.load(session, f"{record.module}/{record.entity}", record.id)


def history(workspace: Workspace, record: Record) -> list[str]:
    with workspace.read() as session:
        return [each.event.kind for each in events.history(session, record.id)]


def every(workspace: Workspace, entity: str = BILL) -> list[Record]:
    with workspace.read() as session:
        return list(records.every(session, entity))
