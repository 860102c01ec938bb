"""All the records of a search at once, measured exactly as Python would, on both databases."""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

import pytest

from engine.store.query import Condition, Search, summary
from engine.store.session import Workspace
from tests.engine.store.builders import MONEY, TEXT, a_record, publish, saved
from tests.engine.store.shop import Shop

CENT: Final = Decimal("0.01")


def average(values: list[Decimal]) -> Decimal:
    return (sum(values, Decimal()) / len(values)).quantize(CENT, ROUND_HALF_UP)


@pytest.mark.parametrize(
    ("path", "kind", "expected"),
    [
        ("amount", "sum", sum),
        ("amount", "average", average),
        ("amount", "min", min),
        ("quantity", "sum", sum),
        ("quantity", "max", max),
        ("count", "sum", sum),
        ("place.width", "sum", sum),
        ("day", "min", min),
        ("moment", "max", max),
        ("name", "count", len),
    ],
)
def test_a_column_is_measured_over_every_record_found(
    shop: Shop, path: str, kind: str, expected: Callable[[list[Any]], Any]
) -> None:
    condition = Condition(shop.formula("done"), shop.facts())
    held = [shop.value(each, path) for each in shop.items if each.values.get("done")]
    filled = [each for each in held if each is not None]
    with shop.workspace.read() as session:
        found = summary(session, Search(entity="shop/item", every=(condition,)), {path: kind})
    assert len(filled) > 10
    assert found.totals == {path: expected(filled)}
    assert found.count == len(held)


def test_sums_may_be_larger_than_any_amount(workspace: Workspace) -> None:
    """Twelve times the largest amount is past what 64 bits count in cents."""
    publish(workspace, item={"amount": MONEY, "name": TEXT})
    largest = Decimal("9999999999999999.99")
    records = [a_record("shop/item", id=f"r{number}", values={"amount": largest}) for number in range(12)]
    negative = a_record("shop/item", id="r12", values={"amount": Decimal("-0.03")})
    saved(workspace, *records, negative)
    with workspace.read() as session:
        found = summary(session, Search(entity="shop/item"), {"amount": "sum"})
    assert found.totals == {"amount": 12 * largest - Decimal("0.03")}


@pytest.mark.parametrize("kind", ["sum", "average", "min", "max"])
def test_of_nothing_there_is_no_total(shop: Shop, kind: str) -> None:
    with shop.workspace.read() as session:
        found = summary(session, Search(entity="shop/item", text="no such thing"), {"amount": kind})
    assert (found.count, found.totals) == (0, {"amount": None})
