"""Explain how a value of a record comes about, to whoever may see it."""

from collections.abc import Mapping

import msgspec

from engine.compile.model import CompiledField
from engine.compile.shape import walk
from engine.definition.model import Json
from engine.formula.explain import Trace, explain
from engine.formula.typed import Read
from engine.problems import Problem, Unknown, nearest
from engine.runtime.world import facts
from engine.store import records
from engine.store.session import Workspace
from engine.usecases.actor import Actor
from engine.usecases.records.find import visible_scope
from engine.usecases.sight import Sight, sight
from engine.usecases.world import world_for


class Explained(msgspec.Struct, frozen=True):
    """A value that is kept, and what its formula gives for the record as it stands; no trace for what is typed."""

    field: CompiledField
    value: Json
    trace: Trace | None


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
