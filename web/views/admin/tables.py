"""Decision tables of a module, each a grid as in a spreadsheet; saving one publishes the module's next edition."""

import re
from http import HTTPStatus
from typing import Any, Final

import msgspec
from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext

from engine.exchange.decision_tables import Sheet, SheetRow, csv_of, sheet_from, sheet_of
from engine.exchange.tables import read_csv, read_xlsx
from engine.problems import Conflict, DefinitionInvalid, Malformed, Problem, Refused
from engine.usecases.modules.tables import Table, Tables, save_table, tables_of
from engine.usecases.recompute.outdated import outdated_records
from web.errors import STATUSES
from web.forms import Complaint
from web.request import actor, language, workspace
from web.views.rendering import Context, gone_to, page
from web.words import sentence

tables: Final = Blueprint("tables", __name__)

#: What a button does, and with which row or column.
_DO: Final = re.compile(r"(add|drop|up|down|column|without|upload|save)(?:-(\d+))?")
_CELL: Final = re.compile(r"/rows/(\d+)/when/(\d+)(?:/.*)?")
_VALUE: Final = re.compile(r"/rows/(\d+)/(?:value|to)")
_ROW: Final = re.compile(r"/rows/(\d+)(?:/when)?")
_COLUMN: Final = re.compile(r"/fields/(\d+)")


@tables.get("/admin/modules/<module>/tables")
def listed(module: str) -> Response:
    """The tables of a module."""
    found = tables_of(workspace(), actor(), module)
    rows = [
        {
            "title": " › ".join(_labels(found, each)),
            "columns": [_label(found, each.frame.titles.get(path, path)) for path in each.frame.written["fields"]],
            "count": len(each.frame.written["rows"]),
            "url": url_for("tables.show", module=module, name=each.name),
        }
        for each in found.tables
    ]
    trail = [*_modules(), {"title": _label(found, found.module.definition.title), "url": ""}]
    return page("admin/tables.html", trail, tables=rows)


@tables.get("/admin/modules/<module>/tables/<path:name>")
def show(module: str, name: str) -> Response:
    """The table as a grid, or as a file."""
    found = tables_of(workspace(), actor(), module)
    table = found.named(name)
    sheet = sheet_of(table.frame)
    if "csv" not in request.args:
        return _page(found, table, sheet)
    file_name = f"{module}-{name.replace('/', '-')}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{file_name}"'}
    return Response(csv_of(sheet, table.frame), mimetype="text/csv", headers=headers)


@tables.post("/admin/modules/<module>/tables/<path:name>")
def change(module: str, name: str) -> Response:
    """Rearrange what was typed, take a file in its place, or put it in force."""
    found = tables_of(workspace(), actor(), module)
    table = found.named(name)
    sheet = _typed(table)
    asked = _DO.fullmatch(request.form.get("do", "save"))
    verb, place = (asked[1], int(asked[2] or 0)) if asked else ("save", 0)
    if verb == "upload":
        try:
            return _page(found, table, _uploaded(table, sheet))
        except Malformed as refusal:
            return _page(found, table, sheet, refusal)
    if verb != "save":
        return _page(found, table, _rearranged(sheet, verb, place, request.form.get("path", "")))
    try:
        saved = save_table(workspace(), actor(), module, name, sheet, seen=request.form.get("edition", 0, int))
    except (DefinitionInvalid, Conflict) as refusal:
        return _page(found, table, sheet, refusal)
    flash(
        gettext("%(module)s is now in force as edition %(number)s", module=module, number=saved.edition.number),
        "success",
    )
    for note in saved.notes:
        flash(sentence(note), "warning")
    if outdated_records(workspace(), actor(), module):
        return gone_to(url_for("recompute.show", module=module))
    return gone_to(url_for("tables.show", module=module, name=name))


def _typed(table: Table) -> Sheet:
    """What stands in the grid; a column that is missing from a row is blank there."""
    form, known = request.form, len(table.frame.written["rows"])
    fields = tuple(form.getlist("fields"))
    columns = [form.getlist(f"cell-{place}") for place in range(len(fields))]
    rows = []
    for number, (was, value) in enumerate(zip(form.getlist("was"), form.getlist("value"), strict=False)):
        cells = tuple(column[number] if number < len(column) else "" for column in columns)
        rows.append(SheetRow(cells, value, int(was) if was.isdecimal() and int(was) < known else None))
    return Sheet(fields, form.get("hit", "first"), tuple(rows))


def _uploaded(table: Table, sheet: Sheet) -> Sheet:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise Malformed(Problem("table.unreadable", line=1, column=1))
    rows = (read_xlsx if sent.filename.lower().endswith(".xlsx") else read_csv)(sent.read())
    found = sheet_from(rows, table.frame, sheet.hit)
    states = {title: key for key, title in table.targets.items()}
    return msgspec.structs.replace(
        found,
        rows=tuple(msgspec.structs.replace(each, value=states.get(each.value, each.value)) for each in found.rows),
    )


