"""Locks what hangs on many records before they are changed one by one, in the order in which all others lock it."""

from collections import defaultdict
from collections.abc import Iterable

from engine.runtime.record import Record
from engine.runtime.rollups import parents_of
from engine.store import records
from engine.store.session import Session
from engine.usecases.settling.in_force import rollups_in_force
from engine.usecases.settling.settle import hold


def lock_above(session: Session, changing: Iterable[Record]) -> None:
    """Lock every record whose rollups may follow these, up to the top: entity by entity, in the order of the ids."""
    rollups = rollups_in_force(session)
    pending: dict[str, set[str]] = defaultdict(set)
    locked: dict[str, set[str]] = defaultdict(set)

    def note(record: Record) -> None:
        for rollup in rollups.by_child.get(f"{record.module}/{record.entity}", ()):
            pending[rollup.parent].update(parents_of(rollup, record))

    for each in changing:
        note(each)
    while name := next((each for each in rollups.order if pending[each] - locked[each]), ""):
        ids = pending.pop(name) - locked[name]
        locked[name] |= ids
        hold(session, name)
        for parent in records.load_many(session, name, ids, lock=True).values():
            note(parent)
