"""Numbers of records: dates of the day, and one count for all that share them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.compile.number import PLAIN, is_pattern, numbered, series

DAY = date(2026, 3, 9)


@pytest.mark.parametrize(
    ("pattern", "count", "number"),
    [
        ("BYJ-{YYYY}{MM}-{0000}", 7, "BYJ-202603-0007"),
        ("{YY}/{DD} {0}", 7, "26/09 7"),
        ("{000}号", 12345, "12345号"),
        (PLAIN, 1, "0001"),
    ],
)
def test_a_number_is_the_pattern_with_its_date_and_its_count(pattern: str, count: int, number: str) -> None:
    assert is_pattern(pattern)
    assert numbered(series(pattern, DAY), count) == number


def test_records_of_one_month_are_counted_together() -> None:
    pattern = "BYJ-{YYYY}{MM}-{0000}"
    assert series(pattern, DAY) == series(pattern, date(2026, 3, 31)) == "BYJ-202603-{0000}"
    assert series(pattern, DAY) != series(pattern, date(2026, 4, 1))


@pytest.mark.parametrize("text", ["", "BYJ-{YYYY}", "{0}{0}", "{0000}-{YYY}", "{0000}}", "{{0000}", "{0000", "{N}{0}"])
def test_a_pattern_has_exactly_one_counter_and_no_other_braces(text: str) -> None:
    assert not is_pattern(text)


@given(st.dates(), st.integers(1, 10**6), st.integers(1, 10**6))
def test_different_counts_give_different_numbers(day: date, one: int, other: int) -> None:
    counted = series("A{YYYY}-{000}", day)
    assert (numbered(counted, one) == numbered(counted, other)) == (one == other)
