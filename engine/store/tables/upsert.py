"""INSERT … ON CONFLICT, which both databases have and SQLAlchemy keeps in their dialects."""

from typing import TypeAlias

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

Insert: TypeAlias = postgresql.Insert | sqlite.Insert


def insert_into(connection: Connection, table: Table) -> Insert:
    """An INSERT that knows `on_conflict_do_update`."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


def upsert(connection: Connection, table: Table) -> Insert:
    """Insert a row, or replace the one with the same primary key."""
    statement = insert_into(connection, table)
    given = {each.name: statement.excluded[each.name] for each in table.columns if not each.primary_key}
    return statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=given)
