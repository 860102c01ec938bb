"""A worker: looks through all workspaces for jobs that are due, and does a piece of each in turn."""

import logging
from threading import Event
from typing import Final

from engine.problems import Refused, Unknown
from engine.store.jobs import Job
from engine.usecases.deployment import Deployment, Workspace
from engine.usecases.jobs.work import go_on, let_go, take

#: Seconds between two looks when there is nothing to do.
IDLE: Final = 2.0
#: Seconds left to people after each round of pieces, in which writers on SQLite get their turn.
PAUSE: Final = 0.1

_LOG: Final = logging.getLogger(__name__)


class Worker:
    """Works until it is told to stop. Any number may work at once, in any number of processes."""

    def __init__(self, deployment: Deployment, name: str, only: tuple[str, ...] = ()) -> None:
        """`name` is unlike that of any other worker; `only` are the workspaces that it serves, or all."""
        self._deployment, self._name, self._only = deployment, name, only
        self._held: dict[str, Job] = {}
        self._stopped = Event()

    def stop(self) -> None:
        """End after the piece under way; may be called from a signal handler or another thread."""
        self._stopped.set()

    def run(self) -> None:
        """Work until `stop`."""
        try:
            while not self._stopped.is_set():
                self._stopped.wait(PAUSE if self.round() else IDLE)
        finally:
            self._let_go()

    def round(self) -> bool:
        """A piece of one job in every workspace; whether there was anything to do."""
        turns = [self._turn(slug) for slug in self._slugs() if not self._stopped.is_set()]
        return any(turns)

    def _slugs(self) -> tuple[str, ...]:
        if self._only:
            return self._only
        try:
            return self._deployment.slugs()
        except Exception:  # noqa: BLE001 - the database may be back at the next look
            _LOG.exception("no workspaces to be seen")
            return ()

    def _turn(self, slug: str) -> bool:
        job = self._held.pop(slug, None)
        try:
            workspace = self._deployment.workspace(slug)
            job = job or take(workspace, self._name)
            if job is None:
                # A thousand companies without work do not hold a thousand connections.
                workspace.database.dispose()
                return False
            job = go_on(workspace, job)
        except Unknown:
            # Deleted since it was listed.
            return False
        except Refused as refusal:
            _LOG.warning("%s: %s", slug, refusal)
            return False
        except Exception:  # noqa: BLE001 - a worker outlives whatever is wrong with one workspace
            _LOG.exception("%s: the next look may do better", slug)
            return False
        if job is not None and job.holder:
            self._held[slug] = job
        return True

    def _let_go(self) -> None:
        for slug, job in self._held.items():
            workspace: Workspace = self._deployment.workspace(slug)
            let_go(workspace, job)
