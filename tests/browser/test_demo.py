"""The demo company in a real browser: the main job from claim to payment order, and every screen in both languages."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from engine.usecases import demo
from tests.browser.conftest import served, shoot, window
from web.app import Settings, create_app

Visit = Callable[..., Page]
Faults = Callable[[Page], list[str]]

#: What the buttons say.
WORDS: Final = {
    "zh_CN": {"submit": "提交", "approve": "同意", "reject": "驳回", "rejected": "已驳回", "approved": "已批准"},
    "en": {
        "submit": "Submit",
        "approve": "Approve",
        "reject": "Reject",
        "rejected": "Rejected",
        "approved": "Approved",
    },
}
LANGUAGES: Final = ("zh_CN", "en")


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the demo company, fresh."""
    folder: Path = tmp_path_factory.mktemp("demo")
    app = create_app(Settings(database=f"sqlite:///{folder}", secret_key="tests", files=folder / "files"))
    demo.demo(app.extensions["dougong"])
    with served(app) as address:
        yield address


@pytest.fixture
def visit(browser: Browser, company: str) -> Iterator[Visit]:
    """Signs somebody in; whatever the console complains of fails the test."""
    complaints: list[str] = []
    contexts = []

    def complain(said: ConsoleMessage) -> None:
        if said.type == "error" and "status of 422" not in said.text:
            complaints.append(said.text)

    def signed_in(login: str, language: str = "zh_CN", *, phone: bool = False) -> Page:
        context = window(browser, phone=phone, language=language, base_url=company)
        contexts.append(context)
        page = context.new_page()
        page.on("console", complain)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto("/login")
        page.fill("[name=login]", login)
        page.fill("[name=password]", demo.PASSWORD)
        page.locator("form button").last.click()
        expect(page.locator("nav.menu, nav.bottom").first).to_be_attached()
        return page

    yield signed_in
    for context in contexts:
        context.close()
    assert complaints == []


def claim(page: Page, price: str, language: str) -> str:
    """Fill an expense claim of one line for the first project and submit it; its address."""
    page.goto("/m/cost_center/expense/new")
    page.select_option("[name=project]", label="滨江一号院")
    if page.locator('[name="items-0-name"]').count() == 0:
        page.locator("line-items [name=_add]").click()
    for name, text in (("name", "钢筋"), ("quantity", "2"), ("price", price)):
        cell = page.locator(f'[name="items-0-{name}"]')
        if not cell.is_visible():
            page.locator("line-items .line-head, line-items summary").first.click()
        cell.fill(text)
    page.locator(".action-bar").get_by_role("button", name=WORDS[language]["submit"]).click()
    page.wait_for_url("**/m/cost_center/expense/*-*")
    return page.url


