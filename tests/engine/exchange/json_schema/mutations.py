"""Breaks a good document in one place at a time."""

import copy
from collections.abc import Iterator, Mapping, Sequence

from engine.compile.model import CompiledField
from engine.definition.model import Json

#: Values of every JSON type; for each field some are of the wrong one.
STRANGE = ({"strange": True}, ["strange"], "!strange!", 12.5, True)


def mutations(fields: Mapping[str, CompiledField], document: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    """Pointer of the broken place, and the document with a value there that is missing or strange."""
    for path in _places(fields, document, ()):
        yield _pointer(path), _changed(document, path)
        for value in STRANGE:
            yield _pointer(path), _changed(document, path, value)


def _places(fields: Mapping[str, CompiledField], value: Mapping[str, Json], at: tuple[Json, ...]) -> Iterator[Json]:
    for key, field in fields.items():
        if key not in value:
            continue
        yield (*at, key)
        if isinstance(value[key], dict):
            yield from _places(field.fields, value[key], (*at, key))
        elif isinstance(value[key], list):
            for number, row in enumerate(value[key]):
                if isinstance(row, dict):
                    yield from _places(field.fields, row, (*at, key, number))


def _changed(document: Json, path: Sequence[Json], *value: Json) -> Json:
    """A copy with the value at the path, or without it."""
    changed = copy.deepcopy(document)
    around = changed
    for step in path[:-1]:
        around = around[step]
    if value:
        around[path[-1]] = value[0]
    else:
        del around[path[-1]]
    return changed


def _pointer(path: Sequence[Json]) -> str:
    return "".join(f"/{step}" for step in path)
