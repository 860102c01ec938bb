"""Forms of records: filled, kept, sent on their way, changed; what is refused is shown again with nothing lost."""

import pytest

from engine.runtime.record import Record
from engine.usecases.actor import Actor
from engine.usecases.deployment import Workspace
from engine.usecases.records.find import Wish, find
from engine.usecases.records.look import get
from engine.usecases.records.save import save
from tests.web.views.conftest import Make, Visit
from tests.web.views.pages import Element
from tests.web.views.visitor import FRAGMENT, main_form, page_of, upload

MACHINE = "/m/plant/machine"
REPAIR = "/m/plant/repair"
EXPENSE = "/m/cost_center/expense"


def count(workspace: Workspace, entity: str, text: str) -> int:
    """How many records have the text in their number or title."""
    return len(find(workspace, Actor(login="admin"), entity, Wish(text=text)).sights)


def now(workspace: Workspace, record: Record) -> Record:
    name = f"{record.module}/{record.entity}"
    return get(workspace, Actor(login="admin"), name, record.id).record


def facts(page: Element) -> dict[str, str]:
    """Title → text of what a record's page tells."""
    titles = [each for part in page.all("dl") for each in part.all("dt")]
    texts = [each for part in page.all("dl") for each in part.all("dd")]
    return {title.text: text.text for title, text in zip(titles, texts, strict=True)}


def test_a_new_record_is_kept_as_it_was_typed_and_then_shown(visit: Visit, tag: str) -> None:
    visitor = visit("keeper")
    form = main_form(visitor.get(f"{MACHINE}/new"))
    answer = visitor.submit(form, {"code": tag, "name": f"挖掘机{tag}", "value": "1,234.50"}, status=303)
    page = visitor.get(answer.location)
    assert page.one("h1").text == f"挖掘机{tag}"
    assert "1,234.50" in facts(page).values()
    assert "Saved" in page.one(id="toasts").text


def test_the_second_button_sends_a_new_record_on_its_way(visit: Visit, project: Record, tag: str) -> None:
    clerk, boss = visit("clerk"), visit(f"boss{tag}")
    form = main_form(clerk.get(f"{EXPENSE}/new"))
    assert [each["value"] for each in form.all("button", name="_do")] == ["save", "save", "submit"]
    line = {"items": "", "items-0-_row": "", "items-0-name": "纸", "items-0-quantity": "2", "items-0-price": "1.25"}
    answer = clerk.submit(form, {"project": project.id, **line, "_do": "submit"}, status=303)
    page = clerk.get(answer.location)
    assert page.one("main").all(class_="tag")[0].text == "Approval by the project manager"
    assert "Submitted" in page.one(id="toasts").text
    assert answer.location.rsplit("/", 1)[-1] in str([each["href"] for each in boss.get("/inbox").all("a")])


def test_a_draft_stays_with_its_maker_until_it_is_submitted(visit: Visit, claim: Make, tag: str) -> None:
    record = claim()
    clerk = visit("clerk")
    form = main_form(clerk.get(f"{EXPENSE}/{record.id}/edit"))
    clerk.submit(form, {"reason": "先存着", "_do": "save"}, status=303)
    assert clerk.get(f"{EXPENSE}/{record.id}").one("main").all(class_="tag")[0].text == "Draft"
    assert record.id not in str([each.get("href") for each in visit(f"boss{tag}").get("/inbox").all("a")])


def test_what_cannot_be_submitted_is_kept_as_a_draft_and_says_why(visit: Visit, a_repair: Make) -> None:
    record = a_repair()
    visitor = visit("keeper")
    form = main_form(visitor.get(f"{REPAIR}/{record.id}/edit"))
    answer = visitor.submit(form, {"remark": "记下了", "_do": "submit"}, status=303)
    page = visitor.get(answer.location)
    assert "记下了" in facts(page).values()
    assert page.one(id="toasts").one("div", class_="danger").text


