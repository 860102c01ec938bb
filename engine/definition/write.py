"""`Module` → the canonical text of its files: reading and writing it again changes no byte.

Keys stand in the order of the meta-schema. Maps of which the meta-schema says `x-sorted` are sorted; fields, states and
the like keep the author's order. A changed label changes one line: the layout does not depend on how long labels are.
"""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Final

from engine.definition.document.meta_schema import follow, meta_schema
from engine.definition.folder import kind_of
from engine.definition.model import Json, Module

#: Columns up to which an object or list stays on one line.
WIDTH: Final = 120
#: Containers within containers on one line.
NESTED: Final = 3
#: Words for people; for the layout each counts as long as LABEL_WIDTH, so that another wording moves nothing.
LABELS: Final = frozenset({"title", "description", "message", "section", "x-help", "$comment"})
LABEL_WIDTH: Final = 16
#: What stands behind these keys, or is a list in the document itself, gets a line for each element: people edit them
#: one by one.
SPREAD: Final = frozenset({"properties", "states", "regions", "$defs"})

#: Keywords of a meta-schema whose schemas are about the same value.
_BESIDE: Final = ("allOf", "anyOf", "oneOf")
_BRANCHES: Final = ("else", "then")


def write(module: Module) -> dict[str, str]:
    """The text of every file by its path; translations and notes as they were read."""
    return {
        path: text if path not in module.documents else write_document(module.documents[path], path)
        for path, text in sorted(module.texts.items())
    }


def write_folder(module: Module, folder: Path) -> None:
    """Write every file into a folder, which is made if need be; files that are no part of the module stay."""
    for path, text in write(module).items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")


def write_document(document: Json, path: str) -> str:
    """The canonical text of one document, which stands at `path` in its module."""
    kind = kind_of(path)
    ordered = _ordered(document, [(meta_schema(kind), f"{kind}.schema.json")])
    return _laid_out(ordered, "", 0, is_spread=True) + "\n"


def _ordered(value: Json, schemas: list[tuple[Json, str]]) -> Json:
    """The value with its keys in canonical order; `schemas` say what it may be, each with the file it stands in."""
    schemas = [each for schema in schemas for each in _alternatives(*schema)]
    if isinstance(value, list):
        items = [(schema["items"], file) for schema, file in schemas if "items" in schema]
        return [_ordered(each, items) for each in value]
    if not isinstance(value, dict):
        return value
    order = dict.fromkeys(key for schema, _ in schemas for key in schema.get("properties", ()))
    others = [key for key in value if key not in order]
    if any(schema.get("x-sorted") for schema, _ in schemas):
        others.sort()
    keys = [key for key in order if key in value] + others
    return {key: _ordered(value[key], [found for schema in schemas for found in _behind(key, *schema)]) for key in keys}


def _alternatives(schema: Json, file: str) -> Iterator[tuple[Mapping[str, Json], str]]:
    """The schema and every one beside it that is about the same value."""
    if not isinstance(schema, dict):
        return
    yield schema, file
    if "$ref" in schema:
        yield from _alternatives(*follow(schema["$ref"], file))
    for keyword in _BESIDE:
        for each in schema.get(keyword, ()):
            yield from _alternatives(each, file)
    for keyword in _BRANCHES:
        yield from _alternatives(schema.get(keyword), file)


def _behind(key: str, schema: Mapping[str, Json], file: str) -> Iterator[tuple[Json, str]]:
    """What the schema says of the value behind a key."""
    if key in schema.get("properties", ()):
        yield schema["properties"][key], file
    elif isinstance(schema.get("additionalProperties"), dict):
        yield schema["additionalProperties"], file


def _laid_out(value: Json, indent: str, before: int, *, is_spread: bool = False) -> str:
    """The value as text; `before` is how much of the line its key has taken."""
    if not isinstance(value, dict | list) or not value:
        return flat(value)
    if not is_spread and _fits(value, len(indent) + before):
        return flat(value)
    inner = indent + "  "
    if isinstance(value, list):
        lines = [inner + _laid_out(each, inner, 0) for each in value]
        return "[\n" + ",\n".join(lines) + f"\n{indent}]"
    lines = []
    for key, each in value.items():
        name = json.dumps(key, ensure_ascii=False) + ": "
        is_part = key in SPREAD or (not indent and not _is_shallow(each, 1))
        lines.append(inner + name + _laid_out(each, inner, len(name), is_spread=is_part))
    return "{\n" + ",\n".join(lines) + f"\n{indent}}}"


def _fits(value: Json, before: int) -> bool:
    return _is_shallow(value, NESTED) and before + _width(value) <= WIDTH


def _is_shallow(value: Json, levels: int) -> bool:
    """Whether few enough containers nest, and none of them wants a line for each element."""
    if not isinstance(value, dict | list) or not value:
        return True
    if not levels or (isinstance(value, dict) and not SPREAD.isdisjoint(value)):
        return False
    return all(_is_shallow(each, levels - 1) for each in (value.values() if isinstance(value, dict) else value))


def _width(value: Json, key: str = "") -> int:
    """Columns on one line, every label counted alike."""
    if isinstance(value, dict):
        return 2 * len(value) + sum(len(key) + 4 + _width(each, key) for key, each in value.items())
    if isinstance(value, list):
        return 2 * len(value) + sum(map(_width, value))
    return LABEL_WIDTH if key in LABELS and isinstance(value, str) else len(flat(value))


def flat(value: Json) -> str:
    """The value on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{flat(key)}: {flat(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flat, value)) + "]"
    return str(value) if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False)
