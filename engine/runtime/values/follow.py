"""A record that follows what others have become: its rollups are other ones now, and so is what is computed of them.

Nobody has saved it. So what was typed stays, and what is computed of that alone; no revision, no event.
"""

from collections.abc import Mapping
from copy import deepcopy

import msgspec

from engine.compile.formulas.derived import overlap
from engine.compile.model import CompiledEntity, CompiledRule
from engine.definition.model import Json
from engine.formula.formula import Formula
from engine.problems import Problem
from engine.runtime.record import Record, Values
from engine.runtime.values.compute import places
from engine.runtime.values.fill import about, broken_rules, settled, titled
from engine.runtime.world import World, facts


class Followed(msgspec.Struct, frozen=True):
    """The record as it is now, and the rules about what has changed that do not hold."""

    record: Record
    #: Each with whether it held before.
    broken: tuple[tuple[CompiledRule, Problem, bool], ...]


def follow(entity: CompiledEntity, record: Record, rollups: Mapping[str, Json], world: World) -> Followed:
    """The record with other values of its rollups. A formula that fails leaves its field without a value."""
    before = facts(entity, record, world)
    given = {key: value for key, value in {**record.values, **rollups}.items() if value is not None}
    found, _, _ = settled(entity, before, given)
    values = _derived_from(entity, given, found)
    after = about(entity, before, values)
    title = titled(entity, record, after) if _reads_derived(entity, entity.title) else record.title
    rules = tuple(rule for rule in entity.rules if _reads_derived(entity, rule.condition))
    held = {rule.definition.key for rule, _ in broken_rules(rules, before)}
    broken = tuple((rule, problem, rule.definition.key not in held) for rule, problem in broken_rules(rules, after))
    return Followed(msgspec.structs.replace(record, values=values, title=title), broken)


def without_derived(entity: CompiledEntity, values: Values) -> Values:
    """What the record's own history tells of."""
    kept = deepcopy(dict(values))
    for path in entity.derived:
        for holder, _ in places(kept, path):
            holder.pop(path[-1], None)
    return kept


def _derived_from(entity: CompiledEntity, kept: Values, found: Values) -> Values:
    """The kept values, but the derived ones as they were found."""
    values = deepcopy(dict(kept))
    for path in entity.derived:
        there = {pointer: holder.get(path[-1]) for holder, pointer in places(dict(found), path)}
        for holder, pointer in list(places(values, path)):
            value = there.get(pointer)
            if value is None:
                holder.pop(path[-1], None)
            else:
                holder[path[-1]] = value
    return {key: values[key] for key in entity.fields if key in values}


def _reads_derived(entity: CompiledEntity, formula: Formula | None) -> bool:
    return formula is not None and any(overlap(path, each) for path in formula.reads for each in entity.derived)
