"""Visits as values: seats open when they are due, answers are taken, closing cancels the rest, approvals carry over."""

from itertools import count

import msgspec
import pytest

from engine.runtime.approval.visits import answered, approved_before, closed, is_by_hand, open_due, open_visit
from engine.runtime.record import Seat, Visit
from tests.engine.runtime.stage import NOW


def a_visit(*people: str, state: str = "lead") -> Visit:
    numbers = count(1)
    return open_visit(state, people, lambda: f"{state}-{next(numbers)}", NOW)


def opened(visit: Visit, mode: str) -> Visit:
    return open_due(visit, mode, lambda seat: msgspec.structs.replace(seat, status="open", opened_at=NOW))


def statuses(visit: Visit) -> list[str]:
    return [seat.status for seat in visit.seats]


def answer(visit: Visit, login: str, status: str, rule: str = "", revision: int = 1) -> Visit:
    seat = next(seat for seat in visit.seats if seat.holder == login)
    return answered(visit, msgspec.structs.replace(seat, status=status, rule=rule, revision=revision))


def test_everybody_asked_gets_a_seat_in_order_and_none_is_open_yet() -> None:
    visit = a_visit("wu", "li")
    assert [(seat.owner, seat.holder, seat.status) for seat in visit.seats] == [
        ("wu", "wu", "waiting"),
        ("li", "li", "waiting"),
    ]
    assert len({visit.id, *(seat.id for seat in visit.seats)}) == 3
    assert (visit.state, visit.outcome, visit.superseded, visit.opened_at) == ("lead", "", False, NOW)


@pytest.mark.parametrize(("mode", "open_"), [("any", 3), ("all", 3), ("sequential", 1)])
def test_all_seats_open_at_once_or_one_after_the_other(mode: str, open_: int) -> None:
    assert statuses(opened(a_visit("a", "b", "c"), mode)) == ["open"] * open_ + ["waiting"] * (3 - open_)


def test_in_turn_an_approval_opens_the_next_seat_and_a_refusal_none() -> None:
    first = opened(a_visit("a", "b", "c"), "sequential")
    assert statuses(opened(first, "sequential")) == ["open", "waiting", "waiting"]
    assert statuses(opened(answer(first, "a", "approved"), "sequential")) == ["approved", "open", "waiting"]
    assert statuses(opened(answer(first, "a", "rejected"), "sequential")) == ["rejected", "waiting", "waiting"]


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("any", ["approved", "waiting", "waiting"]),
        ("all", ["approved", "approved", "open"]),
        ("sequential", ["approved", "approved", "open"]),
    ],
)
def test_seats_that_are_settled_as_they_open_let_the_next_open_until_the_answers_suffice(
    mode: str, expected: list[str]
) -> None:
    def open_seat(seat: Seat) -> Seat:
        return msgspec.structs.replace(seat, status="open" if seat.holder == "c" else "approved")

    assert statuses(open_due(a_visit("a", "b", "c"), mode, open_seat)) == expected


def test_closing_cancels_whoever_has_not_answered() -> None:
    visit = answer(opened(a_visit("a", "b", "c"), "sequential"), "a", "approved")
    done = closed(opened(visit, "sequential"), "withdrawn")
    assert (done.outcome, statuses(done)) == ("withdrawn", ["approved", "cancelled", "cancelled"])


def test_what_a_rule_settled_was_not_done_by_hand() -> None:
    assert not is_by_hand(a_visit("a").seats)
    assert not is_by_hand(answer(a_visit("a"), "a", "approved", rule="dedupe_once").seats)
    assert not is_by_hand(answer(a_visit("a"), "a", "done").seats)
    assert is_by_hand(answer(a_visit("a", "b"), "b", "rejected").seats)


def passed(
    login: str, *, state: str = "lead", rule: str = "", revision: int = 1, others: tuple[str, ...] = ()
) -> Visit:
    return closed(answer(a_visit(login, *others, state=state), login, "approved", rule, revision), "passed")


ONE, TWO = passed("wu", state="one"), passed("li", state="two")
BY_RULE = passed("wu", state="rule", rule="dedupe_once")


@pytest.mark.parametrize(
    ("rule", "login", "visits", "basis"),
    [
        ("consecutive", "li", [ONE, TWO], "two"),
        ("consecutive", "wu", [ONE, TWO], None),
        ("consecutive", "wu", [ONE, BY_RULE], "one"),
        ("once", "wu", [ONE, TWO], "one"),
        ("once", "wu", [BY_RULE], None),
        ("none", "li", [ONE, TWO], None),
        ("once", "qian", [ONE, TWO], None),
        ("once", "wu", [msgspec.structs.replace(ONE, superseded=True)], None),
        ("once", "wu", [msgspec.structs.replace(ONE, outcome="")], None),
        ("once", "wu", [passed("wu", revision=2)], None),
        ("once", "li", [passed("wu", others=("li",))], None),
        ("once", "wu", [], None),
    ],
)
def test_an_approval_of_the_same_content_on_the_valid_path_counts_again(
    rule: str, login: str, visits: list[Visit], basis: str | None
) -> None:
    found = approved_before(login, visits, rule=rule, revision=1)
    assert (found.state if found else None) == basis


def test_a_refusal_never_counts_again() -> None:
    refused = closed(answer(a_visit("wu"), "wu", "rejected"), "rejected")
    assert approved_before("wu", [refused], rule="once", revision=1) is None
