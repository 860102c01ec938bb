"""Somebody before a record: what every action asks about first, and refuses in the same words."""

from collections.abc import Iterable, Iterator

import msgspec

from engine.compile.model import CompiledEntity
from engine.definition.model import State
from engine.problems import Conflict, Invalid, NotAllowed, Problem
from engine.runtime.access import Access
from engine.runtime.approval.course import Course
from engine.runtime.organisation import Person
from engine.runtime.record import Decision, Record, Seat, Visit
from engine.runtime.values.fill import fill
from engine.runtime.world import World


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody before a record."""

    entity: CompiledEntity
    record: Record
    person: Person
    world: World
    #: The task they mean; "" when they do not say.
    task: str = ""

    @property
    def state(self) -> State | None:
        """The state as defined; None in an implicit one."""
        return self.entity.workflow.states.get(self.record.state) if self.entity.workflow else None

    @property
    def visit(self) -> Visit | None:
        """The open visit."""
        return next((visit for visit in self.visits if not visit.outcome), None)

    @property
    def visits(self) -> tuple[Visit, ...]:
        """Every visit so far."""
        return self.record.run.visits if self.record.run else ()

    @property
    def seat(self) -> Seat:
        """The person's own open seat, the one that the task names when it names one. Refuses when there is none."""
        for seat in self._seats((self.visit,) if self.visit else ()):
            if seat.status == "open":
                return seat
        if any(seat.status != "waiting" for seat in self._seats(self.visits)):
            raise Conflict(Problem("task.closed"))
        raise NotAllowed(Problem("task.not_yours"))

    def _seats(self, visits: Iterable[Visit]) -> Iterator[Seat]:
        for visit in visits:
            for seat in visit.seats:
                if seat.holder == self.person.login and self.task in {"", seat.id}:
                    yield seat


def want_running(case: Case) -> None:
    """Refuse unless the run is under way."""
    if case.record.status != "running":
        raise Conflict(Problem("workflow.not_running", "", {"status": case.record.status}))


def wrong_state(case: Case) -> Conflict:
    """The refusal of what cannot be done where the record is."""
    return Conflict(Problem("workflow.wrong_state", "", {"state": case.record.state}))


def not_offered(action: str) -> NotAllowed:
    """The refusal of what the workflow does not let anybody do here."""
    return NotAllowed(Problem("workflow.not_offered", "", {"action": action}))


def want_comment(decision: Decision) -> None:
    """Refuse without a word."""
    if not decision.comment.strip():
        raise Invalid(Problem("field.required", "/comment"))


def want_no_values(decision: Decision) -> None:
    """Refuse values where none are taken: they would be lost in silence."""
    if decision.values:
        raise Invalid(Problem("action.no_values", "/values"))


def wants_values(state: State | None) -> bool:
    """Whether something has to be filled in before this state is left."""
    return state is not None and "required" in state.fields.values()


def take_values(course: Course, case: Case, decision: Decision, rights: Access) -> None:
    """Lay the sent values over the record, all or nothing; what it says is computed and judged again in any case."""
    filled = fill(case.entity, case.record, decision.values, rights, world=case.world, actor=case.person.login)
    course.change(filled.sound())
    course.warnings = filled.warnings
