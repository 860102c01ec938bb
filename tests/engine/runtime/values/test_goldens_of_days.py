"""Worked examples about days, by definitions and their formulas: working days, and how cheques are dated."""

from typing import Any

import pytest

from engine.definition.model import Json
from engine.formula.scope import Facts
from engine.runtime.values.compute import compute
from tests.engine.definitions import DATE, MONEY, NUMBER, TEXT, YES, an_entity, computed, lines


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
