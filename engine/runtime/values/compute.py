"""Computed fields: every formula of an entity evaluated in an order in which each finds what it reads."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Context, Decimal
from typing import Any, Final

import msgspec

from engine.compile.model import CompiledEntity, CompiledField, Rounding
from engine.compile.shape import walk
from engine.definition.model import Json
from engine.fields.field_type import Storage, Unreadable
from engine.formula.errors import FormulaFailed
from engine.formula.scope import Facts
from engine.formula.tree import Value
from engine.problems import Problem

#: Room for every number that a formula gives.
EXACT: Final = Context(prec=40)


def compute(
    entity: CompiledEntity, facts: Facts, hidden: Collection[str] = ()
) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """The fields' values with the computed ones filled in, and the formulas that failed.

    What stands at the pointers of `hidden` is left out, typed or computed.
    """
    unrounded = _unrounded(entity, facts, hidden) if any(map(_is_rounded_last, entity.order)) else {}
    values = _copied(facts.values, hidden, "")
    made = list(_make_groups(entity.fields, values, hidden, ""))
    problems: list[Problem] = []
    for field, holder, pointer, reading in _each(entity, facts, values, hidden):
        holder.pop(field.key, None)
        try:
            is_known = _is_rounded_last(field) and pointer in unrounded
            result = kept(field, unrounded[pointer] if is_known else _evaluated(field, reading))
        except FormulaFailed as failure:
            problems.append(Problem(failure.code, pointer, failure.params))
        except Unreadable as error:
            problems.append(error.problem(pointer))
        else:
            if result is not None:
                holder[field.key] = result
    for holder, key in reversed(made):
        if not holder[key]:
            del holder[key]
    return {key: values[key] for key in entity.fields if key in values}, tuple(problems)


def _each(
    entity: CompiledEntity, facts: Facts, values: dict[str, Any], hidden: Collection[str]
) -> Iterator[tuple[CompiledField, dict[str, Any], str, Facts]]:
    """Every place of every computed field, in order, with what its formula reads there while `values` fill up."""
    facts = msgspec.structs.replace(facts, values=values)
    for field in entity.order:
        for holder, pointer in places(values, field.path):
            if pointer not in hidden:
                is_record = holder is values
                yield field, holder, pointer, facts if is_record else msgspec.structs.replace(facts, line=holder)


def _unrounded(entity: CompiledEntity, facts: Facts, hidden: Collection[str]) -> Mapping[str, Value]:
    """Pointer → result where nothing is rounded on the way: what is rounded last starts from that."""
    values = _copied(facts.values, hidden, "")
    list(_make_groups(entity.fields, values, hidden, ""))
    found: dict[str, Value] = {}
    for field, holder, pointer, reading in _each(entity, facts, values, hidden):
        holder.pop(field.key, None)
        with suppress(FormulaFailed):
            found[pointer] = holder[field.key] = _evaluated(field, reading)
    return found


def _is_rounded_last(field: CompiledField) -> bool:
    return field.rounding is not None and field.rounding.is_last


def places(values: dict[str, Any], path: tuple[str, ...], pointer: str = "") -> Iterator[tuple[dict[str, Any], str]]:
    """Every object in which the last key of the path stands: the record, a nested object, or each line."""
    key, *rest = path
    if not rest:
        yield values, f"{pointer}/{key}"
        return
    held = values.get(key)
    if isinstance(held, list):
        for number, row in enumerate(held):
            yield from places(row, tuple(rest), f"{pointer}/{key}/{number}")
    elif held is not None:
        yield from places(held, tuple(rest), f"{pointer}/{key}")


def kept(field: CompiledField, value: Value) -> Json:
    """The result of a formula in the normal form of its field, or None when blank. Raises `Unreadable`."""
    if value is None or value == "":
        return None
    raw: Json = value
    if isinstance(value, Decimal) and field.type.storage in {Storage.DECIMAL, Storage.INTEGER}:
        raw = _rounded(value, field.rounding or Rounding(field.type.scale))
    elif isinstance(value, datetime):
        raw = value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    elif isinstance(value, date):
        raw = value.isoformat()
    elif isinstance(value, tuple):
        raw = list(value)
    return field.type.read(raw)


def words(value: Value) -> str:
    """The result of a formula as it stands in titles and messages."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def _rounded(number: Decimal, to: Rounding) -> Decimal:
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)  # formulas give finite numbers
    # A coarser one stays as it is: it may have more digits than can be written out.
    return number.quantize(Decimal(1).scaleb(-to.scale), to.mode, EXACT) if -exponent > to.scale else number


def _evaluated(field: CompiledField, facts: Facts) -> Value:
    assert field.formula is not None
    return field.formula.evaluate(facts)


def _copied(value: Json, hidden: Collection[str], pointer: str) -> Json:
    """Own copies of the lists and objects that formulas write into."""
    if isinstance(value, Mapping):
        inside = ((key, each, f"{pointer}/{key}") for key, each in value.items())
        return {key: _copied(each, hidden, here) for key, each, here in inside if here not in hidden}
    if isinstance(value, list):
        return [_copied(each, hidden, f"{pointer}/{place}") for place, each in enumerate(value)]
    return value


def _make_groups(
    fields: Mapping[str, CompiledField], values: dict[str, Any], hidden: Collection[str], pointer: str
) -> Iterator[tuple[dict[str, Any], str]]:
    """Makes the groups in which something is computed and nothing was typed; gives them, outer before inner."""
    for key, field in fields.items():
        here = f"{pointer}/{key}"
        if field.type.storage is Storage.TABLE:
            for place, row in enumerate(values.get(key, ())):
                yield from _make_groups(field.fields, row, hidden, f"{here}/{place}")
        elif (
            field.type.storage is Storage.COLUMNS and here not in hidden and any(map(_has_formula, walk(field.fields)))
        ):
            if key not in values:
                values[key] = {}
                yield values, key
            yield from _make_groups(field.fields, values[key], hidden, here)


def _has_formula(field: CompiledField) -> bool:
    return field.formula is not None
