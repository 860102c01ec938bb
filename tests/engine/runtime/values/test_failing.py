"""A formula that fails when a record is saved tells which part of it did, and what that was given."""

from typing import Any

import pytest

from engine.problems import Problem
from engine.runtime.access import EVERYTHING, Access
from engine.runtime.values.fill import fill
from tests.engine.definitions import MONEY, NUMBER, QUANTITY, TEXT, an_entity, computed, lines, reference
from tests.engine.runtime.stage import a_record, a_world

ENTITY = an_entity(
    {
        "amount": MONEY,
        "count": NUMBER,
        "name": TEXT,
        "share": computed("1 + amount / (count - 1)"),
        "cut": computed("LEFT(name, count)", TEXT),
        "items": lines(price=MONEY, quantity=QUANTITY, each=computed("price / quantity")),
    }
)
ZERO = "Division by zero. It is in this part of the formula: "
COUNT = "A number of characters is 0 or more and a place among them 1 or more, not -1."


def problems(access: Access = EVERYTHING, **values: Any) -> list[Problem]:  # noqa: ANN401
    filled = fill(ENTITY, a_record(ENTITY), values, access, world=a_world(), actor="zhang")
    return [*filled.problems]


@pytest.mark.parametrize(
    ("values", "pointer", "said"),
    [
        (
            {"amount": "6", "count": 1},
            "/share",
            f"{ZERO}amount / (count - 1), where amount = 6, (count - 1) = 0.",
        ),
        (
            {"name": "一" * 60, "count": -1},
            "/cut",
            f"{COUNT} It is in this part of the formula: LEFT(name, count), where name = {'一' * 40}…, count = -1.",
        ),
        (
            {"items": [{"price": "1", "quantity": "1"}, {"price": "2.50", "quantity": "0"}]},
            "/items/1/each",
            f"{ZERO}price / quantity, where price = 2.5, quantity = 0.",
        ),
    ],
)
def test_the_part_and_its_operands_are_told(values: dict[str, Any], pointer: str, said: str) -> None:
    assert [(each.pointer, each.sentence) for each in problems(**values)] == [(pointer, said)]


def test_a_part_with_what_is_hidden_from_whoever_saves_is_not_told() -> None:
    hidden = Access("edit", {"items.price": "hidden", "count": "hidden"})
    record = a_record(ENTITY, {"count": 1})
    filled = fill(ENTITY, record, {"amount": "6"}, hidden, world=a_world(), actor="zhang")
    assert [(each.code, each.failing) for each in filled.problems] == [("formula.division_by_zero", {})]


def test_values_of_other_records_are_not_told() -> None:
    entity = an_entity(
        {"amount": MONEY, "other": reference("shop/claim"), "count": NUMBER, "share": computed("amount / other.count")}
    )
    world = a_world(references={"o": {"id": "o", "count": 0}})
    filled = fill(entity, a_record(entity), {"amount": "6", "other": "o"}, EVERYTHING, world=world, actor="zhang")
    assert [each.failing for each in filled.problems] == [{"part": "amount / other.count", "operands": "amount = 6"}]


def test_other_problems_tell_of_no_part() -> None:
    assert [each.failing for each in problems(amount="x")] == [{}]
    assert Problem("rule.part", "", {"message": "{part}", "part": "x"}).failing == {}
    assert Problem("formula.division_by_zero").sentence == "Division by zero."
