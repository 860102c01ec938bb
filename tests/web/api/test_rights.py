"""Who sees which records and which fields: the same answer at every door."""

from collections.abc import Callable
from typing import Any

import pytest

from engine.definition.model import Json
from tests.web.api.caller import Caller, address, problems

ARepair = Callable[..., dict[str, Any]]
Calling = Callable[[str], Caller]


@pytest.fixture
def foreign(keeper: Caller, a_repair: ARepair) -> Json:
    """A repair that is none of the mechanic's business."""
    return keeper.create("plant/repair", **a_repair(cost="1300"))


@pytest.fixture
def own(keeper: Caller, mechanic: Caller, a_repair: ARepair) -> Json:
    """A repair of the mechanic, as the keeper sees it, with everything that is hidden filled in."""
    made = mechanic.create("plant/repair", **a_repair(hours=2, place={"zone": "A"}, remark="口头交代"))
    parts = [{"name": "螺栓", "quantity": "2", "price": "1.50", "supplier": "甲供"}]
    place = {"zone": "A", "owner": "一分公司"}
    return keeper.patch(address(made), 1, cost="1300", place=place, parts=parts, grade="B")


@pytest.mark.parametrize("path", ["", "/actions", "/events", "/tasks"])
def test_a_record_that_may_not_be_seen_is_not_there(mechanic: Caller, foreign: Json, path: str) -> None:
    assert problems(mechanic.get(address(foreign) + path, status=404)) == [("record.unknown", "")]


def test_nor_can_anything_be_done_with_it(keeper: Caller, mechanic: Caller, foreign: Json) -> None:
    for refused in (
        mechanic.patch(address(foreign), 1, status=404, count=1),
        mechanic.delete(address(foreign), 1, status=404).json,
        mechanic.act(foreign, "drop", status=404),
        mechanic.act(foreign, "fly", status=404),
    ):
        assert problems(refused) == [("record.unknown", "")]
    assert keeper.get(address(foreign)) == foreign


def test_a_list_has_what_may_be_seen_and_counts_only_that(
    keeper: Caller, mechanic: Caller, calling: Calling, foreign: Json, own: Json, tag: str
) -> None:
    asked = {"filter": f'machine.code = "{tag}"', "count": "exact"}
    for caller, visible in ((keeper, {foreign["id"], own["id"]}), (mechanic, {own["id"]}), (calling("another"), set())):
        page = caller.get("/plant/repair", **asked)
        assert {each["id"] for each in page["items"]} == visible
        assert page["total"] == len(visible)


def test_a_row_rule_reads_through_references(
    keeper: Caller, calling: Calling, machine: Json, foreign: Json, tag: str
) -> None:
    auditor, asked = calling("auditor"), {"filter": f'machine.code = "{tag}"'}
    assert auditor.get("/plant/repair", filter=f'number = "{foreign["number"]}"')["items"] == []
    assert auditor.get(address(foreign), status=404)
    keeper.patch(address(machine), 1, keeper="auditor")
    assert [each["id"] for each in auditor.get("/plant/repair", **asked)["items"]] == [foreign["id"]]
    assert auditor.get(address(foreign))["id"] == foreign["id"]
    assert problems(auditor.patch(address(foreign), 1, status=403, count=1)) == [("permission.verb", "")]


def test_hidden_fields_are_left_out_at_every_depth(mechanic: Caller, own: Json, machine: Json) -> None:
    values = mechanic.get(address(own))["values"]
    assert "cost" not in values
    assert values["place"] == {"zone": "A"}
    assert values["parts"] == [{"name": "螺栓", "quantity": "2", "price": "1.50", "amount": "3.00"}]
    assert mechanic.get("/plant/repair", filter=f'id = "{own["id"]}"')["items"][0]["values"] == values
    assert "value" not in mechanic.get(address(machine))["values"]


def test_a_field_is_hidden_in_the_state_that_hides_it(keeper: Caller, mechanic: Caller, own: Json) -> None:
    assert mechanic.get(address(own))["values"]["remark"] == "口头交代"
    keeper.act(own, "close", comment="好")
    assert "remark" not in mechanic.get(address(own))["values"]
    assert keeper.get(address(own))["values"]["remark"] == "口头交代"


