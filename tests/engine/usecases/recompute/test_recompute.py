"""Older records brought to the formulas in force: once each, as far as they can be, whatever happens meanwhile."""

import threading
from decimal import Decimal
from pathlib import Path

import pytest

from engine.problems import Conflict, NotAllowed, Stale, Unknown
from engine.runtime.record import Decision
from engine.store import events
from engine.store.jobs import LEASE
from engine.usecases.actor import Actor
from engine.usecases.attach import Folder
from engine.usecases.deployment import Workspace
from engine.usecases.jobs.work import go_on, take, work_through
from engine.usecases.modules.publish import roll_back
from engine.usecases.recompute import batch
from engine.usecases.recompute.outdated import outdated_records
from engine.usecases.recompute.start import cancel, recomputing, start
from engine.usecases.records.act import act
from engine.usecases.records.create import create
from engine.usecases.records.remove import remove
from engine.usecases.records.save import save
from engine.usecases.verify import verify
from tests.engine.definitions import MONEY, PERCENT, TEXT, YES, computed, files, reference
from tests.engine.usecases.recompute.bills import (
    ADMIN,
    BILL,
    ORDER,
    WITH_TAX,
    a_bill,
    an_order,
    begun,
    ended,
    every,
    finished,
    history,
    install,
    now,
    progress,
    recomputed,
    shop,
    state,
)
from tests.engine.usecases.refusals import refused


