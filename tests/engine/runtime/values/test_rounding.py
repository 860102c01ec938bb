"""Rounding is the document's: of each line or of the total, to which digits, and what becomes of the rest.

Figures of a real bill of quantities after GB 50500-2013, eleven lines of quantity and unit price: rounded line by line
they come to the 49 054.98 that are printed, unrounded to 49 054.973.
"""

from decimal import Decimal
from typing import Any, Final

import pytest

from engine.compile.model import CompiledEntity
from engine.definition.model import Json
from engine.formula.scope import Facts
from engine.runtime.values.compute import compute
from tests.engine.compile.refusals import problems
from tests.engine.definitions import MONEY, QUANTITY, TEXT, an_entity, computed, lines

BILL: Final = (
    *(("1", "2274.87"), ("2", "2301.03"), ("1", "1778.86"), ("3", "1176.88"), ("3754.7", "5.29"), ("38", "27.67")),
    *(("30", "27.67"), ("183.3", "61.35"), ("11.1", "21.45"), ("230.4", "15.4"), ("1", "92.91")),
)


def a_bill(**total: Json) -> CompiledEntity:
    amount, tax = computed("quantity * price", MONEY), computed("amount * 10%", MONEY)
    items = lines(quantity=QUANTITY, price=MONEY, amount=amount, tax=tax)
    totals = {"total": computed("SUM(items.amount)", MONEY) | total, "taxes": computed("SUM(items.tax)", MONEY) | total}
    return an_entity({"items": items, **totals})


def result(entity: CompiledEntity, rows: Json) -> dict[str, Any]:
    values, wrong = compute(entity, Facts(values={"items": rows}))
    assert wrong == ()
    return values


def priced(*rows: tuple[str, str]) -> list[dict[str, Decimal]]:
    return [{"quantity": Decimal(quantity), "price": Decimal(price)} for quantity, price in rows]


@pytest.mark.parametrize(
    ("rounding", "total"),
    [
        ({}, "49054.98"),
        ({"x-rounding": "round_then_sum"}, "49054.98"),
        ({"x-rounding": "sum_then_round"}, "49054.97"),
        ({"x-rounding": {"order": "sum_then_round", "mode": "up"}}, "49054.98"),
        ({"x-rounding": {"scale": 1, "mode": "down"}}, "49054.9"),
        ({"x-rounding": {"scale": 0}}, "49055"),
    ],
)
def test_a_total_is_of_rounded_lines_or_rounded_itself(rounding: dict[str, Json], total: str) -> None:
    found = result(a_bill(**rounding), priced(*BILL))
    assert found["total"] == Decimal(total)
    assert found["items"][8]["amount"] == Decimal("238.10")


def test_nothing_is_rounded_on_the_way_to_what_is_rounded_last() -> None:
    """A tenth of each line's 0.05: rounded amounts give taxes of 0.01 each, unrounded ones 0.0045 each."""
    rows = priced(*[("0.9", "0.05")] * 3)
    assert result(a_bill(), rows)["taxes"] == Decimal("0.03")
    assert result(a_bill(**{"x-rounding": "sum_then_round"}), rows)["taxes"] == Decimal("0.01")


@pytest.mark.parametrize(
    ("mode", "expected"), [("half_up", "0.13"), ("half_even", "0.12"), ("up", "0.13"), ("down", "0.12")]
)
def test_a_mode_says_what_becomes_of_the_rest(mode: str, expected: str) -> None:
    entity = an_entity({"half": computed("1 / 8", MONEY) | {"x-rounding": {"mode": mode}}})
    values, _ = compute(entity, Facts(values={}))
    assert values["half"] == Decimal(expected)


def test_a_formula_that_fails_is_told_once_whatever_the_order() -> None:
    entity = an_entity({"bad": computed("1 / 0", MONEY) | {"x-rounding": "sum_then_round"}})
    _, wrong = compute(entity, Facts(values={}))
    assert [(each.code, each.pointer) for each in wrong] == [("formula.division_by_zero", "/bad")]


@pytest.mark.parametrize(
    ("field", "code"),
    [
        (MONEY | {"x-rounding": "sum_then_round"}, "rounding.not_computed"),
        (computed('"a"', TEXT) | {"x-rounding": "sum_then_round"}, "rounding.not_computed"),
        (computed("1", MONEY) | {"x-rounding": {"scale": 3}}, "rounding.scale"),
    ],
)
def test_what_cannot_be_rounded_so_is_refused(field: dict[str, Any], code: str) -> None:
    assert [found for found, _, _ in problems({"x": field})] == [code]
