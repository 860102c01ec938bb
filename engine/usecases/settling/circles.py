"""Refuses trees that go in a circle: a record that would stand below itself."""

from typing import Final

from engine.compile.formulas.rollups import Rollup
from engine.problems import Invalid, Problem, refuse_if_any
from engine.runtime.record import Record
from engine.runtime.rollups import parents_of
from engine.store import records
from engine.store.session import Session
from engine.usecases.settling.in_force import rollups_in_force

#: No tree of people is deeper.
MAX_DEPTH: Final = 1000


def refuse_circles(session: Session, before: Record | None, after: Record) -> None:
    """`Invalid` where a record that is rolled up into others of its kind now refers to one below it."""
    rollups = rollups_in_force(session).by_child.get(f"{after.module}/{after.entity}", ())
    ways = {each.by: each for each in rollups if each.parent == each.child and not each.lines}
    refuse_if_any(Invalid, (_problem(each) for each in ways.values() if _goes_round(session, each, before, after)))


def _problem(rollup: Rollup) -> Problem:
    return Problem("rollup.below_itself", "".join(f"/{key}" for key in ("values", *rollup.by)))


def _goes_round(session: Session, rollup: Rollup, before: Record | None, after: Record) -> bool:
    if before is not None and _above(rollup, before) == _above(rollup, after):
        return False
    above = _above(rollup, after)
    for _ in range(MAX_DEPTH):
        if not above or above == after.id:
            break
        found = records.load_many(session, rollup.parent, [above], lines=False)
        above = _above(rollup, found[above]) if above in found else ""
    return bool(above)


def _above(rollup: Rollup, record: Record) -> str:
    """The record that this one refers to; "" for none."""
    return next(parents_of(rollup, record), "")
