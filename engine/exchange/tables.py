"""Tables that people keep in files, .csv or .xlsx: the cells of each row as text, by the name above the column."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any, Final, NamedTuple

from python_calamine import CalamineError, load_workbook

from engine.problems import Malformed, Problem

#: Excel for Windows in China saves .csv in the second.
ENCODINGS: Final = ("utf-8-sig", "gb18030")
DELIMITERS: Final = ",;\t"


class Row(NamedTuple):
    """A row that is not blank."""

    #: Where it stands in its file, from 1.
    line: int
    #: Name of the column → trimmed text; blank cells are left out.
    cells: Mapping[str, str]


def read_csv(data: bytes) -> tuple[Row, ...]:
    """The rows behind the first one, which names the columns. `Malformed` for what is no such table."""
    text = _text(data)
    delimiter = max(DELIMITERS, key=text.partition("\n")[0].count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return _rows((reader.line_num, cells) for cells in reader)
    except csv.Error as error:
        raise Malformed(Problem("table.unreadable", line=reader.line_num, column=1)) from error


def read_xlsx(data: bytes) -> tuple[Row, ...]:
    """The same of the first sheet of a workbook."""
    try:
        with load_workbook(BytesIO(data)) as book:
            sheet = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise Malformed(Problem("table.unreadable", line=1, column=1)) from error
    return _rows((line, list(map(_cell, cells))) for line, cells in enumerate(sheet, start=1))


def _rows(lines: Iterable[tuple[int, list[str]]]) -> tuple[Row, ...]:
    return tuple(_below(iter(lines)))


def _below(lines: Iterator[tuple[int, list[str]]]) -> Iterator[Row]:
    _, names = next(lines, (1, []))
    names = [each.strip() for each in names]
    if not any(names):
        raise Malformed(Problem("table.no_columns", line=1, column=1))
    for line, cells in lines:
        if len(cells) > len(names) and any(map(str.strip, cells[len(names) :])):
            raise Malformed(Problem("table.too_many_cells", line=line, column=1))
        named = zip(names, map(str.strip, cells), strict=False)
        if filled := {name: text for name, text in named if text}:
            yield Row(line, filled)


def _text(data: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Malformed(Problem("table.unreadable", line=1, column=1))


def _cell(value: Any) -> str:  # noqa: ANN401 - whatever a workbook holds
    """The cell as somebody would have typed it; whole numbers, which a workbook keeps as floats, without a fraction."""
    if isinstance(value, float):
        return f"{Decimal(repr(value)).normalize():f}"
    if isinstance(value, datetime | date):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    return str(value)
