"""The rows behind a rollup, as far as somebody may see them."""

from collections.abc import Iterator
from itertools import islice
from typing import Final

import msgspec

from engine.compile.formulas.order import Path, reads
from engine.compile.formulas.rollups import Rollup
from engine.compile.model import CompiledEntity
from engine.definition.model import Json
from engine.runtime.organisation import Person
from engine.runtime.permit import access, permit
from engine.runtime.record import Record
from engine.runtime.rollups import parts
from engine.runtime.world import World
from engine.store.related import rollups as rollup_store
from engine.store.session import Session
from engine.usecases.modules.in_force import entity_named
from engine.usecases.settling.in_force import rollups_in_force
from engine.usecases.sight import row_paths
from engine.usecases.world import world_for

#: Records that are looked at; a project may have a million.
LOOKED_AT: Final = 500
#: Rows that are listed.
LISTED: Final = 20


class Source(msgspec.Struct, frozen=True):
    """A row that counts: of which record, and what it adds; TRUE where rows are only counted."""

    record: Record
    value: Json


class Sources(msgspec.Struct, frozen=True, kw_only=True):
    """The rows behind the value of a rollup."""

    rollup: Rollup
    #: Of what is rolled up, as it is in force.
    entity: CompiledEntity
    listed: tuple[Source, ...]
    #: How many more there are that the reader may see, and how many that they may not.
    more: int
    unseen: int
    #: Whether there are records that were not looked at.
    is_cut: bool


def sources_of(session: Session, person: Person, entity: str, key: str, record_id: str) -> Sources | None:
    """The rows of the rollup `key` of a record of `module/entity`; None where nothing in force is rolled up there."""
    rollups = rollups_in_force(session).by_parent.get(entity, ())
    rollup = next((each for each in rollups if each.key == key), None)
    if rollup is None:
        return None
    child = entity_named(session, rollup.child)
    looked = [*islice(rollup_store.children(session, rollup, record_id), LOOKED_AT + 1)]
    found = looked[:LOOKED_AT]
    world = world_for(session, child, *(each.values for each in found), paths=row_paths(child))
    seen: list[Source] = []
    unseen = 0
    for record in found:
        own = entity_named(session, rollup.child, record.edition)
        rows = [Source(record, each.value) for each in parts(rollup, own, record) if each.parent == record_id]
        if _is_seen(rollup, own, record, person, world):
            seen += rows
        else:
            unseen += len(rows)
    return Sources(
        rollup=rollup,
        entity=child,
        listed=tuple(seen[:LISTED]),
        more=max(0, len(seen) - LISTED),
        unseen=unseen,
        is_cut=len(looked) > LOOKED_AT,
    )


def _is_seen(rollup: Rollup, entity: CompiledEntity, record: Record, person: Person, world: World) -> bool:
    """Whether the person may see the record, and all that makes its rows count."""
    if permit(person, "read", entity, record, world):
        return False
    rights = access(person, entity, record, world)
    return all(rights.of(path) != "hidden" for path in _read(rollup))


def _read(rollup: Rollup) -> Iterator[Path]:
    yield (*rollup.lines, *rollup.path)
    yield rollup.by if rollup.is_by_record else (*rollup.lines, *rollup.by)
    if rollup.where is not None:
        yield from (path for path, _ in reads(rollup.lines, rollup.where))
