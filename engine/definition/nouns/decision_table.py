"""A decision table is another way to write transitions: each row becomes one, its cells their condition."""

from collections.abc import Mapping
from typing import Final

from engine.definition.model import At, Json, Transition

#: A text cell that begins with one of these is the right half of a comparison.
COMPARISONS: Final = ("<>", "<=", ">=", "<", ">", "=")


def ways_from(table: Mapping[str, Json], at: At) -> tuple[Transition, ...]:
    """A transition for each row, in order."""
    return tuple(
        Transition(
            to=row["to"],
            at=at / "rows" / number,
            key=row.get("key", ""),
            when=condition(table["fields"], row.get("when", ())),
            rest={"title": row["title"]} if "title" in row else {},
        )
        for number, row in enumerate(table["rows"])
    )


def condition(fields: list[str], cells: list[Json]) -> str:
    """The formula that a row's cells stand for; "" when every cell lets everything pass."""
    parts = [_compared(field, cell) for field, cell in zip(fields, cells, strict=False) if cell is not None]
    return _joined("AND", parts) if parts else ""


def _compared(field: str, cell: Json) -> str:
    if isinstance(cell, list):
        return _joined("OR", [_compared(field, each) for each in cell])
    if isinstance(cell, str):
        if cell.startswith(COMPARISONS):
            return f"{field} {cell}"
        quoted = cell.replace('"', '""')
        return f'{field} = "{quoted}"'
    return f"{field} = {str(cell).upper() if isinstance(cell, bool) else format(cell, 'f')}"


def _joined(function: str, parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{function}({', '.join(parts)})"
