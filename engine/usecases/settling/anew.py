"""Rollups made anew from what they are made of: when a module that changes them is published, and to verify them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from engine.compile.formulas.rollups import CHOSEN, TALLIED, Rollup, Rollups
from engine.definition.model import Json
from engine.runtime.record import Record
from engine.runtime.rollups import Change, Part, Tally, chosen, parts, value_of
from engine.runtime.values.follow import follow
from engine.store import records
from engine.store.related import rollups as kept
from engine.store.session import Session
from engine.usecases.modules.in_force import entity_named
from engine.usecases.settling.in_force import rollups_in_force
from engine.usecases.settling.settle import settle
from engine.usecases.world import world_for


class Reckoning:
    """What one rollup is for every record that has rows, calculated from all of them."""

    def __init__(self, session: Session, rollup: Rollup) -> None:
        """Every record of the child is read; what is held is a tally a parent, or the rows to choose from."""
        self.rollup = rollup
        self.tallies: dict[str, Tally] = defaultdict(Tally)
        self._chosen: dict[str, Json] = {}
        rows: dict[str, list[Part]] = defaultdict(list)
        for child in records.every(session, rollup.child):
            entity = entity_named(session, rollup.child, child.edition)
            for part in parts(rollup, entity, child):
                if rollup.measure in CHOSEN:
                    rows[part.parent].append(part)
                else:
                    self.tallies[part.parent] = self.tallies[part.parent].after(Change(added=(part,)))
        self._chosen = {parent: chosen(rollup, found) for parent, found in rows.items()}

    def of(self, parent: str) -> Json:
        """The value for that record. Raises `Unreadable` when its field has no room for it."""
        if self.rollup.measure in CHOSEN:
            return self._chosen.get(parent)
        return value_of(self.rollup, self.tallies[parent])


def make_anew(session: Session, known: Rollups) -> None:
    """Fill the rollups that are in force now and were not among those known before, children before parents.

    Rules are not judged: a new ceiling stops nobody from publishing, but the next record that draws on it.
    """
    before = {_identity(each) for found in known.by_parent.values() for each in found}
    now = rollups_in_force(session)
    for name in now.order:
        fresh = [each for each in now.by_parent.get(name, ()) if _identity(each) not in before]
        for each in fresh:
            kept.add_index(session, each)
        if fresh:
            _fill(session, name, fresh)


def _fill(session: Session, name: str, rollups: Iterable[Rollup]) -> None:
    reckonings = [Reckoning(session, each) for each in rollups]
    for parent in records.every(session, name):
        _fill_parent(session, parent, reckonings)


def _fill_parent(session: Session, parent: Record, reckonings: Iterable[Reckoning]) -> None:
    values: dict[str, Json] = {}
    for each in reckonings:
        key, value = each.rollup.key, each.of(parent.id)
        if parent.id in each.tallies and each.rollup.measure in TALLIED:
            kept.keep_tally(session, parent.id, key, each.tallies[parent.id])
        if kept.is_seen_by(session, each.rollup, parent.edition):
            values[key] = value
        else:
            kept.put(session, each.rollup, parent.id, value)
    entity = entity_named(session, f"{parent.module}/{parent.entity}", parent.edition)
    world = world_for(session, entity, parent.values, paths=entity.through)
    after = follow(entity, parent, values, world).record
    if after != parent:
        records.update_record(session, parent, after)
        settle(session, parent, after, judged=False)


def differences(session: Session, name: str) -> Iterator[tuple[Rollup, Record, Json]]:
    """Where a record of the entity keeps something else than its rows amount to, and what it should be."""
    reckonings = [Reckoning(session, each) for each in rollups_in_force(session).by_parent.get(name, ())]
    if not reckonings:
        return
    for parent in records.every(session, name):
        tallies = kept.tallies(session, [parent.id])
        for each in reckonings:
            key, value = each.rollup.key, each.of(parent.id)
            held = (
                parent.values.get(key)
                if kept.is_seen_by(session, each.rollup, parent.edition)
                else kept.put_aside(session, each.rollup, parent.id)
            )
            is_tallied = each.rollup.measure in TALLIED
            if held != value or (is_tallied and tallies.get((parent.id, key), Tally()) != each.tallies[parent.id]):
                yield each.rollup, parent, value


def _identity(rollup: Rollup) -> tuple[str, ...]:
    """What has to be the same for kept values to go on being right."""
    written, type_ = rollup.field.definition.schema["x-rollup"], rollup.field.type
    return (rollup.parent, rollup.key, type_.name, str(type_.scale), *sorted(map(repr, written.items())))
