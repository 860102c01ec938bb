"""Computed fields: every formula of an entity evaluated in an order in which each finds what it reads."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Context, Decimal
from typing import Any, Final, NamedTuple, TypeAlias

import msgspec

from engine.compile.model import CompiledEntity, CompiledField, Rounding
from engine.compile.shape import walk
from engine.definition.model import Json
from engine.fields.field_type import Storage, Unreadable
from engine.formula.errors import FormulaFailed
from engine.formula.operations.strict import are_full
from engine.formula.scope import Facts
from engine.formula.tree import Value
from engine.formula.typed import Column
from engine.problems import Problem
from engine.runtime.record import Values

Path: TypeAlias = tuple[str, ...]

#: Room for every number that a formula gives.
EXACT: Final = Context(prec=40)
#: From so many lines on it is worth while to go through all of them at once.
_MANY: Final = 4
#: Which line it is, in a pointer.
_LINE: Final = re.compile(r"/[0-9]+")


class Place(NamedTuple):
    """Where values are computed: the record, a nested object, or a line."""

    holder: dict[str, Any]
    #: What formulas read there, while values fill up.
    reading: Facts
    #: JSON Pointer, with a slash at its end.
    pointer: str


def compute(
    entity: CompiledEntity, facts: Facts, hidden: Collection[str] = ()
) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """The fields' values with the computed ones filled in, and the formulas that failed.

    What stands at the pointers of `hidden` is left out, typed or computed.
    """
    unrounded = without_rounding(entity, facts, hidden)[1] if any(map(_is_rounded_last, entity.order)) else {}
    copy = _Copy(entity, facts.values, hidden)
    problems: list[Problem] = []
    for field, place in _each(entity, facts, copy.values, hidden, is_kept=True):
        try:
            value = unrounded.get(_pointer(field, place)) if unrounded and _is_rounded_last(field) else None
            result = kept(field, _evaluated(field, place.reading) if value is None else value)
        except FormulaFailed as failure:
            problems.append(failure.problem(field.formula.text if field.formula else "", _pointer(field, place)))
        except Unreadable as error:
            problems.append(error.problem(_pointer(field, place)))
        else:
            if result is not None:
                place.holder[field.key] = result
    copy.drop_empty_groups()
    return {key: copy.values[key] for key in entity.fields if key in copy.values}, tuple(problems)


def without_rounding(
    entity: CompiledEntity, facts: Facts, hidden: Collection[str] = ()
) -> tuple[Mapping[str, Any], Mapping[str, Value]]:
    """The values where nothing is rounded on the way, from which what is rounded last starts; and pointer → result."""
    values = _Copy(entity, facts.values, hidden).values
    found: dict[str, Value] = {}
    for field, place in _each(entity, facts, values, hidden):
        with suppress(FormulaFailed):
            found[_pointer(field, place)] = place.holder[field.key] = _evaluated(field, place.reading)
    return values, found


def _each(
    entity: CompiledEntity, facts: Facts, values: dict[str, Any], hidden: Collection[str], *, is_kept: bool = False
) -> Iterator[tuple[CompiledField, Place]]:
    """Every place of every computed field, in order; the value that stood there is gone.

    Where the result `is_kept`, fields of lines that could be computed in all lines at once are done and left out.
    """
    facts = msgspec.structs.replace(facts, values=values, columns={})
    found: dict[Path, tuple[Place, ...]] = {}
    partly_hidden = {_LINE.sub("", each) for each in hidden}
    for field in entity.order:
        path, key = field.path[:-1], field.path[-1]
        may_be_hidden = partly_hidden and "/" + "/".join(field.path) in partly_hidden
        if is_kept and path and not may_be_hidden and _is_done_across(field, facts):
            continue
        if path not in found:
            found[path] = tuple(_places(facts, values, path))
        for place in found[path]:
            place.holder.pop(key, None)
            if not hidden or _pointer(field, place) not in hidden:
                yield field, place


def _is_done_across(field: CompiledField, facts: Facts) -> bool:
    """Whether the field could be computed in all lines of its list at once; now it stands there."""
    formula, around, key = field.formula, field.path[0], field.path[-1]
    rows = facts.values.get(around)
    if formula is None or formula.across is None or field.path != (around, key) or _is_rounded_last(field):
        return False
    if not isinstance(rows, list) or len(rows) < _MANY or (column := formula.across(facts, around)) is None:
        return False
    try:
        results = _all_kept(field, column)
    except Unreadable:
        return False
    for row, result in zip(rows, results, strict=True):
        if key in row:
            del row[key]
        if result is not None:
            row[key] = result
    if field.type.storage is Storage.DECIMAL:
        assert facts.columns is not None
        facts.columns[field.path] = results
    return True


def _places(facts: Facts, values: dict[str, Any], path: Path) -> Iterator[Place]:
    """Every object at the path."""
    for number, (holder, pointer) in enumerate(places(values, (*path, ""))):
        reading = facts if holder is values else msgspec.structs.replace(facts, line=holder, place=number)
        yield Place(holder, reading, pointer)


def _pointer(field: CompiledField, place: Place) -> str:
    return place.pointer + field.key


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
    if isinstance(value, Decimal):
        rounding = field.rounding or Rounding(field.type.scale)
        return field.type.rounded(value, rounding.scale, rounding.mode)
    if value is None or value == "":
        return None
    raw: Json = value
    if isinstance(value, datetime):
        raw = value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    elif isinstance(value, date):
        raw = value.isoformat()
    elif isinstance(value, tuple):
        raw = list(value)
    return field.type.read(raw)


def _all_kept(field: CompiledField, column: Column) -> Column:
    """The same for every line."""
    if field.type.storage is Storage.BOOLEAN:
        return tuple(map({value: kept(field, value) for value in set(column)}.__getitem__, column))
    if field.rounding is None or not are_full((column,)):
        return tuple([kept(field, value) for value in column])
    return field.type.all_rounded(column, field.rounding.scale, field.rounding.mode)


def words(value: Value) -> str:
    """The result of a formula as it stands in titles and messages."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def _evaluated(field: CompiledField, facts: Facts) -> Value:
    assert field.formula is not None
    return field.formula.evaluate(facts)


