"""Start a record: filled for the first time, numbered, remembered."""

from functools import partial
from typing import Any

import msgspec

from engine.compile.model import CompiledEntity
from engine.compile.number import PLAIN, numbered, series
from engine.definition.model import Json
from engine.runtime.record import Record
from engine.runtime.resolve import blank
from engine.runtime.resolve import create as resolve_create
from engine.runtime.world import World
from engine.store import counters, editions, events
from engine.store.session import Session, Workspace
from engine.usecases.actor import Actor, ask_under, same_ask, twice_at_most
from engine.usecases.attach import attach_files
from engine.usecases.modules.in_force import entity_named
from engine.usecases.settling.series import with_series
from engine.usecases.settling.settle import hold, keep
from engine.usecases.sight import Sight, sight, sight_of
from engine.usecases.world import Sent, world_for


def create(workspace: Workspace, actor: Actor, name: str, given: Json, *, key: str = "") -> Sight:
    """A new record of "module/entity" with these values. Repeated under the same key, it is created once."""
    return twice_at_most(partial(_create, workspace, actor, name, given, key), key)


def _create(workspace: Workspace, actor: Actor, name: str, given: Json, key: str) -> Sight:
    with workspace.write(actor.company) as session:
        ask = ask_under(actor, key, ["create", name, given])
        if ask and (answered := events.answered(session, ask)):
            same_ask(ask, answered)
            return sight_of(session, actor, name, answered.record_id)
        entity = entity_named(session, name)
        hold(session, name)
        world = world_for(session, entity, paths=entity.through, sent=Sent(given, actor.login))
        person = actor.person(session)
        edition = editions.edition(session, entity.module).number
        record = _numbered(session, entity, blank(entity, edition, person, world), world)
        world = with_series(session, entity, record, world, given)
        outcome = resolve_create(entity, record, given, person, world)
        kept = keep(session, outcome, ask=ask)
        attach_files(session, entity, kept.record)
        return sight(session, actor, kept.record, world, warnings=kept.warnings)


def _numbered(session: Session, entity: CompiledEntity, record: Record, world: World) -> Record:
    """The record with its number and its serial-number fields; a refusal later gives the numbers back."""

    def count(pattern: str, *name: str) -> str:
        counted = series(pattern, world.today)
        return numbered(counted, counters.advance(session, "/".join((entity.name, *name, counted))))

    values: dict[str, Any] = dict(record.values)
    for key, field in entity.fields.items():
        if field.type.name == "serial_number":
            values[key] = count(field.definition.rest.get("x-number", PLAIN), key)
    number = count(entity.definition.number) if entity.definition.number else ""
    return msgspec.structs.replace(record, number=number, values=values)
