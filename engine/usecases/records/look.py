"""Look at one record: what it says, what can be done with it, what has happened to it, who is asked."""

from collections.abc import Mapping

import msgspec

from engine.compile.model import CompiledField
from engine.compile.shape import walk
from engine.definition.model import Json
from engine.formula.explain import Trace, explain
from engine.formula.typed import Read
from engine.problems import Problem, Unknown, nearest
from engine.runtime.approval.case import Case
from engine.runtime.permit import permit
from engine.runtime.resolve import Choice, choices
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

__all__ = ["Entry", "Explained", "Look", "actions_of", "explain_value", "get", "history_of", "look", "tasks_of"]


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


class Explained(msgspec.Struct, frozen=True):
    """A value that is kept, and what its formula gives for the record as it stands; no trace for what is typed."""

    field: CompiledField
    value: Json
    trace: Trace | None


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


def explain_value(workspace: Workspace, actor: Actor, name: str, record_id: str, place: str) -> Explained:
    """How the value at a place such as `items.0.amount` comes about; `Unknown` for what the actor may not see.

    Parts that read what they may not see, here or behind references, show neither that nor what is made of it.
    """
    with workspace.read(actor.company) as session:
        seen = sight(session, actor, records.load(session, name, record_id))
        entity, record = seen.entity, seen.record
        field, shown = _field_at(seen, place)
        value = shown.get(field.key)
        if field.formula is None:
            return Explained(field, value, None)
        scope = visible_scope(session, actor.person(session), entity)

        def may_read(read: Read) -> bool:
            return scope.find((*field.path[:-1], *read.parts) if read.found.in_line else read.parts) is not None

        world = world_for(session, entity, record.values, paths=entity.through)
        reading = facts(entity, record, world, actor=actor.login)
        if len(field.path) > 1:
            reading = msgspec.structs.replace(reading, line=_holder(record.values, place))
        return Explained(field, value, explain(field.formula, reading, may_read))


def _field_at(seen: Sight, place: str) -> tuple[CompiledField, Mapping[str, Json]]:
    """The field at the place, and what may be seen of the record, group or line that holds its value."""
    path = tuple(key for key in place.split(".") if not key.isdecimal())
    fields = {each.path: each for each in walk(seen.entity.fields) if seen.access.of(each.path) != "hidden"}
    holder = _holder(seen.values, place)
    if path not in fields or holder is None:
        known = nearest(place, (".".join(each) for each in fields))
        raise Unknown(Problem("field.unknown", "/field", {"given": place, "known": known}))
    return fields[path], holder


def _holder(values: Json, place: str) -> Mapping[str, Json] | None:
    """The record, group or line around the place; None when there is no such line."""
    for key in place.split(".")[:-1]:
        if isinstance(values, list):
            values = values[int(key)] if key.isdecimal() and int(key) < len(values) else None
        else:
            values = values.get(key) if isinstance(values, Mapping) else None
    return values if isinstance(values, Mapping) else None


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
        )


def _case(session: Session, actor: Actor, seen: Sight) -> Case:
    """The actor before the record."""
    paths = row_paths(seen.entity) | (seen.entity.workflow.through if seen.entity.workflow else frozenset())
    world = world_for(session, seen.entity, seen.record.values, paths=paths)
    return Case(entity=seen.entity, record=seen.record, person=actor.person(session), world=world)
