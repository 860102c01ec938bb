"""The frame of the pages: themes, dialogs, lists that search as one types, the inbox, and keys."""

from collections.abc import Callable

from playwright.sync_api import Page, Route, expect
from werkzeug.datastructures import MultiDict

Open = Callable[..., Page]
Faults = Callable[[Page], list[str]]


def test_the_first_tab_skips_to_the_content(open_page: Open) -> None:
    page = open_page("/list")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_a_chosen_theme_is_kept(open_page: Open) -> None:
    page = open_page("/list")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")
    page.get_by_role("button", name="切换深浅色").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_user_menu_opens_inside_the_window_and_closes_with_escape(open_page: Open, faults: Faults) -> None:
    page = open_page("/list", phone=True)
    button = page.get_by_role("button", name="我的菜单")
    button.click()
    menu = page.locator("#user-menu")
    expect(menu).to_be_visible()
    box = menu.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert faults(page) == []
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()


def test_a_list_searches_as_one_types_and_back_brings_the_whole_page(open_page: Open) -> None:
    page = open_page("/list")
    page.get_by_label("在列表中搜索").press_sequentially("科创园")
    page.wait_for_url("**/list?*q=*")
    expect(page.locator("#results tbody tr")).to_have_count(6)
    expect(page.get_by_label("在列表中搜索")).to_be_focused()
    page.get_by_label("在列表中搜索").fill("没有这样的")
    expect(page.locator("#results")).to_contain_text("没有找到")
    page.goto(page.url.replace("list", "profile"))
    page.go_back()
    expect(page.locator("nav.menu")).to_be_visible()
    expect(page.locator("#results")).to_contain_text("没有找到")


def test_pinyin_on_its_way_to_a_word_is_not_searched_for(open_page: Open) -> None:
    page = open_page("/list")
    asked: list[str] = []
    page.on("request", lambda request: "/list" in request.url and asked.append(request.url))
    box = page.get_by_label("在列表中搜索")
    box.focus()
    keyboard = page.context.new_cdp_session(page)
    for letters in ("k", "ke", "ke ch"):
        keyboard.send("Input.imeSetComposition", {"text": letters, "selectionStart": 0, "selectionEnd": len(letters)})
        # Longer than a search waits for the next letter: this delay is what the test is about.
        page.wait_for_timeout(400)
    assert asked == []
    keyboard.send("Input.insertText", {"text": "科创"})
    page.wait_for_url("**/list?*q=*")
    assert len(asked) == 1


def test_columns_sort_by_their_heads_and_keep_the_focus(open_page: Open) -> None:
    page = open_page("/list")
    page.get_by_role("link", name="供应商").press("Enter")
    page.wait_for_url("**/list?sort=2")
    expect(page.get_by_role("link", name="供应商")).to_be_focused()


def test_a_click_anywhere_in_a_row_opens_it(open_page: Open) -> None:
    page = open_page("/list")
    page.locator("#results tbody tr").nth(2).locator("td").nth(2).click()
    page.wait_for_url("**/record?id=2")


def test_filters_open_in_a_sheet_that_gives_the_focus_back(open_page: Open, faults: Faults) -> None:
    page = open_page("/list", phone=True)
    page.get_by_role("button", name="筛选").click()
    sheet = page.locator("#filter-sheet")
    expect(sheet).to_be_visible()
    assert faults(page) == []
    sheet.get_by_label("状态").select_option("running")
    sheet.get_by_role("button", name="查看结果").click()
    expect(sheet).to_be_hidden()
    page.wait_for_url("**/list?*state=running*")


def test_an_action_opens_a_dialog_keeps_the_focus_inside_and_gives_it_back(open_page: Open, faults: Faults) -> None:
    page = open_page("/record")
    button = page.get_by_role("link", name="驳回")
    button.click()
    dialog = page.get_by_role("dialog", name="退回")
    expect(dialog).to_be_visible()
    assert faults(page) == []
    for _ in range(14):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body || document.activeElement.closest('dialog') !== null"
        )
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()


def test_a_refused_action_says_so_in_the_dialog_and_a_phrase_helps(
    open_page: Open, posted: list[MultiDict[str, str]]
) -> None:
    page = open_page("/record")
    page.get_by_role("link", name="驳回").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="退回").click()
    expect(dialog.get_by_role("alert")).to_be_focused()
    dialog.get_by_role("button", name="资料不全").click()
    dialog.get_by_role("button", name="请补充验收单").click()
    expect(page.get_by_label("意见")).to_have_value("资料不全，请补充验收单")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/?said=1")
    assert posted[-1]["_comment"] == "资料不全，请补充验收单"
    expect(page.locator("#toasts")).to_contain_text("已保存")


