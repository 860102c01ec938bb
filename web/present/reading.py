"""A record as it is read: sections of parts, in the words of the reader."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final
from urllib.parse import quote

from flask import url_for

from engine.compile.model import CompiledField
from engine.definition.model import Json
from engine.fields.field_type import Audience, Storage
from engine.runtime.access import Access
from engine.usecases.sight import Sight
from web.present.addresses import address
from web.present.explaining.tree import is_explained

#: Widget → kind of part in `record_parts.html`; others are text.
_KINDS: Final[Mapping[str, str]] = {
    "long_text": "long",
    "json": "json",
    "number": "number",
    "file": "files",
    "photo": "photos",
}

Part = dict[str, Any]


def sections(seen: Sight, audience: Audience) -> list[dict[str, Any]]:
    """The sections of the layout; what it does not name stands in one more, and empty ones are left out."""
    fields, values = seen.entity.fields, seen.values
    shown = {key: each for key, each in fields.items() if seen.access.of(each.path) != "hidden"}
    placed = {key for section in seen.entity.layout for key in section.fields}
    groups = [(audience.label(each.title), each.columns, each.fields) for each in seen.entity.layout]
    groups.append(("", 2, tuple(key for key in fields if key not in placed)))
    explained = f"{address(seen.record, 'explain')}?field="
    made = []
    for title, columns, keys in groups:
        parts = [
            _part(shown[key], values.get(key), seen.access, audience, explained)
            for key in keys
            if key in shown and _is_read(shown[key], values)
        ]
        if parts:
            made.append({"title": title, "columns": columns, "parts": parts})
    return made


def _is_read(field: CompiledField, values: Mapping[str, Json]) -> bool:
    """A field that its own condition hid has no value and is not shown; an empty one is."""
    return field.visible is None or field.key in values


def _part(field: CompiledField, value: Json, rights: Access, audience: Audience, explained: str) -> Part:
    """One field and its value; `explained` is where the field is explained, up to its name."""
    made: Part = {
        "title": audience.label(field.definition.title),
        "kind": _KINDS.get(field.type.widget, "text"),
        "text": "",
        "how_url": _how(field, explained),
    }
    if field.type.storage is Storage.TABLE:
        return made | {
            "kind": "lines",
            **_lines(_shown(field, rights), value or [], audience, f"{explained}{quote(field.key)}."),
        }
    if field.type.storage is Storage.COLUMNS:
        explained = f"{explained}{quote(field.key)}."
        inner = [
            _part(each, (value or {}).get(each.key), rights, audience, explained) for each in _shown(field, rights)
        ]
        return made | {"kind": "object", "parts": inner if value else []}
    return made | ({"kind": "text"} if value is None else _single(field, value, made["kind"], audience))


def _shown(field: CompiledField, rights: Access) -> list[CompiledField]:
    """The fields in it that the reader may see: of the others not even the titles."""
    return [each for each in field.fields.values() if rights.of(each.path) != "hidden"]


def _single(field: CompiledField, value: Json, kind: str, audience: Audience) -> Part:
    if kind in {"files", "photos"}:
        return {"files": list(_files(value, audience))}
    text = field.type.show(value, audience)
    if field.type.name == "reference":
        module, _, entity = field.definition.reference.partition("/")
        return {
            "kind": "link",
            "text": text,
            "url": url_for("records.show", module=module, entity=entity, record_id=value),
        }
    return {"kind": "link", "text": text, "url": value} if field.type.name == "url" else {"text": text}


def _lines(columns: list[CompiledField], rows: list[Mapping[str, Json]], audience: Audience, explained: str) -> Part:
    shown = [
        [
            {"text": _text(each, row.get(each.key), audience), "how_url": _how(each, f"{explained}{number}.")}
            for each in columns
        ]
        for number, row in enumerate(rows)
    ]
    totals = [_total(each, rows, audience) for each in columns]
    return {
        "columns": [{"title": audience.label(each.definition.title), "is_number": is_number(each)} for each in columns],
        "rows": shown,
        "totals": totals if any(totals) and len(rows) > 1 else None,
    }


def _how(field: CompiledField, explained: str) -> str:
    """Where it is told how the value comes about; "" for what is typed."""
    return f"{explained}{quote(field.key)}" if is_explained(field) else ""


def _text(field: CompiledField, value: Json, audience: Audience) -> str:
    if value is None:
        return ""
    if field.type.storage is Storage.COLUMNS:
        inner = ((each, value.get(key)) for key, each in field.fields.items())
        return " · ".join(filter(None, (_text(each, held, audience) for each, held in inner)))
    if field.type.storage is Storage.TABLE:
        return str(len(value))
    return field.type.show(value, audience)


def _total(field: CompiledField, rows: list[Mapping[str, Json]], audience: Audience) -> str:
    """Computed amounts are summed; adding up prices or quantities of different things says nothing."""
    if field.type.name != "money" or not field.is_computed:
        return ""
    return field.type.show(sum((row[field.key] for row in rows if field.key in row), Decimal(0)), audience)


def _files(value: Json, audience: Audience) -> Iterator[dict[str, str]]:
    for identity in value if isinstance(value, list) else [value]:
        address = url_for("files.read", file_id=identity)
        yield {"name": audience.name("file", identity), "url": address, "preview": address}


def is_number(field: CompiledField) -> bool:
    """Whether values stand right-aligned."""
    return field.type.storage in {Storage.DECIMAL, Storage.INTEGER}
