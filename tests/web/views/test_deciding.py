"""Deciding on a record whose state wants something filled in, and picking among more records than a list can hold."""

import json
from typing import Any

import pytest

from engine.runtime.record import Record
from engine.usecases.actor import Actor
from engine.usecases.deployment import Workspace
from engine.usecases.modules.publish import publish
from engine.usecases.records.create import create
from engine.usecases.records.draft import OFFERED
from engine.usecases.records.look import get
from tests.web.views.conftest import Make, Visit
from tests.web.views.visitor import FRAGMENT, main_form, page_of

ORDER = "/m/supply/order"
LINES = {"type": "array", "minItems": 1, "items": {"type": "object", "required": ["name"], "properties": {}}}


def definitions() -> dict[str, Any]:
    """A module whose buyer fills in prices and a supplier while approving."""
    module = {"format": 1, "key": "supply", "title": "采购", "version": "1.0.0", "language": "zh_CN", "roles": []}
    columns = {
        "name": {"title": "材料", "type": "string"},
        "price": {"title": "单价", "x-type": "money", "minimum": 0},
        "place": {
            "title": "库位",
            "type": "object",
            "properties": {"row": {"title": "排", "type": "string"}, "shelf": {"title": "架", "type": "string"}},
        },
    }
    fields = {
        "lines": {"title": "明细", **LINES, "items": {**LINES["items"], "properties": columns}},  # type: ignore[dict-item]
        "supplier": {"title": "供应商", "x-type": "reference", "x-reference": "supply/supplier"},
        "secret": {"title": "底价", "type": "string"},
    }
    order = {"key": "order", "title": "采购单", "type": "object", "required": ["lines"], "properties": fields}
    name = {"name": {"title": "名称", "type": "string"}}
    supplier = {"key": "supplier", "title": "供应商", "type": "object", "properties": name, "x-title": "name"}
    buying = {
        "type": "approval",
        "title": "询价",
        "seats": {"who": [{"user": "vice"}], "mode": "any", "on_empty": "admin"},
        "fields": {"lines.price": "required", "supplier": "edit", "secret": "hidden"},
        "on": {"passed": [{"to": "done"}]},
    }
    states = {"buying": buying, "done": {"type": "end", "title": "已下单", "outcome": "approved"}}
    workflow = {"key": "order", "entity": "order", "title": "采购", "initial": "buying", "states": states}
    everybody = [{"role": "employee", "verbs": ["create", "read", "update"]}]
    return {
        "module.json": module,
        "entities/order.json": order | {"x-workflow": "order", "x-number": "CG-{0000}", "x-title": "number"},
        "entities/supplier.json": supplier,
        "workflows/order.json": workflow,
        "permissions.json": {"entities": {"order": everybody, "supplier": everybody}},
    }


@pytest.fixture(scope="session")
def suppliers(workspace: Workspace) -> list[Record]:
    """More than are offered as a list."""
    texts = {path: json.dumps(each).encode() for path, each in definitions().items()}
    publish(workspace, None, texts)
    clerk = Actor(login="clerk")
    return [create(workspace, clerk, "supply/supplier", {"name": f"商行{n}"}).record for n in range(OFFERED + 1)]


@pytest.fixture
def order(visit: Visit, suppliers: list[Record], make: Make) -> Record:
    """An order that waits for the buyer."""
    assert suppliers
    lines = [{"name": "水泥", "place": {"row": "3", "shelf": "B"}}, {"name": "砂子"}]
    made = make("clerk", "supply/order", lines=lines, secret="低于市价")
    clerk = visit("clerk")
    clerk.submit(main_form(clerk.get(f"{ORDER}/{made.id}/do/submit")), status=303)
    return made


def test_the_dialog_asks_for_what_the_state_wants_beside_the_lines_it_belongs_to(visit: Visit, order: Record) -> None:
    form = main_form(visit("vice").get(f"{ORDER}/{order.id}/do/approve"))
    assert {"lines-0-price", "lines-1-price", "supplier"} <= set(form.fields)
    assert not {"lines-0-name", "secret"} & set(form.fields)
    assert {"水泥", "砂子"} <= set(form.texts)
    assert "低于市价" not in form.texts
    assert not form.all("button", name="_add")


