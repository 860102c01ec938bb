"""Where the values of a record point to: other records, people, departments, files."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from engine.compile.model import CompiledField
from engine.definition.model import Json
from engine.fields.field_type import Storage
from engine.fields.identity import is_id

#: Field types whose value is the id of something else.
LINKING: Final = frozenset({"reference", "user", "department", "file", "photo"})


class Link(NamedTuple):
    """One id and where it stands."""

    #: reference, user, department, file or photo.
    type: str
    #: "module/entity" of a reference, else "".
    target: str
    id: str
    pointer: str


def links(fields: Mapping[str, CompiledField], values: Json, pointer: str = "") -> Iterator[Link]:
    """Every link in values that may still be as somebody sent them: what has the wrong shape is passed over."""
    if not isinstance(values, Mapping):
        return
    for key, field in fields.items():
        held, here = values.get(key), f"{pointer}/{key}"
        if field.type.name in LINKING:
            for at, identity in _each(held, here):
                yield Link(field.type.name, field.definition.reference, identity, at)
        elif field.fields and isinstance(held, list):
            for place, row in enumerate(held):
                yield from links(field.fields, row, f"{here}/{place}")
        elif field.fields:
            yield from links(field.fields, held, here)


def ids_at(
    fields: Mapping[str, CompiledField], values: Json, paths: Iterable[tuple[str, ...]]
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """For paths that go through references: target entity, id found in the values, and the rest of the path."""
    for path in paths:
        yield from _follow(fields, values, path)


def goes_through_lines(fields: Mapping[str, CompiledField], path: tuple[str, ...]) -> bool:
    """Whether a path leads to line items, or through them, before it leads to another record."""
    for key in path:
        field = fields.get(key)
        if field is None or field.type.storage is Storage.TABLE:
            return field is not None
        fields = field.fields
    return False


def _follow(
    fields: Mapping[str, CompiledField], values: Json, path: tuple[str, ...]
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    field = fields.get(path[0])
    if field is None or len(path) == 1 or not isinstance(values, Mapping):
        return
    held = values.get(path[0])
    if field.type.name == "reference":
        for _, identity in _each(held, ""):
            yield field.definition.reference, identity, path[1:]
    else:
        for inner in held if isinstance(held, list) else [held]:
            yield from _follow(field.fields, inner, path[1:])


def _each(held: Json, pointer: str) -> Iterator[tuple[str, str]]:
    if isinstance(held, list):
        for place, identity in enumerate(held):
            if is_id(identity):
                yield f"{pointer}/{place}", identity
    elif is_id(held):
        yield pointer, held
