"""A record form under somebody's hands."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from werkzeug.datastructures import MultiDict

Open = Callable[..., Page]
Posted = list[MultiDict[str, str]]


def names(page: Page) -> list[str]:
    """First cells of the lines, from top to bottom."""
    cells = page.locator("tbody[data-line] [data-path='items.name']")
    return [cells.nth(place).input_value() for place in range(cells.count())]


def paste(page: Page, selector: str, text: str) -> None:
    page.locator(selector).evaluate(
        """(cell, text) => {
          const clipboardData = new DataTransfer();
          clipboardData.setData("text/plain", text);
          cell.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}));
        }""",
        text,
    )


def wait_for_draft(page: Page, text: str) -> None:
    """Until what was typed is kept in the browser; Playwright's own waiting is not allowed to evaluate here."""
    while text not in page.evaluate("JSON.stringify(localStorage)"):
        page.evaluate("new Promise(requestAnimationFrame)")


def save(page: Page) -> None:
    page.locator("[data-save]").click()


def test_computed_values_follow_what_is_typed(open_page: Open) -> None:
    page = open_page("/form")
    page.fill("#items-0-quantity", "1,300")
    page.fill("#items-0-price", "０.５")
    expect(page.locator("#items-0-amount")).to_have_text("650.00")
    expect(page.locator("#total")).to_have_text("17,895.00")
    page.fill("#tax_rate", "13%")
    expect(page.locator("#with_tax")).to_have_text("20,221.35")
    expect(page.locator("[data-sum='items.amount']")).to_have_text("17,895.00")


def test_a_field_shows_and_is_required_as_its_formula_says(open_page: Open, posted: Posted) -> None:
    page = open_page("/form")
    field = page.locator("[data-field=reason]")
    expect(field).to_be_hidden()
    save(page)
    page.wait_for_url("**/?said=1")
    assert "reason" not in posted[-1]
    page = open_page("/form")
    page.select_option("#kind", "other")
    field = page.locator("[data-field=reason]")
    expect(field).to_be_visible()
    expect(field.locator("[data-star]")).to_be_visible()
    expect(page.locator("#reason")).to_have_attribute("aria-required", "true")


def test_lines_are_added_copied_removed_and_brought_back(open_page: Open) -> None:
    page = open_page("/form")
    page.get_by_role("button", name="复制此行").first.click()
    assert names(page) == ["C30 商品混凝土", "C30 商品混凝土", "HRB400 钢筋", "土方开挖"]
    expect(page.locator("#items-1-unit")).to_have_value("m³")
    page.get_by_role("button", name="添加一行").click()
    expect(page.locator("#items-4-name")).to_be_focused()
    page.locator("#items-2").get_by_role("button", name="删除此行").click()
    assert names(page) == ["C30 商品混凝土", "C30 商品混凝土", "土方开挖", ""]
    expect(page.locator("#total")).to_have_text("18,224.00")
    page.get_by_role("button", name="撤销").click()
    assert names(page) == ["C30 商品混凝土", "C30 商品混凝土", "HRB400 钢筋", "土方开挖", ""]
    expect(page.locator("#announcements")).to_have_text("已添加第5行")


def test_lines_move_by_keys_and_by_buttons_and_take_their_numbers_along(open_page: Open, posted: Posted) -> None:
    page = open_page("/form")
    page.locator("#items-2-name").press("Alt+ArrowUp")
    assert names(page) == ["C30 商品混凝土", "土方开挖", "HRB400 钢筋"]
    expect(page.locator("#items-1-name")).to_be_focused()
    expect(page.locator("#announcements")).to_have_text("现在是第2行，共3行")
    page.locator("#items-0").get_by_role("button", name="下移").click()
    assert names(page) == ["土方开挖", "C30 商品混凝土", "HRB400 钢筋"]
    save(page)
    page.wait_for_url("**/?said=1")
    assert [posted[-1][f"items-{row}-name"] for row in range(3)] == ["土方开挖", "C30 商品混凝土", "HRB400 钢筋"]
    assert [posted[-1][f"items-{row}-_row"] for row in range(3)] == ["2", "0", "1"]


