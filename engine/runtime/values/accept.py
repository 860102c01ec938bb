"""Takes what somebody sent into the values of a record: known fields, allowed fields, readable values, normal form.

Values are a patch: what is not sent stays, `null` removes, lists are replaced whole. What may not be changed is
refused, never dropped in silence. Whether the values fit together is asked afterwards, in `engine.runtime.values.fill`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from engine.compile.model import CompiledField
from engine.definition.model import Json
from engine.fields.field_type import Storage, Unreadable
from engine.fields.json import same
from engine.problems import Problem, nearest
from engine.runtime.access import EDITABLE, Access
from engine.runtime.record import Values

Fields: TypeAlias = Mapping[str, CompiledField]
#: Whether a field's own condition keeps it from being changed, in the record, group or line that it stands in.
Locked: TypeAlias = Callable[[CompiledField, Values], bool]
#: What a new line of these line items starts with.
Fresh: TypeAlias = Callable[[CompiledField], Values]


def accept(
    fields: Fields,
    given: Json,
    current: Values,
    access: Access,
    *,
    locked: Locked = lambda _field, _holder: False,
    fresh: Fresh = lambda _field: {},
) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """The values after the patch, and every reason why a part of it was not taken."""
    patch = _Patch(access, locked, fresh)
    values = patch.apply(fields, given, _Held(current, current), "")
    return values, tuple(patch.problems)


class _Held:
    """What is there: `current` is what the patch is laid over, `kept` what may not change is compared with.

    They differ in lines, which are replaced whole.
    """

    def __init__(self, current: Values, kept: Values) -> None:
        self.current, self.kept = current, kept

    def inside(self, key: str) -> "_Held":
        return _Held(self.current.get(key) or {}, self.kept.get(key) or {})


class _Patch:
    """One walk over the sent values; collects problems as it goes."""

    def __init__(self, access: Access, locked: Locked, fresh: Fresh) -> None:
        self._access, self._locked, self._fresh = access, locked, fresh
        self.problems: list[Problem] = []

    def apply(self, fields: Fields, given: Json, held: _Held, pointer: str) -> dict[str, Any]:
        """The values of a record, group or line after the patch."""
        values = dict(held.current)
        if not isinstance(given, Mapping):
            self.problems.append(Problem("field.object", pointer))
            return values
        for key, raw in given.items():
            here = f"{pointer}/{_escaped(key)}"
            field = fields.get(key)
            if field is None or self._access.of(field.path) == "hidden":
                known = (each.key for each in fields.values() if self._access.of(each.path) in EDITABLE)
                self.problems.append(Problem("field.unknown", here, {"given": key, "known": nearest(key, known)}))
            elif field.is_computed or not self._may_change(field, held.kept):
                if not unchanged(field, raw, held.kept.get(key)):
                    self.problems.append(Problem("field.read_only", here))
            elif (value := self._read(field, raw, held, here)) is None:
                values.pop(key, None)
            else:
                values[key] = value
        return values

    def _read(self, field: CompiledField, raw: Json, held: _Held, pointer: str) -> Json:
        """The value to keep, None for none; where it cannot be taken, what is there."""
        storage = field.type.storage
        if storage is Storage.COLUMNS:
            return self._group(field, raw, held.inside(field.key), pointer)
        if raw is None:
            return self._rows(field, [], held, pointer) or None if storage is Storage.TABLE else None
        try:
            value = field.type.read(raw)
        except Unreadable as error:
            self.problems.append(error.problem(pointer))
            return held.current.get(field.key)
        return self._rows(field, value, held, pointer) if storage is Storage.TABLE else value

    def _group(self, field: CompiledField, raw: Json, held: _Held, pointer: str) -> Json:
        if raw is not None:
            return self.apply(field.fields, raw, held, pointer)
        if not self._holds_what_stays(field.fields, held.kept):
            return None
        self.problems.append(Problem("field.read_only", pointer))
        return held.current

    def _rows(self, field: CompiledField, rows: Sequence[Json], held: _Held, pointer: str) -> Json:
        """Lines are replaced whole; where they hold what may not change, they are patched in their places."""
        kept: Sequence[Values] = held.kept.get(field.key) or ()
        is_fixed = self._is_fixed(field, kept)
        if is_fixed and len(rows) != len(kept):
            self.problems.append(Problem("field.lines_fixed", pointer, {"count": str(len(kept))}))
            return held.current.get(field.key)
        taken, new = [], self._fresh(field)
        for place, row in enumerate(rows):
            before = kept[place] if place < len(kept) else {}
            current = before if is_fixed else new
            taken.append(self.apply(field.fields, row, _Held(current, before), f"{pointer}/{place}"))
        return taken

    def _is_fixed(self, field: CompiledField, rows: Sequence[Values]) -> bool:
        """Whether lines can be neither added nor removed, because that would touch cells that may not change."""
        if self._access.own(field.path) not in EDITABLE and not self._may_change_all(field.fields):
            return True
        return any(self._holds_what_stays(field.fields, row) for row in rows)

    def _may_change_all(self, fields: Fields) -> bool:
        typed = (each for each in fields.values() if not each.is_computed)
        return all(self._access.of(each.path) in EDITABLE and self._may_change_all(each.fields) for each in typed)

    def _holds_what_stays(self, fields: Fields, holder: Values) -> bool:
        """Whether something is filled in here that may not be changed."""
        for key, field in fields.items():
            value: Json = holder.get(key)
            if field.is_computed or is_blank(value):
                continue
            if not self._may_change(field, holder):
                return True
            parts = {Storage.COLUMNS: [value], Storage.TABLE: value}.get(field.type.storage, ())
            if any(self._holds_what_stays(field.fields, each) for each in parts):
                return True
        return False

    def _may_change(self, field: CompiledField, holder: Values) -> bool:
        return self._access.of(field.path) in EDITABLE and not self._locked(field, holder)


def unchanged(field: CompiledField, raw: Json, current: Json) -> bool:
    """Whether a value that may not be changed was sent back as it is, or the visible part of it."""
    if is_blank(raw) or is_blank(current):
        return is_blank(raw) and is_blank(current)
    if field.type.storage is Storage.COLUMNS:
        return _unchanged_inside(field.fields, raw, current)
    if field.type.storage is Storage.TABLE:
        is_whole = isinstance(raw, list) and len(raw) == len(current)
        return is_whole and all(_unchanged_inside(field.fields, *each) for each in zip(raw, current, strict=True))
    try:
        return same(field.type.read(raw), current)
    except Unreadable:
        return False


def _unchanged_inside(fields: Fields, raw: Json, current: Values) -> bool:
    return isinstance(raw, Mapping) and all(
        key in fields and unchanged(fields[key], each, current.get(key)) for key, each in raw.items()
    )


def missing(fields: Fields, values: Values, required: Mapping[str, bool], pointer: str = "") -> Iterator[Problem]:
    """Every field that must be filled and is not; `required` says, by pointer, where something else decides."""
    for key, field in fields.items():
        value: Json = values.get(key)
        is_missing = is_blank(value)
        if not is_missing and not field.fields:
            continue
        here = f"{pointer}/{_escaped(key)}"
        if is_missing:
            if required.get(here, field.definition.required) and not field.is_computed:
                yield Problem("field.required", here)
        elif field.type.storage is Storage.COLUMNS:
            yield from missing(field.fields, value, required, here)
        elif field.type.storage is Storage.TABLE:
            for place, row in enumerate(value):
                yield from missing(field.fields, row, required, f"{here}/{place}")


def is_blank(value: Json) -> bool:
    """Whether nothing has been filled in; FALSE and 0 are something, white space is not."""
    if isinstance(value, str):
        return not value.strip()
    return value is None or (not value and isinstance(value, list | dict))


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
