"""Everything that a workspace's database holds, to see whether a request has changed something."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from sqlalchemy import inspect

from engine.usecases.deployment import Workspace

#: Who was here when is noted now and then, whatever the request leads to.
BESIDE = {"sign_in"}


def snapshot(workspace: Workspace) -> dict[str, list[str]]:
    """The rows of every table, as text."""
    with workspace.database.connect() as connection:
        found = {name: connection.exec_driver_sql(f'SELECT * FROM "{name}"').all() for name in _tables(workspace)}
    return {name: sorted(map(repr, rows)) for name, rows in found.items()}


@cache
def _tables(workspace: Workspace) -> tuple[str, ...]:
    return tuple(sorted(set(inspect(workspace.database).get_table_names()) - BESIDE))


@contextmanager
def unchanged(workspace: Workspace) -> Iterator[None]:
    """Nothing that happens inside may change the database."""
    before = snapshot(workspace)
    yield
    assert snapshot(workspace) == before
