"""CompiledEntity and rights → form class."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, TypeAlias, cast

from wtforms.fields.core import UnboundField

from engine.compile.model import CompiledEntity, CompiledField
from engine.fields.field_type import Storage
from engine.runtime.access import EDITABLE, Access, Level
from web.forms.inputs import Cell, Choices, Flag, Many, OneFile, Shown, Typed
from web.forms.nested import LinesField, ObjectField
from web.forms.record_form import RecordForm

#: Path of a person, department or reference field → (id, label) of everything to pick from, or an address to ask.
Options: TypeAlias = Callable[[tuple[str, ...]], Sequence[tuple[str, str]] | str]

_NESTED: Final[Mapping[str, type[Cell]]] = {"lines": LinesField, "object": ObjectField}
_SEVERAL: Final = frozenset({"choices", "file", "photo"})
_PICKED: Final = frozenset({"person", "department", "reference"})


def form_class(entity: CompiledEntity, access: Access, options: Options) -> type[RecordForm]:
    """A form for the fields that may be seen or changed; what is computed is never typed, whatever `access` says."""
    builder = _Builder(access, options)
    unbound = MappingProxyType(builder.fields(entity.fields))
    names = {"entity": entity, "unbound": unbound, "paths": frozenset(builder.paths)}
    return cast("type[RecordForm]", type(f"{entity.key}_form", (RecordForm,), names))


class _Builder:
    def __init__(self, access: Access, options: Options) -> None:
        self._access = access
        self._options = options
        self.paths: set[tuple[str, ...]] = set()

    def fields(self, fields: Mapping[str, CompiledField]) -> dict[str, UnboundField]:
        seen = {key: field for key, field in fields.items() if self._level(field) != "hidden"}
        self.paths.update(field.path for field in seen.values())
        return {key: self._field(field) for key, field in seen.items()}

    def _level(self, field: CompiledField) -> Level:
        return self._access.of(field.path)

    def _field(self, field: CompiledField) -> UnboundField:
        level, widget = self._level(field), field.type.widget
        is_required = field.definition.required or level == "required"
        if nested := _NESTED.get(widget):
            is_whole = all(each.is_computed or self._level(each) in EDITABLE for each in field.fields.values())
            inner = self.fields(field.fields)
            return UnboundField(nested, compiled=field, is_required=is_required, unbound=inner, is_whole=is_whole)
        if field.is_computed or field.type.automatic or level not in EDITABLE:
            return UnboundField(Shown, compiled=field)
        if widget == "boolean":
            return UnboundField(Flag, compiled=field, is_required=is_required)
        if widget in _SEVERAL:
            several = Many if field.type.storage is Storage.JSON else OneFile
            return UnboundField(several, compiled=field, is_required=is_required)
        choices = self._choices(field) if widget in _PICKED else None
        return UnboundField(Typed, compiled=field, choices=choices, is_required=is_required)

    def _choices(self, field: CompiledField) -> Choices:
        found = self._options(field.path)
        return Choices(lookup=found) if isinstance(found, str) else Choices(items=tuple(found))
