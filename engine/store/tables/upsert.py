"""INSERT … ON CONFLICT, which both databases have and SQLAlchemy keeps in their dialects."""

from functools import cache
from typing import TypeAlias

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

Insert: TypeAlias = postgresql.Insert | sqlite.Insert


def insert_into(connection: Connection, table: Table) -> Insert:
    """An INSERT that knows `on_conflict_do_update`."""
    return insert_in(connection.dialect.name, table)


def upsert(connection: Connection, table: Table) -> Insert:
    """Insert a row, or replace the one with the same primary key; `table` is a system table."""
    return _upsert(connection.dialect.name, table)


@cache
def _upsert(dialect: str, table: Table) -> Insert:
    statement = insert_in(dialect, table)
    given = {each.name: statement.excluded[each.name] for each in table.columns if not each.primary_key}
    return statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=given)


def insert_in(dialect: str, table: Table) -> Insert:
    """The same, when only SQLAlchemy's name of the database is known."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
