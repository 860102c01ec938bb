"""Amounts in capitals, dates of cheques and taxes as the file of worked examples has them, where it is at hand."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest

from engine.definition.model import Json
from engine.formula.scope import Facts
from engine.runtime.values.compute import compute
from tests.engine.definitions import DATE, MONEY, PERCENT, TEXT, an_entity, computed

FILE: Final = Path(__file__).parents[5] / "shared" / "goldens.json"
pytestmark = pytest.mark.skipif(not FILE.exists(), reason="the worked examples are not at hand")

BILL: Final = an_entity(
    {
        "gross": MONEY,
        "rate": PERCENT,
        "day": DATE,
        "upper": computed("RMB_UPPER(gross)", TEXT),
        "dated": computed("DATE_UPPER(day)", TEXT),
        "net": computed("TAX_NET(gross, rate)", MONEY),
        "tax": computed("TAX_AMOUNT(gross, rate)", MONEY),
    }
)


def examples() -> Json:
    return json.loads(FILE.read_text("utf-8"))


def bill(**values: Json) -> dict[str, Any]:
    """What the bill computes of these values."""
    found, problems = compute(BILL, Facts(values=values))
    assert problems == ()
    return found


def test_amounts_in_capitals() -> None:
    told = examples()["RMB"]
    for amount, accepted in told["official"].items():
        assert bill(gross=Decimal(amount))["upper"] in accepted
    for amount, upper in (told["real"] | told["derived"]).items():
        assert bill(gross=Decimal(amount))["upper"] == upper


def test_dates_of_cheques() -> None:
    for day, upper in examples()["RMB"]["bill_dates"].items():
        month, number = map(int, day.split("-"))
        assert bill(day=date(2026, month, number).isoformat())["dated"].endswith(upper)


def test_price_without_tax_and_tax() -> None:
    for each in examples()["VAT"]:
        found = bill(gross=Decimal(each["gross"]), rate=Decimal(each["rate"]))
        assert (found["net"], found["tax"]) == (Decimal(each["net"]), Decimal(each["tax"]))
