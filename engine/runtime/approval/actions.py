"""What people can do to a record's run: who may, when it is refused, and what it leads to (docs/workflow.md §5).

Each action is a check, which raises what stands against it, and a deed, which moves a course. The same check answers
"which buttons do I see" and guards the deed itself. Buttons of a life cycle are in `engine.runtime.approval.buttons`.
"""

from collections.abc import Callable, Mapping
from typing import Final, Literal

import msgspec

from engine.compile.machine import DRAFT, START, trigger
from engine.definition.model import State
from engine.problems import Conflict, Invalid, NotAllowed, Problem
from engine.runtime.access import Access
from engine.runtime.approval.case import (
    Case,
    not_offered,
    take_values,
    want_comment,
    want_no_values,
    want_running,
    wants_values,
    wrong_state,
)
from engine.runtime.approval.course import Course
from engine.runtime.approval.visits import is_by_hand
from engine.runtime.permit import access, permit, seat_access
from engine.runtime.record import Decision, Seat


class Action(msgspec.Struct, frozen=True):
    """A check that raises what stands against it, and the deed."""

    check: Callable[[Case], None]
    perform: Callable[[Course, Case, Decision], None]
    #: Whether in this state the record's values are computed and judged again, even when none are sent.
    fills: Callable[[State | None], bool] = lambda _state: False


def _check_submit(case: Case) -> None:
    if case.record.state != DRAFT:
        raise Conflict(Problem("workflow.not_draft", "", {"status": case.record.status}))
    if case.record.created_by != case.person.login and (
        problem := permit(case.person, "update", case.entity, case.record, case.world)
    ):
        raise NotAllowed(problem)


def _submit(course: Course, case: Case, decision: Decision) -> None:
    take_values(course, case, decision, _own_access(case))
    course.tell("submitted", comment=decision.comment, revision=course.record.revision)
    course.fire("submit")


def _check_approve(case: Case) -> None:
    _want_seat(case, "approval", "handle")


def _approve(course: Course, case: Case, decision: Decision) -> None:
    if _state(case).requires.get("comment") == "always":
        want_comment(decision)
    if decision.values or wants_values(case.state):
        take_values(course, case, decision, seat_access(case.person, case.entity, case.record))
    _decide(course, case.seat, "approve", decision)


def _check_reject(case: Case) -> None:
    _want_seat(case, "approval")


def _reject(course: Course, case: Case, decision: Decision) -> None:
    if _state(case).requires.get("comment") in {"always", "on_reject"}:
        want_comment(decision)
    want_no_values(decision)
    _decide(course, case.seat, "reject", decision)


_STATUSES: Final[Mapping[str, Literal["approved", "rejected"]]] = {"approve": "approved", "reject": "rejected"}


def _decide(course: Course, seat: Seat, verdict: str, decision: Decision) -> None:
    """Settle one seat; when that settles the visit, go on."""
    state, revision = course.record.state, course.record.revision
    course.tell(
        "decision",
        state=state,
        seat=seat.id,
        decision=verdict,
        comment=decision.comment,
        revision=revision,
        content=course.content,
    )
    outcome = course.answer(msgspec.structs.replace(seat, status=_STATUSES[verdict], revision=revision))
    if outcome == "rejected" and course.returns_refusals:
        course.tell("returned", "", state=state, target=START, rule="on_reject")
        course.fire("return")
    elif outcome:
        course.fire(trigger(outcome))


def _check_return(case: Case) -> None:
    _want_seat(case, "approval", "handle")
    if not _state(case).ops.get("return", (START,)):
        raise not_offered("return")


def _return(course: Course, case: Case, decision: Decision) -> None:
    target, resubmit = decision.args.get("to", START), decision.args.get("resubmit", "rerun")
    if target != START:
        raise Invalid(Problem("workflow.return_target", "/args/to", {"given": str(target), "known": START}))
    if resubmit != "rerun":
        raise Invalid(Problem("field.choice", "/args/resubmit", {"known": "rerun"}))
    want_no_values(decision)
    course.tell("returned", state=case.record.state, seat=case.seat.id, target=START, comment=decision.comment)
    course.close("returned")
    course.fire("return")


def _check_resubmit(case: Case) -> None:
    want_running(case)
    if case.record.state != START:
        raise wrong_state(case)
    case.seat  # noqa: B018 - refuses


def _resubmit(course: Course, case: Case, decision: Decision) -> None:
    take_values(course, case, decision, _own_access(case))
    course.tell("resubmitted", comment=decision.comment, revision=course.record.revision)
    course.answer(msgspec.structs.replace(case.seat, status="done"))
    course.close("resubmitted")
    course.fire("resubmit")


def _check_withdraw(case: Case) -> None:
    want_running(case)
    assert case.entity.workflow is not None
    assert case.record.run is not None
    if case.record.run.starter != case.person.login:
        raise NotAllowed(Problem("workflow.not_starter"))
    if case.visit is None:
        raise wrong_state(case)
    when = case.entity.workflow.definition.settings.get("withdraw", {}).get("when", "while_running")
    is_decided = any(is_by_hand(visit.seats) for visit in case.visits if not visit.superseded)
    if when == "never" or (when == "before_first_decision" and is_decided):
        raise not_offered("withdraw")


def _withdraw(course: Course, _case: Case, decision: Decision) -> None:
    want_no_values(decision)
    course.tell("withdrawn", comment=decision.comment)
    course.close("withdrawn")
    course.fire("withdraw")


def _want_seat(case: Case, *types: str) -> None:
    """Refuse unless the run is in a state of these types and the person is asked in it."""
    want_running(case)
    if case.state is None or case.state.type not in types:
        raise wrong_state(case)
    case.seat  # noqa: B018 - refuses


def _state(case: Case) -> State:
    assert case.state is not None  # the check has made sure
    return case.state


def _own_access(case: Case) -> Access:
    return access(case.person, case.entity, case.record, case.world)


#: Actions of approval steps, in the order in which they are offered.
ACTIONS: Final[Mapping[str, Action]] = {
    "submit": Action(_check_submit, _submit, lambda _state: True),
    "approve": Action(_check_approve, _approve, wants_values),
    "reject": Action(_check_reject, _reject),
    "return": Action(_check_return, _return),
    "resubmit": Action(_check_resubmit, _resubmit, lambda _state: True),
    "withdraw": Action(_check_withdraw, _withdraw),
}
