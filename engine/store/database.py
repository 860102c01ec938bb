"""Opens the databases of workspaces: a SQLite file each, or a PostgreSQL schema each. Code above does not know which.

On SQLite the driver is in autocommit: a writer says BEGIN IMMEDIATE, so that it never loses its place half way, and a
reader BEGIN. On PostgreSQL a writer is READ COMMITTED, and a reader sees one snapshot, so that a record and its line
items belong together. A lock that does not come within `LOCK_WAIT` seconds is `Busy`.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Protocol

import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, event, func, inspect, make_url, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import NullPool, QueuePool
from sqlalchemy.schema import CreateSchema, DropSchema
from sqlalchemy.sql import column, table

from engine.problems import Busy, Conflict, Invalid, Problem, Unknown
from engine.store.tables.exact import TEXT
from engine.store.tables.system_tables import METADATA

#: Seconds to wait for a lock or for a connection (workflow.md §7).
LOCK_WAIT: Final = 3
#: Bytes of a SQLite file that are read in place instead of copied: a fifth off a scan of 100 000 records.
MAPPED: Final = 2**28
SLUG: Final = re.compile(r"[a-z][a-z0-9_]{0,30}")
SCHEMA_PREFIX: Final = "dougong_"
#: Number of the lock under which system tables are made on PostgreSQL.
MAKING_TABLES: Final = 7_446_871

#: lock_not_available, serialization_failure, deadlock_detected.
_BUSY_STATES: Final = {"55P03", "40001", "40P01"}
_BUSY_CODES: Final = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


class Databases(Protocol):
    """The databases of all workspaces of a deployment, by slug."""

    def slugs(self) -> tuple[str, ...]:
        """Every workspace, sorted."""

    def create(self, slug: str) -> Engine:
        """A new database with empty system tables; `Conflict` when there is one of that name."""

    def open(self, slug: str) -> Engine:
        """The database, with a small pool of its own; `Unknown` when there is none.

        What an older version of this program has made gets the system tables that it lacks.
        """

    def delete(self, slug: str) -> None:
        """Remove the database and everything in it; `Unknown` when there is none."""


def databases(url: str) -> Databases:
    """What `DOUGONG_DATABASE` names: `sqlite:///FOLDER` or `postgresql+psycopg://…`."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return SQLiteFolder(Path(parsed.database or "."))
    return PostgreSQLSchemas(parsed)


class SQLiteFolder:
    """A folder with one file a workspace."""

    def __init__(self, folder: Path) -> None:
        """The folder is made when the first workspace is."""
        self._folder = folder

    def slugs(self) -> tuple[str, ...]:
        """Every workspace, sorted."""
        return tuple(sorted(each.stem for each in self._folder.glob("*.db") if SLUG.fullmatch(each.stem)))

    def create(self, slug: str) -> Engine:
        """A new file with empty system tables."""
        path = self._path(slug)
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            path.touch(exist_ok=False)
        except FileExistsError:
            raise _taken(slug) from None
        return _with_system_tables(self._engine(path))

    def open(self, slug: str) -> Engine:
        """The workspace's file."""
        path = self._path(slug)
        if not path.exists():
            raise _unknown(slug)
        return _brought_up(self._engine(path))

    def delete(self, slug: str) -> None:
        """Remove the file and its journals."""
        path = self._path(slug)
        if not path.exists():
            raise _unknown(slug)
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)

    def _path(self, slug: str) -> Path:
        return self._folder / f"{_checked(slug)}.db"

    def _engine(self, path: Path) -> Engine:
        url = URL.create("sqlite", database=str(path))
        return _sqlite(create_engine(url, pool_size=5, max_overflow=20, pool_timeout=LOCK_WAIT))