def test_an_action_is_a_page_of_its_own_without_script(open_page: Open, posted: list[MultiDict[str, str]]) -> None:
    page = open_page("/record", script=False)
    page.get_by_role("link", name="驳回").click()
    page.get_by_label("意见").fill("资料不全")
    page.get_by_role("button", name="退回").click()
    assert posted[-1]["_comment"] == "资料不全"
    assert page.url.endswith("?said=1")


def test_a_task_opens_beside_the_list_which_stays_where_it_is(open_page: Open) -> None:
    page = open_page("/inbox")
    page.get_by_role("link", name="大地土石方工程有限公司 进度款").first.click()
    page.wait_for_url("**/inbox?task=3")
    expect(page.locator("#pane article")).to_be_visible()
    expect(page.locator(".tasks [aria-current]")).to_have_text("大地土石方工程有限公司 进度款")


def test_on_a_phone_a_task_takes_the_page_and_leads_back(open_page: Open) -> None:
    page = open_page("/inbox", phone=True)
    page.get_by_role("link", name="天元劳务有限公司 进度款").first.click()
    expect(page.locator(".inbox-list")).to_be_hidden()
    expect(page.get_by_role("link", name="同意")).to_be_in_viewport()
    page.get_by_role("link", name="返回").click()
    expect(page.locator(".inbox-list")).to_be_visible()


def test_a_computed_value_opens_how_it_comes_about_and_closes_again(open_page: Open, faults: Faults) -> None:
    page = open_page("/record")
    link = page.locator("td a.how").first
    link.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="每份金额")
    expect(dialog.locator(".trace")).to_contain_text("您无权查看")
    assert faults(page) == []
    dialog.locator("a.how").last.click()
    expect(dialog.locator(".trace")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(link).to_be_focused()


def test_a_dialog_that_was_closed_stays_closed_when_a_late_answer_comes(open_page: Open) -> None:
    page = open_page("/record")
    page.locator("td a.how").first.click()
    dialog = page.locator("dialog#dialog")
    expect(dialog.locator(".trace")).to_be_visible()
    late: list[Route] = []

    def hold(route: Route) -> None:
        late.append(route)

    page.route("**/explain*", hold)
    with page.expect_request("**/explain*"):
        dialog.locator("a.how").last.click()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    late[0].fulfill(content_type="text/html", body="<p>late</p>")
    expect(page.locator("#dialog-body")).to_have_text("late")
    expect(dialog).to_be_hidden()


def test_how_a_value_comes_about_is_a_page_of_its_own_without_script(open_page: Open) -> None:
    page = open_page("/record", phone=True, script=False)
    page.locator(".line-cards summary").first.click()
    page.locator(".line-cards a.how").first.click()
    expect(page.locator("main .explained .trace")).to_be_visible()
    page.locator("main .explained [data-close]").click()
    expect(page.locator(".record")).to_be_visible()


def test_what_can_be_touched_on_a_phone_is_large_enough(open_page: Open) -> None:
    for path in ("/list", "/form", "/inbox?task=1", "/record"):
        page = open_page(path, phone=True)
        sizes = page.evaluate(
            """() => [...document.querySelectorAll("button, a.btn, select, input:not([type=hidden]), nav a")]
              .filter(each => each.checkVisibility() && !each.closest("label, .visually-hidden, .trail, .chip")
                && !each.matches(".visually-hidden, .skip, .form-check-input, .chip, [type=file]"))
              .map(each => [each.outerHTML.slice(0, 90), each.getBoundingClientRect().height])
              .filter(([, height]) => height < 43.5)"""
        )
        assert sizes == []


def test_trouble_on_the_server_is_said_and_nothing_is_lost(open_page: Open) -> None:
    page = open_page("/form", calm=False)
    page.route(
        "**/form",
        lambda route: route.fulfill(status=429, body="") if route.request.method == "POST" else route.continue_(),
    )
    page.fill("#data", "typed")
    page.locator("[data-save]").click()
    expect(page.locator("#toasts")).to_contain_text("操作太频繁，请稍候。")
    page.unroute("**/form")
    page.route("**/form", lambda route: route.abort())
    page.locator("[data-save]").click()
    expect(page.locator("#toasts")).to_contain_text("填写的内容还在")
    expect(page.locator("#data")).to_have_value("typed")