def test_what_is_missing_is_told_at_its_line_and_what_was_typed_stays(
    visit: Visit, order: Record, suppliers: list[Record]
) -> None:
    vice = visit("vice")
    form = main_form(vice.get(f"{ORDER}/{order.id}/do/approve"))
    typed = {"lines-0-price": "12.5", "lines-1-price": "cheap", "supplier": suppliers[0].id, "_comment": "好"}
    page = page_of(vice.submit(form, typed, status=422))
    form = main_form(page)
    assert form.error_of("lines-1-price")
    assert page.one(class_="problems").one("a")["href"] == "#lines-1-price"
    assert {name: form.fields[name] for name in typed} == typed
    assert form.one("look-up")["data-picked"] == "商行0"


def test_a_refused_decision_goes_to_htmx_with_its_fields(visit: Visit, order: Record) -> None:
    vice = visit("vice")
    form = vice.get(f"{ORDER}/{order.id}/do/approve", headers=FRAGMENT).one("form")
    page = page_of(vice.submit(form, {"lines-0-price": "-1", "lines-1-price": ""}, status=422, headers=FRAGMENT))
    assert not page.all("html")
    assert page.one("form").error_of("lines-0-price")
    assert page.one("form").error_of("lines-1-price")


def test_what_was_filled_in_is_kept_with_the_decision(
    visit: Visit, workspace: Workspace, order: Record, suppliers: list[Record]
) -> None:
    vice = visit("vice")
    form = main_form(vice.get(f"{ORDER}/{order.id}/do/approve"))
    typed = {"lines-0-price": "12.5", "lines-1-price": "3", "supplier": suppliers[1].id}
    vice.submit(form, typed, status=303)
    page = vice.get(f"{ORDER}/{order.id}")
    assert page.one("main").all(class_="tag")[0].text == "已下单"
    assert "3 · B" in page.texts
    assert "商行1" in page.texts
    kept = get(workspace, Actor(login="admin"), "supply/order", order.id).record.values
    assert [str(each["price"]) for each in kept["lines"]] == ["12.50", "3.00"]
    changes = {each.texts[0]: each.texts[1:] for each in page.one(class_="timeline").all(class_="change")}
    assert changes["供应商"] == ["—", "→", "商行1"]


def test_of_many_records_those_typed_are_found_and_stay_named_after_a_refusal(
    visit: Visit, suppliers: list[Record]
) -> None:
    clerk = visit("clerk")
    form = main_form(clerk.get(f"{ORDER}/new"))
    assert form.one("look-up")["data-url"] == "/look-up/m/supply/supplier"
    typed = {"supplier": suppliers[7].id, "lines-0-name": "", "lines-0-price": "1"}
    form = main_form(page_of(clerk.submit(form, typed, status=422)))
    assert (form.fields["supplier"], form.one("look-up")["data-picked"]) == (suppliers[7].id, "商行7")
    more = main_form(page_of(clerk.submit(form, {"_add": "lines"}, status=200)))
    assert more.one("look-up")["data-picked"] == "商行7"


def test_text_that_no_database_keeps_is_refused_at_its_field(visit: Visit, machine: Record) -> None:
    keeper = visit("keeper")
    form = main_form(keeper.get("/m/plant/repair/new"))
    line = {"parts": "", "parts-0-_row": "", "parts-0-name": "a", "parts-0-quantity": "1"}
    for name in ("machine", "remark", "helper", "unit", "kind", "date", "hours", "extra", "parts-0-name"):
        typed = {"machine": machine.id, **line, name: "a\0b"}
        assert main_form(page_of(keeper.submit(form, typed, status=422))).error_of(name), name
    for name in ("photo", "report", "files"):
        typed = {"machine": machine.id, **line, name: "a\0b"}
        assert page_of(keeper.submit(form, typed, status=422)).all(class_="problems"), name
