"""The course of one step: a record being moved on, with the events and tasks that come of it.

A course starts from a record, is told what happened, runs through every state that needs nobody, and comes to rest;
`outcome` then says what has changed. Nothing is written here.
"""

from collections.abc import Mapping
from typing import Any, Final, Literal

import msgspec

from engine.compile.machine import ASKING, REJECTED, START, WITHDRAWN, Blank, Failed, advance, trigger
from engine.compile.model import CompiledEntity, CompiledWorkflow
from engine.definition.model import State
from engine.formula.scope import Facts
from engine.problems import Conflict, Problem
from engine.runtime.access import EDITABLE
from engine.runtime.approval.ask import Asked, ask, ask_starter
from engine.runtime.approval.tally import tally
from engine.runtime.approval.visits import answered, approved_before, closed, open_due, open_visit
from engine.runtime.canonical import digest
from engine.runtime.record import Event, Outcome, Record, Run, Seat, Status, Task, Token, Values, Visit
from engine.runtime.values.compute import places
from engine.runtime.values.fill import titled
from engine.runtime.values.follow import without_derived
from engine.runtime.world import World, facts

#: More automatic states in one step than any sensible workflow has; checks at publish already refuse circles.
MAX_STEPS: Final = 500
#: Status that goes with the implicit ends.
_ENDS: Final[Mapping[str, Status]] = {REJECTED: "rejected", WITHDRAWN: "withdrawn"}
#: What the product does when a workflow does not say.
DEDUPE_DEFAULT: Final = "consecutive"


