"""What is there for somebody: themselves, the modules they may use, the entities in them and what they may do there."""

import msgspec

from engine.compile.model import CompiledEntity, CompiledModule
from engine.runtime.organisation import Person
from engine.runtime.permit import hidden_always, permit
from engine.store import editions
from engine.store.people import directory
from engine.store.session import Company, Workspace
from engine.usecases.actor import Actor
from engine.usecases.modules.in_force import in_force
from engine.usecases.names import Names


class Part(msgspec.Struct, frozen=True):
    """An entity, and what somebody may do with records of it."""

    entity: CompiledEntity
    verbs: tuple[str, ...]
    #: Dotted paths of the fields that they are never shown.
    hidden: frozenset[str]


class Described(msgspec.Struct, frozen=True):
    """A module, its edition in force, and the parts of it that somebody may see."""

    module: CompiledModule
    edition: int
    parts: tuple[Part, ...]


def who_am_i(workspace: Workspace, actor: Actor) -> tuple[Person, Company]:
    """The actor as a person, and the company."""
    with workspace.read(actor.company) as session:
        return actor.person(session), session.company


def where_i_work(workspace: Workspace, actor: Actor) -> tuple[str, str]:
    """Names of the actor's department and manager; "" where there is none."""
    with workspace.read(actor.company) as session:
        person, names = actor.person(session), Names(directory.organisation(session))
        return names.of("department", person.department), names.of("user", person.manager)


def modules_in_force(workspace: Workspace, actor: Actor) -> tuple[CompiledModule, ...]:
    """Every module in force."""
    with workspace.read(actor.company) as session:
        return tuple(in_force(session).values())


def describe(workspace: Workspace, actor: Actor) -> tuple[Described, ...]:
    """The modules in force, as far as the actor may read or create something in them."""
    with workspace.read(actor.company) as session:
        person = actor.person(session)
        found = [
            Described(module, editions.edition(session, key).number, _parts(module, person))
            for key, module in in_force(session).items()
        ]
        return tuple(each for each in found if each.parts)


def _parts(module: CompiledModule, person: Person) -> tuple[Part, ...]:
    parts = []
    for entity in module.entities.values():
        allowed = tuple(verb for verb in ("read", "create", "update", "delete") if not permit(person, verb, entity))
        if allowed:
            parts.append(Part(entity, allowed, hidden_always(person, entity)))
    return tuple(parts)
