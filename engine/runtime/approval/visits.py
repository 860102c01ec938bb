"""Visits and seats as values: opening what is due, carrying over what was already decided, closing."""

from collections.abc import Callable, Iterable
from datetime import datetime

import msgspec

from engine.runtime.approval.tally import tally
from engine.runtime.record import Seat, Visit


def open_visit(state: str, people: Iterable[str], new_id: Callable[[], str], now: datetime) -> Visit:
    """A new visit of the state with a seat for everybody asked, in their order; none is open yet."""
    seats = tuple(Seat(id=new_id(), owner=login, holder=login) for login in people)
    return Visit(id=new_id(), state=state, opened_at=now, seats=seats)


def open_due(visit: Visit, mode: str, open_seat: Callable[[Seat], Seat]) -> Visit:
    """The visit with its due seats open: all of them, or the next one in turn; none once the answers suffice."""
    seats = list(visit.seats)
    for place, seat in enumerate(seats):
        if tally(mode, seats):
            break
        if seat.status == "waiting":
            seats[place] = open_seat(seat)
        if mode == "sequential" and seats[place].status == "open":
            break
    return msgspec.structs.replace(visit, seats=tuple(seats))


def answered(visit: Visit, answer: Seat) -> Visit:
    """The visit with one seat answered."""
    seats = tuple(answer if seat.id == answer.id else seat for seat in visit.seats)
    return msgspec.structs.replace(visit, seats=seats)


def closed(visit: Visit, outcome: str) -> Visit:
    """The visit with its outcome: whoever has not answered need not any more."""
    seats = tuple(
        msgspec.structs.replace(seat, status="cancelled") if seat.status in {"open", "waiting"} else seat
        for seat in visit.seats
    )
    return msgspec.structs.replace(visit, outcome=outcome, seats=seats)


def approved_before(login: str, visits: Iterable[Visit], *, rule: str, revision: int) -> Visit | None:
    """The visit on the valid path in which the person approved the same content themselves (去重).

    With the rule "consecutive" only the last one that people settled counts, with "once" any of them.
    """
    valid = [visit for visit in visits if visit.outcome and not visit.superseded and is_by_hand(visit.seats)]
    considered = {"none": [], "consecutive": valid[-1:], "once": valid}[rule]
    for visit in considered:
        if any(seat.holder == login and _is_approval(seat) and seat.revision == revision for seat in visit.seats):
            return visit
    return None


def is_by_hand(seats: Iterable[Seat]) -> bool:
    """Whether a person decided something here."""
    return any(seat.status in {"approved", "rejected"} and not seat.rule for seat in seats)


def _is_approval(seat: Seat) -> bool:
    return seat.status == "approved" and not seat.rule
