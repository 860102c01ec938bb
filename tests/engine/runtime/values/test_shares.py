"""Amounts taken apart by definitions: shares of lines that add up to the total, quantities at the prices of bands."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.definition.model import Json
from engine.formula.scope import Facts
from engine.runtime.values.compute import compute
from tests.engine.definitions import MONEY, QUANTITY, TEXT, Doc, an_entity, computed, group, lines

RATIO: Final = {"title": "Ratio", "x-type": "decimal"}
CENT: Final = Fraction(1, 100)
BILL: Final = an_entity(
    {"total": MONEY, "items": lines(net=QUANTITY, share=computed("ALLOCATE(total, items.net)"))},
)
AMOUNTS: Final = st.decimals(-(10**9), 10**9, places=2)
WEIGHTS: Final = st.lists(st.none() | st.decimals(-(10**6), 10**6, places=4), min_size=1, max_size=30)


def values_of(properties: Doc, **given: Json) -> dict[str, Any]:
    found, problems = compute(an_entity(properties), Facts(values=given))
    assert problems == ()
    return found


def shares(total: Decimal, weights: Sequence[Decimal | None]) -> tuple[list[Decimal | None], list[str]]:
    rows = [{} if weight is None else {"net": weight} for weight in weights]
    found, problems = compute(BILL, Facts(values={"total": total, "items": rows}))
    return [row.get("share") for row in found["items"]], [each.code for each in problems]


@given(AMOUNTS, WEIGHTS)
def test_shares_add_up_to_the_total_and_each_is_within_a_cent_of_its_proportion(
    total: Decimal, weights: list[Decimal | None]
) -> None:
    divisor = sum(Fraction(weight) for weight in weights if weight is not None)
    found, failures = shares(total, weights)
    if not divisor:
        filled = [weight for weight in weights if weight is not None]
        assert failures == ["formula.no_weights"] * len(filled) * bool(total)
        return
    assert failures == []
    assert sum(share for share in found if share is not None) == total
    for share, weight in zip(found, weights, strict=True):
        assert (share is None) == (weight is None)
        if share is not None and weight is not None:
            assert abs(Fraction(share) - Fraction(total) * Fraction(weight) / divisor) < CENT


@given(AMOUNTS, WEIGHTS)
def test_a_credit_note_is_shared_like_its_invoice(total: Decimal, weights: list[Decimal | None]) -> None:
    invoice, credit = shares(total, weights)[0], shares(total.copy_negate(), weights)[0]
    assert credit == [share if share is None else share.copy_negate() for share in invoice]


def test_equal_lines_get_what_is_left_from_the_first_on() -> None:
    found, _ = shares(Decimal("0.05"), [Decimal(1)] * 3)
    assert found == [Decimal("0.02"), Decimal("0.02"), Decimal("0.01")]


def test_the_tax_of_a_bill_is_split_over_its_lines() -> None:
    """8 % of 1 234.56 are 98.76; the lines' own taxes, each rounded, come to 98.78."""
    columns = {
        "net": MONEY,
        "own": computed("net * 8%"),
        "tax": computed("ALLOCATE(tax_of_bill, items.net)"),
        "gross": computed("net + tax"),
    }
    totals = {"tax_of_bill": "SUM(items.net) * 8%", "own": "SUM(items.own)", "gross": "SUM(items.gross)"}
    properties = {"items": lines(**columns), **{key: computed(each) for key, each in totals.items()}}
    nets = ("333.32", "333.32", "333.32", "234.60")
    found = values_of(properties, items=[{"net": Decimal(net)} for net in nets])
    assert [str(line["tax"]) for line in found["items"]] == ["26.67", "26.66", "26.66", "18.77"]
    assert {key: str(found[key]) for key in totals} == {"tax_of_bill": "98.76", "own": "98.78", "gross": "1333.32"}


def test_lines_of_lines_share_wherever_they_stand() -> None:
    columns = {"cuts": lines(length=QUANTITY, cost=computed("ALLOCATE(total, site.items.cuts.length)"))}
    items: list[Any] = [
        {"cuts": [{"length": Decimal(1)}]},
        {},
        {"cuts": [{"length": Decimal(1)}, {"length": Decimal(1)}]},
    ]
    found = values_of({"total": MONEY, "site": group(items=lines(**columns))}, total=Decimal(1), site={"items": items})
    costs = [[str(cut["cost"]) for cut in item.get("cuts", ())] for item in found["site"]["items"]]
    assert costs == [["0.34"], [], ["0.33", "0.33"]]


QUANTITIES: Final = {"a": (500, 800, 800, 600), "b": (700, 900, 800, 600)}
GROSS: Final = ("20.2", "28.8", "27.2", "20.094")


@pytest.mark.parametrize("period", range(4))
def test_quantities_beyond_a_tenth_more_than_estimated_are_paid_at_nine_tenths(period: int) -> None:
    """A textbook's contract of two items, 2 300 m3 at 180 and 3 200 m3 at 160; amounts in 10 000 yuan."""
    bands = lines(
        item=TEXT,
        start=computed("estimate * over", QUANTITY),
        rate=computed("price * factor"),
        estimate=QUANTITY,
        price=MONEY,
        over=RATIO,
        factor=RATIO,
    )
    table = "FILTER(bands, bands.item, item)"
    columns = {
        "item": TEXT,
        "before": QUANTITY,
        "quantity": QUANTITY,
        "amount": computed(f"TIER({table}, before + quantity) - TIER({table}, before)"),
    }
    contract = (("a", "2300", "180"), ("b", "3200", "160"))
    rows = [
        {"item": item, "estimate": Decimal(estimate), "price": Decimal(price), "over": over, "factor": factor}
        for over, factor in ((Decimal("1.10"), Decimal("0.9")), (Decimal(0), Decimal(1)))
        for item, estimate, price in contract
    ]
    done = [
        {"item": item, "before": Decimal(sum(each[:period])), "quantity": Decimal(each[period])}
        for item, each in QUANTITIES.items()
    ]
    properties = {"bands": bands, "items": lines(**columns), "gross": computed("SUM(items.amount) / 10000", RATIO)}
    assert values_of(properties, bands=rows, items=done)["gross"] == Decimal(GROSS[period])