class PostgreSQLSchemas:
    """One PostgreSQL database with a schema `dougong_<slug>` a workspace."""

    def __init__(self, url: URL) -> None:
        """The role must be allowed to create schemas."""
        self._url = url
        self._server = create_engine(url, poolclass=NullPool)

    def slugs(self) -> tuple[str, ...]:
        """Every workspace, sorted."""
        name = column("nspname", TEXT)
        schemas = select(name).select_from(table("pg_namespace", name, schema="pg_catalog"))
        with self._server.connect() as connection:
            names = connection.scalars(schemas).all()
        slugs = (each.removeprefix(SCHEMA_PREFIX) for each in names if each.startswith(SCHEMA_PREFIX))
        return tuple(sorted(each for each in slugs if SLUG.fullmatch(each)))

    def create(self, slug: str) -> Engine:
        """A new schema with empty system tables."""
        if _checked(slug) in self.slugs():
            raise _taken(slug)
        schema = SCHEMA_PREFIX + slug
        with self._server.begin() as connection:
            connection.execute(CreateSchema(schema))
        return _with_system_tables(self._engine(schema))

    def open(self, slug: str) -> Engine:
        """The workspace's schema."""
        if _checked(slug) not in self.slugs():
            raise _unknown(slug)
        return _brought_up(self._engine(SCHEMA_PREFIX + slug))

    def delete(self, slug: str) -> None:
        """Drop the schema."""
        if _checked(slug) not in self.slugs():
            raise _unknown(slug)
        with self._server.begin() as connection:
            connection.execute(DropSchema(SCHEMA_PREFIX + slug, cascade=True))

    def _engine(self, schema: str) -> Engine:
        settings = f"-csearch_path={schema} -clock_timeout={LOCK_WAIT}s -ctimezone=UTC"
        return create_engine(
            self._url,
            connect_args={"options": settings},
            isolation_level="READ COMMITTED",
            pool_size=4,
            max_overflow=8,
            pool_timeout=LOCK_WAIT,
            pool_pre_ping=True,
        )


def in_memory() -> Engine:
    """An empty SQLite database that lives as long as the engine; one connection, so users of it take turns."""
    url = URL.create("sqlite", database=":memory:")
    one = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
        pool_timeout=LOCK_WAIT,
        connect_args={"check_same_thread": False},
    )
    return _with_system_tables(_sqlite(one))


@contextmanager
def reading(database: Engine) -> Iterator[Connection]:
    """A transaction that only reads and sees one moment; it ends without a commit."""
    if database.dialect.name == "sqlite":
        options: dict[str, Any] = {"dougong_reader": True}
    else:
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with busy_is_refused(), database.connect() as connection:
        yield connection.execution_options(**options)


@contextmanager
def writing(database: Engine) -> Iterator[Connection]:
    """A transaction that is committed at the end, or rolled back when an error leaves it."""
    with busy_is_refused(), database.begin() as connection:
        yield connection


@contextmanager
def busy_is_refused() -> Iterator[None]:
    """Turn what may succeed when it is tried again into `Busy`."""
    try:
        yield
    except PoolTimeout as error:
        raise Busy(Problem("database.busy")) from error
    except (DBAPIError, sqlite3.OperationalError) as error:
        if _is_busy(error.orig if isinstance(error, DBAPIError) else error):
            raise Busy(Problem("database.busy")) from error
        raise


def _is_busy(error: BaseException | None) -> bool:
    if isinstance(error, sqlite3.OperationalError):
        return error.sqlite_errorcode & 0xFF in _BUSY_CODES
    return isinstance(error, psycopg.Error) and error.sqlstate in _BUSY_STATES


def _sqlite(database: Engine) -> Engine:
    @event.listens_for(database, "connect")
    def connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA busy_timeout = {LOCK_WAIT * 1000}")
        connection.execute(f"PRAGMA mmap_size = {MAPPED}")

    @event.listens_for(database, "begin")
    def begin(connection: Connection) -> None:
        reads = connection.get_execution_options().get("dougong_reader", False)
        # Past SQLAlchemy: a transaction is begun there as on PostgreSQL, without a statement of its own.
        cursor = connection.connection.cursor()
        cursor.execute(f"PRAGMA query_only = {reads}")
        cursor.execute("BEGIN" if reads else "BEGIN IMMEDIATE")

    return database


def _with_system_tables(database: Engine) -> Engine:
    with writing(database) as connection:
        if connection.dialect.name == "postgresql":
            # Another process may be about to make the same ones; on SQLite there is only one writer anyway.
            connection.execute(select(func.pg_advisory_xact_lock(MAKING_TABLES)))
        METADATA.create_all(connection)
    return database


def _brought_up(database: Engine) -> Engine:
    with reading(database) as connection:
        present = set(inspect(connection).get_table_names())
    return database if present >= METADATA.tables.keys() else _with_system_tables(database)


def _checked(slug: str) -> str:
    if not SLUG.fullmatch(slug):
        raise Invalid(Problem("workspace.slug", params={"given": slug}))
    return slug


def _taken(slug: str) -> Conflict:
    return Conflict(Problem("workspace.taken", params={"given": slug}))


def _unknown(slug: str) -> Unknown:
    return Unknown(Problem("workspace.unknown", params={"given": slug}))
