"""What compiled formulas cost beside a function written by hand: a claim of 20 lines with 25 formulas.

`python -m tests.bench.evaluation` evaluates both in one run and checks that they give the same values.
"""

import argparse
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any, Final

from engine.compile.model import CompiledEntity
from engine.formula.scope import Facts
from engine.runtime.values.compute import compute
from tests.bench.measure import compare, heading
from tests.engine.definitions import (
    DATE,
    MONEY,
    NUMBER,
    PERCENT,
    QUANTITY,
    TEXT,
    YES,
    Doc,
    an_entity,
    computed,
    lines,
)

LINES: Final = 20
KINDS: Final = ("meal", "travel", "material", "other")

ITEM: Final[Mapping[str, Doc]] = {
    "name": TEXT,
    "kind": {"title": "Kind", "enum": list(KINDS)},
    "quantity": QUANTITY,
    "price": MONEY,
    "discount": PERCENT,
    "tax_rate": PERCENT,
    "days": NUMBER,
    "gross": computed("quantity * price"),
    "reduction": computed("gross * COALESCE(discount, 0)"),
    "charged": computed("gross - reduction"),
    "net": computed("ROUND(charged / (1 + tax_rate), 2)"),
    "tax": computed("charged - net"),
    "limit": computed('IF(kind = "meal", days * 100, charged)'),
    "accepted": computed("MIN(charged, limit)"),
    "refused": computed("charged - accepted"),
    "is_large": computed("charged >= 5000", YES),
}
CLAIM: Final[Mapping[str, Doc]] = {
    "date": DATE,
    "advance": MONEY,
    "items": lines(**ITEM),
    "gross": computed("SUM(items.gross)"),
    "reduction": computed("SUM(items.reduction)"),
    "net": computed("SUM(items.net)"),
    "tax": computed("SUM(items.tax)"),
    "total": computed("net + tax"),
    "accepted": computed("SUM(items.accepted)"),
    "refused": computed("total - accepted"),
    "payable": computed("MAX(accepted - COALESCE(advance, 0), 0)"),
    "to_return": computed("MAX(COALESCE(advance, 0) - accepted, 0)"),
    "meals": computed('SUMIF(items.kind, "meal", items.accepted)'),
    "travel": computed('SUMIF(items.kind, "travel", items.accepted)'),
    "largest": computed("MAX(items.charged)"),
    "average": computed("ROUND(AVERAGE(items.charged), 2)"),
    "tax_share": computed("IF(total = 0, 0, tax / total)", PERCENT),
    "due": computed("date + 30", DATE),
    "by_vp": computed("AND(total >= 500000, payable > 0)", YES),
}
CENT: Final = Decimal("0.01")
BASIS_POINT: Final = Decimal("0.0001")
ZERO: Final = Decimal("0.00")


def by_hand(claim: Mapping[str, Any]) -> dict[str, Any]:
    """The same values as somebody writes it who knows this claim and no other; a draft has blanks anywhere."""
    made = dict(claim)
    items = [_line(row) for row in claim.get("items") or ()]
    if items:
        made["items"] = items
    for key in ("gross", "reduction", "net", "tax", "accepted"):
        made[key] = sum((row[key] for row in items if key in row), ZERO)
    advance = claim.get("advance") or ZERO
    total = made["total"] = made["net"] + made["tax"]
    made["refused"] = total - made["accepted"]
    made["payable"] = max(made["accepted"] - advance, ZERO)
    made["to_return"] = max(advance - made["accepted"], ZERO)
    accepted = [row for row in items if "accepted" in row]
    made["meals"] = sum((row["accepted"] for row in accepted if row.get("kind") == "meal"), ZERO)
    made["travel"] = sum((row["accepted"] for row in accepted if row.get("kind") == "travel"), ZERO)
    if charged := [row["charged"] for row in items if "charged" in row]:
        made["largest"] = max(charged)
        made["average"] = (sum(charged) / len(charged)).quantize(CENT, ROUND_HALF_UP)
    share = made["tax"] / total if total else ZERO
    made["tax_share"] = share.quantize(BASIS_POINT, ROUND_HALF_UP)
    if claim.get("date"):
        made["due"] = (date.fromisoformat(claim["date"]) + timedelta(days=30)).isoformat()
    made["by_vp"] = total >= 500000 and made["payable"] > 0
    return made


def _line(row: Mapping[str, Any]) -> dict[str, Any]:
    made = dict(row)
    quantity, price, rate, days = row.get("quantity"), row.get("price"), row.get("tax_rate"), row.get("days")
    is_meal = row.get("kind") == "meal"
    if is_meal and days is not None:
        made["limit"] = Decimal(days * 100).quantize(CENT)
    if quantity is None or price is None:
        return made | ({"accepted": made["limit"]} if "limit" in made else {})
    gross = made["gross"] = (quantity * price).quantize(CENT, ROUND_HALF_UP)
    reduction = made["reduction"] = (gross * (row.get("discount") or 0)).quantize(CENT, ROUND_HALF_UP)
    charged = made["charged"] = gross - reduction
    if rate is not None:
        net = made["net"] = (charged / (1 + rate)).quantize(CENT, ROUND_HALF_UP)
        made["tax"] = charged - net
    if not is_meal:
        made["limit"] = charged
    accepted = made["accepted"] = min(charged, made["limit"]) if "limit" in made else charged
    made["refused"] = charged - accepted
    made["is_large"] = charged >= 5000
    return made


def a_claim() -> dict[str, Any]:
    """Values as a record keeps them."""
    items = [
        {
            "name": f"第{number}行",
            "kind": KINDS[number % len(KINDS)],
            "quantity": Decimal(f"{number}.125"),
            "price": Decimal(f"{number * 7}.45"),
            "tax_rate": Decimal("0.13") if number % 3 else Decimal("0.06"),
            "days": number,
            **({"discount": Decimal("0.05")} if number % 2 else {}),
        }
        for number in range(1, LINES + 1)
    ]
    return {"date": "2026-11-22", "advance": Decimal("1200.00"), "items": items}


def with_blanks(claim: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Claims of which something is left out: a field, or a cell in every second line."""
    yield from ({key: value for key, value in claim.items() if key != left_out} for left_out in claim)
    for key in ITEM:
        rows = [
            {each: value for each, value in row.items() if each != key or place % 2}
            for place, row in enumerate(claim["items"])
        ]
        yield {**claim, "items": rows}


def evaluated(entity: CompiledEntity, claim: Mapping[str, Any]) -> dict[str, Any]:
    """The claim with its computed values."""
    values, problems = compute(entity, Facts(values=claim))
    assert not problems, problems
    return values


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=15)
    given = parser.parse_args()
    entity, claim = an_entity(CLAIM), a_claim()
    assert len(entity.order) == 25
    for each in (claim, *with_blanks(claim)):
        assert evaluated(entity, each) == by_hand(each), each
    heading("formulas", "by hand")
    name = f"a claim: {LINES} lines, {len(entity.order)} formulas"
    compare(name, partial(evaluated, entity, claim), partial(by_hand, claim), rounds=given.rounds, times=100)


if __name__ == "__main__":
    main()