class _Copy:
    """Own copies of the objects and lines of a record, because formulas write into them."""

    def __init__(self, entity: CompiledEntity, values: Values, hidden: Collection[str]) -> None:
        """Without what is hidden. The groups in which something is computed are there, even when nothing was typed."""
        self._hidden = hidden
        #: What holds such a group, and the group's key; outer ones before inner ones.
        self._made: list[tuple[dict[str, Any], str]] = []
        self.values = self._copied(_containers(entity.fields), values, "")

    def drop_empty_groups(self) -> None:
        """Leave out the groups in which nothing came to stand."""
        for holder, key in reversed(self._made):
            if not holder[key]:
                del holder[key]

    def _copied(self, containers: Sequence[CompiledField], values: Values, pointer: str) -> dict[str, Any]:
        copy = dict(values)
        if self._hidden:
            copy = {key: value for key, value in values.items() if f"{pointer}/{key}" not in self._hidden}
        for field in containers:
            key, here, inner = field.key, f"{pointer}/{field.key}", _containers(field.fields)
            if field.type.storage is Storage.TABLE and key in copy:
                if inner or self._hidden:
                    copy[key] = [self._copied(inner, row, f"{here}/{place}") for place, row in enumerate(copy[key])]
                else:
                    copy[key] = list(map(dict, copy[key]))
            elif field.type.storage is Storage.COLUMNS and here not in self._hidden:
                if key not in copy and any(map(_has_formula, walk(field.fields))):
                    copy[key] = {}
                    self._made.append((copy, key))
                if key in copy:
                    copy[key] = self._copied(inner, copy[key], here)
        return copy


def _containers(fields: Mapping[str, CompiledField]) -> tuple[CompiledField, ...]:
    return tuple(field for field in fields.values() if field.fields)


def _has_formula(field: CompiledField) -> bool:
    return field.formula is not None