def test_every_mistake_stands_at_its_field_and_in_the_summary(visit: Visit) -> None:
    visitor = visit("keeper")
    form = main_form(visitor.get(f"{MACHINE}/new"))
    page = page_of(visitor.submit(form, {"code": "x" * 21, "name": "", "value": "a lot"}, status=422))
    form = main_form(page)
    assert form.error_of("code") == "At most 20 characters."
    assert form.error_of("name") == "This is required."
    assert form.error_of("value")
    summary = page.one(class_="problems", role="alert")
    assert summary.one("h2").text == "3 things need attention"
    targets = [each["href"].removeprefix("#") for each in summary.all("a")]
    assert targets == ["code", "name", "value"]
    assert all(page.one(id=each) for each in targets)
    assert (form.fields["code"], form.fields["value"]) == ("x" * 21, "a lot")


def test_nothing_typed_is_lost_by_a_refusal(visit: Visit, machine: Record) -> None:
    visitor = visit("keeper")
    file, photo = upload(visitor, "验收.pdf"), upload(visitor, "现场.jpg")
    typed: dict[str, str | list[str]] = {
        "machine": machine.id,
        "date": "2026-02-30",
        "began": "2026-03-01 08:00",
        "at": "08:30",
        "kind": "other",
        "reason": "第一行\n第二行",
        "hours": "25",
        "share": "12.5",
        "count": "7",
        "urgent": ["", "true"],
        "skills": ["", "焊工", "钳工"],
        "helper": "mechanic",
        "email": "no address",
        "place-zone": "东区",
        "parts": "",
        "parts-0-_row": "",
        "parts-0-name": "螺栓",
        "parts-0-quantity": "two",
        "parts-0-price": "1.50",
        "parts-1-_row": "",
        "parts-1-name": "",
        "parts-1-quantity": "3",
        "extra": '{"a": [1, 2',
        "files": ["", file],
        "photo": ["", photo],
    }
    form = main_form(visitor.get(f"{REPAIR}/new"))
    page = page_of(visitor.submit(form, typed, status=422))
    form = main_form(page)
    kept = form.fields
    assert {name: kept.getlist(name) for name in typed} == {
        name: [value] if isinstance(value, str) else value for name, value in typed.items()
    }
    for wrong in ("date", "email", "extra", "parts-0-quantity", "parts-1-name"):
        assert form.error_of(wrong)
    assert {"验收.pdf", "现场.jpg"} <= set(form.texts)
    assert kept["_key"] == form.fields["_key"] != ""
    repaired = {"date": "2026-02-28", "email": "", "extra": "", "parts-0-quantity": "2", "parts-1-name": "螺母"}
    answer = visitor.submit(form, {**repaired, "hours": "20"}, status=303)
    assert {"验收.pdf", "现场.jpg", "焊工, 钳工"} <= visitor.get(answer.location).one("main").words


def test_a_rule_of_the_module_is_told_in_its_own_words(visit: Visit, a_repair: Make) -> None:
    record = a_repair()
    for language, text in (("en", "A day has no 25 hours."), ("zh_CN", "一天没有 25 小时。")):
        visitor = visit("keeper", language)
        form = main_form(visitor.get(f"{REPAIR}/{record.id}/edit"))
        page = page_of(visitor.submit(form, {"hours": "25"}, status=422))
        assert text in page.one(class_="problems").text
        assert main_form(page).fields["hours"] == "25"


def test_a_refused_form_goes_to_htmx_as_the_form_alone(visit: Visit) -> None:
    visitor = visit("keeper")
    form = main_form(visitor.get(f"{MACHINE}/new"))
    page = page_of(visitor.submit(form, {"code": "", "name": "n"}, status=422, headers=FRAGMENT))
    assert not page.all("html")
    assert page.one("form").error_of("code")
    assert page.one("form").fields["name"] == "n"


def test_what_was_kept_sends_htmx_to_the_record(visit: Visit, tag: str) -> None:
    visitor = visit("keeper")
    form = main_form(visitor.get(f"{MACHINE}/new"))
    answer = visitor.submit(form, {"code": tag, "name": tag}, status=204, headers=FRAGMENT)
    assert visitor.get(answer.headers["HX-Redirect"]).one("h1").text == tag


def test_a_form_that_is_sent_twice_makes_one_record(visit: Visit, workspace: Workspace, tag: str) -> None:
    visitor = visit("keeper")
    form = main_form(visitor.get(f"{MACHINE}/new"))
    typed = {"code": tag, "name": f"吊车{tag}"}
    first, second = (visitor.submit(form, typed, status=303) for _ in range(2))
    assert first.location == second.location
    assert count(workspace, "plant/machine", tag) == 1


