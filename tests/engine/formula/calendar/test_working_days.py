"""Working days are counted as somebody would who looks at every single day."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Final

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.formula.calendar.china import CHINA
from engine.formula.calendar.working_days import WorkingDays
from engine.formula.errors import FormulaFailed
from engine.formula.formula import compile_formula
from engine.formula.scope import Facts
from tests.formula_calendar import FILE, text
from tests.formula_scope import TableScope

KNOWN: Final = [date(2004, 1, 1) + timedelta(days=each) for each in range((date(2026, 12, 31) - date(2004, 1, 1)).days)]
DAYS: Final = st.dates(date(2003, 1, 1), date(2028, 12, 31))
SCOPE: Final = TableScope({"d": "date", "e": "date", "n": "decimal"})


def test_every_day_that_was_announced_is_worked_or_not_as_announced() -> None:
    assert [day for day in KNOWN if CHINA.are(day) != chinese_calendar.is_workday(day)] == []


@pytest.mark.parametrize("year", [1, 1949, 2003, 2027, 9999])
def test_in_years_that_nobody_has_announced_monday_to_friday_are_worked(year: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=each) for each in range(365)]
    assert [day for day in days if CHINA.are(day) != (day.isoweekday() < 6)] == []


@given(DAYS, DAYS)
def test_a_range_has_as_many_as_it_has_such_days(one: date, other: date) -> None:
    first, last = sorted((one, other))
    every = (first + timedelta(days=each) for each in range((last - first).days + 1))
    assert CHINA.between(first, last) == sum(map(CHINA.are, every))


@given(DAYS, st.integers(-300, 300).filter(bool))
def test_so_many_later_ends_at_one_with_so_many_on_the_way(day: date, number: int) -> None:
    later = CHINA.later(day, number)
    assert CHINA.are(later)
    assert (later > day) == (number > 0)
    first, last = sorted((day, later))
    assert CHINA.between(first, last) - CHINA.are(day) == abs(number)


@given(st.lists(DAYS, max_size=20), DAYS)
def test_further_days_off_are_off_and_nothing_else_changes(off: list[date], day: date) -> None:
    fewer = CHINA.without(off)
    assert fewer.are(day) == (CHINA.are(day) and day not in off)
    assert not any(map(fewer.are, off))
    assert fewer.between(min([*off, day]), max([*off, day])) == CHINA.between(min([*off, day]), max([*off, day])) - sum(
        map(CHINA.are, set(off))
    )


def test_the_browser_has_the_same_exceptions() -> None:
    assert FILE.read_text("utf-8") == text(), "run: python -m tests.formula_calendar"


def test_days_that_are_what_their_weekday_says_are_no_exceptions() -> None:
    saturday, monday = date(2026, 3, 7), date(2026, 3, 9)
    assert WorkingDays.of(off=[saturday], on=[monday]) == WorkingDays.of(off=[], on=[])


def test_another_calendar_can_be_handed_in() -> None:
    saturday = date(2026, 3, 7)
    facts = Facts(values={"d": saturday}, working_days=WorkingDays.of(off=[], on=[saturday]))
    formula = compile_formula("IS_WORKDAY(d)", SCOPE)
    assert (formula.evaluate(facts), formula.evaluate(Facts(values={"d": saturday}))) == (True, False)


class Counted(tuple[int, ...]):  # noqa: SLOT001 - it has something to remember
    """Exceptions that count how often somebody looks at one."""

    looks = 0

    def __getitem__(self, place):  # type: ignore[no-untyped-def, override]  # noqa: ANN001, ANN204
        self.looks += 1
        return super().__getitem__(place)


@pytest.mark.parametrize(
    ("number", "weeks"),
    [("1000000", 200_000), ("-500000", -100_000), ("1E9", None), ("-1E9", None), ("9E+98", None)],
)
def test_any_number_of_days_is_gone_in_a_few_steps(number: str, weeks: int | None) -> None:
    monday = date(2026, 3, 2)
    exceptions = Counted([monday.toordinal()])
    facts = Facts(values={"d": monday, "n": Decimal(number)}, working_days=WorkingDays(exceptions, (0, -1)))
    formula = compile_formula("WORKDAY(d, n)", SCOPE)
    if weeks:
        assert formula.evaluate(facts) == monday + timedelta(weeks=weeks)
    else:
        with pytest.raises(FormulaFailed) as failed:
            formula.evaluate(facts)
        assert failed.value.code == "formula.bad_date"
    assert 0 < exceptions.looks < 100
