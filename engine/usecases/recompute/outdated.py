"""Which records carry values of older formulas, and one of them made anew: what the preview and the job share."""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from engine.compile.model import CompiledEntity
from engine.compile.shape import walk
from engine.definition.model import Json
from engine.runtime.recompute import computes_otherwise, recompute, refit
from engine.runtime.record import Outcome, Record
from engine.store import editions, records
from engine.store.related import rollups as rollup_store
from engine.store.session import Session, Workspace
from engine.usecases.actor import Actor, administrator
from engine.usecases.modules.in_force import entity_named
from engine.usecases.settling.in_force import rollups_in_force
from engine.usecases.settling.series import with_series
from engine.usecases.world import world_for


class Outdated(msgspec.Struct, frozen=True, kw_only=True):
    """Records of an entity whose formulas have changed since their edition."""

    #: Of the edition in force.
    entity: CompiledEntity
    #: The editions that compute otherwise.
    editions: tuple[int, ...]
    #: Records without a workflow, and drafts.
    drafts: int
    #: Records of a run, under way or ended: they stay what was decided about.
    staying: int


def outdated(session: Session, module: str) -> tuple[Outdated, ...]:
    """The entities of the module in force that have such records, each after those that its formulas may read.

    `Unknown` when the module is not in force.
    """
    in_force = editions.edition(session, module)
    entities = editions.compiled(session, in_force).entities
    found = (_outdated(session, each, in_force.number) for each in referred_first(entities.values()))
    return tuple(each for each in found if each.drafts or each.staying)


def referred_first(entities: Iterable[CompiledEntity]) -> tuple[CompiledEntity, ...]:
    """The entities, each after those that it refers to, as far as they do not refer to each other."""
    waiting = {each.name: each for each in entities}
    ordered: list[CompiledEntity] = []

    def place(entity: CompiledEntity) -> None:
        for field in walk(entity.fields):
            if target := waiting.pop(field.definition.reference, None):
                place(target)
        ordered.append(entity)

    while waiting:
        place(waiting.pop(next(iter(waiting))))
    return tuple(ordered)


def _outdated(session: Session, entity: CompiledEntity, in_force: int) -> Outdated:
    counts = records.editions_kept(session, entity.name)
    older = {number for number, _ in counts if number < in_force}
    numbers = {each for each in older if computes_otherwise(entity_named(session, entity.name, each), entity)}
    counted: Mapping[bool, int] = {
        is_draft: sum(
            n for (number, status), n in counts.items() if number in numbers and (status == "draft") is is_draft
        )
        for is_draft in (True, False)
    }
    return Outdated(entity=entity, editions=tuple(sorted(numbers)), drafts=counted[True], staying=counted[False])


def outdated_records(workspace: Workspace, actor: Actor | None, module: str) -> int:
    """How many records carry values of older formulas that could be made anew."""
    with workspace.read(actor.company if actor else None) as session:
        if actor:
            administrator(session, actor)
        return sum(each.drafts for each in outdated(session, module))


def made_anew(session: Session, entity: CompiledEntity, record: Record, edition: int) -> Outcome:
    """The record by the formulas in force. `Refused` with everything that speaks against it."""
    typed = {**refit(entity, record), **dict(_rollups(session, entity, record))}
    fitted = msgspec.structs.replace(record, values=typed)
    world = with_series(session, entity, fitted, world_for(session, entity, typed, paths=entity.through))
    return recompute(entity, record, typed, edition, world)


def _rollups(session: Session, entity: CompiledEntity, record: Record) -> Iterator[tuple[str, Json]]:
    """The rollups of the edition in force by their keys; those that the record's own does not know are kept aside."""
    for each in rollups_in_force(session).by_parent.get(entity.name, ()):
        if (value := rollup_store.value_kept(session, each, record)) is not None:
            yield each.key, value
