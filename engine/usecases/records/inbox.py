"""What waits for somebody, what they have dealt with, and what they have started, over all modules."""

from collections.abc import Collection, Iterable, Mapping

import msgspec

from engine.compile.model import CompiledEntity, CompiledModule
from engine.runtime.organisation import Organisation, Person
from engine.runtime.permit import permit
from engine.runtime.record import Record, Task
from engine.store import records, tasks
from engine.store.people import directory
from engine.store.session import Session, Workspace
from engine.store.tasks import Inbox, Item
from engine.usecases.actor import Actor
from engine.usecases.modules.in_force import entity_named, in_force
from engine.usecases.records.find import Wish, find_in
from engine.usecases.sight import Sight, listed, row_paths
from engine.usecases.world import world_for

__all__ = ["Inbox", "Item", "Slip", "Slips", "count_open", "done_slips", "inbox", "open_slips", "started_slips"]


class Slip(msgspec.Struct, frozen=True):
    """A record in somebody's inbox, with the task that put it there."""

    module: CompiledModule
    seen: Sight
    task: Task | None = None


class Slips(msgspec.Struct, frozen=True):
    """A page of an inbox."""

    slips: tuple[Slip, ...]
    organisation: Organisation
    next: str = ""


def inbox(workspace: Workspace, actor: Actor, *, limit: int, after: str = "") -> Inbox:
    """The actor's open tasks, newest first; `after` is the cursor of the page before."""
    with workspace.read(actor.company) as session:
        return tasks.inbox(session, actor.login, limit=limit, after=after)


def count_open(workspace: Workspace, actor: Actor) -> int:
    """How many tasks wait for the actor."""
    with workspace.read(actor.company) as session:
        return tasks.count_open(session, actor.login)


def open_slips(workspace: Workspace, actor: Actor, *, limit: int, after: str = "") -> Slips:
    """What waits for the actor, with the records."""
    with workspace.read(actor.company) as session:
        page = tasks.inbox(session, actor.login, limit=limit, after=after)
        return Slips(_slips(session, actor, page.items), directory.organisation(session), page.next)


def done_slips(workspace: Workspace, actor: Actor, *, limit: int) -> Slips:
    """What the actor has dealt with, with the records as they are now."""
    with workspace.read(actor.company) as session:
        items = tasks.done(session, actor.login, limit=limit)
        return Slips(_slips(session, actor, items), directory.organisation(session))


def started_slips(workspace: Workspace, actor: Actor, *, limit: int) -> Slips:
    """What the actor has made that others approve, the newest first."""
    with workspace.read(actor.company) as session:
        person = actor.person(session)
        wish = Wish(filters=("created_by = ME()",), sort=("-updated_at",), limit=limit)
        found = [
            Slip(module, seen)
            for module in in_force(session).values()
            for entity in module.entities.values()
            if entity.workflow is not None and _may_read(person, entity)
            for seen in find_in(session, actor, entity.name, wish).sights
        ]
        found.sort(key=lambda slip: slip.seen.record.updated_at, reverse=True)
        return Slips(tuple(found[:limit]), directory.organisation(session))


def _may_read(person: Person, entity: CompiledEntity) -> bool:
    return permit(person, "read", entity) is None


def _slips(session: Session, actor: Actor, items: Iterable[Item]) -> tuple[Slip, ...]:
    """The records of tasks, entity by entity. Whoever is asked may read them, but not every field."""
    items, modules = tuple(items), in_force(session)
    seen: dict[str, Sight] = {}
    for name in sorted({f"{item.module}/{item.entity}" for item in items}):
        ids = [item.record_id for item in items if f"{item.module}/{item.entity}" == name]
        seen |= _sights(session, actor, name, records.load_many(session, name, ids, lines=False).values())
    return tuple(
        Slip(modules[item.module], seen[item.record_id], item.task) for item in items if item.record_id in seen
    )


def _sights(session: Session, actor: Actor, name: str, found: Collection[Record]) -> Mapping[str, Sight]:
    newest, person = entity_named(session, name), actor.person(session)
    world = world_for(session, newest, *(each.values for each in found), paths=row_paths(newest))
    return {each.id: listed(person, entity_named(session, name, each.edition), each, world) for each in found}
