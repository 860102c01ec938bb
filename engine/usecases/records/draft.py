"""What a form needs before anybody types: the record, the rights, what formulas read, and what can be picked."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

import msgspec

from engine.compile.model import CompiledEntity, CompiledField
from engine.compile.shape import walk
from engine.definition.model import Json
from engine.fields.field_type import Storage
from engine.formula.scope import Facts
from engine.problems import NotAllowed, Unknown
from engine.runtime.access import EDITABLE, Access, Level
from engine.runtime.organisation import Organisation
from engine.runtime.permit import access, permit, seat_access
from engine.runtime.record import Record
from engine.runtime.resolve import blank
from engine.runtime.values.fill import new_line
from engine.runtime.values.links import links
from engine.runtime.world import facts
from engine.store import attachments, editions, records
from engine.store.session import Session, Workspace
from engine.usecases.actor import Actor
from engine.usecases.modules.in_force import entity_named
from engine.usecases.names import Names, names_of
from engine.usecases.records.find import Wish, find_in
from engine.usecases.settling.series import with_series
from engine.usecases.sight import row_paths, sight
from engine.usecases.world import world_for

#: Up to this many records are offered as a list; of more, some are found by typing.
OFFERED: Final = 200
#: Types whose values belong to one record.
_OWN_TO_EACH: Final = frozenset({"serial_number", "file", "photo"})


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A form about to be filled."""

    entity: CompiledEntity
    record: Record
    access: Access
    facts: Facts
    names: Names
    #: "module/entity" → (record id, title) of everything that can be picked; None when there is too much.
    offers: Mapping[str, Sequence[tuple[str, str]] | None]

    def fresh(self, lines: CompiledField) -> Mapping[str, Json]:
        """What a new line of these line items starts with."""
        return new_line(lines, self.facts)

    @property
    def organisation(self) -> Organisation:
        """Everybody who can be picked."""
        return self.names.organisation


def new_draft(workspace: Workspace, actor: Actor, name: str, *, like: str = "") -> Draft:
    """A blank form; with `like`, filled as that record is."""
    with workspace.read(actor.company) as session:
        entity, person = entity_named(session, name), actor.person(session)
        if problem := permit(person, "create", entity):
            raise NotAllowed(problem)
        world = world_for(session, entity, paths=entity.through)
        record = blank(entity, editions.edition(session, entity.module).number, person, world)
        if like:
            copied = sight(session, actor, records.load(session, name, like)).values
            record = msgspec.structs.replace(record, values=_typed_only(entity.fields, copied))
        rights = access(person, entity, record, world, creating=True)
        return _draft(session, actor, entity, record, rights)


def edit_draft(workspace: Workspace, actor: Actor, name: str, record_id: str, *, deciding: bool = False) -> Draft:
    """The form of a record as it is; with `deciding`, as far as whoever is asked in its state may change it."""
    with workspace.read(actor.company) as session:
        seen = sight(session, actor, records.load(session, name, record_id))
        rights = seen.access
        if not deciding:
            world = world_for(session, seen.entity, seen.record.values, paths=row_paths(seen.entity))
            if problem := permit(actor.person(session), "update", seen.entity, seen.record, world):
                raise NotAllowed(problem)
        else:
            rights = _focused(seen.entity, seat_access(actor.person(session), seen.entity, seen.record))
        return _draft(session, actor, seen.entity, seen.record, rights)


def naming(workspace: Workspace, actor: Actor, draft: Draft, sent: Json) -> Draft:
    """The draft with the names of what somebody has uploaded and picked meanwhile, as far as they may see it."""
    found = set(links(draft.entity.fields, sent))
    names = dict(draft.names.others)
    with workspace.read(actor.company) as session:
        files = [link.id for link in found if link.type in {"file", "photo"}]
        loose = attachments.load_many(session, files).values() if files else ()
        names |= {("file", each.id): each.name for each in loose if each.created_by == actor.login}
        for target in sorted(each for each, offered in draft.offers.items() if offered is None):
            picked = [link.id for link in found if link.target == target]
            for record in records.load_many(session, target, picked, lines=False).values():
                with suppress(Unknown):
                    shown = sight(session, actor, record).record
                    names[target, shown.id] = shown.title or shown.number
    return msgspec.structs.replace(draft, names=msgspec.structs.replace(draft.names, others=names))


def offer(workspace: Workspace, actor: Actor, name: str, text: str) -> Sequence[tuple[str, str]]:
    """Records whose number or title holds the text, to pick one of them."""
    with workspace.read(actor.company) as session:
        return _found(session, actor, name, text)[:OFFERED]


def _focused(entity: CompiledEntity, rights: Access) -> Access:
    """Only what may be changed, and the columns beside it, so that people see which line they change."""
    named: dict[str, Level] = {}
    for field in walk(entity.fields):
        around, key = ".".join(field.path[:-1]), ".".join(field.path)
        if rights.of(field.path) in EDITABLE and not field.fields:
            named[key] = rights.of(field.path)
        elif around and any(each.startswith(f"{around}.") and rights.named[each] in EDITABLE for each in rights.named):
            named[key] = "read"
    return Access("hidden", named)


def _draft(session: Session, actor: Actor, entity: CompiledEntity, record: Record, rights: Access) -> Draft:
    world = with_series(session, entity, record, world_for(session, entity, record.values, paths=entity.through))
    targets = {each.definition.reference for each in walk(entity.fields) if each.type.name == "reference"}
    offers: dict[str, Sequence[tuple[str, str]] | None] = {}
    for target in sorted(targets):
        found = _found(session, actor, target, "")
        offers[target] = found if len(found) <= OFFERED else None
    return Draft(
        entity=entity,
        record=record,
        access=rights,
        facts=facts(entity, record, world, actor=actor.login),
        names=names_of(session, entity, [record.values]),
        offers=offers,
    )


def _found(session: Session, actor: Actor, name: str, text: str) -> Sequence[tuple[str, str]]:
    """Up to one more than are offered; nothing when the actor may not read such records."""
    try:
        found = find_in(session, actor, name, Wish(text=text, sort=("-created_at",), limit=OFFERED + 1))
    except NotAllowed:
        return ()
    return [(each.record.id, each.record.title or each.record.number) for each in found.sights]


def _typed_only(fields: Mapping[str, CompiledField], values: Mapping[str, Any]) -> dict[str, Any]:
    """What somebody typed, at every depth: without computed values, serial numbers and files."""
    typed: dict[str, Any] = {}
    for key, value in values.items():
        field = fields.get(key)
        if field is None or field.is_computed or field.type.name in _OWN_TO_EACH:
            continue
        if field.type.storage is Storage.TABLE:
            typed[key] = [_typed_only(field.fields, row) for row in value]
        elif field.type.storage is Storage.COLUMNS:
            typed[key] = _typed_only(field.fields, value)
        else:
            typed[key] = value
    return typed
