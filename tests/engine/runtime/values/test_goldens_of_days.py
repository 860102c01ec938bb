"""Worked examples about days and hours, by definitions and formulas: working days, dates of cheques, day labour."""

from decimal import Decimal
from typing import Any, Final

import pytest

from engine.definition.model import Json
from engine.formula.scope import Facts
from engine.runtime.values.compute import compute
from tests.engine.definitions import DATE, MONEY, NUMBER, QUANTITY, TEXT, YES, an_entity, computed, lines

TIME: Final = {"title": "Time", "x-type": "time"}


def values(given: dict[str, Json], **fields: dict[str, Any]) -> dict[str, Any]:
    found, problems = compute(an_entity(fields), Facts(values=given))
    assert problems == ()
    return dict(found)


def test_a_sunday_is_worked_for_the_national_day_and_six_days_remain_of_the_fortnight() -> None:
    days = [*(f"2025-09-{day}" for day in range(26, 31)), *(f"2025-10-{day:02}" for day in range(1, 11))]
    found = values(
        {"days": [{"day": each} for each in days]},
        days=lines(day=DATE, worked=computed("IS_WORKDAY(day)", YES), next=computed("WORKDAY(day, 1)", DATE)),
        count=computed("NETWORKDAYS(MIN(days.day), MAX(days.day))", NUMBER),
    )
    worked = [line["day"] for line in found["days"] if line["worked"]]
    assert worked == ["2025-09-26", "2025-09-28", "2025-09-29", "2025-09-30", "2025-10-09", "2025-10-10"]
    assert found["count"] == 6
    assert [line["next"] for line in found["days"]][4:7] == ["2025-10-09", "2025-10-09", "2025-10-09"]


@pytest.mark.parametrize("year", [2025, 2026])
def test_a_year_has_248_working_days_and_a_month_two_thirds_more_than_20(year: int) -> None:
    found = values(
        {"year": year},
        year=NUMBER,
        days=computed("NETWORKDAYS(DATE(year, 1, 1), DATE(year, 12, 31))", NUMBER),
        month=computed("days / 12", MONEY),
    )
    assert (found["days"], str(found["month"])) == (248, "20.67")


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-01-15", "零壹月壹拾伍日"),
        ("2026-10-20", "零壹拾月零贰拾日"),
        ("2026-02-28", "零贰月贰拾捌日"),
        ("2026-11-10", "壹拾壹月零壹拾日"),
        ("2026-12-30", "壹拾贰月零叁拾日"),
        ("2026-03-05", "叁月零伍日"),
    ],
)
def test_a_cheque_is_dated_so_that_nobody_can_write_another_day(day: str, expected: str) -> None:
    found = values({"day": day}, day=DATE, words=computed("DATE_UPPER(day)", TEXT))
    assert found["words"] == f"贰零贰陆年{expected}"


def test_day_labour_is_paid_by_hours_and_by_how_late_it_got() -> None:
    """Nine hours are a day; overtime to 22:30 is half a day more, to midnight one, to 2:00 one and a half, else two."""
    rates = {"helper": 130, "mason": 180, "scaffolder": 200, "fixer": 240, "carpenter": 260}
    rows = (
        ("helper", "07:00", "18:00", "2", "22:00", "1"),
        ("mason", "07:00", "18:00", "2", "23:40", "1"),
        ("scaffolder", "07:00", "11:30", "0", None, "1"),
        ("fixer", "07:00", "18:00", "2", "01:30", "1"),
        ("carpenter", None, None, "0", "06:00", "1"),
        ("helper", "07:00", "18:00", "2", None, "0.5"),
    )
    keys = ("trade", "from", "to", "pause", "until", "factor")
    written = [{key: each for key, each in zip(keys, row, strict=True) if each is not None} for row in rows]
    exact = [{**row, "pause": Decimal(row["pause"]), "factor": Decimal(row["factor"])} for row in written]
    columns = {
        "trade": {"title": "Trade", "enum": [*rates]},
        **dict.fromkeys(("from", "to", "until"), TIME),
        **dict.fromkeys(("pause", "factor"), QUANTITY),
        "rate": computed("".join(f'IF(trade = "{trade}", {rate}, ' for trade, rate in rates.items()) + "0)))))"),
        "hours": computed("COALESCE(HOURS_BETWEEN(from, to), 0) - pause", QUANTITY),
        "late": computed('COALESCE(HOURS_BETWEEN("18:00", until), 0)', QUANTITY),
        "more": computed("IF(late = 0, 0, IF(late <= 4.5, 0.5, IF(late <= 6, 1, IF(late <= 8, 1.5, 2))))", QUANTITY),
        "days": computed("(MIN(hours, 9) / 9 + more) * factor", QUANTITY),
        "amount": computed("days * rate", MONEY),
    }
    found = values(
        {"items": exact},
        items=lines(**columns),
        days=computed("SUM(items.days)", QUANTITY),
        amount=computed("SUM(items.amount)", MONEY),
        words=computed("RMB_UPPER(amount)", TEXT),
    )
    paid = [(Decimal(line["days"]), str(line["amount"])) for line in found["items"]]
    expected = (("1.5", "195.00"), ("2", "360.00"), ("0.5", "100.00"), ("2.5", "600.00"), ("2", "520.00"))
    assert paid == [(Decimal(days), amount) for days, amount in (*expected, ("0.5", "65.00"))]
    assert (found["days"], str(found["amount"]), found["words"]) == (9, "1840.00", "壹仟捌佰肆拾元整")
