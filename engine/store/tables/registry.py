"""Which table, column and index keeps what. A name, once given, never means anything else.

A column is known by the table it stands in, the path of its property and its kind. So a removed property leaves its
column (and the data in it) behind, a property that comes back finds it again, and one that changes its type gets
another; records of older editions go on reading the columns of their own edition.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final

import msgspec
from sqlalchemy import Column, Connection, Integer, MetaData, Table, select
from sqlalchemy.types import TypeEngine

from engine.compile.model import CompiledField
from engine.fields.field_type import Storage
from engine.runtime.record import Run
from engine.store.tables.exact import (
    BOOLEAN,
    INTEGER,
    TEXT,
    DateText,
    Exact,
    Instant,
    InstantText,
    JsonText,
    StructText,
    digest,
)
from engine.store.tables.statements import SEEN_ID, SEEN_REVISION
from engine.store.tables.system_tables import REGISTRY

#: PostgreSQL cuts longer names, in bytes.
NAME_BYTES: Final = 63

TABLE, INDEX, UNIQUE = "table", "index", "unique"
_RELATIONS: Final = frozenset({TABLE, INDEX, UNIQUE})
_REFERENCE: Final = "reference:"
_DECIMAL: Final = "decimal:"
_TYPES: Final[Mapping[str, TypeEngine[Any]]] = {
    Storage.TEXT.value: TEXT,
    Storage.INTEGER.value: INTEGER,
    Storage.BOOLEAN.value: BOOLEAN,
    Storage.DATE.value: DateText(),
    Storage.DATETIME.value: InstantText(),
    Storage.TIME.value: TEXT,
    Storage.JSON.value: JsonText(),
}


class Entry(msgspec.Struct, frozen=True):
    """One name that has been given."""

    #: Table in which it stands; "" for an entity's own table.
    place: str
    #: "module/entity", or JSON Pointer of the property from its row down.
    path: str
    #: "table", "index", "unique", or what a column keeps.
    kind: str
    name: str


class Registry:
    """Every name given so far, and the tables as they are now: with the columns of all editions."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        """`entries` in no particular order."""
        self._places: dict[str, dict[tuple[str, str], Entry]] = {}
        self._relations: set[str] = set()
        self._tables: dict[str, Table] = {}
        for each in entries:
            self._keep(each)

    def name(self, place: str, path: str, kind: str) -> str:
        """The name given to this; "" when there is none yet."""
        entry = self._places.get(place, {}).get((path, kind))
        return entry.name if entry else ""

    def entity_table(self, entity: str) -> str:
        """The table of `module/entity`; "" when it has never been published."""
        return self.name("", entity, TABLE)

    def columns(self, place: str) -> Iterator[Entry]:
        """The columns of properties in the table, of all editions."""
        return (each for each in self._places.get(place, {}).values() if each.kind not in _RELATIONS)

    def indexes(self, place: str) -> tuple[Entry, ...]:
        """The indexes on columns of properties in the table."""
        return tuple(each for each in self._places.get(place, {}).values() if each.kind in {INDEX, UNIQUE})

    def table(self, name: str, *, lines: bool = False) -> Table:
        """The table as it is now; `lines` says that it keeps line items."""
        if name not in self._tables:
            system = line_columns() if lines else record_columns()
            own = (Column(each.name, column_type(each.kind)) for each in self.columns(name))
            self._tables.setdefault(name, Table(name, MetaData(), *system, *own))
        return self._tables[name]

    def give(self, place: str, path: str, kind: str, *, wanted: str) -> Entry:
        """Give a name: the wanted one, or one as near to it as is free. Only for `engine.store.tables.migrate`."""
        taken = self._relations if kind in _RELATIONS else {each.name.casefold() for each in self.columns(place)}
        name = free_name(wanted, taken if kind in _RELATIONS else taken | RESERVED)
        entry = Entry(place, path, kind, name)
        self._keep(entry)
        return entry

    def _keep(self, entry: Entry) -> None:
        self._places.setdefault(entry.place, {})[entry.path, entry.kind] = entry
        if entry.kind in _RELATIONS:
            self._relations.add(entry.name.casefold())


def load_registry(connection: Connection) -> Registry:
    """Read every name given so far."""
    rows = connection.execute(select(REGISTRY.c.place, REGISTRY.c.path, REGISTRY.c.kind, REGISTRY.c.name))
    return Registry(Entry(*row) for row in rows)


def kind_of(field: CompiledField) -> str:
    """What has to be the same for a column to be the same; "" for a nested object, which has none."""
    storage = field.type.storage
    if storage is Storage.COLUMNS:
        return ""
    if storage is Storage.DECIMAL:
        return f"{_DECIMAL}{field.type.scale}"
    if storage is Storage.TEXT and field.definition.reference:
        return _REFERENCE + field.definition.reference
    return str(storage.value)


def referred_by(kind: str) -> str:
    """The entity that columns of this kind refer to; "" when they do not."""
    return kind.removeprefix(_REFERENCE) if kind.startswith(_REFERENCE) else ""


def column_type(kind: str) -> TypeEngine[Any]:
    """The column type of a kind."""
    if kind.startswith(_DECIMAL):
        return Exact(int(kind.removeprefix(_DECIMAL)))
    return TEXT if kind.startswith(_REFERENCE) else _TYPES[kind]


def pointer(path: Iterable[str]) -> str:
    """JSON Pointer of a path of keys."""
    return "".join("/" + key.replace("~", "~0").replace("/", "~1") for key in path)


def free_name(wanted: str, taken: Collection[str]) -> str:
    """An identifier of at most `NAME_BYTES`, different from all taken ones (casefolded) whatever the case."""
    plain = re.sub(r"\W", "_", wanted) or "_"
    name = _fitting(plain, wanted)
    while name.casefold() in taken:
        plain += "_"
        name = _fitting(plain, wanted)
    return name


def _fitting(name: str, wanted: str) -> str:
    if len(name.encode()) <= NAME_BYTES:
        return name
    mark = "_" + digest(name + "\n" + wanted)[:8]
    return name.encode()[: NAME_BYTES - len(mark)].decode(errors="ignore") + mark


def record_columns() -> tuple[Column[object], ...]:
    """The columns of every entity's table beside its properties."""
    return (
        Column("id", TEXT, primary_key=True),
        #: NULL when it has none, so that all others are unique.
        Column("number", TEXT),
        Column("edition", Integer, nullable=False),
        Column("revision", Integer, nullable=False),
        Column("state", TEXT, nullable=False),
        Column("status", TEXT, nullable=False),
        Column("title", TEXT, nullable=False),
        Column("created_at", Instant(), nullable=False),
        Column("created_by", TEXT, nullable=False),
        Column("updated_at", Instant(), nullable=False),
        Column("updated_by", TEXT, nullable=False),
        Column("event_number", Integer, nullable=False),
        Column("event_hash", TEXT, nullable=False),
        Column("run", StructText(Run)),
        _shape(),
    )


def line_columns() -> tuple[Column[object], ...]:
    """The columns of every table of line items beside its properties."""
    return (
        Column("record_id", TEXT, primary_key=True),
        #: 1, 2, 3 … through all lines of the record, in order.
        Column("row", Integer, primary_key=True, autoincrement=False),
        #: Row of the line around it, in that line's own table; NULL when there is none.
        Column("parent_row", Integer),
        _shape(),
    )


def _shape() -> Column[object]:
    """Nested objects and lists that are there and empty, so that nothing else tells of them: a list of paths."""
    return Column("shape", JsonText())


#: Names that no property's column can have: ours, and those that PostgreSQL has in every table.
RESERVED: Final = frozenset(
    {each.name for each in (*record_columns(), *line_columns())}
    | {SEEN_ID.key, SEEN_REVISION.key}
    | {"tableoid", "ctid", "xmin", "xmax", "cmin", "cmax"}
)
