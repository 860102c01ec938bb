"""Answers are counted as the table of docs/workflow.md §4.2 says, against a count by hand."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.runtime.approval.tally import tally
from engine.runtime.record import Seat

STATUSES = ("waiting", "open", "approved", "rejected", "cancelled")
MODES = ("any", "all", "sequential")


def seats(*statuses: str) -> list[Seat]:
    return [Seat(id=str(number), owner="a", holder="a", status=each) for number, each in enumerate(statuses)]  # type: ignore[arg-type]


def by_hand(mode: str, statuses: tuple[str, ...]) -> str:
    """The table, word for word: A approved, R rejected, P pending."""
    approved, rejected = statuses.count("approved"), statuses.count("rejected")
    pending = statuses.count("open") + statuses.count("waiting")
    if rejected >= 1:
        return "rejected"
    if mode == "any":
        return "passed" if approved >= 1 else ""
    return "passed" if pending == 0 and approved >= 1 else ""


@pytest.mark.parametrize("mode", MODES)
def test_every_visit_of_up_to_four_seats_is_counted_as_by_hand(mode: str) -> None:
    for size in range(5):
        for statuses in product(STATUSES, repeat=size):
            assert tally(mode, seats(*statuses)) == by_hand(mode, statuses), statuses


@given(st.sampled_from(MODES), st.lists(st.sampled_from(STATUSES), max_size=8))
def test_cancelled_seats_do_not_exist_and_the_order_does_not_matter(mode: str, statuses: list[str]) -> None:
    there = [each for each in statuses if each != "cancelled"]
    assert tally(mode, seats(*statuses)) == tally(mode, seats(*there)) == tally(mode, seats(*reversed(statuses)))


@given(st.sampled_from(MODES), st.lists(st.sampled_from(STATUSES[:4]), min_size=1, max_size=8), st.integers(0, 7))
def test_a_verdict_stands_whatever_is_answered_after_it(mode: str, statuses: list[str], place: int) -> None:
    verdict, place = tally(mode, seats(*statuses)), place % len(statuses)
    if verdict and statuses[place] in {"open", "waiting"}:
        later = [*statuses[:place], "approved", *statuses[place + 1 :]]
        assert tally(mode, seats(*later)) == verdict


def test_nobody_s_answer_is_no_verdict() -> None:
    assert [tally(mode, []) for mode in MODES] == ["", "", ""]
