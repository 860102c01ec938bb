"""What a module needs and its tables do not have yet, worked out before anything is changed."""

from collections.abc import Callable, Iterable, Mapping

import msgspec

from engine.compile.model import CompiledField, CompiledModule
from engine.store.tables.layout import Layout, layout_of, members
from engine.store.tables.registry import INDEX, TABLE, UNIQUE, Entry, Registry, kind_of, pointer, referred_by


class NewIndex(msgspec.Struct, frozen=True):
    """An index to be made."""

    entry: Entry
    columns: tuple[str, ...]
    #: Field whose values it holds; None for a system column.
    field: CompiledField | None


class Plan:
    """Everything to be made. Names are given in `registry` at once, since entities may refer to each other."""

    def __init__(self, registry: Registry, module: CompiledModule) -> None:
        """Compare what the module needs with what the registry knows."""
        self._registry = registry
        #: Every name that was given.
        self.entries: list[Entry] = []
        #: New table → table of the records whose lines it keeps; "" when it keeps records.
        self.tables: dict[str, str] = {}
        #: Table → its new columns.
        self.columns: dict[str, list[Entry]] = {}
        self.indexes: list[NewIndex] = []
        #: Indexes that keep unique what need not be so any more.
        self.obsolete: list[Entry] = []
        entities = module.entities.values()
        names = [self._table("", each.name, f"{each.module}__{each.key}") for each in entities]
        for name, entity in zip(names, entities, strict=True):
            self._index(name, "number", UNIQUE)
            self._index(name, "created_by", INDEX)
            self._fields(name, entity.fields, records=name)

    def _fields(self, table: str, fields: Mapping[str, CompiledField], *, records: str) -> None:
        unique = {"number"}
        for path, field in members(fields):
            kind = kind_of(field)
            if kind == TABLE:
                lines = self._table(table, pointer(path), f"{table}__{'__'.join(path)}", records=records)
                self._fields(lines, field.fields, records=records)
            elif kind:
                column = self._column(table, pointer(path), kind, wanted="__".join(path))
                if field.definition.unique:
                    unique.add(column)
                    self._index(table, column, UNIQUE, field, within=("record_id",) if table != records else ())
                elif field.definition.index or referred_by(kind):
                    self._index(table, column, INDEX, field)
        indexes = self._registry.indexes(table)
        self.obsolete += (each for each in indexes if each.kind == UNIQUE and each.path not in unique)

    def _table(self, place: str, path: str, wanted: str, *, records: str = "") -> str:
        if name := self._registry.name(place, path, TABLE):
            return name
        name = self._give(place, path, TABLE, wanted).name
        self.tables[name] = records
        return name

    def _column(self, table: str, path: str, kind: str, *, wanted: str) -> str:
        if name := self._registry.name(table, path, kind):
            return name
        entry = self._give(table, path, kind, wanted)
        self.columns.setdefault(table, []).append(entry)
        return entry.name

    def _index(
        self, table: str, column: str, kind: str, field: CompiledField | None = None, *, within: tuple[str, ...] = ()
    ) -> None:
        """Lines are unique within their record."""
        if not self._registry.name(table, column, kind):
            entry = self._give(table, column, kind, f"{'uq' if kind == UNIQUE else 'ix'}_{table}_{column}")
            self.indexes.append(NewIndex(entry, (*within, column), field))

    def _give(self, place: str, path: str, kind: str, wanted: str) -> Entry:
        entry = self._registry.give(place, path, kind, wanted=wanted)
        self.entries.append(entry)
        return entry


def layouts_to_be(modules: Iterable[CompiledModule]) -> Callable[[str], Layout]:
    """Where the modules would keep their records in a new database, by "module/entity"."""
    known, registry = tuple(modules), Registry(())
    for each in known:
        Plan(registry, each)
    entities = [entity for each in known for entity in each.entities.values()]
    return {each.name: layout_of(registry, each, 1) for each in entities}.__getitem__