def test_lines_move_by_dragging(open_page: Open) -> None:
    page = open_page("/form")
    page.locator("#items-0 [data-grip]").drag_to(page.locator("#items-2 [data-grip]"))
    assert names(page) == ["HRB400 钢筋", "土方开挖", "C30 商品混凝土"]


def test_arrows_and_enter_walk_the_column_and_enter_makes_the_next_line(open_page: Open) -> None:
    page = open_page("/form")
    page.locator("#items-0-price").press("ArrowDown")
    expect(page.locator("#items-1-price")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#items-2-price")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#items-3-price")).to_be_focused()


def test_enter_while_an_input_method_composes_stays_where_it_is(open_page: Open) -> None:
    page = open_page("/form")
    page.locator("#items-0-name").focus()
    page.locator("#items-0-name").evaluate(
        "cell => cell.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))"
    )
    expect(page.locator("#items-0-name")).to_be_focused()


def test_rows_of_a_spreadsheet_are_pasted_over_the_columns_and_make_lines(open_page: Open) -> None:
    page = open_page("/form")
    paste(page, "#items-2-name", '模板\t项\t"1,5"\t2.50\t忽略\r\n"外墙\n保温"\tm³\t3\t4\t忽略\r\n')
    assert names(page) == ["C30 商品混凝土", "HRB400 钢筋", "模板", "外墙 保温"]
    expect(page.locator("#items-2-unit")).to_have_value("项")
    expect(page.locator("#items-2-quantity")).to_have_value("1,5")
    expect(page.locator("#items-3-amount")).to_have_text("12.00")


def test_more_rows_than_allowed_are_left_out_and_said(open_page: Open) -> None:
    page = open_page("/form")
    paste(page, "#items-2-name", "\n".join(f"行{number}" for number in range(30)))
    expect(page.locator("tbody[data-line]")).to_have_count(20)
    expect(page.locator("#toasts")).to_contain_text("最多20行，有12行没有粘贴。")
    page.get_by_role("button", name="添加一行").click()
    expect(page.locator("tbody[data-line]")).to_have_count(20)


def test_a_refused_form_leads_to_its_faults_and_loses_nothing(
    open_page: Open, faults: Callable[[Page], list[str]]
) -> None:
    page = open_page("/form")
    page.fill("#items-1-quantity", "many")
    page.fill("#date", "someday")
    page.keyboard.press("Control+s")
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_text(["日期", "明细 › 2 › 数量"])
    summary.get_by_role("link", name="明细 › 2 › 数量").click()
    expect(page.locator("#items-1-quantity")).to_be_focused()
    expect(page.locator("#items-1-quantity")).to_have_value("many")
    expect(page.locator("#items-1-quantity")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#total")).to_have_text("14,224.00")
    assert faults(page) == []


def test_the_keys_press_the_right_buttons(open_page: Open, posted: Posted) -> None:
    page = open_page("/form")
    page.locator("#items-0-name").press("Control+Enter")
    page.wait_for_url("**/?said=1")
    page = open_page("/form")
    page.locator("#date").press("Control+s")
    page.wait_for_url("**/?said=1")
    assert [each["_action"] for each in posted] == ["submit", "save"]


def test_lines_and_saving_work_without_script(open_page: Open, posted: Posted) -> None:
    page = open_page("/form", script=False)
    page.get_by_role("button", name="添加一行").click()
    expect(page.locator("tbody[data-line]")).to_have_count(4)
    page.fill("#items-3-name", "脚手架")
    page.locator("#items-3").get_by_role("button", name="上移").click()
    assert names(page) == ["C30 商品混凝土", "HRB400 钢筋", "脚手架", "土方开挖"]
    page.fill("#items-2-quantity", "x")
    save(page)
    expect(page.get_by_role("alert")).to_contain_text("明细 › 3 › 数量")
    page.fill("#items-2-quantity", "5")
    save(page)
    expect(page).to_have_url(re.compile(r"\?said=1$"))
    assert posted[-1]["items-2-name"] == "脚手架"


def test_enter_in_a_field_saves_and_does_not_remove_a_line(open_page: Open, posted: Posted) -> None:
    page = open_page("/form", script=False)
    page.locator("#tax_rate").press("Enter")
    expect(page).to_have_url(re.compile(r"\?said=1$"))
    assert posted[-1]["_action"] == "save"


def test_leaving_with_unsaved_text_is_asked_about(open_page: Open) -> None:
    page = open_page("/form")
    page.get_by_role("link", name="取消").click()
    page.wait_for_url("**/list")
    page.go_back()
    page.fill("#data", "typed")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    with page.expect_event("dialog"):
        page.get_by_role("link", name="取消").click(no_wait_after=True)
    assert asked == ["beforeunload"]
    expect(page.locator("#data")).to_have_value("typed")


def test_a_draft_outlives_the_page_and_ends_with_saving(open_page: Open) -> None:
    page = open_page("/form?new=1&lookup=1")
    offer = page.locator("[data-draft-offer]")
    expect(offer).to_be_hidden()
    page.get_by_role("button", name="添加一行").click()
    page.fill("#items-0-name", "脚手架")
    page.fill("#items-0-quantity", "5")
    page.locator("#supplier").press_sequentially("天元")
    page.get_by_role("option", name="天元劳务有限公司").click()
    page.set_input_files("#files", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"a"})
    expect(page.locator(".files .name")).to_have_text("a.pdf")
    wait_for_draft(page, "a.pdf")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(offer).to_be_visible()
    page.get_by_role("button", name="恢复").click()
    expect(page.locator("#items-0-name")).to_have_value("脚手架")
    expect(page.locator("#supplier")).to_have_value("天元劳务有限公司")
    expect(page.locator(".files .name")).to_have_text("a.pdf")
    save(page)
    page.wait_for_url("**/?said=1")
    page.goto(page.url.replace("?said=1", "form?new=1&lookup=1"))
    expect(page.locator("record-form form")).to_be_visible()
    expect(offer).to_be_hidden()


def test_signing_out_takes_the_drafts_along(open_page: Open) -> None:
    page = open_page("/form?new=1")
    page.fill("#data", "secret")
    wait_for_draft(page, "secret")
    assert page.evaluate("Object.keys(localStorage)") == ["draft:wang:diary/entry/new"]
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(page.url.replace("form?new=1", "profile"))
    page.locator("main [data-logout] button").click()
    page.wait_for_url("**/login")
    assert page.evaluate("Object.keys(localStorage)") == []


def test_files_go_up_by_themselves_and_the_form_carries_their_ids(
    open_page: Open, posted: Posted, tmp_path: Path
) -> None:
    page = open_page("/form")
    for name in ("a.pdf", "broken.pdf"):
        (tmp_path / name).write_bytes(b"content")
    page.set_input_files("#files", [tmp_path / "a.pdf", tmp_path / "broken.pdf"])
    field = page.locator("[data-field=files]")
    expect(field.get_by_role("alert")).to_have_text("broken.pdf上传失败")
    expect(field.get_by_role("button", name="重试")).to_be_visible()
    field.get_by_role("button", name="移除 broken.pdf").click()
    field.get_by_role("button", name="移除验收单.pdf").click()
    save(page)
    page.wait_for_url("**/?said=1")
    assert posted[-1].getlist("files") == ["", "id-of-a.pdf"]


def test_a_large_photo_is_made_smaller_before_it_goes_up(open_page: Open) -> None:
    page = open_page("/form")
    sizes: list[int] = []
    page.on(
        "request", lambda request: request.url.endswith("/files") and sizes.append(len(request.post_data_buffer or b""))
    )
    photo = page.evaluate(
        """async () => {
          const canvas = new OffscreenCanvas(4000, 3000);
          const pen = canvas.getContext("2d");
          for (let i = 0; i < 4000; i++) {
            pen.fillStyle = `hsl(${i % 360} 90% 50%)`;
            pen.fillRect(i, (i * 37) % 3000, 90, 90);
          }
          const bytes = new Uint8Array(await (await canvas.convertToBlob({type: "image/png"})).arrayBuffer());
          return Array.from(bytes);
        }"""
    )
    page.set_input_files("#photo", {"name": "site.png", "mimeType": "image/png", "buffer": bytes(photo)})
    expect(page.locator("[data-field=photo] .name")).to_have_text("site.png")
    assert sizes[0] < len(photo)
    expect(page.locator("[data-field=photo] input[name=photo]").last).to_have_value("id-of-site.jpg")


def test_many_records_are_found_by_typing(open_page: Open, posted: Posted, faults: Callable[[Page], list[str]]) -> None:
    page = open_page("/form?lookup=1")
    box = page.get_by_role("combobox", name="供应商")
    expect(box).to_have_value("宏达混凝土有限公司")
    box.fill("天元")
    expect(page.locator(".look-up-list li")).to_have_text(["天元劳务有限公司"])
    assert faults(page) == []
    box.press("ArrowDown")
    box.press("Enter")
    expect(box).to_have_value("天元劳务有限公司")
    box.fill("没有")
    box.press("Tab")
    expect(box).to_have_value("天元劳务有限公司")
    save(page)
    page.wait_for_url("**/?said=1")
    assert posted[-1]["supplier"] == "s2"


def test_a_day_is_picked_by_keys(open_page: Open, faults: Callable[[Page], list[str]]) -> None:
    page = open_page("/form")
    page.locator("#date").press("Alt+ArrowDown")
    expect(page.get_by_role("button", name="2026年10月31日星期六")).to_be_focused()
    assert faults(page) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("PageDown")
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    expect(page.locator("#date")).to_have_value("2026-12-07")
    expect(page.locator("#date")).to_be_focused()
    page.locator("#date").press("Alt+ArrowDown")
    page.keyboard.press("Escape")
    expect(page.locator(".calendar")).to_have_count(0)
    expect(page.locator("#date")).to_be_focused()


@pytest.mark.parametrize(
    ("typed", "written"), [("20261122", "2026-11-22"), ("2026年3月2日", "2026-03-02"), ("31/31", "31/31")]
)
def test_a_date_is_written_out_when_it_can_be_understood(open_page: Open, typed: str, written: str) -> None:
    page = open_page("/form")
    page.fill("#date", typed)
    page.locator("#date").press("Tab")
    expect(page.locator("#date")).to_have_value(written)


def test_on_a_phone_one_line_is_open_at_a_time(open_page: Open) -> None:
    page = open_page("/form", phone=True)
    expect(page.locator("#items-0-name")).to_be_hidden()
    expect(page.locator("#items-0 [data-summary]")).to_have_text("C30 商品混凝土4,000.00")
    page.locator("#items-0 [data-open]").click()
    expect(page.locator("#items-0-name")).to_be_visible()
    page.locator("#items-1 [data-open]").click()
    expect(page.locator("#items-0-name")).to_be_hidden()
    expect(page.locator("#items-1-name")).to_be_visible()
    page.get_by_role("button", name="添加一行").click()
    expect(page.locator("#items-3-name")).to_be_focused()
    expect(page.locator("#items-1-name")).to_be_hidden()


def test_the_camera_comes_first_on_a_phone(open_page: Open) -> None:
    page = open_page("/form", phone=True)
    expect(page.locator("#photo")).to_have_attribute("capture", "environment")
    expect(page.locator("#photo")).to_have_attribute("accept", "image/*")


def test_a_formula_that_fails_says_so_at_its_field_while_one_types(
    open_page: Open, faults: Callable[[Page], list[str]]
) -> None:
    page = open_page("/form")
    quantity, price = "1" + "0" * 60, "1" + "0" * 50
    page.fill("#items-0-quantity", quantity)
    page.fill("#items-0-price", price)
    said = page.locator("#items-0-amount-failure")
    expect(said).to_have_text(
        f"数值过大或过小，无法精确计算。出错的部分：数量 * 单价，其中数量 = {quantity}, 单价 = {price}。"
    )
    expect(page.locator("#items-0-amount")).to_have_attribute("aria-describedby", "items-0-amount-failure")
    assert faults(page) == []
    page.fill("#items-0-price", "2")
    expect(said).to_have_count(0)
