"""How a value comes about, for whoever may see it."""

from collections.abc import Callable
from typing import Any

import pytest

from engine.definition.model import Json
from tests.web.api.caller import Caller, address, problems

ARepair = Callable[..., dict[str, Any]]


def explained(caller: Caller, record: Json, field: str, status: int = 200) -> Json:
    return caller.get(f"{address(record)}/explain", status=status, field=field)


def test_a_total_is_explained_down_to_its_lines(keeper: Caller, a_repair: ARepair) -> None:
    record = keeper.create("plant/repair", **a_repair())
    found = explained(keeper, record, "total")
    assert found["value"] == record["values"]["total"]
    assert found["trace"]["text"] == "SUM(parts.amount)"
    (column,) = found["trace"]["parts"]
    amounts = [line["amount"] for line in record["values"]["parts"]]
    assert [float(each) for each in column["value"]] == [float(each) for each in amounts]


def test_a_cell_is_explained_in_its_line(keeper: Caller, a_repair: ARepair) -> None:
    parts = [{"name": "螺栓", "quantity": "1", "price": "9"}, {"name": "螺母", "quantity": "3", "price": "1.11"}]
    record = keeper.create("plant/repair", **a_repair(parts=parts))
    found = explained(keeper, record, "parts.1.amount")
    product = found["trace"]["parts"][0]
    assert {each["text"]: each["value"] for each in product["parts"]} == {"quantity": "3", "price": "1.11"}
    assert (found["value"], product["value"]) == ("3.33", "3.33")


def test_what_is_typed_has_no_trace(keeper: Caller, a_repair: ARepair) -> None:
    record = keeper.create("plant/repair", **a_repair(hours="2.5"))
    assert explained(keeper, record, "hours") == {"value": "2.5", "trace": None}


def test_what_somebody_may_not_see_is_not_explained_to_them(mechanic: Caller, a_repair: ARepair) -> None:
    record = mechanic.create("plant/repair", **a_repair())
    lines = explained(mechanic, record, "parts")["value"]
    assert all("supplier" not in line for line in lines)
    for field in ("cost", "parts.0.supplier", "place.owner"):
        assert problems(explained(mechanic, record, field, 404)) == [("field.unknown", "/field")]


@pytest.mark.parametrize(
    "field", ["", "nothing", "parts.9.amount", "parts.x.amount", "parts.amount", "total.total", "0"]
)
def test_a_place_that_is_not_there_is_unknown(keeper: Caller, a_repair: ARepair, field: str) -> None:
    record = keeper.create("plant/repair", **a_repair())
    assert problems(explained(keeper, record, field, 404)) == [("field.unknown", "/field")]


def test_a_record_of_others_is_not_explained(mechanic: Caller, keeper: Caller, a_repair: ARepair) -> None:
    record = keeper.create("plant/repair", **a_repair())
    explained(mechanic, record, "total", 404)
