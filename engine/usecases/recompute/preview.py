"""What would change if the records of a module were brought to the formulas in force: counted, nothing is written."""

import heapq
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

import msgspec

from engine.compile.model import CompiledEntity, CompiledField
from engine.compile.shape import walk
from engine.definition.model import Json
from engine.fields.field_type import Storage
from engine.problems import Refused
from engine.runtime.record import Outcome, Record, Values
from engine.runtime.values.compute import EXACT, places
from engine.store import editions, records
from engine.store.session import Session, Workspace
from engine.usecases.actor import Actor, administrator
from engine.usecases.modules.in_force import entity_named
from engine.usecases.recompute.batch import Trouble, has_changed, label
from engine.usecases.recompute.outdated import Outdated, made_anew, outdated

#: Records that are looked at, of all entities together.
LOOKED_AT: Final = 100_000
#: Changes of a field, and records that cannot be brought along, that are shown one by one.
SHOWN: Final = 5


class Single(msgspec.Struct, frozen=True):
    """What becomes of a field in one record; of a column of line items, of its sum or of all its cells."""

    record_id: str
    label: str
    before: Json
    after: Json


class FieldChange(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of a field."""

    #: Of the edition in force, or the last that had it.
    field: CompiledField
    #: Records in which it changes.
    count: int
    #: What these records have of it together; None where it is no number.
    before: Decimal | None
    after: Decimal | None
    #: Where it changes most, first; of what is no number, the first ones.
    largest: tuple[Single, ...]


class EntityChange(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of the records of an entity."""

    entity: CompiledEntity
    #: Records that would be brought along, and how many of them were looked at.
    total: int
    looked_at: int
    #: Of these: some value or the title changes; it cannot be brought along.
    changed: int
    refused: int
    #: Records of runs, which stay what was decided about.
    staying: int
    fields: tuple[FieldChange, ...]
    troubles: tuple[Trouble, ...]


class Preview(msgspec.Struct, frozen=True):
    """What becomes of the records of a module."""

    #: In force.
    edition: int
    entities: tuple[EntityChange, ...]

    @property
    def drafts(self) -> int:
        """Records that would be brought along."""
        return sum(each.total for each in self.entities)

    @property
    def looked_at(self) -> int:
        """Of these, those that were looked at."""
        return sum(each.looked_at for each in self.entities)


def preview(workspace: Workspace, actor: Actor | None, module: str, *, limit: int = LOOKED_AT) -> Preview:
    """What would change in the first `limit` records, each by itself, with all others as they are now.

    Without an actor it is the operator at the command line.
    """
    with workspace.read(actor.company if actor else None) as session:
        if actor:
            administrator(session, actor)
        edition, found = editions.edition(session, module).number, []
        for each in outdated(session, module):
            found.append(_previewed(session, each, edition, limit))
            limit -= found[-1].looked_at
        return Preview(edition, tuple(found))


def _previewed(session: Session, found: Outdated, edition: int, limit: int) -> EntityChange:
    entity, fields = found.entity, dict[tuple[str, ...], _Tally]()
    looked_at = changed = refused = 0
    troubles: list[Trouble] = []
    for record in _some(session, found, limit):
        looked_at += 1
        try:
            outcome = made_anew(session, entity, record, edition)
        except Refused as refusal:
            refused += 1
            if len(troubles) < SHOWN:
                troubles.append(Trouble(entity.name, record.id, label(record), refusal.problems))
        else:
            changed += has_changed(record, outcome.record)
            old = entity_named(session, entity.name, record.edition)
            for field, before, after in _differing(old, entity, record, outcome):
                fields.setdefault(field.path, _Tally(field)).add(record, before, after)
    return EntityChange(
        entity=entity,
        total=found.drafts,
        looked_at=looked_at,
        changed=changed,
        refused=refused,
        staying=found.staying,
        fields=tuple(each.told() for each in fields.values()),
        troubles=tuple(troubles),
    )


def _some(session: Session, found: Outdated, limit: int) -> Iterator[Record]:
    name, after = found.entity.name, ""
    while limit > 0:
        wanted = min(limit, records.AT_A_TIME)
        ids = records.drafts_of(session, name, found.editions, after=after, limit=wanted)
        if not ids:
            return
        yield from records.load_many(session, name, ids).values()
        limit, after = limit - len(ids), ids[-1]


def _differing(
    old: CompiledEntity, new: CompiledEntity, record: Record, outcome: Outcome
) -> Iterator[tuple[CompiledField, list[Json], list[Json]]]:
    """The fields that differ, with their values in the record; of a column, those of all lines."""
    keys = outcome.events[0].data["fields"]
    sides = [{each.path: each for each in walk(entity.fields)} for entity in (old, new)]
    for path in {**sides[1], **sides[0]}:
        if path[0] not in keys:
            continue
        before, after = _values(sides[0].get(path), record.values), _values(sides[1].get(path), outcome.record.values)
        if before != after:
            yield sides[1].get(path) or sides[0][path], before, after


def _values(field: CompiledField | None, values: Values) -> list[Json]:
    if field is None or field.type.storage in {Storage.COLUMNS, Storage.TABLE}:
        return []
    found = (holder.get(field.key) for holder, _ in places(dict(values), field.path))
    return [each for each in found if each is not None]


class _Tally:
    """What is known about the changes of a field so far; never more than a few records."""

    def __init__(self, field: CompiledField) -> None:
        self._field, self._count = field, 0
        self._sums: tuple[Decimal, Decimal] | None = (Decimal(), Decimal())
        #: By size; of equal ones the first.
        self._largest: list[tuple[Decimal, int, Single]] = []

    def add(self, record: Record, before: list[Json], after: list[Json]) -> None:
        self._count += 1
        sums = _sum(before), _sum(after)
        if sums[0] is not None and sums[1] is not None:
            size = EXACT.subtract(sums[1], sums[0]).copy_abs()
            single = Single(record.id, label(record), sums[0] if before else None, sums[1] if after else None)
            if self._sums:
                self._sums = EXACT.add(self._sums[0], sums[0]), EXACT.add(self._sums[1], sums[1])
        else:
            size, self._sums = Decimal(), None
            single = Single(record.id, label(record), _whole(before), _whole(after))
        heapq.heappush(self._largest, (size, -self._count, single))
        if len(self._largest) > SHOWN:
            heapq.heappop(self._largest)

    def told(self) -> FieldChange:
        return FieldChange(
            field=self._field,
            count=self._count,
            before=self._sums[0] if self._sums else None,
            after=self._sums[1] if self._sums else None,
            largest=tuple(single for *_, single in sorted(self._largest, key=lambda each: each[:2], reverse=True)),
        )


def _sum(values: list[Json]) -> Decimal | None:
    """The sum of numbers; None when there is something else among them."""
    total = Decimal()
    for each in values:
        if isinstance(each, bool) or not isinstance(each, (int, Decimal)):
            return None
        total = EXACT.add(total, Decimal(each))
    return total


def _whole(values: list[Json]) -> Json:
    return values[0] if len(values) == 1 else values or None
