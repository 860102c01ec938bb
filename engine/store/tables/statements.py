"""What is asked of a table again and again, put together once: that takes longer than the database needs to answer."""

from typing import Any, Final, Self

import msgspec
from sqlalchemy import Delete, Insert, Integer, Select, Table, Update, bindparam, delete, insert, select, update

from engine.store.tables.exact import TEXT

#: What an UPDATE looks for, beside the columns that it sets.
SEEN_ID: Final = bindparam("seen_id", type_=TEXT)
SEEN_REVISION: Final = bindparam("seen_revision", type_=Integer())
#: Ids of records; a list.
IDS: Final = bindparam("ids", type_=TEXT, expanding=True)


class RecordStatements(msgspec.Struct, frozen=True):
    """About the rows of records."""

    #: Those with one of `IDS`, in their order.
    by_ids: Select[Any]
    #: The same, locked.
    by_ids_locked: Select[Any]
    insert: Insert
    #: The row of `SEEN_ID`, while it is at `SEEN_REVISION`.
    update: Update

    @classmethod
    def of(cls, table: Table) -> Self:
        """Those of an entity's own table."""
        by_ids = select(table).where(table.c.id.in_(IDS)).order_by(table.c.id)
        seen = (table.c.id == SEEN_ID) & (table.c.revision == SEEN_REVISION)
        return cls(by_ids, locking(by_ids, table), insert(table), update(table).where(seen))


class LineStatements(msgspec.Struct, frozen=True):
    """About the rows of line items."""

    #: Those of the records with one of `IDS`, in their order.
    by_ids: Select[Any]
    insert: Insert
    #: Those of the record of `SEEN_ID`.
    delete: Delete

    @classmethod
    def of(cls, table: Table) -> Self:
        """Those of a table of line items."""
        by_ids = select(table).where(table.c.record_id.in_(IDS)).order_by(table.c.record_id, table.c.row)
        return cls(by_ids, insert(table), delete(table).where(table.c.record_id == SEEN_ID))


def locking(query: Select[Any], table: Table) -> Select[Any]:
    """Nobody else changes the rows meanwhile, but rows that refer to them may come and go."""
    return query.with_for_update(of=table, key_share=True)