def _rearranged(sheet: Sheet, verb: str, place: int, path: str) -> Sheet:
    """The same with a row or a column more, less, or elsewhere."""
    rows, fields = [*sheet.rows], [*sheet.fields]
    if verb == "column" and path:
        rows = [msgspec.structs.replace(each, cells=(*each.cells, "")) for each in rows]
        fields.append(path)
    elif verb == "without" and place < len(fields) and len(fields) > 1:
        rows = [msgspec.structs.replace(each, cells=each.cells[:place] + each.cells[place + 1 :]) for each in rows]
        del fields[place]
    elif verb == "add":
        rows.append(SheetRow(("",) * len(fields), ""))
    elif verb == "drop" and place < len(rows):
        del rows[place]
    elif verb in {"up", "down"} and place < len(rows):
        target = max(0, place - 1) if verb == "up" else place + 1
        rows.insert(target, rows.pop(place))
    return Sheet(tuple(fields), sheet.hit, tuple(rows))


def _page(found: Tables, table: Table, sheet: Sheet, refusal: Refused | None = None) -> Response:
    problems = refusal.problems if refusal else ()
    errors, summary = _told(problems, found, table, sheet)
    titles = {path: _label(found, title) for path, title in table.frame.titles.items()}
    url = url_for("tables.show", module=found.module.key, name=table.name)
    model: Context = {
        "url": url,
        "csv_url": f"{url}?csv=1",
        "title": _labels(found, table)[-1],
        "edition": request.form.get("edition", found.edition) if refusal else found.edition,
        "is_choice": bool(table.targets),
        "hit": sheet.hit,
        "hits": _hits(table),
        "columns": [_column(found, table, path, titles, errors) for path in sheet.fields],
        "others": [(path, title) for path, title in titles.items() if path not in sheet.fields],
        "result": _label(found, table.frame.result_title),
        "targets": [(key, _label(found, title)) for key, title in table.targets.items()],
        "rows": [_row(number, each, errors) for number, each in enumerate(sheet.rows)],
        "problems": summary,
    }
    status = HTTPStatus.OK if refusal is None else STATUSES[type(refusal)]
    trail = [
        *_modules(),
        {
            "title": _label(found, found.module.definition.title),
            "url": url_for("tables.listed", module=found.module.key),
        },
        {"title": " › ".join(_labels(found, table)), "url": ""},
    ]
    return page("admin/table.html", trail, status=status, table=model)


def _column(found: Tables, table: Table, path: str, titles: dict[str, str], errors: dict[str, str]) -> Context:
    column = table.frame.columns.get(path)
    options = column.field.definition.options if column and column.field else ()
    return {
        "path": path,
        "title": titles.get(path, path),
        "options": [(each.value, _label(found, each.title)) for each in options if isinstance(each.value, str)],
        "error": errors.get(f"column-{path}", ""),
    }


def _row(number: int, row: SheetRow, errors: dict[str, str]) -> Context:
    return {
        "was": "" if row.was is None else row.was,
        "cells": [(text, errors.get(f"cell-{number}-{place}", "")) for place, text in enumerate(row.cells)],
        "value": row.value,
        "value_error": errors.get(f"value-{number}", ""),
        "error": errors.get(f"row-{number}", ""),
    }


def _told(
    problems: tuple[Problem, ...], found: Tables, table: Table, sheet: Sheet
) -> tuple[dict[str, str], list[Complaint]]:
    """Sentences by the cell they are about, and the lines of the summary."""
    errors: dict[str, list[str]] = {}
    summary = []
    for each in problems:
        is_here = each.file == table.at.file and each.pointer.startswith(f"{table.at.pointer}/")
        name, trail = _place(each.pointer.removeprefix(table.at.pointer) if is_here else "", found, table, sheet)
        text = sentence(each)
        if name:
            errors.setdefault(name, []).append(text)
        summary.append(Complaint(text, trail, name) if name else Complaint(text))
    return {name: " ".join(texts) for name, texts in errors.items()}, summary


def _place(pointer: str, found: Tables, table: Table, sheet: Sheet) -> tuple[str, tuple[str, ...]]:
    """The element that a pointer into the table is about, and how people call it; "" for the table as a whole."""

    def column(place: int) -> str:
        path = sheet.fields[place]
        return _label(found, table.frame.titles.get(path, path))

    if at := _CELL.fullmatch(pointer):
        row, place = int(at[1]), int(at[2])
        return f"cell-{row}-{place}", (gettext("Row %(number)s", number=row + 1), column(place))
    if at := _VALUE.fullmatch(pointer):
        result = _label(found, table.frame.result_title)
        return f"value-{at[1]}", (gettext("Row %(number)s", number=int(at[1]) + 1), result)
    if at := _ROW.fullmatch(pointer):
        return f"row-{at[1]}", (gettext("Row %(number)s", number=int(at[1]) + 1),)
    if at := _COLUMN.fullmatch(pointer):
        return f"column-{sheet.fields[int(at[1])]}", (column(int(at[1])),)
    return "", ()


def _hits(table: Table) -> list[tuple[str, str]]:
    """Ways to count rows that fit, with what they are called."""
    one = [("first", gettext("the first row that fits")), ("unique", gettext("the only row that fits"))]
    several = [
        ("sum", gettext("the sum of all that fit")),
        ("min", gettext("the least of all that fit")),
        ("max", gettext("the greatest of all that fit")),
        ("count", gettext("how many fit")),
    ]
    return one if table.targets else [*one, *several]


def _labels(found: Tables, table: Table) -> list[str]:
    return [_label(found, each) for each in table.titles]


def _label(found: Tables, text: Any) -> str:  # noqa: ANN401 - titles of options are whatever stands in their schema
    return found.module.label(str(text), language())


def _modules() -> list[Context]:
    return [{"title": gettext("Modules"), "url": url_for("modules.show")}]
