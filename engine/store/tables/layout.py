"""Where one edition of an entity keeps its values, and the way from values to rows and back."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

import msgspec
from sqlalchemy import Column, RowMapping, Table

from engine.compile.model import CompiledEntity, CompiledField
from engine.fields.field_type import Storage
from engine.runtime.record import Values
from engine.store.tables.registry import TABLE, Registry, kind_of, pointer
from engine.store.tables.statements import LineStatements, RecordStatements

Path: TypeAlias = tuple[str, ...]
Row: TypeAlias = dict[str, Any]


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """A table, seen by one edition: the properties of a record or of a line, with those of nested objects."""

    table: Table
    fields: Mapping[Path, CompiledField]
    columns: Mapping[Path, Column[Any]]
    objects: frozenset[Path]
    lines: Mapping[Path, "Sheet"]
    #: For every column its name, where its value stands, and how that is brought into normal form.
    cells: tuple[tuple[str, Path, Callable[[Any], Any]], ...]

    def __iter__(self) -> Iterator["Sheet"]:
        """Every sheet of line items below this one, outer before inner."""
        for each in self.lines.values():
            yield each
            yield from each


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """An entity at one edition, and its sheets."""

    entity: CompiledEntity
    edition: int
    sheet: Sheet
    #: About its own table, and about those of its line items, by name.
    own: RecordStatements
    lines: Mapping[str, LineStatements]


def layout_of(registry: Registry, entity: CompiledEntity, edition: int) -> Layout:
    """The layout of a published entity."""
    sheet = _sheet(registry, registry.entity_table(entity.name), entity.fields, lines=False)
    return Layout(
        entity=entity,
        edition=edition,
        sheet=sheet,
        own=RecordStatements.of(sheet.table),
        lines={each.table.name: LineStatements.of(each.table) for each in sheet},
    )


def members(fields: Mapping[str, CompiledField], above: Path = ()) -> Iterator[tuple[Path, CompiledField]]:
    """Every field of a row with its path from there, those of nested objects too, but not the columns of line items."""
    for key, field in fields.items():
        yield (*above, key), field
        if field.type.storage is Storage.COLUMNS:
            yield from members(field.fields, (*above, key))


def _sheet(registry: Registry, name: str, fields: Mapping[str, CompiledField], *, lines: bool) -> Sheet:
    table = registry.table(name, lines=lines)
    every = dict(members(fields))
    kept = {path: registry.name(name, pointer(path), kind_of(field)) for path, field in every.items()}
    objects = frozenset(path for path, field in every.items() if field.type.storage is Storage.COLUMNS)
    lists = {path for path, field in every.items() if kind_of(field) == TABLE}
    columns = {path: table.c[kept[path]] for path in every if path not in objects | lists}
    return Sheet(
        table=table,
        fields=every,
        columns=columns,
        objects=objects,
        lines={path: _sheet(registry, kept[path], every[path].fields, lines=True) for path in lists},
        cells=tuple((column.name, path, every[path].type.loaded) for path, column in columns.items()),
    )


class Rows(msgspec.Struct, frozen=True):
    """What a record's values become: a row of its own table, and the rows of every table of line items."""

    own: Row
    lines: Mapping[str, list[Row]]


def spread(sheet: Sheet, record_id: str, values: Values) -> Rows:
    """Values → rows. What the sheet has no place for would be lost: that is a bug, and a KeyError."""
    lines: dict[str, list[Row]] = {each.table.name: [] for each in sheet}

    def row_of(sheet: Sheet, values: Values, number: int | None = None) -> Row:
        row: Row = dict.fromkeys(each.name for each in sheet.columns.values())
        shape: list[Path] = []
        for path, value in _leaves(sheet, values):
            if (column := sheet.columns.get(path)) is not None:
                row[column.name] = value
                continue
            if not value:
                shape.append(path)
            if path not in sheet.objects:
                child = sheet.lines[path]
                rows = lines[child.table.name]
                for each in value:
                    place = {"record_id": record_id, "row": len(rows) + 1, "parent_row": number}
                    rows.append(place | row_of(child, each, len(rows) + 1))
        row["shape"] = shape or None
        return row

    return Rows(row_of(sheet, values), lines)


def gather(sheet: Sheet, row: RowMapping, lines: "Lines", number: int | None = None) -> dict[str, Any]:
    """Rows → values; `number` is the row's own, when it is a line."""
    values: dict[str, Any] = {}
    for name, path, loaded in sheet.cells:
        if (value := row[name]) is not None:
            _put(values, path, loaded(value))
    for path, child in sheet.lines.items():
        if rows := lines[child.table.name].get(number):
            _put(values, path, [gather(child, each, lines, each["row"]) for each in rows])
    for path in map(tuple, row["shape"] or ()):
        if path in sheet.objects or path in sheet.lines:  # another edition may have had others
            _put(values, path, {} if path in sheet.objects else [])
    return values


#: Rows of line items: table → row of the line around them (None = the record) → rows in order.
Lines: TypeAlias = Mapping[str, Mapping[int | None, list[RowMapping]]]


def _leaves(sheet: Sheet, values: Values, above: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value that is kept by itself; a nested object only when there is nothing in it."""
    for key, value in values.items():
        path = (*above, key)
        if value is None:
            continue
        if path in sheet.objects:
            yield from tuple(_leaves(sheet, value, path)) or [(path, {})]
        else:
            yield path, value


def _put(values: dict[str, Any], path: Path, value: object) -> None:
    for key in path[:-1]:
        values = values.setdefault(key, {})
    values.setdefault(path[-1], value)
