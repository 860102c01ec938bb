"""Keeps a record and lets everything that depends on it follow: rollups upward, from child to parent to its parent.

Whatever changes a record comes through here. Parents are locked entity by entity, children before parents, and in the
order of their ids; so two transactions never wait for each other. Their formulas are computed anew and their rules are
judged: a ceiling holds however many records draw on it at once.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Generator, Iterable, Mapping
from typing import Final, NamedTuple

import msgspec

from engine.compile.formulas.rollups import CHOSEN, TALLIED, Rollup
from engine.definition.model import Json
from engine.fields.field_type import Unreadable
from engine.formula.library.series import Series
from engine.problems import Invalid, Problem, refuse_if_any
from engine.runtime.record import Outcome, Record
from engine.runtime.rollups import Change, Part, Tally, changes, chosen, known_extreme, parts, tally_of, value_of
from engine.runtime.values.follow import follow
from engine.store import counters, records
from engine.store.events import Ask
from engine.store.related import rollups as rollup_store
from engine.store.related import series as series_store
from engine.store.session import Session
from engine.usecases.modules.in_force import entity_named
from engine.usecases.settling.circles import refuse_circles
from engine.usecases.settling.in_force import rollups_in_force
from engine.usecases.settling.series import with_series
from engine.usecases.world import world_for

#: Records that may follow one change; a tree of records that goes in a circle never ends.
MAX_RECORDS: Final = 10_000
#: How often one of them may be rolled up for it: once for each level of a tree below it that changes.
MAX_TIMES: Final = 100


class Kept(msgspec.Struct, frozen=True):
    """A record as it is now, and what its owners want said about it."""

    record: Record
    #: Rules of level "warn" that do not hold, its own and those of the records that follow it.
    warnings: tuple[Problem, ...] = ()


def hold(session: Session, name: str) -> None:
    """Before records of an entity are locked that depend on each other: let one transaction after the other at them."""
    if name in rollups_in_force(session).chained:
        counters.hold(session, name)


def keep(session: Session, outcome: Outcome, *, before: Record | None = None, ask: Ask | None = None) -> Kept:
    """Let the outcome happen, and all that follows from it. Raises as `records.apply`, and `Invalid` for a ceiling."""
    refuse_circles(session, before, outcome.record)
    record = records.apply(session, outcome, before=before, ask=ask)
    return Kept(record, (*outcome.warnings, *settle(session, before, record)))


def forget(session: Session, record: Record) -> None:
    """Remove a record, and let all follow that depended on it. Raises as `records.delete_record`, and `Invalid`."""
    records.delete_record(session, record)
    rollup_store.forget(session, record.id)
    settle(session, record, None)


def settle(
    session: Session, before: Record | None, after: Record | None, *, judged: bool = True
) -> tuple[Problem, ...]:
    """Let everything follow a record that has changed; what is to be said about it.

    `Invalid` when a rule breaks, unless rules are not to be judged.
    """
    settling = _Settling(session)
    settling.changed(before, after)
    settling.run()
    if judged:
        refuse_if_any(Invalid, settling.refusals)
    return tuple(settling.warnings)


#: Field of the parent → the rollup and what changes in it.
_Changes = dict[str, tuple[Rollup, Change]]


class _Moved(NamedTuple):
    """A record that has come, changed or gone where it stands in a series."""

    series: Series
    record: Record


class _Settling:
    """One change on its way upward."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._rollups = rollups_in_force(session)
        #: Entity → parent → what changes there.
        self._pending: dict[str, dict[str, _Changes]] = defaultdict(lambda: defaultdict(dict))
        #: Entity → its records whose followers in a series have to look again.
        self._moved: dict[str, list[_Moved]] = defaultdict(list)
        self._done = 0
        #: Record id → how often it was rolled up.
        self._times: Counter[str] = Counter()
        self.refusals: list[Problem] = []
        self.warnings: list[Problem] = []

    def changed(self, before: Record | None, after: Record | None, among: Series | None = None) -> None:
        """Note what a record's change means to those that it refers to, or has referred to, and to those behind it.

        Those behind it in the series `among` are looked at in any case.
        """
        record = after or before
        assert record is not None
        name = f"{record.module}/{record.entity}"
        if name in self._rollups.chained:
            for series in entity_named(self._session, name).series:
                if series != among:
                    self._moved[name] += [_Moved(series, each) for each in (before, after) if each is not None]
        for rollup in self._rollups.by_child.get(name, ()):
            entity = entity_named(self._session, name, record.edition)
            for parent, change in changes(rollup, entity, before, after).items():
                noted = self._pending[rollup.parent][parent]
                _, earlier = noted.get(rollup.key, (rollup, Change()))
                noted[rollup.key] = rollup, Change(earlier.taken + change.taken, earlier.added + change.added)

    def run(self) -> None:
        """Let parents follow until nothing changes any more."""
        while name := next((each for each in self._rollups.order if self._pending[each] or self._moved[each]), ""):
            hold(self._session, name)
            noted = self._pending.pop(name, {})
            self._times.update(noted.keys())
            for parent in self._locked(name, noted):
                self._roll_up(parent, noted[parent.id])
            moved = self._moved.pop(name, [])
            for series in dict.fromkeys(each.series for each in moved):
                self._go_along(name, series, [each.record for each in moved if each.series == series])

    def _locked(self, name: str, ids: Collection[str]) -> Iterable[Record]:
        """The records, locked in the order of their ids. `Invalid` when there is no end to it."""
        self._done += len(ids)
        if self._done > MAX_RECORDS or any(self._times[each] > MAX_TIMES for each in ids):
            raise Invalid(Problem("rollup.endless", "/values", {"entity": name}))
        return records.load_many(self._session, name, ids, lock=True).values() if ids else ()

    def _go_along(self, name: str, series: Series, moved: Iterable[Record]) -> None:
        """Let every record behind one that has changed look at those before it, one after the other."""
        behind: dict[str, None] = {}
        for each in moved:
            behind |= dict.fromkeys(series_store.later(self._session, name, series, each.values, each.id))
        found = {each.id: each for each in self._locked(name, behind)}
        for record in (found[each] for each in behind if each in found):
            self._follow(record, {}, is_more=True, among=series)

    def _roll_up(self, parent: Record, noted: _Changes) -> None:
        """Bring the rollups of a record up to date."""
        values = {key: self._value(rollup, parent, change) for key, (rollup, change) in noted.items()}
        seen = {
            key for key, (rollup, _) in noted.items() if rollup_store.is_seen_by(self._session, rollup, parent.edition)
        }
        for key in noted.keys() - seen:
            rollup_store.put(self._session, noted[key][0], parent.id, values[key])
        if seen:
            is_more = any(change.added for _, change in noted.values())
            self._follow(parent, {key: values[key] for key in seen}, is_more=is_more)

    def _follow(
        self, record: Record, rollups: Mapping[str, Json], *, is_more: bool, among: Series | None = None
    ) -> None:
        """Compute what depends on other records anew, keep it, and judge the rules about it.

        `is_more` says that something has been added, and not only taken away.
        """
        entity = entity_named(self._session, f"{record.module}/{record.entity}", record.edition)
        world = world_for(self._session, entity, record.values, paths=entity.through)
        followed = follow(entity, record, rollups, with_series(self._session, entity, record, world))
        if followed.record != record:
            records.update_record(self._session, record, followed.record)
            self.changed(record, followed.record, among)
        for rule, problem, is_new in followed.broken:
            if rule.definition.level == "warn":
                self.warnings.append(problem)
            elif is_new or is_more:
                # What was broken before is not made worse by what only takes away.
                self.refusals.append(msgspec.structs.replace(problem, pointer="/values"))

    def _value(self, rollup: Rollup, parent: Record, change: Change) -> Json:
        if rollup.measure in CHOSEN:
            known = known_extreme(rollup, rollup_store.value_kept(self._session, rollup, parent), change)
            return known.value if known else chosen_now(self._session, rollup, parent.id)
        if rollup.measure in TALLIED:
            tallies = rollup_store.tallies(self._session, [parent.id])
            tally = tallies.get((parent.id, rollup.key), Tally()).after(change)
            rollup_store.keep_tally(self._session, parent.id, rollup.key, tally)
        else:
            tally = tally_of(rollup, rollup_store.value_kept(self._session, rollup, parent)).after(change)
        return value_for(rollup, tally, parent)


def value_for(rollup: Rollup, tally: Tally, parent: Record) -> Json:
    """The value that a tally amounts to. `Invalid` when the parent's field has no room for it."""
    try:
        return value_of(rollup, tally)
    except Unreadable:
        params = {"field": rollup.field.definition.title, "record": parent.title or parent.number}
        raise Invalid(Problem("rollup.room", "/values", params)) from None


def chosen_now(session: Session, rollup: Rollup, parent: str) -> Json:
    """The row's value that a rollup chooses, of all that refer to the parent now."""

    def rows() -> Generator[Part]:
        for child in rollup_store.children(session, rollup, parent):
            entity = entity_named(session, rollup.child, child.edition)
            yield from (each for each in parts(rollup, entity, child) if each.parent == parent)

    found = rows()
    if rollup.lines:
        return chosen(rollup, found)
    best = next(found, None)
    found.close()
    return None if best is None else best.value
