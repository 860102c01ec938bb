"""The modules in force, ready to run, as a session sees them."""

from collections.abc import Mapping

from engine.compile.model import CompiledEntity, CompiledModule
from engine.problems import Problem, Unknown
from engine.store import editions
from engine.store.session import Session, Workspace
from engine.usecases.actor import Actor


def in_force(session: Session) -> Mapping[str, CompiledModule]:
    """Every module in force, by key."""
    known = editions.modules(session).in_force
    return {key: editions.compiled(session, edition) for key, edition in sorted(known.items())}


def entity_named(session: Session, name: str, edition: int | None = None) -> CompiledEntity:
    """The entity "module/entity" of the edition in force, or of a given one. `Unknown` when there is none."""
    module, _, key = name.partition("/")
    compiled = editions.compiled(session, editions.edition(session, module, edition))
    if key not in compiled.entities:
        raise Unknown(Problem("entity.unknown", "", {"given": key, "known": ", ".join(compiled.entities)}))
    return compiled.entities[key]


def module_of(workspace: Workspace, actor: Actor, key: str) -> CompiledModule:
    """The module in force. `Unknown` when there is none."""
    with workspace.read(actor.company) as session:
        return editions.compiled(session, editions.edition(session, key))
