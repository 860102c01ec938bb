"""Use cases without HTTP, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.usecases.deployment import Deployment, Workspace
from tests.company import a_company, a_deployment


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where workspaces are kept; for tests with several processes."""
    return f"sqlite:///{tmp_path}/var" if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def deployment(url: str) -> Iterator[Deployment]:
    made = a_deployment(url)
    yield made
    made.close()


@pytest.fixture
def workspace(deployment: Deployment) -> Iterator[Workspace]:
    """A company with the module `plant` and its people."""
    made = a_company(deployment, ["plant"])
    yield made
    deployment.delete(made.slug)
