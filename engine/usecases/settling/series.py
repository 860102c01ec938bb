"""Gives a record the ones before it in the series that its formulas read."""

import msgspec

from engine.compile.model import CompiledEntity
from engine.definition.model import Json
from engine.runtime.access import EVERYTHING
from engine.runtime.record import Record
from engine.runtime.values.accept import accept
from engine.runtime.world import World, seen
from engine.store.related import series as kept
from engine.store.session import Session
from engine.usecases.modules.in_force import entity_named


def along(session: Session, entity: CompiledEntity, record: Record, world: World, given: Json = None) -> World:
    """The world with the records before this one, as it stands or as it will with what is sent."""
    if not entity.series:
        return world
    values = record.values if given is None else accept(entity.fields, given, record.values, EVERYTHING)[0]
    return msgspec.structs.replace(
        world,
        series={
            series.key: [
                seen(entity_named(session, entity.name, each.edition), each)
                for each in kept.earlier(session, entity.name, series, values, record.id)
            ]
            for series in entity.series
        },
    )
