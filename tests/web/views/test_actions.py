"""Actions on a record: the dialog that asks, what it refuses, and the pages of who may not; deleting and copying."""

import pytest

from engine.runtime.record import Record
from engine.usecases.actor import Actor
from engine.usecases.deployment import Workspace
from engine.usecases.records.look import get
from engine.usecases.records.save import save
from tests.web.views.conftest import Make, Visit
from tests.web.views.visitor import FRAGMENT, main_form, page_of, upload

REPAIR = "/m/plant/repair"
EXPENSE = "/m/cost_center/expense"


def state(workspace: Workspace, record: Record) -> str:
    return get(workspace, Actor(login="admin"), f"{record.module}/{record.entity}", record.id).record.state


@pytest.fixture
def submitted(visit: Visit, claim: Make) -> Record:
    """A claim that waits for the manager of its project."""
    record = claim()
    clerk = visit("clerk")
    clerk.submit(main_form(clerk.get(f"{EXPENSE}/{record.id}/do/submit")), status=303)
    return record


def test_a_refusal_needs_a_comment_and_says_so_at_it(
    visit: Visit, submitted: Record, workspace: Workspace, tag: str
) -> None:
    boss = visit(f"boss{tag}")
    form = main_form(boss.get(f"{EXPENSE}/{submitted.id}/do/reject"))
    assert form.field("_comment").get("aria-required") == "true"
    page = page_of(boss.submit(form, {"_comment": " "}, status=422))
    assert main_form(page).error_of("_comment")
    assert main_form(page).fields["_key"] == form.fields["_key"]
    assert state(workspace, submitted) == "project_manager"
    boss.submit(main_form(page), {"_comment": "单据不全"}, status=303)
    page = boss.get(f"{EXPENSE}/{submitted.id}")
    assert page.one(class_="timeline").one("blockquote").text == "单据不全"
    assert page.one("main").all(class_="tag")[0].text == "Rejected"


def test_the_dialog_goes_to_htmx_alone_and_after_a_refusal_with_422(visit: Visit, submitted: Record, tag: str) -> None:
    boss = visit(f"boss{tag}")
    page = boss.get(f"{EXPENSE}/{submitted.id}/do/reject", headers=FRAGMENT)
    assert not page.all("html")
    page = page_of(boss.submit(page.one("form"), status=422, headers=FRAGMENT))
    assert not page.all("html")
    assert page.one("form").error_of("_comment")
    answer = boss.submit(page.one("form"), {"_comment": "x"}, status=204, headers=FRAGMENT)
    assert answer.headers["HX-Redirect"] == f"{EXPENSE}/{submitted.id}"


def test_an_action_from_the_inbox_leads_back_there(visit: Visit, submitted: Record, tag: str) -> None:
    boss = visit(f"boss{tag}")
    page = boss.get(f"/inbox?record=cost_center/expense/{submitted.id}")
    links = {each.text: each["href"] for each in page.one(id="pane").all("a")}
    form = main_form(boss.get(links["Approve"]))
    assert boss.submit(form, {"_comment": "同意"}, status=303).location == "/inbox"
    assert submitted.id not in str([each.get("href") for each in boss.get("/inbox").all("a")])


def test_a_decision_that_is_sent_twice_counts_once(visit: Visit, submitted: Record, tag: str) -> None:
    boss = visit(f"boss{tag}", fresh=True)
    form = main_form(boss.get(f"{EXPENSE}/{submitted.id}/do/approve"))
    for _ in range(2):
        boss.submit(form, {"_comment": "好"}, status=303)
    assert boss.get(f"{EXPENSE}/{submitted.id}").one(class_="timeline").text.count("approved it") == 1


def test_an_action_on_a_record_that_has_changed_meanwhile_is_not_taken(
    visit: Visit, workspace: Workspace, a_repair: Make
) -> None:
    record = a_repair(hours="2")
    visitor = visit("keeper")
    form = main_form(visitor.get(f"{REPAIR}/{record.id}/do/close"))
    save(workspace, Actor(login="admin"), "plant/repair", record.id, {"remark": "neu"}, revision=record.revision)
    page = page_of(visitor.submit(form, {"_comment": "fertig"}, status=409))
    assert "changed this record meanwhile" in page.one(class_="problems").text
    assert main_form(page).fields["_comment"] == "fertig"
    assert state(workspace, record) == "open"


