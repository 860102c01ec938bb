"""Decision tables as people edit them: text in every cell, like a sheet of a spreadsheet; and back into definitions."""

import csv
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from io import StringIO
from typing import Final

import msgspec

from engine.compile.formulas.cells import Column
from engine.definition.model import Json
from engine.exchange.tables import Row
from engine.fields.choice import listed
from engine.formula.tree import Kind
from engine.problems import Malformed, Problem, nearest

#: Column of a file that holds what follows from a row; the title of the field works as well.
RESULT: Final = "="
#: What begins so is a test or a quoted text already.
_WRITTEN: Final = re.compile(r'\s*(?:["<>=≠≤≥]|$)')
#: What spreadsheets take for formulas of theirs.
_FORMULA: Final = ("=", "+", "@", "\t")


class SheetRow(msgspec.Struct, frozen=True):
    """A row as text."""

    cells: tuple[str, ...]
    #: Formula of the value, or the state to go to.
    value: str
    #: Which row of the table in force it was, from 0; None for a new one.
    was: int | None = None


class Sheet(msgspec.Struct, frozen=True):
    """A table as text."""

    fields: tuple[str, ...]
    hit: str
    rows: tuple[SheetRow, ...]


class Frame(msgspec.Struct, frozen=True):
    """What a sheet is about: the table in force, as written, and what its columns and its result are."""

    written: Mapping[str, Json]
    #: By path; those of the table and others that may become columns.
    columns: Mapping[str, Column]
    #: Path → what people call it.
    titles: Mapping[str, str]
    #: JSON Schema of the field that the table computes; of a choice nothing.
    result: Mapping[str, Json]
    result_title: str
    #: "value", or "to" in a choice.
    key: str = "value"


def sheet_of(frame: Frame) -> Sheet:
    """The table in force as text."""
    fields = tuple(frame.written["fields"])
    rows = []
    for number, row in enumerate(frame.written["rows"]):
        cells = [*row.get("when", ()), *[None] * len(fields)][: len(fields)]
        shown = (_shown(cell, frame.columns.get(path)) for cell, path in zip(cells, fields, strict=True))
        rows.append(SheetRow(tuple(shown), row.get(frame.key, ""), number))
    return Sheet(fields, frame.written.get("hit", "first"), tuple(rows))


def table_of(sheet: Sheet, frame: Frame) -> dict[str, Json]:
    """The table that a sheet says; cells that nobody has touched stay as they were written."""
    before = sheet_of(frame)
    known = {
        (path, each.cells[place]): row.get("when", ())[place]
        for each, row in zip(before.rows, frame.written["rows"], strict=True)
        for place, path in enumerate(before.fields)
        if place < len(row.get("when", ()))
    }
    rows = []
    for each in sheet.rows:
        cells = [
            known.get((path, text), _cell(text, frame.columns.get(path)))
            for path, text in zip(sheet.fields, each.cells, strict=True)
        ]
        while cells and cells[-1] is None:
            cells.pop()
        others = {} if each.was is None else dict(frame.written["rows"][each.was])
        row = {key: value for key, value in others.items() if key not in {"when", frame.key}}
        value = _value(each.value.strip(), frame.result)
        rows.append(row | ({"when": cells} if cells else {}) | ({frame.key: value} if value else {}))
    hit = {} if sheet.hit == "first" and "hit" not in frame.written else {"hit": sheet.hit}
    return {**frame.written, "fields": list(sheet.fields), **hit, "rows": rows}


def sheet_from(rows: Sequence[Row], frame: Frame, hit: str) -> Sheet:
    """The sheet in a file, whose columns are called like the fields. `Malformed` names those that mean nothing."""
    names = dict.fromkeys(name for row in rows for name in row.cells)
    paths = {name: _path(name, frame) for name in names}
    if wrong := [name for name, path in paths.items() if path is None]:
        known = nearest(wrong[0], (*frame.titles.values(), frame.result_title))
        raise Malformed(*(Problem("decision_table.column", "", {"given": name, "known": known}) for name in wrong))
    if not names:
        raise Malformed(Problem("table.no_columns", line=1, column=1))
    found = {path: name for name, path in paths.items()}
    order = [path for path in frame.written["fields"] if path in found]
    fields = (*order, *(path for path in found if path and path != RESULT and path not in order))
    made = tuple(
        SheetRow(tuple(row.cells.get(found[path], "") for path in fields), row.cells.get(found.get(RESULT, RESULT), ""))
        for row in rows
    )
    return Sheet(fields, hit, made)


def csv_of(sheet: Sheet, frame: Frame) -> bytes:
    """The sheet as a file that spreadsheets open, Chinese included."""
    text = StringIO()
    writer = csv.writer(text)
    titles = [frame.titles.get(path, path) for path in sheet.fields]
    unique = len({*titles, frame.result_title}) == len(titles) + 1
    writer.writerow([*titles, frame.result_title] if unique else [*sheet.fields, RESULT])
    for row in sheet.rows:
        writer.writerow([f" {cell}" if cell.startswith(_FORMULA) else cell for cell in (*row.cells, row.value)])
    return text.getvalue().encode("utf-8-sig")


def _path(name: str, frame: Frame) -> str | None:
    if name in {RESULT, frame.result_title}:
        return RESULT
    if name in frame.columns:
        return name
    return next((path for path, title in frame.titles.items() if title == name), None)


def _shown(cell: Json, column: Column | None) -> str:
    if isinstance(cell, list):
        return ", ".join(_listed(each, column) for each in cell)
    if cell is None or isinstance(cell, str):
        return cell or ""
    return str(cell).upper() if isinstance(cell, bool) else f"{Decimal(cell):f}"


def _listed(cell: Json, column: Column | None) -> str:
    text = _shown(cell, column)
    is_text = column is None or column.type.kind in {Kind.TEXT, Kind.REFERENCE}
    if not isinstance(cell, str) or not is_text or _WRITTEN.match(cell):
        return text
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def _cell(text: str, column: Column | None) -> Json:
    """The condition that was typed; the title of what can be chosen stands for it."""
    text = text.strip()
    titles = (
        {each.title: each.value for each in listed(column.field.definition.schema)} if column and column.field else {}
    )
    return titles.get(text, text) if text else None


def _value(text: str, result: Mapping[str, Json]) -> str:
    """The formula that was typed; of what can be chosen, its value or title stands for itself."""
    for option in listed(result):
        if isinstance(option.value, str) and text in {option.value, option.title}:
            return '"' + option.value.replace('"', '""') + '"'
    return text