@pytest.mark.parametrize(
    ("hidden", "unknown"),
    [
        ("cost > 1000", "kost > 1000"),
        ('place.owner = "一分公司"', 'place.ovner = "一分公司"'),
        ('"甲供" = remark', '"甲供" = remork'),
        ("machine.value > 1000", "machine.valve > 1000"),
        ("BLANK(parts.supplier)", "BLANK(parts.supplies)"),
    ],
)
def test_a_filter_cannot_tell_what_is_hidden_from_what_is_not_there(
    mechanic: Caller, own: Json, hidden: str, unknown: str
) -> None:
    assert own["values"]["cost"] == "1300.00"
    first, second = (mechanic.get("/plant/repair", status=422, filter=each) for each in (hidden, unknown))
    assert problems(first) == problems(second) == [("formula.unknown_field", "/filter")]
    for each in ("cost", "supplier", "owner", "value"):
        assert f" {each}" not in first["detail"].partition("known:")[2]


@pytest.mark.parametrize("key", ["cost", "-cost", "place.owner", "remark", "machine.value", "kost"])
def test_nor_can_an_order(mechanic: Caller, key: str) -> None:
    refused = mechanic.get("/plant/repair", status=422, sort=f"hours,{key}")
    assert problems(refused) == [("list.sort", "/sort")]
    assert "cost," not in refused["detail"]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"cost": "1"}, ("field.unknown", "/values/cost")),
        ({"place": {"owner": "x"}}, ("field.unknown", "/values/place/owner")),
        ({"grade": "A"}, ("field.read_only", "/values/grade")),
        ({"parts": [{"name": "x", "quantity": 1, "supplier": "y"}]}, ("field.unknown", "/values/parts/0/supplier")),
    ],
)
def test_what_is_hidden_or_only_shown_cannot_be_written(
    keeper: Caller, mechanic: Caller, own: Json, values: Json, found: tuple[str, str]
) -> None:
    assert problems(mechanic.patch(address(own), 2, status=422, **values)) == [found]
    assert keeper.get(address(own)) == own


def test_what_is_only_shown_may_be_sent_back_as_it_is(mechanic: Caller, own: Json) -> None:
    values = mechanic.get(address(own))["values"]
    assert mechanic.patch(address(own), 2, **{**values, "count": 4})["values"] == {**values, "count": 4}


def test_hidden_cells_stay_when_lines_are_changed(keeper: Caller, mechanic: Caller, own: Json) -> None:
    parts = [{"name": "垫片", "quantity": "5"}]
    mechanic.patch(address(own), 2, parts=parts)
    kept = keeper.get(address(own))["values"]["parts"]
    assert kept == [{"name": "垫片", "quantity": "5", "price": "1.50", "supplier": "甲供", "amount": "7.50"}]
    refused = mechanic.patch(address(own), 3, status=422, parts=parts * 2)
    assert problems(refused) == [("field.lines_fixed", "/values/parts")]


def test_lines_without_hidden_cells_come_and_go(mechanic: Caller, a_repair: ARepair) -> None:
    made = mechanic.create("plant/repair", **a_repair())
    parts = [{"name": name, "quantity": "1"} for name in ("垫片", "螺母", "弹簧")]
    assert len(mechanic.patch(address(made), 1, parts=parts)["values"]["parts"]) == 3
    assert len(mechanic.patch(address(made), 2, parts=parts[1:])["values"]["parts"]) == 2


def test_an_entity_without_any_right_is_closed(calling: Calling, a_repair: ARepair, own: Json) -> None:
    clerk = calling("clerk")
    assert problems(clerk.get("/plant/repair", status=403)) == [("permission.verb", "")]
    assert problems(clerk.create("plant/repair", status=403, **a_repair())) == [("permission.verb", "")]
    assert problems(clerk.get(address(own), status=404)) == [("record.unknown", "")]


def test_a_name_behind_a_reference_that_may_not_be_read_is_unknown(calling: Calling, admin: Caller) -> None:
    """Cashiers read contracts, but nobody grants them the partner's account; employees do not read contracts."""
    refused = calling("clerk").get("/core/partner", status=422, filter='bank_account = "6222"')
    assert problems(refused) == [("formula.unknown_field", "/filter")]
    assert admin.get("/core/partner", filter='bank_account = "6222"')["items"] == []
