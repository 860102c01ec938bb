"""Explain how a value of a record comes about, to whoever may see it."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Final, NamedTuple

import msgspec

from engine.compile.model import CompiledEntity, CompiledField, CompiledModule
from engine.compile.shape import walk
from engine.definition.model import Json
from engine.fields.field_type import Unreadable
from engine.formula.explain import Trace, explain
from engine.formula.library.series import series_read
from engine.formula.scope import Facts
from engine.formula.tree import Kind
from engine.formula.typed import Read
from engine.problems import Problem, Unknown, nearest
from engine.runtime.access import EVERYTHING
from engine.runtime.organisation import ADMINISTRATOR, Assignment, Person
from engine.runtime.values.compute import kept, places, without_rounding
from engine.runtime.values.links import Link, links
from engine.runtime.world import facts
from engine.store import records
from engine.store.session import Company, Session, Workspace
from engine.usecases.actor import Actor
from engine.usecases.modules.in_force import entity_named, in_force
from engine.usecases.names import Names, names_by
from engine.usecases.records.find import visible_scope
from engine.usecases.settling.series import may_read_series, with_series
from engine.usecases.settling.sources import Sources, sources_of
from engine.usecases.sight import Sight, sight
from engine.usecases.world import world_for

_OPERATOR: Final = Person(login="", name="", assignments=frozenset({Assignment(ADMINISTRATOR)}))


class Explained(msgspec.Struct, frozen=True, kw_only=True):
    """A value that is kept, and what its formula gives for the record as it stands; no trace for what is typed."""

    sight: Sight
    #: Where it stands: `total`, `items.0.amount`.
    place: str
    field: CompiledField
    value: Json
    trace: Trace | None = None
    #: What the formula gives now, in the normal form of the field; None when blank or failed.
    result: Json = None
    #: Each path that the formula reads and its reader may see, from the record down → the fields along it.
    along: Mapping[tuple[str, ...], tuple[CompiledField, ...]] = {}
    #: The rows behind a rollup.
    sources: Sources | None = None
    #: Of everything that the values point to, as far as they were asked for.
    names: Names = Names()

    def path_of(self, read: Read) -> tuple[str, ...]:
        """What the formula reads, from the record down."""
        return (*self.field.path[:-1], *read.parts) if read.found.in_line else read.parts

    def field_of(self, read: Read) -> CompiledField | None:
        """The field whose value the formula reads; None for a system column, and for what may not be seen."""
        path = self.path_of(read)
        along = self.along.get(path, ())
        return along[-1] if len(along) == len(path) else None


class Addressed(NamedTuple):
    """What is explained, and what it takes to word it."""

    explained: Explained
    company: Company
    module: CompiledModule


def explain_value(
    workspace: Workspace, actor: Actor, name: str, record_id: str, place: str, *, named: bool = False
) -> Explained:
    """How the value at a place such as `items.0.amount` comes about; `Unknown` for what the actor may not see.

    Parts that read what they may not see, here or behind references, show neither that nor what is made of it.
    """
    with workspace.read(actor.company) as session:
        seen = sight(session, actor, records.load(session, name, record_id))
        return _explain(session, actor.person(session), seen, place, named=named)


def explain_to(workspace: Workspace, login: str, name: str, given: str, place: str) -> Addressed:
    """The same of the record with this number or id, named: to the person with this login.

    Without a login, to whoever runs the server, who may see everything.
    """
    with workspace.read() as session:
        identity = records.numbered(session, name, given) or given
        record = records.load(session, name, identity)
        if login:
            actor = Actor(login=login)
            seen, person = sight(session, actor, record), actor.person(session)
        else:
            entity = entity_named(session, name, record.edition)
            seen, person = Sight(entity=entity, record=record, access=EVERYTHING), _OPERATOR
        found = _explain(session, person, seen, place, named=True)
        return Addressed(found, session.company, in_force(session)[record.module])


def _explain(session: Session, person: Person, seen: Sight, place: str, *, named: bool) -> Explained:
    entity, record = seen.entity, seen.record
    field, shown = _field_at(seen, place)
    found = Explained(sight=seen, place=place, field=field, value=shown.get(field.key))
    if field.formula is None:
        return _gathered(session, person, found)
    scope = visible_scope(session, person, entity)

    def may_read(read: Read) -> bool:
        path = found.path_of(read)
        if series := series_read(path):
            return scope.find(path) is not None and may_read_series(session, person, entity, record, series)
        return scope.find(path) is not None

    reading = _reading(session, person, seen, field, place)
    trace = explain(field.formula, reading, may_read)
    along = {path: scope.fields_along(path) for path in map(found.path_of, _seen_reads(trace))}
    found = msgspec.structs.replace(found, trace=trace, result=_kept(field, trace), along=along)
    if not named:
        return found
    pointed = {*links(entity.fields, record.values), *_links(found, trace)}
    return msgspec.structs.replace(found, names=names_by(session, pointed))


def _gathered(session: Session, person: Person, found: Explained) -> Explained:
    """With the rows that a rollup is made of; what is typed has none."""
    field, record = found.field, found.sight.record
    if "x-rollup" not in field.definition.schema:
        return found
    sources = sources_of(session, person, found.sight.entity.name, field.key, record.id)
    if sources is None or not field.type.target:
        return msgspec.structs.replace(found, sources=sources)
    ids = {found.value, *(each.value for each in sources.listed)} - {None}
    pointed = {Link(field.type.name, field.definition.reference, str(each), "") for each in ids}
    return msgspec.structs.replace(found, sources=sources, names=names_by(session, pointed))


def _reading(session: Session, person: Person, seen: Sight, field: CompiledField, place: str) -> Facts:
    """What the formula reads there."""
    entity, record = seen.entity, seen.record
    world = with_series(session, entity, record, world_for(session, entity, record.values, paths=entity.through))
    reading = facts(entity, record, world, actor=person.login)
    if field.rounding is not None and field.rounding.is_last:
        values, _ = without_rounding(entity, reading, _blank(entity, record.values))
        reading = msgspec.structs.replace(reading, values=values)
    if len(field.path) == 1:
        return reading
    pointers = [pointer for _, pointer in places(dict(reading.values), field.path)]
    number = pointers.index("/" + place.replace(".", "/"))
    return msgspec.structs.replace(reading, line=_holder(reading.values, place), place=number)


def _blank(entity: CompiledEntity, values: Mapping[str, Json]) -> frozenset[str]:
    """Pointers to computed values that the record does not have, as they are hidden or blank."""
    spots = ((field.key, spot) for field in entity.order for spot in places(dict(values), field.path))
    return frozenset(pointer for key, (holder, pointer) in spots if key not in holder)


def _kept(field: CompiledField, trace: Trace) -> Json:
    with suppress(Unreadable):
        return kept(field, trace.value)
    return None


def _seen_reads(trace: Trace) -> Iterator[Read]:
    if trace.read is not None and not trace.is_hidden:
        yield trace.read
    for part in trace.parts:
        yield from _seen_reads(part)


def _links(found: Explained, trace: Trace) -> Iterator[Link]:
    """What the values in the trace point to."""
    end = found.field_of(trace.read) if trace.read else None
    if end is not None and trace.type.kind is Kind.REFERENCE:
        ids = trace.value if isinstance(trace.value, tuple) else (trace.value,)
        yield from (Link(end.type.name, end.definition.reference, str(each), "") for each in ids if each is not None)
    for part in trace.parts:
        yield from _links(found, part)


def _field_at(seen: Sight, place: str) -> tuple[CompiledField, Mapping[str, Json]]:
    """The field at the place, and what may be seen of the record, group or line that holds its value."""
    path = tuple(key for key in place.split(".") if not key.isdecimal())
    fields = {each.path: each for each in walk(seen.entity.fields) if seen.access.of(each.path) != "hidden"}
    holder = _holder(seen.values, place)
    if path not in fields or holder is None:
        known = nearest(place, (".".join(each) for each in fields))
        raise Unknown(Problem("field.unknown", "/field", {"given": place, "known": known}))
    return fields[path], holder


def _holder(values: Json, place: str) -> Mapping[str, Json] | None:
    """The record, group or line around the place; None when there is no such line."""
    for key in place.split(".")[:-1]:
        if isinstance(values, list):
            values = values[int(key)] if key.isdecimal() and int(key) < len(values) else None
        else:
            values = values.get(key) if isinstance(values, Mapping) else None
    return values if isinstance(values, Mapping) else None