@pytest.fixture
def many(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """Seven bills of the first edition under the second, and batches of three."""
    monkeypatch.setattr(batch, "BATCH", 3)
    install(workspace, shop())
    for number in range(7):
        a_bill(workspace, f"b{number}")
    install(workspace, shop(WITH_TAX))
    return workspace


def all_once(workspace: Workspace) -> None:
    """Every bill was brought along, none of them twice."""
    for each in every(workspace):
        assert (each.edition, each.revision, each.values["total"]) == (2, 2, Decimal(113)), each.title
        assert history(workspace, each) == ["created", "recomputed"]


def test_a_record_is_brought_to_the_formulas_in_force(workspace: Workspace, tmp_path: Path) -> None:
    install(workspace, shop())
    before = a_bill(workspace, "一月", "100", "50.5")
    install(workspace, shop(WITH_TAX, entity={"x-title": 'name & "!"'}))
    assert outdated_records(workspace, ADMIN, "shop") == 1
    told = recomputed(workspace)
    assert (told.total, told.done, told.changed) == (1, 1, 1)
    assert state(workspace).job.state == "done"
    after = now(workspace, before)
    assert (after.edition, after.revision, after.title, after.updated_by) == (2, 2, "一月!", "")
    assert after.values == {**before.values, "total": Decimal("170.07"), "double": Decimal("340.14")}
    assert after.updated_at > before.updated_at
    with workspace.read() as session:
        event = events.history(session, before.id)[-1].event
    assert (event.kind, event.actor, event.data["edition"]) == ("recomputed", "", [1, 2])
    assert event.data["fields"] == {
        "total": [Decimal("150.5"), Decimal("170.07")],
        "double": [Decimal(301), Decimal("340.14")],
    }
    assert outdated_records(workspace, ADMIN, "shop") == 0
    assert [*verify(workspace, Folder(tmp_path / "files"))] == []


def test_drafts_are_brought_along_and_what_was_decided_about_stays(workspace: Workspace) -> None:
    install(workspace, shop())
    draft, running = an_order(workspace, submitted=False), an_order(workspace, submitted=True)
    install(workspace, shop(WITH_TAX))
    told = recomputed(workspace)
    assert (told.total, told.changed, told.staying) == (1, 1, 1)
    assert now(workspace, draft).values["total"] == Decimal(30)
    assert now(workspace, draft).state == "draft"
    assert now(workspace, running) == running


def test_a_new_label_or_input_is_no_reason(workspace: Workspace) -> None:
    install(workspace, shop())
    before = a_bill(workspace)
    install(workspace, shop(bill={"name": {**TEXT, "title": "Other"}, "more": TEXT}))
    assert outdated_records(workspace, ADMIN, "shop") == 0
    told = recomputed(workspace)
    assert (told.total, told.done) == (0, 0)
    assert now(workspace, before) == before


@pytest.mark.parametrize(
    "bill",
    [
        {"total": computed("SUM(items.net)", {**MONEY, "x-rounding": {"scale": 0}})},
        {"rate": {"title": "Rate", "x-type": "quantity"}},
        {"name": {**TEXT, "x-visible": "total > 5"}},
        {"total": MONEY},
        {"more": computed("total * 3")},
        {"double": None},
    ],
)
def test_whatever_may_come_out_otherwise_is_a_reason(workspace: Workspace, bill: dict[str, object]) -> None:
    install(workspace, shop())
    before = a_bill(workspace, "b", "0.4")
    install(workspace, shop(bill=bill))
    assert outdated_records(workspace, ADMIN, "shop") == 1
    recomputed(workspace)
    assert now(workspace, before).edition == 2


def test_what_is_not_typed_any_more_stays_in_the_history_alone(workspace: Workspace, tmp_path: Path) -> None:
    install(workspace, shop())
    before = a_bill(workspace)
    install(workspace, shop(WITH_TAX, bill={"name": None}, entity={"x-title": "rate"}))
    recomputed(workspace)
    assert "name" not in now(workspace, before).values
    with workspace.read() as session:
        assert events.history(session, before.id)[-1].event.data["fields"]["name"] == ["b", None]
    assert [*verify(workspace, Folder(tmp_path / "files"))] == []


def test_going_back_is_a_change_of_formulas_too(workspace: Workspace) -> None:
    install(workspace, shop())
    first = a_bill(workspace)
    install(workspace, shop(WITH_TAX))
    second = a_bill(workspace)
    roll_back(workspace, ADMIN, "shop", 1)
    assert outdated_records(workspace, ADMIN, "shop") == 1
    recomputed(workspace)
    assert now(workspace, first) == first
    assert (now(workspace, second).edition, now(workspace, second).values["total"]) == (3, Decimal(100))


@pytest.mark.parametrize(
    ("bill", "entity", "code"),
    [
        ({"name": YES}, {"x-title": "rate"}, "field.boolean"),
        ({"rate": {"title": "Lines", "type": "array", "items": {"type": "object"}}}, {"x-title": "name"}, "field"),
        ({}, {"required": ["more"]}, "field.required"),
        ({"double": computed("total / (rate - 0.13)")}, {}, "formula.division_by_zero"),
        ({}, {"x-rules": [{"key": "low", "assert": "total < 50", "message": "{total}"}]}, "rule.low"),
    ],
)
def test_what_cannot_be_brought_along_is_left_and_told(
    workspace: Workspace, bill: dict[str, object], entity: dict[str, object], code: str
) -> None:
    install(workspace, shop(bill={"more": TEXT}))
    before, good = a_bill(workspace, "x"), a_bill(workspace, "y", "10", rate="0.2", more="m")
    total = WITH_TAX if "rate" not in bill else "SUM(items.net) * 2"
    install(workspace, shop(total, bill={"more": TEXT, **bill}, entity=entity))
    told = recomputed(workspace)
    assert state(workspace).job.state == "done"
    assert told.troubles[0].record_id == before.id
    assert told.troubles[0].problems[0].code.startswith(code)
    assert now(workspace, before) == before
    assert told.done == 2
    assert (now(workspace, good).edition == 2) is (told.refused == 1)


def test_a_value_that_is_taken_stops_one_record_and_not_the_others(workspace: Workspace) -> None:
    install(workspace, shop(bill={"total": {**computed("SUM(items.net)"), "x-unique": True}}))
    made = [a_bill(workspace, "b", net) for net in ("100", "200", "30")]
    install(workspace, shop(bill={"total": {**computed("IF(SUM(items.net) < 50, 1, 2)"), "x-unique": True}}))
    told = recomputed(workspace)
    assert [each.edition for each in (now(workspace, record) for record in made)] == [2, 1, 2]
    assert (told.changed, told.refused, told.troubles[0].problems[0].code) == (2, 1, "field.taken")


def test_a_form_that_has_become_one_of_approval_keeps_its_older_records(workspace: Workspace) -> None:
    install(workspace, shop())
    before = a_bill(workspace)
    changed = shop(WITH_TAX, entity={"x-workflow": "bill"})
    flow = changed["workflows/order.json"].replace(b'"order"', b'"bill"')
    install(workspace, {**changed, "workflows/bill.json": flow})
    told = recomputed(workspace)
    assert [each.code for each in told.troubles[0].problems] == ["recompute.workflow"]
    assert now(workspace, before) == before


def test_a_worker_that_dies_between_two_batches_loses_nothing(many: Workspace) -> None:
    job = begun(many)
    assert progress(many).done == 3
    assert state(many).is_held
    assert take(many, "second") is None
    later = many.at(many.clock() + 2 * LEASE)
    assert len([*work_through(later, "second", "recompute/shop", pause=lambda: None)]) == 2
    all_once(many)
    assert go_on(many, job) is None


def test_a_worker_that_dies_in_a_batch_leaves_nothing_half_done(
    many: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(many, ADMIN, "shop")
    seen: list[str] = []
    one = batch._one

    def dying(session: object, part: object, record_id: str, edition: int) -> object:
        seen.append(record_id)
        if len(seen) == 5:
            raise KeyboardInterrupt
        return one(session, part, record_id, edition)  # type: ignore[arg-type]

    monkeypatch.setattr(batch, "_one", dying)
    with pytest.raises(KeyboardInterrupt):
        finished(many)
    assert [each.edition for each in every(many)] == [2, 2, 2, 1, 1, 1, 1]
    assert progress(many).done == 3
    assert not state(many).is_held
    finished(many, "other")
    assert state(many).job.state == "done"
    all_once(many)


def test_two_workers_do_everything_once(many: Workspace) -> None:
    start(many, ADMIN, "shop")
    barrier = threading.Barrier(4)

    def work(name: str) -> None:
        barrier.wait()
        while state(many).job.state == "open":
            ended(many, take(many, name))

    threads = [threading.Thread(target=work, args=(f"w{number}",)) for number in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    all_once(many)
    told = progress(many)
    assert (told.done, told.changed, told.total) == (7, 7, 7)


def test_what_people_do_meanwhile_counts(many: Workspace) -> None:
    first, second, *_, changed, gone = every(many)
    job = begun(many)
    with refused(Stale, "record.stale"):
        save(many, ADMIN, BILL, first.id, {"name": "late"}, revision=first.revision)
    save(many, ADMIN, BILL, second.id, {"name": "in time"}, revision=2)
    save(many, ADMIN, BILL, changed.id, {"name": "new", "items": [{"net": "200"}]}, revision=1)
    remove(many, ADMIN, BILL, gone.id, revision=1)
    ended(many, job)
    assert now(many, second).values["name"] == "in time"
    after = now(many, changed)
    assert (after.revision, after.values["name"], after.values["total"]) == (3, "new", Decimal(226))
    assert len(every(many)) == 6


def test_what_is_sent_in_meanwhile_stays(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "BATCH", 1)
    install(workspace, shop())
    orders = [an_order(workspace, submitted=False) for _ in range(2)]
    install(workspace, shop(WITH_TAX))
    job = begun(workspace)
    sent = act(workspace, ADMIN, ORDER, orders[1].id, Decision(actor="admin", action="submit")).record
    ended(workspace, job)
    assert now(workspace, sent) == sent
    assert now(workspace, orders[0]).edition == 2


def test_published_meanwhile_it_begins_anew_with_the_newest_formulas(many: Workspace) -> None:
    job = begun(many)
    install(many, shop("SUM(items.net) * 5"))
    ended(many, job)
    assert {(each.edition, each.values["total"]) for each in every(many)} == {(3, Decimal(500))}


def test_one_at_a_time_and_cancelled_it_can_be_started_again(many: Workspace) -> None:
    assert recomputing(many, ADMIN, "shop") is None
    job = begun(many)
    with refused(Conflict, "job.open"):
        start(many, ADMIN, "shop")
    cancel(many, ADMIN, "shop")
    assert go_on(many, job) is None
    assert state(many).job.state == "cancelled"
    assert [each.edition for each in every(many)] == [2, 2, 2, 1, 1, 1, 1]
    assert start(many, None, "shop").id != job.id
    told = finished(many)
    assert (told.done, told.total) == (4, 4)
    all_once(many)
    cancel(many, None, "shop")
    assert state(many).job.state == "done"


def test_only_administrators_ask_for_it(many: Workspace) -> None:
    clerk = Actor(login="clerk")
    for ask in (start, cancel, recomputing, outdated_records):
        with refused(NotAllowed, "permission.administrator"):
            ask(many, clerk, "shop")  # type: ignore[operator]
    with refused(Unknown, "module.unknown"):
        start(many, ADMIN, "nothing")


def test_what_others_read_is_made_anew_before_them(workspace: Workspace) -> None:
    """A formula reads what stands in another record; what that one computes has to be right by then."""

    def module(factor: str) -> dict[str, bytes]:
        rate = {"name": TEXT, "value": computed(f"{factor} / 100", PERCENT)}
        bill = {"name": TEXT, "rate": reference("shop/rate"), "tax": computed("100 * rate.value")}
        loop = {"other": reference("shop/loop"), "bill": reference("shop/bill"), "self": computed("bill.tax * 1")}
        return files(loop, name="loop", others={"bill": bill, "rate": rate})

    install(workspace, module("13"))
    rate = create(workspace, ADMIN, "shop/rate", {"name": "r"}).record
    bill = create(workspace, ADMIN, "shop/bill", {"name": "b", "rate": rate.id}).record
    loop = create(workspace, ADMIN, "shop/loop", {"bill": bill.id}).record
    assert bill.values["tax"] == Decimal(13)
    later = module("9")
    for name in ("bill", "loop"):
        text = later[f"entities/{name}.json"]
        later[f"entities/{name}.json"] = text.replace(b"100 * rate.value", b"rate.value * 100").replace(
            b"bill.tax * 1", b"bill.tax"
        )
    install(workspace, later)
    recomputed(workspace)
    assert now(workspace, rate).values["value"] == Decimal("0.09")
    assert now(workspace, bill).values["tax"] == Decimal(9)
    assert now(workspace, loop).values["self"] == Decimal(9)


def test_what_has_changed_between_the_search_and_the_lock_is_passed_over(workspace: Workspace) -> None:
    install(workspace, shop())
    bill, order = a_bill(workspace), an_order(workspace, submitted=True)
    install(workspace, shop(WITH_TAX))
    with workspace.write() as session:
        assert batch._one(session, batch.Part(BILL, (1,)), "gone", 2) is False
        assert batch._one(session, batch.Part(BILL, (7,)), bill.id, 2) is False
        assert batch._one(session, batch.Part(ORDER, (1,)), order.id, 2) is False
    assert (now(workspace, bill), now(workspace, order)) == (bill, order)
