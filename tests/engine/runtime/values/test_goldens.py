"""Worked examples of the trade, computed by definitions and their formulas: what must come out, to the cent.

Sources stand at each: textbooks, tender files and payment forms. Where a source rounds an intermediate value, the exact
result stands here.
"""

from decimal import Decimal
from typing import Any, Final

import pytest

from engine.definition.model import Json
from engine.formula.scope import Facts
from engine.runtime.values.compute import compute
from tests.engine.definitions import MONEY, PERCENT, TEXT, an_entity, computed, lines

RATIO: Final = {"title": "Ratio", "x-type": "decimal"}


def results(
    given: dict[str, Json], lines_: dict[str, Any] | None = None, **formulas: str | dict[str, Any]
) -> dict[str, Any]:
    """The computed fields of a record that holds these numbers; a formula alone is of money."""
    typed = {key: RATIO for key in given if key != "items"} | ({"items": lines(**lines_)} if lines_ else {})
    made = {key: computed(each, MONEY) if isinstance(each, str) else each for key, each in formulas.items()}
    exact = {key: Decimal(each) if isinstance(each, str) else each for key, each in given.items()}
    values, problems = compute(an_entity({**typed, **made}), Facts(values=exact))
    assert problems == ()
    return {key: str(values[key]) for key in formulas}


def ratio(formula: str, scale: int = 5) -> dict[str, Any]:
    return computed(f"ROUND({formula}, {scale})", RATIO)


def test_earned_value_of_a_project_from_its_activities() -> None:
    """A textbook's ten activities: budget, completion and actual cost, in 10 000 yuan."""
    activities = (
        *(("400", "1", "400"), ("450", "1", "460"), ("700", "0.8", "720"), ("150", "1", "150"), ("500", "1", "520")),
        *(
            ("800", "0.5", "400"),
            ("1000", "0.6", "700"),
            ("300", "1", "300"),
            ("120", "1", "120"),
            ("1200", "0.4", "600"),
        ),
    )
    rows = [dict(zip(("budget", "done", "actual"), map(Decimal, each), strict=True)) for each in activities]
    columns = {"budget": MONEY, "done": PERCENT, "actual": MONEY, "earned": computed("budget * done", MONEY)}
    found = results(
        {"items": rows},
        columns,
        pv="SUM(items.budget)",
        ac="SUM(items.actual)",
        ev="SUM(items.earned)",
        cv="ev - ac",
        sv="ev - pv",
        cpi=ratio("ev / ac"),
        spi=ratio("ev / pv"),
    )
    expected = {"pv": "5620", "ac": "4370", "ev": "3960", "cv": "-410", "sv": "-1660"}
    assert {key: str(Decimal(found[key]).quantize(Decimal(1))) for key in expected} == expected
    assert (found["cpi"], found["spi"]) == ("0.90618", "0.70463")


def test_forecasts_are_made_of_exact_indices() -> None:
    """Books that round the index before they divide print 4 479 for 4 480."""
    found = results(
        {"pv": "3000", "ev": "2500", "ac": "2800", "bac": "4000"},
        eac="bac / (ev / ac)",
        etc="eac - ac",
        vac="bac - eac",
        eac_atypical="ac + bac - ev",
        eac_both="ac + (bac - ev) / (ev / ac * (ev / pv))",
        tcpi_bac=ratio("(bac - ev) / (bac - ac)"),
        tcpi_eac=ratio("(bac - ev) / (eac - ac)", 6),
    )
    assert {key: Decimal(each) for key, each in found.items()} == {
        "eac": 4480,
        "etc": 1680,
        "vac": -480,
        "eac_atypical": 4300,
        "eac_both": 4816,
        "tcpi_bac": Decimal("1.25"),
        "tcpi_eac": Decimal("0.892857"),
    }


