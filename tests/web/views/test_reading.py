"""A record as it is read: every kind of value, lines with totals, links, and only what the reader may see."""

from engine.runtime.record import Record
from tests.web.views.conftest import Make, Visit
from tests.web.views.pages import Element
from tests.web.views.visitor import upload

REPAIR = "/m/plant/repair"


def facts(page: Element) -> dict[str, Element]:
    """Title → value of what a record's page tells, with the parts of objects."""
    lists = page.one("main").all("dl", class_="reading")
    entries = [each for part in lists for each in part.children if isinstance(each, Element)]
    return {each.all("dt")[0].text: each.all("dd")[0] for each in entries}


def test_every_kind_of_value_is_shown_in_its_own_way(visit: Visit, a_repair: Make, machine: Record, tag: str) -> None:
    visitor = visit("keeper")
    photo, file = upload(visitor, "现场.png"), upload(visitor, "单据.pdf")
    record = a_repair(
        kind="other",
        reason="第一行\n第二行",
        date="2026-03-01",
        hours="2.5",
        share="0.125",
        count=3,
        urgent=True,
        skills=["焊工", "钳工"],
        helper="vice",
        place={"zone": "东区", "owner": "甲方"},
        extra={"a": [1]},
        photo=photo,
        files=[file],
    )
    found = facts(visitor.get(f"{REPAIR}/{record.id}"))
    texts = {title: each.text for title, each in found.items()}
    assert {"日期": "1 Mar 2026", "工时": "2.5", "分摊": "12.5%", "人数": "3", "协助": "vice"}.items() <= texts.items()
    assert {"类别": "其他", "工种": "焊工, 钳工", "加急": "Yes", "备注": "—"}.items() <= texts.items()
    link = found["Machine"].one("a")
    assert (link.text, link["href"]) == (f"塔吊{tag}", f"/m/plant/machine/{machine.id}")
    assert found["说明"].one(class_="long").raw == "第一行\n第二行"
    assert found["位置"].texts == ["分区", "东区", "责任单位", "甲方"]
    assert found["附加数据"].one("pre").raw == '{"a":[1]}'
    assert found["照片"].one("img")["alt"] == "现场.png"
    assert found["照片"].one("img")["src"] == f"/files/{photo}"
    assert found["附件"].one("a")["href"] == f"/files/{file}"


def test_computed_amounts_of_lines_are_summed_and_prices_are_not(visit: Visit, a_repair: Make) -> None:
    record = a_repair()
    table = facts(visit("keeper").get(f"{REPAIR}/{record.id}"))["配件"].one("table")
    assert [each.text for each in table.one("thead").all("th")] == ["#", "名称", "数量", "单价", "供应商", "金额"]
    assert [each.text for each in table.one("tfoot").all("td")] == ["Total", "", "", "", "", "9.00"]
    assert "number" in table.one("thead").all("th")[2].classes


def test_a_single_line_needs_no_total(visit: Visit, a_repair: Make) -> None:
    record = a_repair(parts=[{"name": "a", "quantity": "1", "price": "2"}])
    table = facts(visit("keeper").get(f"{REPAIR}/{record.id}"))["配件"].one("table")
    assert not table.all("tfoot")


def test_what_a_condition_hides_is_not_there_and_what_is_blank_is(visit: Visit, a_repair: Make) -> None:
    found = facts(visit("keeper").get(f"{REPAIR}/{a_repair(kind='repair').id}"))
    assert "说明" not in found
    assert found["备注"].text == "—"


def test_hidden_fields_and_columns_are_nowhere_on_the_page(visit: Visit, a_repair: Make) -> None:
    parts = [{"name": "a", "quantity": "1", "price": "2"}]
    record = a_repair("mechanic", parts=parts, place={"zone": "东区"})
    page = visit("mechanic").get(f"{REPAIR}/{record.id}").one("main")
    assert {"成本", "责任单位", "供应商", "验收报告"} & page.words == set()
    assert {"分区", "名称", "等级"} <= page.words


def test_a_record_leads_to_its_form_and_its_copy_as_far_as_one_may(visit: Visit, a_repair: Make) -> None:
    record = a_repair("mechanic", hours="1")
    links = {each["href"] for each in visit("keeper").get(f"{REPAIR}/{record.id}").all("a")}
    assert {f"{REPAIR}/{record.id}/edit", f"{REPAIR}/{record.id}/delete", f"{REPAIR}/{record.id}/do/close"} <= links
    links = {each["href"] for each in visit("mechanic").get(f"{REPAIR}/{record.id}").all("a")}
    assert f"{REPAIR}/{record.id}/do/close" not in links
    assert f"{REPAIR}/{record.id}/do/drop" in links
