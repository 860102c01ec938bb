"""What somebody sees of a record: nobody gets a record from a use case without the rights that go with it."""

from collections.abc import Mapping
from typing import Any

import msgspec

from engine.compile.model import CompiledEntity, CompiledField
from engine.definition.model import Json
from engine.fields.field_type import Storage
from engine.problems import Problem, Unknown
from engine.runtime.access import Access
from engine.runtime.organisation import Person
from engine.runtime.permit import access, permit
from engine.runtime.record import Record
from engine.runtime.world import World
from engine.store import records
from engine.store.session import Session
from engine.usecases.actor import Actor
from engine.usecases.modules.in_force import entity_named
from engine.usecases.world import world_for


class Sight(msgspec.Struct, frozen=True, kw_only=True):
    """A record in somebody's eyes."""

    entity: CompiledEntity
    record: Record
    access: Access
    #: What is to be said about what has just been done; see `Outcome.warnings`.
    warnings: tuple[Problem, ...] = ()

    @property
    def values(self) -> Mapping[str, Json]:
        """The values that may be seen."""
        return visible(self.entity.fields, self.record.values, self.access)


def listed(person: Person, entity: CompiledEntity, record: Record, world: World) -> Sight:
    """A record that a search has found readable."""
    return Sight(entity=entity, record=record, access=access(person, entity, record, world))


def sight(
    session: Session, actor: Actor, record: Record, world: World | None = None, *, warnings: tuple[Problem, ...] = ()
) -> Sight:
    """The record as the actor may see it; `Unknown` when they may not, as if it were not there."""
    entity = entity_named(session, f"{record.module}/{record.entity}", record.edition)
    world = world or world_for(session, entity, record.values, paths=row_paths(entity))
    person = actor.person(session)
    if permit(person, "read", entity, record, world):
        raise Unknown(Problem("record.unknown", "", {"given": record.id}))
    return Sight(entity=entity, record=record, access=access(person, entity, record, world), warnings=warnings)


def sight_of(session: Session, actor: Actor, name: str, record_id: str) -> Sight:
    """The record by its id as the actor may see it."""
    return sight(session, actor, records.load(session, name, record_id))


def row_paths(entity: CompiledEntity) -> frozenset[tuple[str, ...]]:
    """Paths through references that row rules read."""
    return frozenset[tuple[str, ...]]().union(*(rule.through for rule in entity.row_rules.values()))


def visible(fields: Mapping[str, CompiledField], values: Mapping[str, Json], rights: Access) -> dict[str, Any]:
    """The values without those of hidden fields, at every depth."""
    if not rights.hides:
        return {key: value for key, value in values.items() if key in fields}
    seen: dict[str, Any] = {}
    for key, value in values.items():
        field = fields.get(key)
        if field is None or rights.of(field.path) == "hidden":
            continue
        if field.type.storage is Storage.COLUMNS:
            seen[key] = visible(field.fields, value, rights)
        elif field.type.storage is Storage.TABLE:
            seen[key] = [visible(field.fields, row, rights) for row in value]
        else:
            seen[key] = value
    return seen
