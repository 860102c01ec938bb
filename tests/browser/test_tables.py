"""The grid of a decision table in a real browser: typed, pasted into, moved; on a desk and on a phone."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from engine.usecases.deployment import Deployment
from engine.usecases.modules.publish import publish
from engine.usecases.people.sign_in import set_common_password
from tests.browser.conftest import served, shoot, window
from tests.company import a_company
from tests.web.views.grids import files
from web.app import Settings, create_app

PASSWORD: Final = "one for all 12"
GRID: Final = "/admin/modules/site/tables/field/work/rate"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A company with a module that has tables."""
    folder: Path = tmp_path_factory.mktemp("tables")
    made = create_app(Settings(database=f"sqlite:///{folder}/var", secret_key="tests", files=folder / "files"))
    deployment: Deployment = made.extensions["dougong"]
    workspace = a_company(deployment, ["core"])
    with workspace.write() as session:
        set_common_password(session, ["admin"], PASSWORD)
    publish(workspace, None, files("site"))
    yield made
    deployment.close()


@pytest.fixture
def grid(browser: Browser, app: Flask) -> Iterator[Callable[..., Page]]:
    """Opens the grid as the administrator; what the console complains of fails the test, refusals aside."""
    complaints: list[str] = []
    contexts = []

    with served(app) as address:

        def opened(*, phone: bool = False, language: str = "zh_CN", path: str = GRID) -> Page:
            context = window(browser, phone=phone, language=language, base_url=address)
            contexts.append(context)
            page = context.new_page()
            page.on(
                "console",
                lambda said: said.type == "error" and "status of 4" not in said.text and complaints.append(said.text),
            )
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.goto(f"/login?next={path}")
            page.fill("[name=login]", "admin")
            page.fill("[name=password]", PASSWORD)
            page.locator("form button").last.click()
            expect(page.locator("main h1")).to_be_visible()
            return page

        yield opened
        for context in contexts:
            context.close()
    assert complaints == []


def cells(page: Page) -> list[list[str]]:
    rows = page.locator("decision-table tbody tr")
    return [
        rows.nth(place).locator("input:not([type=hidden])").evaluate_all("all => all.map(each => each.value)")
        for place in range(rows.count())
    ]


def paste(page: Page, text: str) -> None:
    """What a spreadsheet has put on the clipboard, into the cell that has the focus."""
    page.evaluate(
        """text => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          const pasted = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
          document.activeElement.dispatchEvent(pasted);
        }""",
        text,
    )


@pytest.mark.parametrize(("phone", "language"), [(False, "zh_CN"), (True, "en")], ids=["desk", "phone"])
def test_the_grid_is_whole(
    grid: Callable[..., Page], faults: Callable[[Page], list[str]], *, phone: bool, language: str
) -> None:
    page = grid(phone=phone, language=language)
    page.locator("#cell-1-0").fill(">= nine")
    for state in ("open", "refused"):
        shoot(page, f"table-{state}-{'phone' if phone else 'desk'}")
        assert faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= screen.width")
        if state == "open":
            page.locator("#cell-0-1").fill(">= nine")
            page.locator("button[name=do][value=save]:not(.visually-hidden)").click()
            expect(page.locator("#cell-0-1-error")).to_be_visible()
    assert page.locator("#cell-0-1").input_value() == ">= nine"
    page.goto("/admin/modules/site/tables")
    assert faults(page) == []


def test_rows_are_added_moved_and_removed_without_the_server(grid: Callable[..., Page]) -> None:
    page = grid()
    before = cells(page)
    page.locator("[data-do=add]").click()
    page.keyboard.type("mason")
    page.locator("[data-do=up]").last.click()
    page.locator("[data-do=down]").first.click()
    page.locator("[data-do=drop]").nth(2).click()
    assert cells(page) == [before[1], before[0], ["mason", "", ""], before[3]]
    assert page.locator("[data-number]").all_text_contents() == ["1", "2", "3", "4"]


def test_rows_are_pasted_from_a_spreadsheet_and_published(grid: Callable[..., Page]) -> None:
    page = grid()
    page.locator("#cell-0-1").focus()
    paste(page, ">= 8\t210\n\t180\n5\t75\n< 1\t10\n\t120")
    assert cells(page) == [
        ["mason", ">= 8", "210"],
        ['"mason", "carpenter"', "", "180"],
        ["", "5", "75"],
        ["", "< 1", "10"],
        ["", "", "120"],
    ]
    page.locator("#cell-0-1").press("Enter")
    assert page.evaluate("document.activeElement.id") == "cell-1-1"
    page.locator("button[name=do][value=save]:not(.visually-hidden)").click()
    expect(page.locator("#toasts")).to_contain_text("2")
    assert cells(page)[4] == ["", "", "120"]
