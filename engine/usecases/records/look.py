"""Look at one record: what it says, what can be done with it, what has happened to it, who is asked."""

from collections.abc import Iterator

import msgspec

from engine.compile.model import CompiledRule
from engine.problems import Problem
from engine.runtime.approval.case import Case
from engine.runtime.permit import permit
from engine.runtime.resolve import Choice, choices
from engine.runtime.values.fill import broken_rules
from engine.runtime.world import facts
from engine.store import events, records, tasks
from engine.store.events import Entry
from engine.store.session import Session, Workspace
from engine.store.tasks import Item
from engine.usecases.actor import Actor
from engine.usecases.names import Names, names_of
from engine.usecases.records.find import visible_scope
from engine.usecases.sight import Sight, row_paths, sight
from engine.usecases.world import world_for

__all__ = ["Entry", "Look", "actions_of", "get", "history_of", "look", "tasks_of"]


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """A record with everything around it."""

    sight: Sight
    choices: tuple[Choice, ...]
    history: tuple[Entry, ...]
    tasks: tuple[Item, ...]
    names: Names
    #: What stands against changing and deleting it by hand; None when nothing does.
    against_update: Problem | None
    against_delete: Problem | None
    #: Rules of level "warn" that do not hold, as far as they are about what may be seen.
    warnings: tuple[Problem, ...] = ()


def get(workspace: Workspace, actor: Actor, name: str, record_id: str) -> Sight:
    """The record alone."""
    with workspace.read(actor.company) as session:
        return sight(session, actor, records.load(session, name, record_id))


def actions_of(workspace: Workspace, actor: Actor, name: str, record_id: str) -> tuple[Choice, ...]:
    """Every action of the record, and what stands against it."""
    with workspace.read(actor.company) as session:
        return choices(_case(session, actor, sight(session, actor, records.load(session, name, record_id))))


def history_of(workspace: Workspace, actor: Actor, name: str, record_id: str) -> tuple[Sight, tuple[Entry, ...]]:
    """Everything that ever happened to the record, oldest first."""
    with workspace.read(actor.company) as session:
        seen = sight(session, actor, records.load(session, name, record_id))
        return seen, events.history(session, record_id)


def tasks_of(workspace: Workspace, actor: Actor, name: str, record_id: str) -> tuple[Item, ...]:
    """The record's open tasks."""
    with workspace.read(actor.company) as session:
        sight(session, actor, records.load(session, name, record_id))
        return tasks.of_record(session, record_id)


def look(workspace: Workspace, actor: Actor, name: str, record_id: str) -> Look:
    """The record with its actions, history and open tasks."""
    with workspace.read(actor.company) as session:
        seen = sight(session, actor, records.load(session, name, record_id))
        case = _case(session, actor, seen)
        return Look(
            sight=seen,
            choices=choices(case),
            history=events.history(session, record_id),
            tasks=tasks.of_record(session, record_id),
            names=names_of(session, seen.entity, [seen.record.values]),
            against_update=permit(case.person, "update", seen.entity, seen.record, case.world),
            against_delete=permit(case.person, "delete", seen.entity, seen.record, case.world),
            warnings=_warnings(session, case),
        )


def _warnings(session: Session, case: Case) -> tuple[Problem, ...]:
    entity = case.entity
    rules = [rule for rule in entity.rules if rule.definition.level == "warn"]
    if not rules:
        return ()
    scope = visible_scope(session, case.person, entity)
    told = [rule for rule in rules if all(map(scope.find, set(rule.condition.reads).union(*_reads(rule))))]
    world = world_for(session, entity, case.record.values, paths=entity.through)
    return tuple(problem for _, problem in broken_rules(told, facts(entity, case.record, world)))


def _reads(rule: CompiledRule) -> Iterator[frozenset[tuple[str, ...]]]:
    """What the message of a rule says."""
    return (part.reads for part in rule.values)


def _case(session: Session, actor: Actor, seen: Sight) -> Case:
    """The actor before the record."""
    paths = row_paths(seen.entity) | (seen.entity.workflow.through if seen.entity.workflow else frozenset())
    world = world_for(session, seen.entity, seen.record.values, paths=paths)
    return Case(entity=seen.entity, record=seen.record, person=actor.person(session), world=world)
