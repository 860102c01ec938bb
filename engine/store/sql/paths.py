"""Paths of formulas as SQL: a column, or the column behind references, as the records in force keep it."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import msgspec
from sqlalchemy import ColumnElement, FromClause, select

from engine.compile.formulas.scope import SYSTEM
from engine.compile.model import CompiledField
from engine.fields.field_type import Storage
from engine.store.tables.layout import Layout, Path, Sheet

#: "module/entity" → its layout in force.
Layouts: TypeAlias = Callable[[str], Layout]


class Nowhere(LookupError):  # noqa: N818 - an answer, not an accident
    """No single column holds what the path means."""


class Column(msgspec.Struct, frozen=True):
    """Where a single value stands."""

    expression: ColumnElement[Any]
    #: None for a system column.
    field: CompiledField | None

    @property
    def scale(self) -> int:
        """Decimal places, when it holds numbers."""
        return self.field.type.scale if self.field else 0


class Source(msgspec.Struct, frozen=True):
    """Rows that paths start at: of records, or of line items."""

    layouts: Layouts
    sheet: Sheet
    fields: Mapping[str, CompiledField]
    rows: FromClause
    is_record: bool = True

    def column(self, parts: Path) -> Column:
        """The column at the end of a path; blank where a reference on the way leads nowhere."""
        fields, above = self.fields, Path()
        for position, key in enumerate(parts):
            here, field = (*above, key), fields.get(key)
            rest = parts[position + 1 :]
            if field is None:
                if self.is_record and len(parts) == 1 and key in SYSTEM:
                    return Column(self.rows.c[key], None)
                break
            if field.type.storage is Storage.COLUMNS:
                fields, above = field.fields, here
            elif here in self.sheet.columns:
                column = self.rows.c[self.sheet.columns[here].name]
                return self._behind(field, column, rest) if rest else Column(column, field)
            else:
                break
        raise Nowhere(".".join(parts))

    def below(self, parts: Path) -> "Source":
        """The line items at a path."""
        sheet, field = self.sheet.lines[parts], self.sheet.fields[parts]
        return Source(self.layouts, sheet, field.fields, sheet.table.alias(), is_record=False)

    def _behind(self, field: CompiledField, reference: ColumnElement[Any], rest: Path) -> Column:
        if field.type.name != "reference" or field.type.storage is not Storage.TEXT:
            raise Nowhere(".".join(rest))
        target = record_source(self.layouts, self.layouts(field.definition.reference), aliased=True)
        found = target.column(rest)
        query = select(found.expression).where(target.rows.c.id == reference)
        return Column(query.correlate(self.rows).scalar_subquery(), found.field)


def record_source(layouts: Layouts, layout: Layout, *, aliased: bool = False) -> Source:
    """The records of an entity."""
    table = layout.sheet.table
    return Source(layouts, layout.sheet, layout.entity.fields, table.alias() if aliased else table)