def test_a_comment_that_is_too_long_is_shown_again(visit: Visit, a_repair: Make) -> None:
    record = a_repair(hours="2")
    visitor = visit("keeper")
    form = main_form(visitor.get(f"{REPAIR}/{record.id}/do/close"))
    page = page_of(visitor.submit(form, {"_comment": "长" * 2001}, status=422))
    assert main_form(page).error_of("_comment") == "At most 2000 characters."
    assert main_form(page).fields["_comment"] == "长" * 2001


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("language", "why"),
    [("en", "You may not do this"), ("zh_CN", "没有权限")],
)
def test_who_may_not_take_an_action_is_told_why_before_they_fill_anything_in(
    visit: Visit, workspace: Workspace, a_repair: Make, *, method: str, language: str, why: str
) -> None:
    record = a_repair("mechanic", hours="2")
    visitor = visit("mechanic", language)
    data = {"csrf_token": visitor.token(), "_comment": "x"} if method == "POST" else None
    answer = visitor.open(method, f"{REPAIR}/{record.id}/do/close", data=data, status=403)
    main = page_of(answer).one("main")
    assert main.one("h1").text == why
    assert [each.text for each in main.all("p") if each.text]
    assert state(workspace, record) == "open"


def test_an_action_whose_condition_does_not_hold_is_not_offered(visit: Visit, a_repair: Make) -> None:
    record = a_repair()
    visitor = visit("keeper")
    assert "close" not in str([each.get("href") for each in visitor.get(f"{REPAIR}/{record.id}").all("a")])
    visitor.get(f"{REPAIR}/{record.id}/do/close", status=403)


def test_an_action_that_nobody_knows_is_not_found(visit: Visit, a_repair: Make) -> None:
    record = a_repair()
    visitor = visit("keeper")
    for action in ("approve", "nothing", "%3Cscript%3E"):
        visitor.get(f"{REPAIR}/{record.id}/do/{action}", status=404)
        visitor.post(f"{REPAIR}/{record.id}/do/{action}", {}, status=404)


def test_a_record_is_deleted_after_asking_once(visit: Visit, a_repair: Make) -> None:
    record = a_repair()
    visitor = visit("keeper")
    page = visitor.get(f"{REPAIR}/{record.id}/delete")
    assert "history stays" in page.one("main").text
    assert visitor.submit(main_form(page), status=303).location == REPAIR
    visitor.get(f"{REPAIR}/{record.id}", status=404)


def test_the_question_before_deleting_goes_to_htmx_alone(visit: Visit, a_repair: Make) -> None:
    record = a_repair()
    page = visit("keeper").get(f"{REPAIR}/{record.id}/delete", headers=FRAGMENT)
    assert not page.all("html")
    answer = visit("keeper").submit(page.one("form"), status=204, headers=FRAGMENT)
    assert answer.headers["HX-Redirect"] == REPAIR


def test_a_record_that_changed_since_the_question_is_not_deleted(
    visit: Visit, workspace: Workspace, a_repair: Make
) -> None:
    record = a_repair()
    visitor = visit("keeper")
    form = main_form(visitor.get(f"{REPAIR}/{record.id}/delete"))
    save(workspace, Actor(login="admin"), "plant/repair", record.id, {"remark": "neu"}, revision=record.revision)
    page = page_of(visitor.submit(form, status=412))
    assert "changed this record meanwhile" in page.one("main").text
    visitor.get(f"{REPAIR}/{record.id}")


def test_a_record_that_others_refer_to_stays_and_says_why(visit: Visit, a_repair: Make) -> None:
    machine = str(a_repair().values["machine"])
    visitor = visit("keeper")
    form = main_form(visitor.get(f"/m/plant/machine/{machine}/delete"))
    page = page_of(visitor.submit(form, status=409))
    assert "Other records refer to this one" in page.one("main").text
    visitor.get(f"/m/plant/machine/{machine}")


