"""Every test of the store that asks for a database or a workspace runs on SQLite and on PostgreSQL."""

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine

from engine.store.database import Databases, databases, in_memory
from engine.store.session import Workspace
from tests.engine.store.builders import a_workspace
from tests.engine.store.shop import Shop

_SLUGS = count()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def everywhere(request: pytest.FixtureRequest, tmp_path: Path) -> Databases:
    """A place for databases."""
    if request.param == "sqlite":
        return databases(f"sqlite:///{tmp_path}/var")
    return databases(request.getfixturevalue("postgres_url"))


@pytest.fixture
def slug() -> str:
    """A name that no other test uses, even beside this one."""
    return f"t{os.getpid()}_{next(_SLUGS)}"


@pytest.fixture
def database(everywhere: Databases, slug: str) -> Iterator[Engine]:
    """An empty database with system tables."""
    made = everywhere.create(slug)
    yield made
    made.dispose()
    everywhere.delete(slug)


@pytest.fixture
def workspace(database: Engine) -> Workspace:
    """A founded workspace without modules."""
    return a_workspace(database)


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def shop(request: pytest.FixtureRequest) -> Iterator[Shop]:
    """One for all questions, since asking changes nothing."""
    if request.param == "sqlite":
        yield Shop(a_workspace(in_memory()))
        return
    everywhere, slug = databases(request.getfixturevalue("postgres_url")), f"t{os.getpid()}_shop"
    database = everywhere.create(slug)
    try:
        yield Shop(a_workspace(database))
    finally:
        database.dispose()
        everywhere.delete(slug)