def test_a_claim_that_is_submitted_twice_is_submitted_once_and_nobody_is_told_otherwise(
    visit: Visit, project: Record, workspace: Workspace, tag: str
) -> None:
    clerk = visit("clerk", fresh=True)
    form = main_form(clerk.get(f"{EXPENSE}/new"))
    line = {"items": "", "items-0-_row": "", "items-0-name": "纸", "items-0-quantity": "2", "items-0-price": "1.25"}
    typed = {"project": project.id, **line, "_do": "submit"}
    first, second = (clerk.submit(form, typed, status=303) for _ in range(2))
    assert first.location == second.location
    assert count(workspace, "cost_center/expense", tag) == 1
    page = clerk.get(second.location)
    assert not page.one(id="toasts").all(class_="danger")
    assert page.one(class_="timeline").text.count("submitted it") == 1


def test_a_form_sent_again_with_other_values_says_so_and_loses_nothing(visit: Visit, tag: str) -> None:
    visitor = visit("keeper")
    form = main_form(visitor.get(f"{MACHINE}/new"))
    visitor.submit(form, {"code": tag, "name": "eins"}, status=303)
    page = page_of(visitor.submit(form, {"code": f"{tag}b", "name": "zwei"}, status=422))
    assert page.all(class_="problems")
    again = main_form(page)
    assert again.fields["name"] == "zwei"
    assert again.fields["_key"] != form.fields["_key"]
    visitor.submit(again, status=303)


def test_who_was_overtaken_is_told_and_keeps_what_they_typed(
    visit: Visit, workspace: Workspace, a_repair: Make
) -> None:
    record = a_repair(remark="vorher")
    visitor = visit("keeper")
    form = main_form(visitor.get(f"{REPAIR}/{record.id}/edit"))
    save(workspace, Actor(login="admin"), "plant/repair", record.id, {"remark": "inzwischen"}, revision=record.revision)
    page = page_of(visitor.submit(form, {"remark": "von mir", "parts-0-name": "Mutter"}, status=412))
    assert "changed this record meanwhile" in page.one(class_="problems").text
    assert main_form(page).fields["remark"] == "von mir"
    assert main_form(page).fields["parts-0-name"] == "Mutter"
    assert now(workspace, record).values["remark"] == "inzwischen"


@pytest.mark.parametrize("revision", ["", "x", "-1", "9" * 5000, "²", None])
def test_a_revision_that_is_none_is_taken_for_an_old_one(visit: Visit, a_repair: Make, revision: str | None) -> None:
    record = a_repair()
    visitor = visit("keeper")
    form = main_form(visitor.get(f"{REPAIR}/{record.id}/edit"))
    visitor.submit(form, {"remark": "x", "_revision": revision}, status=412)


def test_a_line_can_be_added_moved_and_removed_without_script(visit: Visit, a_repair: Make) -> None:
    record = a_repair()
    visitor = visit("keeper")
    form = main_form(visitor.get(f"{REPAIR}/{record.id}/edit"))
    more = main_form(page_of(visitor.submit(form, {"remark": "halb fertig", "_add": "parts"}, status=200)))
    assert (more.fields["remark"], more.fields["parts-2-name"]) == ("halb fertig", "")
    moved = main_form(page_of(visitor.submit(more, {"_up": "parts-1"}, status=200)))
    assert [moved.fields[f"parts-{row}-name"] for row in (0, 1)] == ["螺母", "螺栓"]
    fewer = main_form(page_of(visitor.submit(moved, {"_remove": "parts-0"}, status=200)))
    answer = visitor.submit(fewer, status=303)
    assert "螺母" not in visitor.get(answer.location).one("main").texts


def test_a_rule_that_only_warns_is_told_after_saving_and_on_the_page_of_the_record(
    visit: Visit, a_repair: Make
) -> None:
    record = a_repair()
    visitor = visit("keeper")
    form = main_form(visitor.get(f"{REPAIR}/{record.id}/edit"))
    answer = visitor.submit(form, {"count": "21"}, status=303)
    page = visitor.get(answer.location)
    assert page.one(id="toasts").one("div", class_="warning").text == "人太多。"
    assert page.one("main").one(class_="notice").text == "人太多。"
    assert not visitor.get(f"{REPAIR}/{record.id}").one(id="toasts").all("div", class_="warning")
