"""Lists in SQL: columns of line items at any depth, and columns that keep a list as JSON."""

from typing import Any, TypeAlias

import msgspec
from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Text,
    cast,
    exists,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import JSONB

from engine.fields.field_type import Storage
from engine.formula.typed import Read
from engine.store.sql.paths import Nowhere, Source
from engine.store.sql.translation import Translation, Untranslatable
from engine.store.tables.layout import Path

Expression: TypeAlias = ColumnElement[Any]


class Lines(msgspec.Struct, frozen=True):
    """The line items of a row, and the row that they belong to."""

    source: Source
    of: FromClause
    #: The path that leads to them, from that row.
    path: Path

    def select(self, value: Expression, *where: Expression) -> Expression:
        """One value made of all of them for which the conditions hold."""
        return self._of_row(select(value).where(*where)).scalar_subquery()

    def any(self, *where: Expression) -> Expression:
        """Whether the conditions hold for one of them."""
        return self._of_row(select(literal(1)).where(*where)).exists()

    @property
    def is_filled(self) -> Expression:
        """Whether a line is more than an empty one."""
        rows, sheet = self.source.rows, self.source.sheet
        own = [rows.c[column.name].is_not(None) for column in (*sheet.columns.values(), sheet.table.c.shape)]
        below = [each.table.alias() for each in sheet.lines.values()]
        inside = [
            exists().where(each.c.record_id == rows.c.record_id, each.c.parent_row == rows.c.row).correlate(rows)
            for each in below
        ]
        return or_(*own, *inside)

    def _of_row(self, query: Select[Any]) -> Select[Any]:
        lines = self.source.rows
        return query.select_from(lines).where(lines.c.record_id == self.of.c.id).correlate(self.of)


def lines_of(it: Translation, node: Read) -> tuple[Lines, Path]:
    """The line items that a path goes through or ends at, and the rest of it. Raises `Untranslatable`."""
    try:
        return _lines(it.source, node.parts)
    except Nowhere:
        raise Untranslatable(node) from None


def _lines(source: Source, parts: Path) -> tuple[Lines, Path]:
    inner, rest = source, parts
    while rest and (length := next((each for each in range(1, len(rest) + 1) if rest[:each] in inner.sheet.lines), 0)):
        inner, rest = inner.below(rest[:length]), rest[length:]
    if inner is source or not source.is_record:
        raise Nowhere(".".join(parts))
    return Lines(inner, source.rows, parts[: len(parts) - len(rest)]), rest


def is_item(it: Translation, parts: Path, sought: Expression) -> Expression:
    """Whether a text (NULL when blank) is one of a list of texts. Raises `Nowhere` when the path leads to no list."""
    if (column := json_column(it.source, parts)) is None:
        lines, rest = _lines(it.source, parts)
        item = func.nullif(lines.source.column(rest).expression, "")
        return lines.any(item.is_not_distinct_from(sought))
    if not it.is_sqlite:
        return func.coalesce(cast(column, JSONB).contains(func.to_jsonb(cast(sought, Text))), false())
    items = func.json_each(column).table_valued("value")
    return exists(select(items.c.value).where(items.c.value == sought))


def is_empty(it: Translation, parts: Path) -> Expression:
    """Whether a list has no items. Raises `Nowhere` when the path leads to no list."""
    if (column := json_column(it.source, parts)) is not None:
        return or_(column.is_(None), column == "[]")
    lines, _ = _lines(it.source, parts)
    return not_(lines.any())


def filled_items(it: Translation, parts: Path) -> Expression:
    """How many texts a JSON column has that are not empty. Raises `Nowhere` when the path leads to none."""
    column = json_column(it.source, parts)
    if column is None:
        raise Nowhere(".".join(parts))
    if it.is_sqlite:
        items = func.json_each(column).table_valued("value")
    else:
        items = func.jsonb_array_elements_text(cast(column, JSONB)).table_valued("value")
    return select(func.count()).select_from(items).where(items.c.value != "").scalar_subquery()


def json_column(source: Source, parts: Path) -> Expression | None:
    """The text of a JSON column at the end of the path; None when the path ends elsewhere."""
    try:
        found = source.column(parts)
    except Nowhere:
        return None
    is_json = found.field is not None and found.field.type.storage is Storage.JSON
    return type_coerce(found.expression, Text()) if is_json else None
