"""One step, pure: a record and a decision in, an Outcome out. Nothing has happened yet.

`create` and `save` are for values alone; `resolve` moves a run. Each refuses with everything that stands against it.
"""

from collections.abc import Mapping

import msgspec

from engine.compile.machine import DRAFT, is_submitted
from engine.compile.model import CompiledEntity
from engine.definition.model import Action as Button
from engine.definition.model import Json
from engine.problems import Conflict, NotAllowed, Problem, Refused, Unknown, nearest
from engine.runtime.approval.actions import ACTIONS, Action
from engine.runtime.approval.buttons import pressed
from engine.runtime.approval.case import Case
from engine.runtime.approval.course import Course
from engine.runtime.organisation import Person
from engine.runtime.permit import access, permit
from engine.runtime.record import Decision, Outcome, Record
from engine.runtime.values.fill import defaults, fill
from engine.runtime.world import World


class Choice(msgspec.Struct, frozen=True):
    """An action, and what stands against it: nothing when it may be taken."""

    action: str
    title: str
    problems: tuple[Problem, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether the person may take it now."""
        return not self.problems


def blank(entity: CompiledEntity, edition: int, person: Person, world: World) -> Record:
    """A record nobody has filled yet, with its defaults; it has no number."""
    workflow = entity.workflow
    initial = workflow.states[workflow.definition.initial] if workflow else None
    state = "" if initial is None else initial.key if initial.type == "state" else DRAFT
    record = Record(
        id=world.new_id(),
        module=entity.module,
        entity=entity.key,
        edition=edition,
        number="",
        revision=1,
        state=state,
        status="running" if initial is not None and initial.type == "state" else "draft",
        title="",
        values={},
        created_at=world.now,
        created_by=person.login,
        updated_at=world.now,
        updated_by=person.login,
    )
    return msgspec.structs.replace(record, values=defaults(entity, record, world, person.login))


def create(entity: CompiledEntity, record: Record, given: Json, person: Person, world: World) -> Outcome:
    """Fill a blank record for the first time. What is not sent takes its default."""
    if problem := permit(person, "create", entity):
        raise NotAllowed(problem)
    rights = access(person, entity, record, world, creating=True)
    filled = fill(entity, record, given, rights, world=world, actor=person.login)
    course = Course(entity, record, world, person.login)
    course.begin(filled.sound())
    course.warnings = filled.warnings
    # Which records somebody may make is asked of the record as they have filled it.
    if problem := permit(person, "create", entity, course.record, world):
        raise NotAllowed(problem)
    return course.outcome()


def save(entity: CompiledEntity, record: Record, given: Json, person: Person, world: World) -> Outcome:
    """Lay a patch over the values of a record that may be changed by hand."""
    if problem := permit(person, "update", entity, record, world):
        raise NotAllowed(problem)
    filled = fill(entity, record, given, access(person, entity, record, world), world=world, actor=person.login)
    course = Course(entity, record, world, person.login)
    course.change(filled.sound())
    course.warnings = filled.warnings
    return course.outcome()


def resolve(entity: CompiledEntity, record: Record, decision: Decision, world: World) -> Outcome:
    """What the decision leads to, or a refusal."""
    person = world.organisation.people[decision.actor]
    if not person.active:
        raise NotAllowed(Problem("permission.inactive"))
    action = find_action(entity, record, decision.action)
    case = Case(entity=entity, record=record, person=person, world=world, task=decision.task)
    action.check(case)
    if decision.revision is not None and decision.revision != record.revision:
        seen, now = str(decision.revision), str(record.revision)
        raise Conflict(Problem("record.stale", "/revision", {"seen": seen, "now": now}))
    course = Course(entity, record, world, person.login)
    action.perform(course, case, decision)
    return course.outcome()


def find_action(entity: CompiledEntity, record: Record, name: str) -> Action:
    """The action by its name: of approval steps, or a button of the entity's own life cycle."""
    known = _actions(entity, record)
    if name not in known:
        raise Unknown(Problem("action.unknown", "", {"given": name, "known": nearest(name, known)}))
    return known[name]


def choices(case: Case) -> tuple[Choice, ...]:
    """Every action the entity knows, and what stands against it for this person now."""
    titles = {key: button.title for key, button in _buttons(case.entity, case.record).items()}
    actions = _actions(case.entity, case.record).items()
    return tuple(Choice(name, titles.get(name, ""), _against(action, case)) for name, action in actions)


def paths_read(entity: CompiledEntity, record: Record, decision: Decision) -> frozenset[tuple[str, ...]]:
    """Paths through references whose records must be at hand to resolve the decision."""
    if entity.workflow is None:
        return frozenset()
    action = _actions(entity, record).get(decision.action)
    is_filled = action is not None and action.fills(entity.workflow.states.get(record.state))
    return entity.workflow.through | (entity.through if decision.values or is_filled else frozenset())


def _actions(entity: CompiledEntity, record: Record) -> Mapping[str, Action]:
    is_run = entity.workflow is not None and is_submitted(entity.workflow.definition)
    return {**(ACTIONS if is_run else {}), **{key: pressed(button) for key, button in _buttons(entity, record).items()}}


def _buttons(entity: CompiledEntity, record: Record) -> Mapping[str, Button]:
    """Every button of a life cycle by its key; of several with the same one, that of the present state."""
    states = entity.workflow.states.values() if entity.workflow else ()
    present_last = sorted(states, key=lambda state: state.key == record.state)
    return {button.key: button for state in present_last for button in state.actions}


def _against(action: Action, case: Case) -> tuple[Problem, ...]:
    try:
        action.check(case)
    except Refused as refusal:
        return refusal.problems
    return ()