def test_what_may_not_be_deleted_does_not_even_ask(visit: Visit, submitted: Record, machine: Record) -> None:
    visit("clerk").get(f"{EXPENSE}/{submitted.id}/delete", status=403)
    visit("clerk").post(f"{EXPENSE}/{submitted.id}/delete", {"_revision": "1"}, status=403)
    visit("mechanic").get(f"/m/plant/machine/{machine.id}/delete", status=403)
    visit("mechanic").post(f"/m/plant/machine/{machine.id}/delete", {"_revision": "1"}, status=403)
    visit("mechanic").get(f"/m/plant/machine/{machine.id}")


@pytest.mark.parametrize(
    ("language", "why"),
    [
        ("en", "In its present state nobody can change or delete this record by hand."),
        ("zh_CN", "当前状态下不能直接修改或删除。"),
    ],
)
def test_a_record_under_way_cannot_be_edited_and_the_page_says_why(
    visit: Visit, submitted: Record, language: str, why: str
) -> None:
    clerk = visit("clerk", language)
    for page in (
        clerk.get(f"{EXPENSE}/{submitted.id}/edit", status=403),
        page_of(clerk.post(f"{EXPENSE}/{submitted.id}/edit", {"reason": "x", "_revision": "2"}, status=403)),
    ):
        assert why in page.one("main").text
    assert not [each for each in clerk.get(f"{EXPENSE}/{submitted.id}").all("a") if each["href"].endswith("/edit")]


def test_who_may_only_read_cannot_edit_or_create(visit: Visit, machine: Record, tag: str) -> None:
    mechanic = visit("mechanic")
    assert not [each for each in mechanic.get(f"/m/plant/machine/{machine.id}").all("a") if "/edit" in each["href"]]
    mechanic.get(f"/m/plant/machine/{machine.id}/edit", status=403)
    mechanic.post(f"/m/plant/machine/{machine.id}/edit", {"name": "x", "_revision": "1"}, status=403)
    mechanic.get("/m/plant/machine/new", status=403)
    mechanic.post("/m/plant/machine/new", {"code": f"{tag}x", "name": "x"}, status=403)


def test_a_record_one_may_not_read_looks_like_one_that_is_not_there(visit: Visit, a_repair: Make) -> None:
    record = a_repair("another")
    nowhere = record.id[:-4] + "0000"
    mechanic = visit("mechanic")
    for page in ("", "/edit", "/delete", "/do/close"):
        hidden = mechanic.open("GET", f"{REPAIR}/{record.id}{page}", status=404)
        missing = mechanic.open("GET", f"{REPAIR}/{nowhere}{page}", status=404)
        assert page_of(hidden).texts == [each.replace(nowhere, record.id) for each in page_of(missing).texts]
        for identity in (record.id, nowhere):
            mechanic.post(f"{REPAIR}/{identity}{page or '/edit'}", {"_revision": "1"}, status=404)


@pytest.mark.parametrize("path", ["x", "%00", "a%00b", "%F0%9F%8F%97", "9" * 300, "-1", "%FF"])
def test_an_id_that_cannot_be_one_is_not_found(visit: Visit, path: str) -> None:
    for page in ("", "/edit", "/delete", "/do/close"):
        visit("keeper").get(f"{REPAIR}/{path}{page}", status=404)
    visit("keeper").get(f"/m/plant/{path}/x", status=404)
    visit("keeper").get(f"/m/{path}/machine/x", status=404)
    visit("keeper").get(f"{REPAIR}/new?like={path}", status=404)


def test_a_copy_begins_with_what_was_typed_but_without_files(visit: Visit, a_repair: Make) -> None:
    visitor = visit("keeper")
    report, photo = upload(visitor, "报告.pdf"), upload(visitor, "照片.jpg")
    record = a_repair(report=report, photo=photo, remark="wie immer", hours="3")
    form = main_form(visitor.get(f"{REPAIR}/new?like={record.id}"))
    assert (form.fields["remark"], form.fields["parts-1-name"]) == ("wie immer", "螺母")
    assert [*filter(None, form.fields.getlist("report") + form.fields.getlist("photo"))] == []
    answer = visitor.submit(form, status=303)
    assert not answer.location.endswith(record.id)


def test_nobody_copies_what_they_may_not_read(visit: Visit, a_repair: Make) -> None:
    visit("mechanic").get(f"{REPAIR}/new?like={a_repair('another').id}", status=404)
