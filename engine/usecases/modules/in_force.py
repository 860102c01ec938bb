"""The modules in force, ready to run, as a session sees them."""

from collections.abc import Mapping

import msgspec

from engine.compile.model import CompiledEntity, CompiledModule
from engine.compile.shape import walk
from engine.problems import Problem, Unknown
from engine.store import editions
from engine.store.session import Session, Workspace
from engine.usecases.actor import Actor


def in_force(session: Session) -> Mapping[str, CompiledModule]:
    """Every module in force, by key."""
    known = editions.modules(session).in_force
    return {key: editions.compiled(session, edition) for key, edition in sorted(known.items())}


def entity_named(session: Session, name: str, edition: int | None = None) -> CompiledEntity:
    """The entity "module/entity" of the edition in force, or of a given one. `Unknown` when there is none.

    Whichever it is, who may do what with its records is what the edition in force says.
    """
    module, _, key = name.partition("/")
    found = editions.edition(session, module, edition)
    compiled = editions.compiled(session, found)
    if key not in compiled.entities:
        raise Unknown(Problem("entity.unknown", "", {"given": key, "known": ", ".join(compiled.entities)}))
    entity = compiled.entities[key]
    present = None if found.in_force else editions.modules(session).in_force.get(module)
    now = editions.compiled(session, present).entities.get(key) if present else None
    return _permitted_as(now, entity) if now else entity


def _permitted_as(now: CompiledEntity, older: CompiledEntity) -> CompiledEntity:
    """The older entity under the present permissions; fields that are gone since keep what was said about them."""
    paths = {".".join(field.path) for field in walk(now.fields)}
    gone = tuple(each for each in older.field_grants if each.field not in paths and each.field != "*")
    return msgspec.structs.replace(
        older, grants=now.grants, row_rules=now.row_rules, field_grants=(*now.field_grants, *gone)
    )


def module_of(workspace: Workspace, actor: Actor, key: str) -> CompiledModule:
    """The module in force. `Unknown` when there is none."""
    with workspace.read(actor.company) as session:
        return editions.compiled(session, editions.edition(session, key))