class Course:
    """One step under way; mutable, and never seen outside `engine.runtime`."""

    def __init__(self, entity: CompiledEntity, record: Record, world: World, actor: str) -> None:
        self.entity, self.world, self.actor = entity, world, actor
        self.record = record
        self.starter = record.run.starter if record.run else actor
        self.events: list[Event] = []
        #: Rules that do not hold and are only spoken of.
        self.warnings: tuple[Problem, ...] = ()
        self._visits = {visit.id: visit for visit in record.run.visits} if record.run else {}
        self._before = record.run

    @property
    def reading(self) -> Facts:
        """What formulas read at this moment."""
        return facts(self.entity, self.record, self.world, actor=self.actor)

    @property
    def visit(self) -> Visit | None:
        """The open visit, if people are being asked."""
        return next((visit for visit in self._visits.values() if not visit.outcome), None)

    @property
    def _workflow(self) -> CompiledWorkflow:
        assert self.entity.workflow is not None
        return self.entity.workflow

    def tell(self, kind: str, actor: str | None = None, **data: Any) -> None:  # noqa: ANN401
        """Add a fact to the history: the deed of whoever acts now, or of the system when `actor` is ""."""
        self.events.append(Event(kind=kind, at=self.world.now, actor=self.actor if actor is None else actor, data=data))

    def begin(self, values: Values) -> None:
        """Take the first values of a new record."""
        self.record = msgspec.structs.replace(self.record, values=values)
        self._retitle()
        self.tell("created", values=values)

    def change(self, values: Values) -> None:
        """Take new values: one more revision, told field by field."""
        if fields := _changes(self.record.values, values):
            self.record = msgspec.structs.replace(self.record, values=values, revision=self.record.revision + 1)
            self._retitle()
            self.tell("changed", fields=fields)

    def recompute(self, values: Values, *, edition: int) -> None:
        """Go over to another edition, whose formulas have made these values."""
        before = self.record
        self.record = msgspec.structs.replace(before, values=values, edition=edition, revision=before.revision + 1)
        self._retitle()
        self.tell("recomputed", edition=[before.edition, edition], fields=_changes(before.values, values))

    def _retitle(self) -> None:
        self.record = msgspec.structs.replace(self.record, title=titled(self.entity, self.record, self.reading))

    @property
    def content(self) -> str:
        """Digest of the values that a decision made now is about: the protected ones, at any depth, or all."""
        values, protected = dict(self.record.values), self._workflow.definition.protected
        if not protected:
            return digest(without_derived(self.entity, values))
        found = {path: path.split(".") for path in protected}
        return digest(
            {path: [each.get(keys[-1]) for each, _ in places(values, (*keys,))] for path, keys in found.items()}
        )

    @property
    def returns_refusals(self) -> bool:
        """Whether the present state sends a person's refusal back to the starter, not to the end."""
        return isinstance(self._workflow.states[self.record.state].on_reject, Mapping)

    def answer(self, seat: Seat) -> str:
        """Take an answer into the open visit; its outcome, or "" while others are still to answer."""
        visit = self.visit
        assert visit is not None
        self._visits[visit.id] = answered(visit, seat)
        return self._count()

    def close(self, outcome: str) -> None:
        """Close the open visit: seats nobody needs any more are cancelled, and say why."""
        visit = self.visit
        assert visit is not None
        self._visits[visit.id] = closed(visit, outcome)
        tally_ = [[seat.owner, seat.status] for seat in visit.seats]
        self.tell("step_closed", "", state=visit.state, outcome=outcome, tally=tally_)

    def fire(self, event: str) -> None:
        """Leave the present state by `event` and go on until the record rests."""
        for _ in range(MAX_STEPS):
            target = self._target(event)
            self.record = msgspec.structs.replace(self.record, state=target, status="running")
            following = self._arrive(target)
            if not following:
                return
            event = trigger(following)
        raise Conflict(Problem("workflow.endless", "", {"state": self.record.state}))

    def _target(self, event: str) -> str:
        state = self.record.state
        try:
            target = advance(self._workflow.machine, state, event, self.reading)
        except Blank as blank:
            params = {"state": state, "condition": blank.condition}
            raise Conflict(Problem("workflow.blank_condition", "", params)) from blank
        except Failed as failed:
            raise Conflict(failed.problem) from failed
        if target is None:
            raise Conflict(Problem("workflow.no_way", "", {"state": state}))
        return target

    def _arrive(self, target: str) -> str:
        """What the state does by itself: the outcome to go on with, or "" when the record rests there."""
        state = self._workflow.states.get(target)
        if target == START:
            # The way is walked again: nothing decided so far lies on it any more.
            self._visits = {key: msgspec.structs.replace(each, superseded=True) for key, each in self._visits.items()}
            return self._open(target, ask_starter(self.starter, self.world.organisation))
        if state is None or state.type == "end":
            self._end(_ENDS[target] if state is None else state.outcome)
            return ""
        if state.type in ASKING:
            return self._open(target, ask(state, self._workflow, self.reading, self.starter, self.world.organisation))
        return "enter" if state.type == "choice" else ""

    def _open(self, target: str, asked: Asked) -> str:
        visit = open_visit(target, asked.people, self.world.new_id, self.world.now)
        self._visits[visit.id] = visit
        dropped = [list(each) for each in asked.dropped]
        self.tell("step_open", "", state=target, asked=list(asked.people), dropped=dropped, rule=asked.rule)
        if asked.outcome:
            self.tell("auto", "", state=target, rule=asked.rule)
            self.close(asked.outcome)
            return asked.outcome
        return self._count()

    def _count(self) -> str:
        """Open what is due and count the answers; the outcome of the visit, or "" while it waits for somebody."""
        visit = self.visit
        assert visit is not None
        state = self._workflow.states.get(visit.state)
        mode = state.seats.mode if state and state.seats else "any"
        visit = open_due(visit, mode, lambda seat: self._opened(seat, state))
        self._visits[visit.id] = visit
        outcome = tally(mode, visit.seats)
        if outcome:
            self.close(outcome)
        return outcome

    def _opened(self, seat: Seat, state: State | None) -> Seat:
        """The seat open, or already settled by an approval its holder gave to the same content before."""
        if state is not None and not _needs_person(state):
            rule = str(self._workflow.definition.settings.get("dedupe", DEDUPE_DEFAULT))
            revision = self.record.revision
            basis = approved_before(seat.holder, self._visits.values(), rule=rule, revision=revision)
            if basis is not None:
                rule = f"dedupe_{rule}"
                self.tell("auto", "", state=state.key, rule=rule, person=seat.holder, basis=basis.state)
                return msgspec.structs.replace(seat, status="approved", rule=rule, revision=revision)
        return msgspec.structs.replace(seat, status="open", opened_at=self.world.now)

    def _end(self, status: str) -> None:
        self.record = msgspec.structs.replace(self.record, status=status)
        self.tell("ended", "", status=status)

    def outcome(self) -> Outcome:
        """What this step has come to."""
        visit = self.visit
        token = Token(id="t", state=self.record.state, visit=visit.id if visit else "")
        is_running = self.record.status == "running"
        run = Run(
            starter=self.starter,
            started_at=self._before.started_at if self._before else self.world.now,
            tokens=(token,) if is_running else (),
            visits=tuple(self._visits.values()),
        )
        record = msgspec.structs.replace(
            self.record,
            run=run if is_running or run.visits or self._before else None,
            updated_at=self.world.now,
            updated_by=self.actor,
        )
        return Outcome(record=record, events=tuple(self.events), tasks=tuple(self._tasks()), warnings=self.warnings)

    def _tasks(self) -> list[Task]:
        """Seats that have opened, and those that were open and no longer are."""
        visits = self._before.visits if self._before else ()
        before = {seat.id for visit in visits for seat in visit.seats if seat.status == "open"}
        return [
            self._task(visit, seat)
            for visit in self._visits.values()
            for seat in visit.seats
            if (seat.status == "open") != (seat.id in before)
        ]

    def _task(self, visit: Visit, seat: Seat) -> Task:
        is_open, is_cancelled = seat.status == "open", seat.status == "cancelled"
        return Task(
            id=seat.id,
            person=seat.holder,
            kind=self._kind(visit.state),
            state=visit.state,
            opened_at=seat.opened_at or visit.opened_at,
            status="open" if is_open else "cancelled" if is_cancelled else "done",
            closed_at=None if is_open else self.world.now,
        )

    def _kind(self, state: str) -> Literal["decide", "handle", "resubmit"]:
        if state == START:
            return "resubmit"
        return "handle" if self._workflow.states[state].type == "handle" else "decide"


def _changes(before: Values, after: Values) -> dict[str, list[Any]]:
    """What was there and what is there now, for the fields in which they differ."""
    changed = sorted(key for key in {*before, *after} if before.get(key) != after.get(key))
    return {key: [before.get(key), after.get(key)] for key in changed}


def _needs_person(state: State) -> bool:
    """Whether an earlier approval cannot stand in: something has to be written or may be filled in here."""
    is_filled = any(level in EDITABLE for level in state.fields.values())
    return is_filled or state.requires.get("comment") == "always" or bool(state.rest.get("no_auto"))
