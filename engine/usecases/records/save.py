"""Change the values of a record by hand."""

from engine.definition.model import Json
from engine.problems import Problem, Stale
from engine.runtime.resolve import save as resolve_save
from engine.store import records
from engine.store.session import Workspace
from engine.usecases.actor import Actor
from engine.usecases.attach import attach_files
from engine.usecases.settling.series import with_series
from engine.usecases.settling.settle import hold, keep
from engine.usecases.sight import Sight, sight
from engine.usecases.world import Sent, world_for


def save(workspace: Workspace, actor: Actor, name: str, record_id: str, given: Json, *, revision: int) -> Sight:
    """Lay a patch over the record as it was at `revision`; `Stale` when it has been changed since."""
    with workspace.write(actor.company) as session:
        hold(session, name)
        before = records.load(session, name, record_id, lock=True)
        seen = sight(session, actor, before)
        if before.revision != revision:
            raise Stale(Problem("record.stale", "", {"seen": str(revision), "now": str(before.revision)}))
        entity = seen.entity
        world = world_for(
            session, entity, before.values, paths=entity.through, sent=Sent(given, actor.login, record_id)
        )
        world = with_series(session, entity, before, world, given)
        outcome = resolve_save(entity, before, given, actor.person(session), world)
        if not outcome.events:
            return seen
        kept = keep(session, outcome, before=before)
        attach_files(session, entity, kept.record)
        return sight(session, actor, kept.record, world, warnings=kept.warnings)
