"""The inbox with the record beside it, the home page, the search, and the history that a record tells."""

from collections.abc import Callable

import pytest

from engine.runtime.record import Record
from engine.usecases.actor import Actor
from engine.usecases.deployment import Workspace
from engine.usecases.people.save import Entry, save_people
from engine.usecases.records.remove import remove
from tests.web.views.conftest import Make, Visit
from tests.web.views.pages import Element
from tests.web.views.visitor import FRAGMENT, Visitor, main_form

EXPENSE = "/m/cost_center/expense"

Do = Callable[..., None]


@pytest.fixture
def do(visit: Visit) -> Do:
    """Somebody takes an action through its page."""

    def done(login: str, record: Record, action: str, comment: str = "") -> None:
        visitor = visit(login)
        address = f"/m/{record.module}/{record.entity}/{record.id}/do/{action}"
        visitor.submit(main_form(visitor.get(address)), {"_comment": comment}, status=303)

    return done


@pytest.fixture
def submitted(claim: Make, do: Do) -> Record:
    record = claim()
    do("clerk", record, "submit")
    return record


def listed(visitor: Visitor, path: str) -> list[str]:
    """Ids of the records in a tab, as they stand there."""
    links = [each["href"] for each in visitor.get(path).one("ul", class_="tasks").all("a", class_="cover")]
    return [each.partition("record=")[2].rsplit("%2F")[-1].rsplit("/")[-1] for each in links]


def told(page: Element) -> list[str]:
    """The steps of a timeline without their times."""
    return [" ".join(each.all("div")[0].texts[:-1]) for each in page.one(class_="timeline").all("li")]


def test_what_waits_is_in_the_inbox_of_whom_it_waits_for_and_counted(visit: Visit, submitted: Record, tag: str) -> None:
    boss = visit(f"boss{tag}")
    page = boss.get("/inbox")
    assert listed(boss, "/inbox") == [submitted.id]
    assert page.one("nav", class_="bottom").one(class_="count").text == "1"
    assert page.one("nav", class_="tabs").all("a")[0].text == "To do 1"
    line = page.one("ul", class_="tasks").one("li")
    assert {"21.00", f"Expense claim · {submitted.number}"} <= set(line.texts)
    assert line.one(class_="nowrap").texts[0].startswith("clerk")


def test_what_was_dealt_with_moves_to_the_next_tab(visit: Visit, submitted: Record, do: Do, tag: str) -> None:
    boss = visit(f"boss{tag}")
    do(f"boss{tag}", submitted, "approve")
    assert "Nothing is waiting for you." in boss.get("/inbox").one("main").text
    assert listed(boss, "/inbox?tab=done") == [submitted.id]
    assert submitted.id in listed(visit("clerk"), "/inbox?tab=started")


@pytest.mark.parametrize(
    ("tab", "en", "zh"),
    [
        ("todo", "Nothing is waiting for you.", "暂无待办。"),
        ("done", "You have not dealt with anything yet.", "暂无已办。"),
        ("started", "You have nothing under way.", "没有进行中的单据。"),
    ],
)
def test_an_empty_tab_says_so(visit: Visit, somebody: str, *, tab: str, en: str, zh: str) -> None:
    assert en in visit(somebody, fresh=True).get(f"/inbox?tab={tab}").one("main").text
    assert zh in visit(somebody, "zh_CN", fresh=True).get(f"/inbox?tab={tab}").one("main").text


def test_a_tab_that_is_not_there_is_the_first(visit: Visit) -> None:
    assert visit("clerk").get("/inbox?tab=%3Cx%3E").one("nav", class_="tabs").all("a")[0]["aria-current"] == "page"


def test_the_chosen_record_stands_beside_the_list(visit: Visit, submitted: Record, tag: str) -> None:
    boss = visit(f"boss{tag}")
    name = f"cost_center/expense/{submitted.id}"
    page = boss.get(f"/inbox?record={name}")
    assert [each["href"] for each in page.all("a", aria_current="true")] != []
    pane = page.one(id="pane")
    assert "打印纸" in pane.texts
    assert {"Approve", "Reject", "Return"} <= set(pane.texts)
    part = boss.get(f"/inbox?record={name}", headers=FRAGMENT)
    assert not part.all("html")
    assert part.texts == pane.texts


@pytest.mark.parametrize(
    "chosen", ["x", "a/b", "cost_center/expense/x", "cost_center/nothing/x", "nowhere/expense/x", "//", "a/b/c/d"]
)
def test_a_chosen_record_that_is_not_there_is_passed_over(visit: Visit, chosen: str) -> None:
    assert not visit("clerk").get(f"/inbox?record={chosen}").one(id="pane").all("article")


def test_a_record_of_others_cannot_be_seen_through_the_inbox(visit: Visit, submitted: Record) -> None:
    page = visit("mechanic").get(f"/inbox?record=cost_center/expense/{submitted.id}")
    assert not page.one(id="pane").all("article")


def test_a_long_inbox_is_shown_in_parts(visit: Visit, claim: Make, do: Do, tag: str) -> None:
    records = [claim() for _ in range(3)]
    for each in records:
        do("clerk", each, "submit")
    boss = visit(f"boss{tag}")
    page = boss.get("/inbox?limit=2")
    more = next(each for each in page.one("main").all("a") if each.text == "Show more")
    found = listed(boss, "/inbox?limit=2") + listed(boss, more["href"])
    assert found == [each.id for each in reversed(records)]


