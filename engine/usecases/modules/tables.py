"""Decision tables of a module in force: look at them, and publish the next edition with one of them changed."""

from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from engine.compile.build import examine
from engine.compile.formulas.cells import Column
from engine.compile.formulas.scope import EntityScope
from engine.compile.model import CompiledEntity, CompiledField, CompiledModule
from engine.compile.shape import walk
from engine.definition.model import At, Json, State
from engine.definition.read import read
from engine.definition.write import write_document
from engine.exchange.decision_tables import Frame, Sheet, table_of
from engine.formula.tree import Kind
from engine.problems import Conflict, Problem, Unknown
from engine.store import editions
from engine.store.session import Edition, Session, Workspace
from engine.usecases.actor import Actor, administrator
from engine.usecases.modules.in_force import in_force
from engine.usecases.modules.publish import publish_module

#: Kinds of values that cells can be about.
_COMPARED: Final = frozenset(Kind) - {Kind.RECORD, Kind.BLANK, Kind.DURATION}


class Table(msgspec.Struct, frozen=True):
    """A table of a module in force, with all that its page needs."""

    #: `field/<entity>/<dotted path>` or `choice/<workflow>/<state>`.
    name: str
    #: Titles from the entity or the workflow down, in the module's own language.
    titles: tuple[str, ...]
    at: At
    frame: Frame
    #: States that a choice can lead to, with their titles; of a field nothing.
    targets: Mapping[str, str]


class Tables(msgspec.Struct, frozen=True):
    """The tables of a module in force."""

    module: CompiledModule
    edition: int
    tables: tuple[Table, ...]

    def named(self, name: str) -> Table:
        """The table of that name. `Unknown` when there is none."""
        for table in self.tables:
            if table.name == name:
                return table
        raise Unknown(Problem("decision_table.unknown", "", {"given": name}))


def tables_of(workspace: Workspace, actor: Actor, key: str) -> Tables:
    """The decision tables of a module, for administrators."""
    with workspace.read(actor.company) as session:
        administrator(session, actor)
        return _tables(session, key)


class Saved(msgspec.Struct, frozen=True):
    """The edition with a table, and what of the table could not be checked."""

    edition: Edition
    notes: tuple[Problem, ...]


def save_table(workspace: Workspace, actor: Actor, key: str, name: str, sheet: Sheet, *, seen: int) -> Saved:
    """Publish the module with this table in place of the one of edition `seen`.

    `Conflict` when the module has moved on since, `DefinitionInvalid` with everything that keeps it from running.
    """
    with workspace.write(actor.company) as session:
        by = administrator(session, actor).login
        found = _tables(session, key)
        if found.edition != seen:
            given = {"seen": str(seen), "edition": str(found.edition)}
            raise Conflict(Problem("decision_table.moved", "", given))
        table, module = found.named(name), found.module.definition
        document = _replaced(module.documents[table.at.file], table.at.pointer, table_of(sheet, table.frame))
        texts = {**module.texts, table.at.file: write_document(document, table.at.file)}
        changed = read({path: text.encode() for path, text in texts.items()})
        edition = publish_module(session, changed, by=by, note=name)
        notes = examine(changed, editions.neighbours(session, changed)).notes
        return Saved(edition, tuple(each for each in notes if each.pointer == table.at.pointer))


def _tables(session: Session, key: str) -> Tables:
    edition = editions.edition(session, key)
    module, neighbours = editions.compiled(session, edition), in_force(session)
    found = (*_of_fields(module, neighbours), *_of_choices(module, neighbours))
    return Tables(module, edition.number, tuple(found))


def _of_fields(module: CompiledModule, neighbours: Mapping[str, CompiledModule]) -> Iterator[Table]:
    for entity in module.entities.values():
        for field in walk(entity.fields):
            table = field.definition.table
            written = table and _at(module.definition.documents[table.at.file], table.at.pointer)
            if table is None or not isinstance(written, Mapping):
                continue  # behind a reference within the document, where several fields may share it
            columns, titles = _columns(entity, neighbours, field.path[:-1], table.fields, without=field.key)
            yield Table(
                name=f"field/{entity.key}/{'.'.join(field.path)}",
                titles=(entity.definition.title, *_titles(entity.fields, field.path)),
                at=table.at,
                frame=Frame(written, columns, titles, field.definition.schema, field.definition.title),
                targets={},
            )


def _of_choices(module: CompiledModule, neighbours: Mapping[str, CompiledModule]) -> Iterator[Table]:
    for entity in module.entities.values():
        if entity.workflow is None:
            continue
        workflow = entity.workflow.definition
        for state in workflow.states:
            if state.table is None:
                continue
            columns, titles = _columns(entity, neighbours, (), state.table.fields)
            written = _at(module.definition.documents[state.table.at.file], state.table.at.pointer)
            yield Table(
                name=f"choice/{workflow.key}/{state.key}",
                titles=(workflow.title, _title(state)),
                at=state.table.at,
                frame=Frame(written, columns, titles, {}, _title(state), key="to"),
                targets={each.key: _title(each) for each in workflow.states if each.key != state.key},
            )


def _title(state: State) -> str:
    return state.title or state.key


def _columns(
    entity: CompiledEntity,
    neighbours: Mapping[str, CompiledModule],
    around: tuple[str, ...],
    used: tuple[str, ...],
    *,
    without: str = "",
) -> tuple[Mapping[str, Column], Mapping[str, str]]:
    """What can be a column, by path: fields of the line around and of the record, and whatever is one already.

    `without`: the field that the table computes.
    """

    def fields_of(name: str) -> Mapping[str, CompiledField] | None:
        module, _, key = name.partition("/")
        found = neighbours[module].entities.get(key) if module in neighbours else None
        return found.fields if found else None

    line: CompiledField | None = None
    for key in around:
        line = line.fields[key] if line else entity.fields[key]
    scope = EntityScope(entity.fields, fields_of, line)
    near = [each for each in (*(line.fields if line else ()), *entity.fields) if each != without]
    columns, titles = {}, {}
    for path in dict.fromkeys((*used, *near)):
        parts = tuple(path.split("."))
        found, field = scope.find(parts), scope.field(parts)
        if found and found.type.kind in _COMPARED:
            columns[path] = Column(path, found.type, field)
            titles[path] = field.definition.title if field else path
    return columns, titles


def _titles(fields: Mapping[str, CompiledField], path: tuple[str, ...]) -> Iterator[str]:
    for key in path:
        yield fields[key].definition.title
        fields = fields[key].fields


def _at(document: Json, pointer: str) -> Json:
    """What stands at a pointer, or None."""
    for step in _steps(pointer):
        document = document.get(step) if isinstance(document, Mapping) else None
    return document


def _replaced(document: Mapping[str, Json], pointer: str, value: Json) -> Json:
    first, *rest = _steps(pointer)
    inner = _replaced(document[first], "".join(f"/{each}" for each in rest), value) if rest else value
    return {**document, first: inner}


def _steps(pointer: str) -> list[str]:
    return [each.replace("~1", "/").replace("~0", "~") for each in pointer.split("/")[1:]]
