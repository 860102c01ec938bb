"""Work on a job, piece by piece: each is one transaction with the job's own row, so nothing is lost or done twice."""

import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Final, TypeAlias

import msgspec

from engine.problems import Problem, Refused
from engine.store import jobs
from engine.store.jobs import Job
from engine.store.session import Session, Workspace
from engine.usecases.recompute.batch import KIND, recompute_batch

#: Does the next piece: how far the job has come, and whether that was the last.
Piece: TypeAlias = Callable[[Session, Job], tuple[object, bool]]

#: Every kind of job.
KINDS: Final[Mapping[str, Piece]] = {KIND: recompute_batch}

#: How often a job is taken without getting on before it is given up.
MAX_ATTEMPTS: Final = 8
#: To wait after the first failure; twice as long after each further one.
FIRST_WAIT: Final = timedelta(seconds=5)

_LOG: Final = logging.getLogger(__name__)


def take(workspace: Workspace, holder: str, key: str = "") -> Job | None:
    """A job that is due, or the one of this key; None when there is none for `holder`."""
    with workspace.write() as session:
        job = jobs.claim(session, holder, key)
        if job is None or job.attempts <= MAX_ATTEMPTS:
            return job
        # Whoever took it before did not even live to say what went wrong.
        problem = Problem("job.given_up", "", {"count": str(MAX_ATTEMPTS)})
        jobs.fail(session, job, msgspec.to_builtins(problem), again_at=None)
        return None


def go_on(workspace: Workspace, job: Job) -> Job | None:
    """Do the next piece. The job as it is then; None when it is no longer the holder's to work on."""
    try:
        with workspace.write() as session:
            if (held := jobs.hold(session, job)) is None:
                return None
            progress, is_last = KINDS[held.kind](session, held)
            return jobs.move_on(session, held, progress, state="done" if is_last else "open")
    except Exception as error:  # noqa: BLE001 - whatever it was, the job says so, and is tried again
        return _failed(workspace, job, error)


def let_go(workspace: Workspace, job: Job) -> None:
    """Leave the job to whoever takes it next."""
    with workspace.write() as session:
        jobs.let_go(session, job)


def work_through(workspace: Workspace, holder: str, key: str, pause: Callable[[], None]) -> Iterator[Job]:
    """Do the job of this key to its end, unless another worker has it: the job after each piece.

    Who is interrupted leaves the rest to others at once.
    """
    job = take(workspace, holder, key)
    try:
        while job is not None:
            job = go_on(workspace, job)
            if job is not None:
                yield job
                if not job.holder:
                    return
                pause()
    finally:
        if job is not None and job.holder:
            let_go(workspace, job)


def _failed(workspace: Workspace, job: Job, error: Exception) -> Job | None:
    if isinstance(error, Refused):
        problem = error.problems[0]
    else:
        _LOG.error("job %s failed", job.key, exc_info=error)
        problem = Problem("job.failed", "", {"reason": type(error).__name__})
    with workspace.write() as session:
        wait = FIRST_WAIT * 2 ** max(job.attempts - 1, 0)
        again_at = session.now + wait if job.attempts < MAX_ATTEMPTS else None
        return jobs.fail(session, job, msgspec.to_builtins(problem), again_at=again_at)
