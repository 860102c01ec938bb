"""Questions about lists in SQL: columns that keep a list as JSON, and columns of line items."""

from typing import Any

from sqlalchemy import ColumnElement, Text, cast, exists, false, func, not_, or_, select, type_coerce
from sqlalchemy.dialects.postgresql import JSONB

from engine.fields.field_type import Storage
from engine.store.sql.paths import Nowhere, Source
from engine.store.tables.layout import Path


def is_item(source: Source, parts: Path, sought: ColumnElement[Any], dialect: str) -> ColumnElement[bool]:
    """Whether a text (NULL when blank) is one of a list of texts. Raises `Nowhere` when the path leads to no list."""
    if (column := _json_column(source, parts)) is None:
        lines, rest = source.lines(parts)
        item = func.nullif(lines.column(rest).expression, "")
        return exists().where(lines.rows.c.record_id == source.rows.c.id, item.is_not_distinct_from(sought))
    if dialect == "postgresql":
        return func.coalesce(cast(column, JSONB).contains(func.to_jsonb(cast(sought, Text))), false())
    items = func.json_each(column).table_valued("value")
    return exists(select(items.c.value).where(items.c.value == sought))


def is_empty(source: Source, parts: Path) -> ColumnElement[bool]:
    """Whether a list has no items. Raises `Nowhere` when the path leads to no list."""
    if (column := _json_column(source, parts)) is not None:
        return or_(column.is_(None), column == "[]")
    if parts not in source.sheet.lines:
        raise Nowhere(".".join(parts))
    lines = source.sheet.lines[parts].table.alias()
    return not_(exists().where(lines.c.record_id == source.rows.c.id))


def _json_column(source: Source, parts: Path) -> ColumnElement[Any] | None:
    """The text of a JSON column at the end of the path; None when the path ends elsewhere."""
    try:
        found = source.column(parts)
    except Nowhere:
        return None
    is_json = found.field is not None and found.field.type.storage is Storage.JSON
    return type_coerce(found.expression, Text()) if is_json else None
