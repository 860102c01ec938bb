"""What a database refused, in the words of the form: a value that is taken, a record that is referred to."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy.exc import IntegrityError

from engine.problems import Conflict, Invalid, Problem
from engine.store import editions
from engine.store.session import Session
from engine.store.tables.layout import Layout, Sheet
from engine.store.tables.registry import UNIQUE, pointer


@contextmanager
def not_kept(session: Session, layout: Layout) -> Iterator[None]:
    """Turn a constraint that speaks against a record into `Invalid`; anything else stays what it is: a bug."""
    try:
        yield
    except IntegrityError as error:
        if _is_foreign(error):
            raise Conflict(Problem("record.reference_gone")) from error
        if field := _taken(session, layout, error):
            raise Invalid(Problem("field.taken", field)) from error
        raise


@contextmanager
def in_use() -> Iterator[None]:
    """Turn the constraint that other records refer to this one into `Conflict`."""
    try:
        yield
    except IntegrityError as error:
        raise Conflict(Problem("record.in_use")) from error


def _is_foreign(error: IntegrityError) -> bool:
    if isinstance(error.orig, sqlite3.IntegrityError):
        return error.orig.sqlite_errorcode == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY
    return isinstance(error.orig, psycopg.errors.ForeignKeyViolation)


def _taken(session: Session, layout: Layout, error: IntegrityError) -> str:
    """Pointer to the field, or to the list of lines, whose value another record or line has; "" when it is none."""
    for sheet in (layout.sheet, *layout.sheet):
        column = _unique_column(session, sheet, error)
        for path, each in sheet.columns.items():
            if each.name == column:
                full = sheet.fields[path].path
                return "/values" + pointer(full if sheet is layout.sheet else full[: -len(path)])
    return ""


def _unique_column(session: Session, sheet: Sheet, error: IntegrityError) -> str:
    """The column of this table that has to be unique and is not: SQLite names columns, PostgreSQL the index."""
    if isinstance(error.orig, sqlite3.IntegrityError):
        table, _, column = str(error.orig).rpartition(": ")[2].rpartition(", ")[2].partition(".")
        return column if table == sheet.table.name else ""
    assert isinstance(error.orig, psycopg.Error)
    name = error.orig.diag.constraint_name
    indexes = editions.modules(session).registry.indexes(sheet.table.name)
    return next((each.path for each in indexes if each.kind == UNIQUE and each.name == name), "")
