"""Makes room for a module that is being published: tables, columns and indexes are added online.

None is dropped but the index that kept values unique which no longer have to be.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from itertools import chain
from typing import Any, Final

import msgspec
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import (
    Column,
    ColumnClause,
    Connection,
    ForeignKey,
    ForeignKeyConstraint,
    and_,
    column,
    delete,
    func,
    insert,
    select,
    table,
    text,
)

from engine.compile.model import CompiledModule
from engine.problems import Busy, DefinitionInvalid, Problem, refuse_if_any
from engine.store.database import busy_is_refused
from engine.store.tables.plan import Plan
from engine.store.tables.registry import (
    INDEX,
    UNIQUE,
    Entry,
    Registry,
    column_type,
    line_columns,
    load_registry,
    record_columns,
    referred_by,
)
from engine.store.tables.system_tables import REGISTRY

#: Whoever waits for a table's lock makes everybody behind wait too: so a statement gives up soon, and tries again.
_PATIENCE: Final = text("SET LOCAL lock_timeout = '500ms'")
_ATTEMPTS: Final = 6
#: Columns at the end of a row, where a scan that does not want them need not read them.
LARGE: Final = frozenset({"shape", "run"})


def prepare(connection: Connection, module: CompiledModule) -> None:
    """Make room for what the module keeps, in the connection's transaction; the second time there is nothing to do.

    Raises `DefinitionInvalid` when values that are to be unique are not, `Busy` when a table could not be locked.
    """
    registry = load_registry(connection)
    plan = Plan(registry, module)
    refuse_if_any(DefinitionInvalid, _duplicates(connection, plan))
    building = _Building(connection, registry, plan)
    building.add_tables()
    building.add_columns()
    building.change_indexes()
    building.remember()


def _duplicates(connection: Connection, plan: Plan) -> Iterator[Problem]:
    """Fields that are to become unique while their values are not."""
    for index in plan.indexes:
        new = {each.name for each in plan.columns.get(index.entry.place, ())}
        if index.entry.kind != UNIQUE or not index.field or not new.isdisjoint(index.columns):
            continue
        definition = index.field.definition
        columns: tuple[ColumnClause[Any], ...] = tuple(map(column, index.columns))
        twice = select(*columns).select_from(table(index.entry.place, *columns)).where(columns[-1].is_not(None))
        groups = twice.group_by(*columns).having(func.count() > 1).subquery()
        if count := connection.scalar(select(func.count()).select_from(groups)):
            params = {"field": definition.title, "count": str(count)}
            yield Problem("edition.duplicates", definition.at.pointer, params, definition.at.file)


class _Building:
    """Carries out a plan."""

    def __init__(self, connection: Connection, registry: Registry, plan: Plan) -> None:
        self._connection = connection
        self._registry = registry
        self._plan = plan
        self._operations = Operations(MigrationContext.configure(connection))
        #: Columns that refer to a table which is made after their own.
        self._later: list[Entry] = []

    def add_tables(self) -> None:
        """New tables with their columns, as far as what they refer to is there."""
        missing = set(self._plan.tables)
        for name, records in self._plan.tables.items():
            missing.discard(name)
            columns = []
            for each in self._plan.columns.get(name, ()):
                if self._target(each) in missing:
                    self._later.append(each)
                else:
                    columns.append(self._column(each))
            system = (*line_columns(), _belonging(records)) if records else record_columns()
            ordered = sorted((*system, *columns), key=lambda each: getattr(each, "name", "") in LARGE)
            self._patiently(partial(self._operations.create_table, name, *ordered))

    def add_columns(self) -> None:
        """Columns that older tables do not have yet, and those that had to wait."""
        older = (columns for name, columns in self._plan.columns.items() if name not in self._plan.tables)
        for each in (*chain.from_iterable(older), *self._later):
            add = partial(self._operations.add_column, each.place, self._column(each), inline_references=True)
            self._patiently(add)

    def change_indexes(self) -> None:
        """New indexes; the unique ones that are not wanted any more go."""
        for index in self._plan.indexes:
            name, place, unique = index.entry.name, index.entry.place, index.entry.kind == UNIQUE
            self._patiently(partial(self._operations.create_index, name, place, list(index.columns), unique=unique))
        for each in self._plan.obsolete:
            self._patiently(partial(self._operations.drop_index, each.name, each.place))

    def remember(self) -> None:
        """Write the new names into the registry, and strike those of the indexes that went."""
        if self._plan.entries:
            self._connection.execute(insert(REGISTRY), [msgspec.structs.asdict(each) for each in self._plan.entries])
        for each in self._plan.obsolete:
            same = and_(REGISTRY.c.place == each.place, REGISTRY.c.path == each.path, REGISTRY.c.kind == each.kind)
            self._connection.execute(delete(REGISTRY).where(same))

    def _target(self, entry: Entry) -> str:
        return self._registry.entity_table(referred_by(entry.kind))

    def _column(self, entry: Entry) -> Column[Any]:
        target = self._target(entry)
        references = (ForeignKey(f"{target}.id"),) if target else ()
        return Column(entry.name, column_type(entry.kind), *references)

    def _patiently(self, change: Callable[[], object]) -> None:
        _patiently(self._connection, change)


def add_index(connection: Connection, name: str, columns: tuple[str, ...]) -> None:
    """An index on several columns of a table, by which the first or the last of some rows is found at once."""
    registry, path = load_registry(connection), ",".join(columns)
    if registry.name(name, path, INDEX):
        return
    entry = registry.give(name, path, INDEX, wanted=f"ix_{name}_{'_'.join(columns)}")
    operations = Operations(MigrationContext.configure(connection))
    _patiently(connection, partial(operations.create_index, entry.name, name, list(columns)))
    connection.execute(insert(REGISTRY), [msgspec.structs.asdict(entry)])


def _patiently(connection: Connection, change: Callable[[], object]) -> None:
    if connection.dialect.name == "sqlite":
        change()
        return
    for _ in range(_ATTEMPTS):
        with suppress(Busy), busy_is_refused(), connection.begin_nested():
            connection.execute(_PATIENCE)
            change()
            return
    raise Busy(Problem("database.busy"))


def _belonging(records: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["record_id"], [f"{records}.id"], ondelete="CASCADE")
