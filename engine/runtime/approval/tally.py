"""Counts the answers of a visit: the table of docs/workflow.md §4.2."""

from collections.abc import Iterable
from typing import Literal, TypeAlias

from engine.runtime.record import Seat

#: What the count says; "" while somebody is still to answer.
Verdict: TypeAlias = Literal["passed", "rejected", ""]


def tally(mode: str, seats: Iterable[Seat]) -> Verdict:
    """The verdict over all seats; cancelled ones do not exist. Nobody's answer is no verdict."""
    counted = [seat.status for seat in seats if seat.status != "cancelled"]
    if "rejected" in counted:
        return "rejected"
    if mode == "any":
        return "passed" if "approved" in counted else ""
    return "passed" if counted and set(counted) == {"approved"} else ""