def decide(page: Page, address: str, action: str, comment: str, language: str) -> None:
    """Find the claim in the inbox, open it there and decide."""
    page.goto("/inbox")
    number = address.rsplit("/", 1)[-1]
    page.locator(f'.tasks a.cover[href*="{number}"]').click()
    bar = page.locator(".pane-bar")
    bar.get_by_role("link", name=WORDS[language][action], exact=True).click()
    page.fill("#dialog textarea", comment)
    page.locator("#dialog [data-submit]").click()
    expect(page.locator("#dialog")).not_to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_amount_is_computed_while_typing_and_again_on_the_server(visit: Visit, language: str) -> None:
    page = visit("li_gong", language)
    page.goto("/m/cost_center/expense/new")
    page.select_option("[name=project]", label="滨江一号院")
    if page.locator('[name="items-0-name"]').count() == 0:
        page.locator("line-items [name=_add]").click()
    for name, text in (("name", "φ12"), ("quantity", "11.1"), ("price", "21.45")):
        page.fill(f'[name="items-0-{name}"]', text)
    expect(page.locator('record-form [data-path="amount"]').first).to_have_text("238.10")
    page.locator(".action-bar").get_by_role("button", name=WORDS[language]["submit"]).click()
    page.wait_for_url("**/m/cost_center/expense/*-*")
    expect(page.locator("main")).to_contain_text("238.10")


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_half_a_million_on_a_vice_president_is_asked_too(visit: Visit, faults: Faults, language: str) -> None:
    words = WORDS[language]
    clerk = visit("li_gong", language)
    small, large = claim(clerk, "249999.99", language), claim(clerk, "250000.00", language)
    manager = visit("wang_jingli", language, phone=True)
    for address in (small, large):
        decide(manager, address, "approve", "ok", language)
    clerk.goto(small)
    expect(clerk.locator(".head")).to_contain_text(words["approved"])
    clerk.goto(large)
    expect(clerk.locator(".head")).not_to_contain_text(words["approved"])
    director = visit("zhao_zong", language, phone=True)
    director.goto("/inbox")
    assert faults(director) == []
    shoot(director, f"demo-inbox-phone-{language}")
    decide(director, large, "reject", "超出预算", language)
    clerk.goto(large)
    expect(clerk.locator(".head")).to_contain_text(words["rejected"])
    timeline = clerk.locator(".timeline")
    for told in ("李工", "王经理", "赵总", "超出预算"):
        expect(timeline).to_contain_text(told)
    shoot(clerk, f"demo-record-{language}")


def test_a_refusal_without_a_comment_is_refused_and_nothing_is_lost(visit: Visit) -> None:
    address = claim(visit("li_gong"), "12.50", "zh_CN")
    manager = visit("wang_jingli")
    manager.goto(f"{address}/do/reject")
    manager.locator("main [data-submit]").click()
    expect(manager.locator(".error:visible")).to_be_visible()
    manager.goto(address)
    expect(manager.locator(".timeline .waiting")).to_contain_text("王经理")


def test_the_list_is_filtered_sorted_and_paged(visit: Visit) -> None:
    page = visit("admin")
    page.goto("/m/cost_center/expense?view=expense.list&size=20")
    rows = page.locator("table.grid tbody tr")
    whole = rows.count()
    page.locator("#sort-amount").click()
    expect(page.locator("th[aria-sort=descending]")).to_be_visible()
    amounts = [float(each.replace(",", "")) for each in rows.locator("td.number").all_inner_texts()]
    assert amounts == sorted(amounts, reverse=True)
    page.goto("/m/cost_center/expense?view=expense.list&f.state=draft")
    assert 0 < rows.count() < whole
    expect(page.locator("ul.chips a").first).to_be_visible()


SCREENS: Final = (
    "/",
    "/inbox",
    "/profile",
    "/search?q=FY",
    "/m/core/project",
    "/m/cost_center/expense",
    "/m/cost_center/expense/new",
    "/m/progress_control/daily_report/new",
    "/m/funds/payment_request",
    "/m/funds/payment_request/new",
    "/m/day_labor/daywork_sheet/new",
    "/m/handover/handover",
    "/m/handover/handover/new",
    "/admin/people",
    "/admin/people/li_gong",
    "/admin/departments",
    "/admin/roles",
    "/admin/modules",
)


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_is_whole(visit: Visit, faults: Faults, language: str, *, phone: bool) -> None:
    page = visit("admin", language, phone=phone)
    found: dict[str, list[str]] = {}
    for screen in SCREENS:
        answer = page.goto(screen)
        assert answer is not None
        assert answer.status == 200, screen
        page.wait_for_load_state("networkidle")
        name = screen.strip("/").replace("/", "-").split("?")[0] or "home"
        shoot(page, f"demo-{name}-{language}-{'phone' if phone else 'desk'}")
        wide = page.evaluate("document.documentElement.scrollWidth > screen.width")
        if problems := [*faults(page), *(["wider than the screen"] if wide else [])]:
            found[screen] = problems
    assert found == {}
