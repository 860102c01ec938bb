"""Walk through everything that is kept and tell what does not fit together; nothing is changed."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any, Final

from engine.compile.formulas.scope import SYSTEM
from engine.compile.model import CompiledEntity, CompiledField
from engine.definition.model import Json
from engine.formula.formula import Formula
from engine.formula.operations import facts
from engine.formula.tree import walk
from engine.formula.typed import Apply
from engine.problems import Problem
from engine.runtime.access import EVERYTHING
from engine.runtime.record import Record
from engine.runtime.values.compute import places
from engine.runtime.values.fill import fill
from engine.runtime.values.follow import without_derived
from engine.runtime.values.links import Link, links
from engine.store import attachments, events, records, tasks
from engine.store.events import Entry
from engine.store.people import directory
from engine.store.session import Session, Workspace
from engine.usecases.attach import Shelf
from engine.usecases.modules.in_force import entity_named, in_force
from engine.usecases.settling.anew import differences
from engine.usecases.settling.series import with_series
from engine.usecases.world import world_for

#: Operations whose result may be another one later, or for somebody else.
PASSING: Final = frozenset(each.name for each in (facts.ME, facts.NOW, facts.TODAY, facts.STATE, facts.PROJECT))
#: System columns that never change.
LASTING: Final = frozenset({"id", "number", "created_by", "created_at"})
#: Task or seat id → who is asked.
Asked = Mapping[str, str]


def verify(workspace: Workspace, shelf: Shelf) -> Iterator[Problem]:
    """Everything that is wrong with the records in force, their histories, tasks and files."""
    with workspace.read() as session:
        walk_through = _Walk(session, shelf)
        for module in in_force(session).values():
            for entity in module.entities.values():
                yield from walk_through.entity(entity.name)
        yield from walk_through.leftovers()


class _Walk:
    def __init__(self, session: Session, shelf: Shelf) -> None:
        self._session, self._shelf = session, shelf
        self._organisation = directory.organisation(session)
        #: Record id → its open tasks.
        self._open: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for item in tasks.every_open(session):
            self._open[item.record_id][item.task.id] = item.task.person
        self._seen: set[str] = set()
        #: Computed fields that can be computed again, of each entity and edition.
        self._lasting: dict[tuple[str, int], tuple[CompiledField, ...]] = {}

    def entity(self, name: str) -> Iterator[Problem]:
        """Every record of "module/entity"."""
        for record in records.every(self._session, name):
            self._seen.add(record.id)
            yield from self._record(entity_named(self._session, name, record.edition), record)
        for rollup, record, value in differences(self._session, name):
            two = {"kept": str(record.values.get(rollup.key)), "found": str(value)}
            yield Problem("verify.rollup", f"/{rollup.key}", {**_about(record), **two})

    def leftovers(self) -> Iterator[Problem]:
        """Tasks without their record, and histories that end although nobody deleted it."""
        for record_id in sorted((events.told_of(self._session) | set(self._open)) - self._seen):
            told = events.history(self._session, record_id)
            is_gone = bool(told) and told[-1].event.kind == "deleted" and events.torn(record_id, told) is None
            if not is_gone or record_id in self._open:
                yield Problem("verify.leftover", "", {"given": record_id})

    def _record(self, entity: CompiledEntity, record: Record) -> Iterator[Problem]:
        about = _about(record)
        told = events.history(self._session, record.id)
        if number := events.torn(record.id, told, (record.event_number, record.event_hash)):
            yield Problem("verify.chain", "", {**about, "number": str(number)})
        else:
            said, held = (without_derived(entity, each) for each in (_folded(told), record.values))
            for key in sorted({*said, *held}):
                if said.get(key) != held.get(key):
                    yield Problem("verify.values", f"/{key}", about)
        yield from self._links(entity, record)
        yield from self._formulas(entity, record)
        yield from _run(record, self._open.get(record.id, {}))

    def _links(self, entity: CompiledEntity, record: Record) -> Iterator[Problem]:
        about, found = _about(record), tuple(links(entity.fields, record.values))
        there = self._present(found)
        files = attachments.load_many(self._session, [link.id for link in found if link.type in {"file", "photo"}])
        for link in found:
            if link.type in {"file", "photo"}:
                file = files.get(link.id)
                if file is None or file.record_id != record.id:
                    yield Problem("verify.link", link.pointer, {**about, "given": link.id})
                elif not self._is_kept(file.digest):
                    yield Problem("verify.content", link.pointer, {**about, "given": file.name})
            elif (link.type, link.id) not in there:
                yield Problem("verify.link", link.pointer, {**about, "given": link.id})

    def _present(self, found: tuple[Link, ...]) -> set[tuple[str, str]]:
        there = {("user", each) for each in self._organisation.people}
        there |= {("department", each) for each in self._organisation.departments}
        for target in sorted({link.target for link in found if link.type == "reference"}):
            ids = [link.id for link in found if link.target == target]
            there |= {("reference", each) for each in records.load_many(self._session, target, ids, lines=False)}
        return there

    def _is_kept(self, digest: str) -> bool:
        try:
            return sha256(self._shelf.get(digest)).hexdigest() == digest
        except FileNotFoundError:
            return False

    def _formulas(self, entity: CompiledEntity, record: Record) -> Iterator[Problem]:
        key = (entity.name, record.edition)
        if key not in self._lasting:
            self._lasting[key] = tuple(_lasting(entity))
        if not self._lasting[key]:
            return
        world = world_for(self._session, entity, record.values, paths=entity.through)
        world = with_series(self._session, entity, record, world)
        values = fill(entity, record, {}, EVERYTHING, world=world, actor="").values
        for field in self._lasting[key]:
            kept, found = (_at(each, field) for each in (record.values, values))
            for pointer in sorted({*kept, *found}):
                if kept.get(pointer) != found.get(pointer):
                    two = {"kept": str(kept.get(pointer)), "found": str(found.get(pointer))}
                    yield Problem("verify.formula", pointer, {**_about(record), **two})


def _about(record: Record) -> dict[str, str]:
    """What a record is called in a finding."""
    return {"record": f"{record.module}/{record.entity} {record.number or record.id}"}


def _folded(told: tuple[Entry, ...]) -> dict[str, Json]:
    """The values that a history leads to."""
    values: dict[str, Any] = {}
    for each in told:
        values |= each.event.data.get("values", {}) if each.event.kind == "created" else {}
        for key, (_, after) in each.event.data.get("fields", {}).items():
            values[key] = after
    return {key: value for key, value in values.items() if value is not None}


def _run(record: Record, found: Asked) -> Iterator[Problem]:
    """Whether who is asked has a task, and whether the record is where its run is."""
    visits = [visit for visit in record.run.visits if not visit.outcome] if record.run else []
    expected = {seat.id: seat.holder for visit in visits for seat in visit.seats if seat.status == "open"}
    if expected != found:
        two = {"found": _names(found), "expected": _names(expected)}
        yield Problem("verify.tasks", "", {**_about(record), **two})
    places_ = {token.state for token in record.run.tokens} if record.run else set[str]()
    if places_ - {record.state} or (visits and record.status != "running"):
        yield Problem("verify.run", "", {**_about(record), "state": record.state})


def _names(asked: Asked) -> str:
    return ", ".join(sorted(asked.values())) or "–"


def _at(values: Mapping[str, Json], field: CompiledField) -> dict[str, Json]:
    """The field's values by their pointers."""
    return {pointer: holder.get(field.key) for holder, pointer in places(dict(values), field.path)}


def _lasting(entity: CompiledEntity) -> Iterator[CompiledField]:
    """Computed fields that depend on the record's own values alone, however often they are computed."""
    passing = set(SYSTEM) - LASTING - set(entity.fields)
    passing |= {field.key for field in entity.conditional if field.visible and not _is_lasting(field.visible, passing)}
    for field in entity.order:
        assert field.formula is not None
        if field.key not in passing and _is_lasting(field.formula, passing):
            yield field
        else:
            passing.add(field.key)


def _is_lasting(formula: Formula, passing: set[str]) -> bool:
    calls = {node.operation.name for node, _ in walk(formula.node) if isinstance(node, Apply)}
    return not (formula.through or calls & PASSING or any(passing & set(path) for path in formula.reads))
