"""The workspaces of a deployment: opened once a process, created, listed, deleted."""

from collections.abc import Callable, Mapping
from datetime import datetime
from threading import Lock
from zoneinfo import available_timezones

from engine.definition.model import Module
from engine.definition.read import read
from engine.problems import Invalid, Problem
from engine.store.database import databases
from engine.store.session import Workspace

__all__ = ["Deployment", "Workspace", "read_texts"]


class Deployment:
    """Every workspace behind one `DOUGONG_DATABASE`."""

    def __init__(self, url: str, *, clock: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        self._databases = databases(url)
        self._clock, self._new_id = clock, new_id
        self._open: dict[str, Workspace] = {}
        self._lock = Lock()

    def slugs(self) -> tuple[str, ...]:
        """Every workspace there is."""
        return self._databases.slugs()

    def workspace(self, slug: str = "") -> Workspace:
        """The workspace, or the only one there is when no slug is given. `Unknown` or `Invalid` otherwise."""
        if not slug:
            slugs = self.slugs()
            if len(slugs) != 1:
                raise Invalid(Problem("workspace.which", "", {"known": ", ".join(slugs)}))
            (slug,) = slugs
        with self._lock:
            if slug not in self._open:
                self._open[slug] = self._workspace(slug)
            return self._open[slug]

    def create(self, slug: str, *, title: str, zone: str = "Asia/Shanghai", language: str = "zh_CN") -> Workspace:
        """A new, empty workspace. `Conflict` when there is one of that name."""
        if zone not in available_timezones():
            raise Invalid(Problem("workspace.zone", "", {"given": zone}))
        self._databases.create(slug).dispose()
        workspace = self.workspace(slug)
        with workspace.write() as session:
            session.found(title=title, zone=zone, language=language)
        return workspace

    def delete(self, slug: str) -> None:
        """Remove the workspace and everything in it."""
        with self._lock:
            if held := self._open.pop(slug, None):
                held.database.dispose()
        self._databases.delete(slug)

    def close(self) -> None:
        """Let go of every database."""
        with self._lock:
            for each in self._open.values():
                each.database.dispose()
            self._open.clear()

    def _workspace(self, slug: str) -> Workspace:
        database = self._databases.open(slug)
        return Workspace(slug, database, clock=self._clock, new_id=self._new_id, reader=read_texts)


def read_texts(texts: Mapping[str, str]) -> Module:
    """A published module from its texts."""
    return read({path: text.encode() for path, text in texts.items()})
