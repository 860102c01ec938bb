"""Gives a record the ones before it in the series that its formulas read."""

import msgspec

from engine.compile.model import CompiledEntity
from engine.definition.model import Json
from engine.formula.library.series import Series
from engine.runtime.access import EVERYTHING
from engine.runtime.organisation import Person
from engine.runtime.permit import permit
from engine.runtime.record import Record
from engine.runtime.values.accept import accept
from engine.runtime.world import World, seen
from engine.store.related import series as series_store
from engine.store.session import Session
from engine.usecases.modules.in_force import entity_named
from engine.usecases.sight import row_paths
from engine.usecases.world import world_for


def with_series(session: Session, entity: CompiledEntity, record: Record, world: World, given: Json = None) -> World:
    """The world with the records before this one, as it stands or as it will with what is sent."""
    if not entity.series:
        return world
    values = record.values if given is None else accept(entity.fields, given, record.values, EVERYTHING)[0]
    return msgspec.structs.replace(
        world,
        series={
            series.key: [
                seen(entity_named(session, entity.name, each.edition), each)
                for each in series_store.earlier(session, entity.name, series, values, record.id)
            ]
            for series in entity.series
        },
    )


def may_read_series(session: Session, person: Person, entity: CompiledEntity, record: Record, series: Series) -> bool:
    """Whether somebody may read all the records that come before this one in a series."""
    earlier = series_store.earlier(session, entity.name, series, record.values, record.id)
    world = world_for(session, entity, *(each.values for each in earlier), paths=row_paths(entity))
    return not any(permit(person, "read", entity, each, world) for each in earlier)
