"""How a value comes about, as a page and in the dialog of a record's page, as far as its reader may see it."""

from engine.usecases.actor import Actor
from engine.usecases.deployment import Workspace
from engine.usecases.records.save import save
from tests.web.views.conftest import Make, Visit
from tests.web.views.pages import Element
from tests.web.views.visitor import FRAGMENT

REPAIR = "/m/plant/repair"


def steps(page: Element) -> list[tuple[str, str]]:
    """Each part of the formula with what came of it, from the outside in."""
    found = page.all(class_="step")
    return [(each.one(class_="step-text").text, each.one(class_="step-value").text) for each in found]


def test_computed_values_lead_to_how_they_come_about_and_typed_ones_do_not(visit: Visit, a_repair: Make) -> None:
    record = a_repair(hours="2")
    page = visit("keeper").get(f"{REPAIR}/{record.id}")
    links = [each["href"] for each in page.all("a", class_="how")]
    here = f"{REPAIR}/{record.id}/explain?field="
    assert {*links} == {f"{here}total", f"{here}parts.0.amount", f"{here}parts.1.amount"}
    assert all(each["hx-get"] == each["href"] for each in page.all("a", class_="how"))


def test_a_total_is_explained_down_to_its_lines(visit: Visit, a_repair: Make) -> None:
    record = a_repair()
    page = visit("keeper").get(f"{REPAIR}/{record.id}/explain?field=total").one("main")
    assert page.one("h2").text == "合计"
    assert page.one(class_="explained-value").text == "9.00"
    assert page.one(class_="formula").one("code").text == "SUM(parts.amount)"
    assert steps(page) == [("SUM( 配件.金额 )", "= 9.00"), ("配件.金额 parts.amount", "")]
    rows = page.one(class_="step-rows").all("li")
    assert [each.texts[:3] for each in rows] == [["1", "螺栓", "3.00"], ["2", "螺母", "6.00"]]
    assert [each.one("a")["href"].partition("=")[2] for each in rows] == ["parts.0.amount", "parts.1.amount"]


def test_a_cell_is_explained_with_the_values_of_its_line(visit: Visit, a_repair: Make) -> None:
    record = a_repair()
    page = visit("keeper", "zh_CN").get(f"{REPAIR}/{record.id}/explain?field=parts.1.amount").one("main")
    assert page.one("h2").text == "金额 · 第2行"
    assert steps(page)[1:] == [("数量 * 单价", "= 6"), ("数量 quantity", "= 3"), ("单价 price", "= 2.00")]


def test_htmx_gets_the_dialog_alone(visit: Visit, a_repair: Make) -> None:
    record = a_repair()
    page = visit("keeper").get(f"{REPAIR}/{record.id}/explain?field=total", headers=FRAGMENT)
    assert not page.all("main")
    assert page.one(id="dialog-title").text == "合计"
    assert page.all("a", data_close="")[0]["href"] == f"{REPAIR}/{record.id}"


def test_what_somebody_may_not_see_is_said_to_be_so_and_its_label_is_not_told(
    visit: Visit, workspace: Workspace, a_repair: Make
) -> None:
    record = a_repair("mechanic", parts=[{"name": "a", "quantity": "1", "price": "2"}])
    assert visit("mechanic").get(f"{REPAIR}/{record.id}/explain?field=total")
    parts = [{"name": "a", "quantity": "1", "price": "2"}]
    save(workspace, Actor(login="admin"), "plant/repair", record.id, {"parts": parts}, revision=record.revision)
    for place in ("cost", "parts.0.supplier", "nothing"):
        visit("mechanic").get(f"{REPAIR}/{record.id}/explain?field={place}", status=404)
    visit("another").get(f"{REPAIR}/{record.id}/explain?field=total", status=404)


def test_what_is_typed_is_said_to_be_typed(visit: Visit, a_repair: Make) -> None:
    record = a_repair(hours="2")
    page = visit("keeper").get(f"{REPAIR}/{record.id}/explain?field=hours").one("main")
    assert page.one(class_="explained-value").text == "2"
    assert not page.all(class_="step")
