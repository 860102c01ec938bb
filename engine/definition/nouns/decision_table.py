"""Decision tables: those that compute fields, and those that lead out of a choice. Cells are kept as written."""

from collections.abc import Mapping

from engine.definition.model import At, DecisionTable, Json, TableRow, Transition

#: Cells that let every value pass.
ANYTHING = ("", "-")


def table_from(document: Mapping[str, Json], at: At) -> DecisionTable:
    """The table of an object; every row gets a cell for each field."""
    fields = tuple(document["fields"])
    return DecisionTable(
        at=at,
        fields=fields,
        hit=document.get("hit", "first"),
        rows=tuple(_row(each, at / "rows" / number, len(fields)) for number, each in enumerate(document["rows"])),
    )


def _row(document: Mapping[str, Json], at: At, width: int) -> TableRow:
    written = document.get("when", [])
    cells = (*written, *[None] * (width - len(written)))
    return TableRow(
        at=at, cells=tuple(None if _is_any(each) else each for each in cells), value=document.get("value", "")
    )


def _is_any(cell: Json) -> bool:
    return isinstance(cell, str) and cell.strip() in ANYTHING


def ways_from(document: Mapping[str, Json], at: At) -> tuple[Transition, ...]:
    """A transition for each row of a choice's table, in order; its condition is known by the place of the row."""
    table = table_from(document, at)
    return tuple(
        Transition(
            to=written["to"],
            at=row.at,
            key=written.get("key", ""),
            when="" if row.is_default else row.at.pointer,
            rest={"title": written["title"]} if "title" in written else {},
        )
        for row, written in zip(table.rows, document["rows"], strict=True)
    )
