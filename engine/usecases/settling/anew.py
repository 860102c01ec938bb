"""Rollups made anew from what they are made of: when a module that changes them is published, and to verify them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from operator import itemgetter

from engine.compile.formulas.rollups import CHOSEN, TALLIED, Rollup, Rollups
from engine.definition.model import Json
from engine.problems import Invalid, Problem
from engine.runtime.record import Record
from engine.runtime.rollups import Change, Part, Tally, chosen, parents_of, parts
from engine.runtime.values.follow import follow
from engine.store import records
from engine.store.related import rollups as rollup_store
from engine.store.session import Session
from engine.usecases.modules.in_force import entity_named
from engine.usecases.settling.in_force import rollups_in_force
from engine.usecases.settling.series import with_series
from engine.usecases.settling.settle import settle, value_for
from engine.usecases.world import world_for


class Reckoning:
    """What one rollup is for every record that has rows, calculated from the records that are added."""

    def __init__(self, session: Session, rollup: Rollup) -> None:
        """What is held is a tally a parent, or the rows to choose from."""
        self.rollup = rollup
        self.tallies: dict[str, Tally] = defaultdict(Tally)
        self._session = session
        #: Parent → its rows, each with the id of its record.
        self._rows: dict[str, list[tuple[str, Part]]] = defaultdict(list)

    def add_all(self) -> "Reckoning":
        """Add every record of the child."""
        for child in records.every(self._session, self.rollup.child):
            self.add(child)
        return self

    def add(self, child: Record) -> None:
        """Add the rows of a record."""
        for part in parts(self.rollup, entity_named(self._session, self.rollup.child, child.edition), child):
            if self.rollup.measure in CHOSEN:
                self._rows[part.parent].append((child.id, part))
            else:
                self.tallies[part.parent] = self.tallies[part.parent].after(Change(added=(part,)))

    def of(self, parent: Record) -> Json:
        """The value for that record. `Invalid` when its field has no room for it."""
        if self.rollup.measure in CHOSEN:
            rows = sorted(self._rows.get(parent.id, ()), key=itemgetter(0))
            return chosen(self.rollup, (part for _, part in rows))
        return value_for(self.rollup, self.tallies[parent.id], parent)


def make_anew(session: Session, known: Rollups) -> None:
    """Fill the rollups that are in force now and were not among those known before, children before parents.

    Rules are not judged: a new ceiling stops nobody from publishing, but the next record that draws on it.
    """
    before = {_identity(each) for found in known.by_parent.values() for each in found}
    now = rollups_in_force(session)
    for name in now.order:
        fresh = [each for each in now.by_parent.get(name, ()) if _identity(each) not in before]
        for each in fresh:
            rollup_store.add_index(session, each)
        if others := [Reckoning(session, each).add_all() for each in fresh if each.child != name]:
            for record_id in [each.id for each in records.every(session, name)]:
                _fill(session, records.load(session, name, record_id), others)
        if trees := [Reckoning(session, each) for each in fresh if each.child == name]:
            _fill_upwards(session, name, trees)


def _fill_upwards(session: Session, name: str, trees: Iterable[Reckoning]) -> None:
    """Fill what is rolled up within one entity, from the leaves to the roots."""
    needs: dict[str, set[str]] = {}
    for record in records.every(session, name):
        needs.setdefault(record.id, set())
        for each in trees:
            for parent in parents_of(each.rollup, record):
                needs.setdefault(parent, set()).add(record.id)
    try:
        for record_id in TopologicalSorter(needs).static_order():
            filled = _fill(session, records.load(session, name, record_id), trees)
            for each in trees:
                each.add(filled)
    except CycleError:
        raise Invalid(Problem("rollup.endless", "", {"entity": name})) from None


def _fill(session: Session, parent: Record, reckonings: Iterable[Reckoning]) -> Record:
    """Keep what was calculated for a record, and let what depends on it follow; the record as it is now."""
    values: dict[str, Json] = {}
    for each in reckonings:
        key, value = each.rollup.key, each.of(parent)
        if parent.id in each.tallies and each.rollup.measure in TALLIED:
            rollup_store.keep_tally(session, parent.id, key, each.tallies[parent.id])
        if rollup_store.is_seen_by(session, each.rollup, parent.edition):
            values[key] = value
        else:
            rollup_store.put(session, each.rollup, parent.id, value)
    entity = entity_named(session, f"{parent.module}/{parent.entity}", parent.edition)
    world = world_for(session, entity, parent.values, paths=entity.through)
    after = follow(entity, parent, values, with_series(session, entity, parent, world)).record
    if after != parent:
        records.update_record(session, parent, after)
        settle(session, parent, after, judged=False)
    return after


def differences(session: Session, name: str) -> Iterator[tuple[Rollup, Record, Json]]:
    """Where a record of the entity keeps something else than its rows amount to, and what it should be."""
    reckonings = [Reckoning(session, each).add_all() for each in rollups_in_force(session).by_parent.get(name, ())]
    if not reckonings:
        return
    is_tallied = any(each.rollup.measure in TALLIED for each in reckonings)
    for parent in records.every(session, name):
        tallies = rollup_store.tallies(session, [parent.id]) if is_tallied else {}
        for each in reckonings:
            key, value = each.rollup.key, each.of(parent)
            held = rollup_store.value_kept(session, each.rollup, parent)
            tally = tallies.get((parent.id, key), Tally())
            if held != value or (each.rollup.measure in TALLIED and tally != each.tallies[parent.id]):
                yield each.rollup, parent, value


def _identity(rollup: Rollup) -> tuple[str, ...]:
    """What has to be the same for kept values to go on being right."""
    written, type_ = rollup.field.definition.schema["x-rollup"], rollup.field.type
    return (rollup.parent, rollup.key, type_.name, str(type_.scale), *sorted(map(repr, written.items())))