def test_a_delay_is_read_off_the_schedule_index() -> None:
    """Three of six months gone, with 100 000 of 120 000 earned: at this pace the work takes 7.2 months."""
    found = results(
        {"bac": "200000", "pv": "120000", "ev": "100000", "ac": "90000", "months": "6"},
        cv="ev - ac",
        sv="ev - pv",
        cpi=ratio("ev / ac"),
        spi=ratio("ev / pv"),
        eac="bac / (ev / ac)",
        duration=ratio("months / (ev / pv)", 1),
    )
    assert (found["cpi"], found["spi"], found["duration"]) == ("1.11111", "0.83333", "7.2")
    assert [Decimal(found[key]) for key in ("cv", "sv", "eac")] == [10000, -20000, 180000]


@pytest.mark.parametrize(
    ("price", "advance", "main", "start"),
    [("1000", "0.20", "0.50", "600"), ("9000", "0.20", "0.60", "6000"), ("600", "0.25", "0.625", "360")],
)
def test_the_point_from_which_an_advance_is_recovered(price: str, advance: str, main: str, start: str) -> None:
    """T = P - M / N, the advance over the share of main materials."""
    found = results({"price": price, "advance": advance, "main": main}, start="price - price * advance / main")
    assert Decimal(found["start"]) == Decimal(start)


def test_an_application_for_payment_with_retainage() -> None:
    """Figures of a published form of the AIA G702 kind."""
    found = results(
        {"original": "250000", "changes": "12500", "completed": "178100", "rate": "0.10", "previous": "122400"},
        total="original + changes",
        share=ratio("completed / total", 3),
        retainage="completed * rate",
        earned="completed - retainage",
        due="earned - previous",
        balance="total - earned",
    )
    expected = {"total": 262500, "retainage": 17810, "earned": 160290, "due": 37890, "balance": 102210}
    assert {key: Decimal(found[key]) for key in expected} == expected
    assert found["share"] == "0.678"


def test_what_is_unpaid_and_this_payment_in_capital_numerals() -> None:
    """A filled approval form for payments."""
    found = results(
        {"contract": "70600000", "paid": "4679802", "now": "5814807"},
        unpaid="contract - paid",
        words=computed("RMB_UPPER(now)", TEXT),
    )
    assert Decimal(found["unpaid"]) == 65920198
    assert found["words"] == "伍佰捌拾壹万肆仟捌佰零柒元整"


def test_taxes_paid_in_advance_where_the_work_is() -> None:
    """Prepaid VAT of 2 % after subcontracts, surcharges of 10 % on it, income tax of 0.2 %."""
    found = results(
        {"gross": "1000000", "subcontract": "550000", "rate": "0.09"},
        vat="(gross - subcontract) / (1 + rate) * 2%",
        surcharge="vat * 10%",
        income_tax="gross / (1 + rate) * 0.2%",
    )
    assert found == {"vat": "8256.88", "surcharge": "825.69", "income_tax": "1834.86"}


def test_a_bill_and_its_fees() -> None:
    """Fees of a real tender file, each a share of the same base, and what the parts come to."""
    rates = {"pension": "0.20", "jobless": "0.02", "medical": "0.08", "housing": "0.10", "injury": "0.005"}
    fees = {key: f"base * {rate}" for key, rate in rates.items()}
    found = results(
        {"base": "165237.24", "divisions": "2234686.61", "measures": "193104.03", "tax": "274418.29"},
        **fees,
        fees=f"SUM({', '.join(fees)})",
        total="divisions + measures + fees + tax",
    )
    expected = {"pension": "33047.45", "jobless": "3304.74", "medical": "13218.98", "housing": "16523.72"}
    assert found.items() >= {**expected, "injury": "826.19", "fees": "66921.08", "total": "2769130.01"}.items()


def test_a_unit_price_with_overhead_and_profit() -> None:
    """Both are shares of labour and machine, the price is the sum of all, rounded once or at each part."""
    found = results(
        {"labour": "30.11", "material": "458.00", "machine": "1.40"},
        overhead="(labour + machine) * 18%",
        profit="(labour + machine) * 12%",
        price=computed("labour + material + machine + overhead + profit", MONEY) | {"x-rounding": "sum_then_round"},
    )
    assert found == {"overhead": "5.67", "profit": "3.78", "price": "498.96"}
