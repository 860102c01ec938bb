"""Start, look at and cancel the job that brings a module's records to the formulas in force."""

import msgspec

from engine.store import editions, jobs
from engine.store.jobs import Job
from engine.store.session import Workspace
from engine.usecases.actor import Actor, administrator
from engine.usecases.recompute.batch import KIND, Progress, progress_of


class Recomputing(msgspec.Struct, frozen=True):
    """The newest such job of a module, and how far it has come."""

    job: Job
    #: None before its first piece.
    progress: Progress | None
    #: Whether a worker is at it at this moment.
    is_held: bool


def start(workspace: Workspace, actor: Actor | None, module: str) -> Job:
    """Have the records brought along by a worker; `Conflict` while that is under way already.

    Without an actor it is the operator at the command line.
    """
    with workspace.write(actor.company if actor else None) as session:
        by = administrator(session, actor).login if actor else ""
        edition = editions.edition(session, module)
        return jobs.put(session, KIND, _key(module), {"module": edition.module}, by=by)


def cancel(workspace: Workspace, actor: Actor | None, module: str) -> None:
    """Go no further; what is done stays done, and starting again goes on with the rest."""
    with workspace.write(actor.company if actor else None) as session:
        if actor:
            administrator(session, actor)
        jobs.cancel(session, _key(module))


def recomputing(workspace: Workspace, actor: Actor | None, module: str) -> Recomputing | None:
    """The job of the module, whatever has become of it; None when there never was one."""
    with workspace.read(actor.company if actor else None) as session:
        if actor:
            administrator(session, actor)
        job = jobs.find(session, _key(module))
        if job is None:
            return None
        is_held = job.lease is not None and job.lease > session.now
        return Recomputing(job, progress_of(job), is_held)


def _key(module: str) -> str:
    return f"{KIND}/{module}"