@pytest.mark.parametrize("after", ["x", "", "9" * 400, "é"])
def test_a_cursor_that_is_none_is_refused_or_passed_over_but_no_accident(visit: Visit, after: str) -> None:
    answer = visit("clerk").client.get(f"/inbox?after={after}")
    assert answer.status_code in {200, 400, 422}


def test_the_home_page_shows_what_waits_and_what_i_started(visit: Visit, submitted: Record, tag: str) -> None:
    boss, clerk = visit(f"boss{tag}"), visit("clerk")
    assert submitted.id in str([each["href"] for each in boss.get("/").one(class_="home").all("a")])
    assert submitted.id in str([each["href"] for each in clerk.get("/").one(class_="home").all("a")])
    assert f"{EXPENSE}/new" in [each["href"] for each in clerk.get("/").one("main").all("a")]
    assert submitted.id not in str([each.get("href") for each in visit("mechanic").get("/").all("a")])


def test_the_search_finds_by_number_what_one_may_read(visit: Visit, submitted: Record) -> None:
    address = f"/search?q={submitted.number}"
    assert submitted.id in str([each["href"] for each in visit("clerk").get(address).one("main").all("a")])
    page = visit("mechanic").get(address)
    assert "Nothing found" in page.one("main").text
    assert page.one(id="search-text")["value"] == submitted.number
    assert "Type a number or part of a title." in visit("clerk").get("/search?q=%20").one("main").text


def test_the_history_tells_who_did_what(visit: Visit, claim: Make, do: Do, tag: str) -> None:
    record, boss = claim(), f"boss{tag}"
    do("clerk", record, "submit")
    do(boss, record, "return", "请补充")
    clerk = visit("clerk")
    form = main_form(clerk.get(f"{EXPENSE}/{record.id}/edit"))
    clerk.submit(form, {"reason": "已补充", "items-0-price": "20", "_do": "resubmit"}, status=303)
    do("clerk", record, "withdraw")
    page = clerk.get(f"{EXPENSE}/{record.id}")
    name = f"经理{tag}"
    assert told(page) == [
        "clerk created it",
        "clerk submitted it",
        f"{name} Approval by the project manager · returned it",
        "clerk changed it",
        "clerk submitted it again",
        "clerk withdrew it",
    ]
    changes = {each.texts[0]: each.texts[1:] for each in page.all(class_="change")}
    assert changes["Reason"] == ["—", "→", "已补充"]
    assert changes["Amount claimed"] == ["21.00", "→", "40.00"]
    chinese = visit("clerk", "zh_CN").get(f"{EXPENSE}/{record.id}")
    assert told(chinese)[2] == f"{name} 项目经理审批 · 退回"


def test_the_history_ends_with_whom_it_waits_for(visit: Visit, submitted: Record, tag: str) -> None:
    last = visit("clerk").get(f"{EXPENSE}/{submitted.id}").one(class_="timeline").all("li")[-1]
    assert "waiting" in last.classes
    assert last.texts == ["Approval by the project manager", f"经理{tag}", "in progress"]


def test_a_step_that_passes_by_itself_says_why(visit: Visit, make: Make, project: Record, do: Do, tag: str) -> None:
    boss = f"boss{tag}"
    items = [{"name": "笔", "quantity": "1", "price": "2"}]
    record = make(boss, "cost_center/expense", project=project.id, items=items)
    do(boss, record, "submit")
    page = visit(boss).get(f"{EXPENSE}/{record.id}")
    step = next(each for each in told(page) if "only one asked is the starter" in each)
    assert step.startswith("System Approval by the project manager · passed")
    assert page.one("main").all(class_="tag")[0].text == "Approved"


def test_the_history_hides_what_the_reader_may_not_see(visit: Visit, workspace: Workspace, a_repair: Make) -> None:
    record = a_repair("mechanic")
    keeper = visit("keeper")
    form = main_form(keeper.get(f"/m/plant/repair/{record.id}/edit"))
    typed = {"cost": "77.70", "hours": "3", "place-zone": "东", "parts-0-name": "新", "urgent": ["", "true"]}
    keeper.submit(form, typed, status=303)
    seen = {each.texts[0] for each in keeper.get(f"/m/plant/repair/{record.id}").all(class_="change")}
    assert {"成本", "工时", "位置", "配件", "加急"} <= seen
    page = visit("mechanic").get(f"/m/plant/repair/{record.id}")
    assert "成本" not in page.words
    assert "77.70" not in page.text
    assert {each.texts[0] for each in page.all(class_="change")} == seen - {"成本"}
    remove(workspace, Actor(login="admin"), "plant/repair", record.id, revision=2)


def test_somebody_who_left_is_still_named(visit: Visit, workspace: Workspace, claim: Make, somebody: str) -> None:
    record = claim(somebody)
    with workspace.write() as session:
        save_people(session, [Entry(login=somebody, name=f"新人{somebody}", active=False)])
    assert told(visit("admin").get(f"{EXPENSE}/{record.id}")) == [f"新人{somebody} created it"]
