"""Start, look at and cancel the job that brings a module's records to the formulas in force; or do it at once."""

from collections.abc import Callable, Iterator
from contextlib import suppress

import msgspec

from engine.problems import Conflict, Problem
from engine.store import editions, jobs
from engine.store.jobs import Job
from engine.store.session import Workspace
from engine.usecases.actor import Actor, administrator
from engine.usecases.jobs.work import work_through
from engine.usecases.recompute.batch import KIND, Progress, progress_of


class Recomputing(msgspec.Struct, frozen=True):
    """The newest such job of a module, and how far it has come."""

    job: Job
    #: None before its first piece.
    progress: Progress | None
    #: Whether a worker is at it at this moment.
    is_held: bool

    @property
    def problem(self) -> Problem | None:
        """What went wrong last."""
        return msgspec.convert(self.job.problem, Problem) if self.job.problem else None


def start(workspace: Workspace, actor: Actor | None, module: str) -> Job:
    """Have the records brought along by a worker; `Conflict` while that is under way already.

    Without an actor it is the operator at the command line.
    """
    with workspace.write(actor.company if actor else None) as session:
        by = administrator(session, actor).login if actor else ""
        edition = editions.edition(session, module)
        return jobs.put(session, KIND, _key(module), {"module": edition.module}, by=by)


def recompute_now(workspace: Workspace, module: str, holder: str, pause: Callable[[], None]) -> Iterator[Recomputing]:
    """Bring the records along as the operator at the command line, here and now; how far it is after each piece.

    What was begun and left is gone on with; `Conflict` when another worker is at it.
    """
    with suppress(Conflict):
        start(workspace, None, module)
    is_held = False
    for job in work_through(workspace, holder, _key(module), pause):
        is_held = True
        yield Recomputing(job, progress_of(job), bool(job.holder))
    if not is_held:
        raise Conflict(Problem("job.open"))


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
