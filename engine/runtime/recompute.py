"""Bring a record to the formulas of another edition, pure: what is typed stays, what is computed is made anew.

Only what nobody has decided about yet can be brought along: a record without a workflow, or a draft.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from engine.compile.model import CompiledEntity, CompiledField
from engine.compile.shape import walk
from engine.definition.model import Json
from engine.fields.field_type import Storage, Unreadable
from engine.formula import tree
from engine.formula.typed import Apply
from engine.problems import Conflict, Invalid, Problem, refuse_if_any
from engine.runtime.access import EVERYTHING
from engine.runtime.approval.course import Course
from engine.runtime.record import Outcome, Record, Values
from engine.runtime.values.fill import fill
from engine.runtime.world import World

#: What of a field decides about values that nobody types.
DECIDING: Final = ("x-formula", "x-rollup", "x-table", "x-rounding", "x-visible", "x-type", "type", "format", "x-scale")
#: Those of them that make a value or take it away.
MAKING: Final = ("x-formula", "x-rollup", "x-table", "x-visible")


def computes_otherwise(old: CompiledEntity, new: CompiledEntity) -> bool:
    """Whether a record may come out with other values under the new edition.

    A new input is no reason, and a label is one only where LABEL shows it.
    """
    if old.definition.title_formula != new.definition.title_formula or _labels(old) != _labels(new):
        return True
    before, after = _deciding(old), _deciding(new)
    return any(
        before.get(path) != after.get(path)
        for path in before.keys() | after.keys()
        if (path in before and path in after) or any(key in (before.get(path) or after[path]) for key in MAKING)
    )


def _deciding(entity: CompiledEntity) -> dict[tuple[str, ...], dict[str, Json]]:
    schemas = {field.path: field.definition.schema for field in walk(entity.fields)}
    return {path: {key: schema[key] for key in DECIDING if key in schema} for path, schema in schemas.items()}


def _labels(entity: CompiledEntity) -> set[frozenset[tuple[str, str]]]:
    fields = walk(entity.fields)
    formulas = (entity.title, *(each for field in fields for each in (field.formula, field.visible)))
    nodes = (node for each in formulas if each is not None for node, _ in tree.walk(each.node))
    return {frozenset(node.labels) for node in nodes if isinstance(node, Apply) and node.labels}


def refit(entity: CompiledEntity, record: Record) -> Values:
    """What is typed in the record, as another edition of its entity keeps it.

    `Invalid` when a value no longer fits its field, `Conflict` when the form has become another kind of form. What the
    edition has no field for is left behind; the history still has it. Rollups are not typed.
    """
    workflow = entity.workflow
    is_draft = workflow is not None and workflow.states[workflow.definition.initial].type != "state"
    if bool(record.state) != (workflow is not None) or (record.state and not is_draft):
        raise Conflict(Problem("recompute.workflow"))
    problems: list[Problem] = []
    values = _refitted(entity.fields, record.values, "", problems)
    refuse_if_any(Invalid, problems)
    return values


def recompute(entity: CompiledEntity, record: Record, typed: Values, edition: int, world: World) -> Outcome:
    """The record at another edition, with what `refit` has given of it and everything else computed.

    `Invalid` with everything that would keep a person from saving it like that. ME() is whoever saved it last.
    """
    fitted = msgspec.structs.replace(record, values=typed)
    last = record.updated_by or record.created_by
    filled = fill(entity, fitted, {}, EVERYTHING, world=world, actor=last)
    refuse_if_any(Invalid, filled.problems)
    course = Course(entity, record, world, "")
    course.recompute(filled.values, edition=edition)
    return course.outcome()


def _refitted(
    fields: Mapping[str, CompiledField], held: Values, pointer: str, problems: list[Problem]
) -> dict[str, Any]:
    """What is typed, each value read by its field; why one cannot be is added to the problems."""
    values: dict[str, Any] = {}
    for key, field in fields.items():
        if field.formula is not None or "x-rollup" in field.definition.schema or held.get(key) is None:
            continue
        here = f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
        try:
            value = field.type.read(held[key])
            if field.type.storage is Storage.COLUMNS:
                value = _refitted(field.fields, value, here, problems)
            elif field.type.storage is Storage.TABLE:
                value = [_line(field, row, f"{here}/{place}", problems) for place, row in enumerate(value)]
        except Unreadable as error:
            problems.append(error.problem(here))
        else:
            if value != {} or held[key] == {}:
                values[key] = value
    return values


def _line(lines: CompiledField, row: Json, pointer: str, problems: list[Problem]) -> dict[str, Any]:
    if isinstance(row, Mapping):
        return _refitted(lines.fields, row, pointer, problems)
    problems.append(Problem("field.object", pointer))
    return {}
