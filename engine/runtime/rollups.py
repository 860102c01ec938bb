"""What each record adds to the rollups of those that it refers to, and how these are kept by difference."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from engine.compile.formulas.order import Path
from engine.compile.formulas.rollups import ANY, AVERAGE, FIRST, LAST, MAX, MIN, SUM, Rollup
from engine.compile.model import CompiledEntity
from engine.definition.model import Json
from engine.formula.scope import Facts
from engine.runtime.record import Record, Values
from engine.runtime.values.compute import EXACT, kept, places
from engine.runtime.values.fill import holds
from engine.runtime.world import seen


class Part(NamedTuple):
    """What one row adds to the rollup of one record."""

    #: Id of the record that keeps the rollup.
    parent: str
    #: As it is kept; TRUE for a row that is only counted.
    value: Any
    #: What the rollup's `order` finds in the row.
    order: Any = None


class Change(NamedTuple):
    """What a record that changes takes from a rollup, and what it adds to it."""

    taken: tuple[Part, ...] = ()
    added: tuple[Part, ...] = ()


class Tally(msgspec.Struct, frozen=True):
    """What a sum, count, average or “any” is calculated from."""

    count: int = 0
    total: Decimal = Decimal(0)

    def after(self, change: Change) -> "Tally":
        """The tally with rows taken away and others added."""
        total = self.total
        for sign, rows in ((-1, change.taken), (1, change.added)):
            for part in rows:
                if not isinstance(part.value, bool):
                    total = EXACT.add(total, EXACT.multiply(sign, part.value))
        return Tally(self.count + len(change.added) - len(change.taken), total)


def parts(rollup: Rollup, entity: CompiledEntity, record: Record | None) -> Iterator[Part]:
    """What the record adds, row by row, to whichever records; blank values and those of other rows are left out."""
    if record is None:
        return
    values = seen(entity, record)
    facts = Facts(values=values, state=record.state)
    for row in _rows(values, rollup.lines):
        parent = _at(values if rollup.is_by_record else row, rollup.by)
        if not parent:
            continue
        reading = msgspec.structs.replace(facts, line=row) if rollup.lines else facts
        value = _at(row, rollup.path) if rollup.path else True
        is_counted = value is not None and (rollup.measure != ANY or value is True)
        if is_counted and (rollup.where is None or holds(rollup.where, reading)):
            yield Part(parent, value, _at(row, rollup.order) if rollup.order else None)


def parents_of(rollup: Rollup, record: Record) -> Iterator[str]:
    """The records that this one, or a line of it, refers to, whether it counts there now or not."""
    path = rollup.by if rollup.is_by_record else (*rollup.lines, *rollup.by)
    for holder, _ in places(dict(record.values), path):
        if parent := holder.get(path[-1]):
            yield parent


def changes(
    rollup: Rollup, entity: CompiledEntity, before: Record | None, after: Record | None
) -> Mapping[str, Change]:
    """What becomes different, by the id of the record that keeps the rollup."""
    old, new = (Counter(parts(rollup, entity, each)) for each in (before, after))
    taken, added = old - new, new - old
    return {
        parent: Change(
            tuple(each for each in taken.elements() if each.parent == parent),
            tuple(each for each in added.elements() if each.parent == parent),
        )
        for parent in sorted({each.parent for each in (*taken, *added)})
    }


def tally_of(rollup: Rollup, value: Json) -> Tally:
    """The tally that the kept value of a sum or a count stands for."""
    return Tally(total=Decimal(value or 0)) if rollup.measure == SUM else Tally(count=int(value or 0))


def value_of(rollup: Rollup, tally: Tally) -> Json:
    """The value that a tally amounts to. Raises `Unreadable` when its field has no room for it."""
    if rollup.measure == ANY:
        return tally.count > 0
    if rollup.measure == AVERAGE:
        return kept(rollup.field, EXACT.divide(tally.total, tally.count)) if tally.count else None
    return kept(rollup.field, tally.total if rollup.measure == SUM else Decimal(tally.count))


def chosen(rollup: Rollup, rows: Iterable[Part]) -> Json:
    """The least, greatest, first or last value of the rows, which come in the order of their records; None without any.

    Of two rows in the same place, the earlier one is the first and the later one the last.
    """
    best: Part | None = None
    for each in rows:
        if best is None or _is_better(rollup, each, best):
            best = each
    return None if best is None else best.value


def known_extreme(rollup: Rollup, value: Json, change: Change) -> Part | None:
    """The least or greatest value after a change, if the one before tells it; None where rows have to be asked."""
    if rollup.measure not in {MIN, MAX}:
        return None
    there = (*change.added, *([Part("", value)] if value is not None else ()))
    choose = max if rollup.measure == MAX else min
    best = choose(there, key=lambda each: each.value, default=None)
    is_gone = best is None or any(each.value == best.value for each in change.taken)
    return None if is_gone else best


def _is_better(rollup: Rollup, one: Part, other: Part) -> bool:
    if rollup.measure in {FIRST, LAST}:
        if not rollup.order:
            return rollup.measure == LAST
        if one.order is None or other.order is None:
            return other.order is None and one.order is not None
        return bool(one.order >= other.order if rollup.measure == LAST else one.order < other.order)
    return bool(one.value > other.value if rollup.measure == MAX else one.value < other.value)


def _rows(values: Values, lines: Path) -> Iterator[Values]:
    """The record itself, or its line items at the path."""
    if not lines:
        yield values
        return
    held = values.get(lines[0])
    for each in held if isinstance(held, list) else [] if held is None else [held]:
        yield from _rows(each, lines[1:])


def _at(values: Values, path: Path) -> Json:
    for key in path:
        values = values.get(key) if isinstance(values, Mapping) else None  # type: ignore[assignment]
    return values
