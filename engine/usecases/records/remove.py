"""Delete a record that its state lets somebody delete; its history stays."""

from engine.problems import NotAllowed, Problem, Stale
from engine.runtime.permit import permit
from engine.runtime.record import Event
from engine.store import events, records
from engine.store.session import Workspace
from engine.usecases.actor import Actor
from engine.usecases.settling.settle import forget, hold
from engine.usecases.sight import row_paths, sight
from engine.usecases.world import world_for


def remove(workspace: Workspace, actor: Actor, name: str, record_id: str, *, revision: int) -> None:
    """Remove the record as it was at `revision`; `Conflict` while other records refer to it."""
    with workspace.write(actor.company) as session:
        hold(session, name)
        record = records.load(session, name, record_id, lock=True)
        entity = sight(session, actor, record).entity
        if record.revision != revision:
            raise Stale(Problem("record.stale", "", {"seen": str(revision), "now": str(record.revision)}))
        world = world_for(session, entity, record.values, paths=row_paths(entity))
        if problem := permit(actor.person(session), "delete", entity, record, world):
            raise NotAllowed(problem)
        deleted = Event(kind="deleted", at=session.now, actor=actor.login, data={"title": record.title})
        events.append(session, events.chained(record, [deleted])[1])
        forget(session, record)
