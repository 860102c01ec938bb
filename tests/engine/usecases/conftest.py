"""Use cases without HTTP, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.usecases.deployment import Deployment, Workspace
from tests.company import a_company, a_deployment


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def deployment(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Deployment]:
    url = f"sqlite:///{tmp_path}/var" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    made = a_deployment(url)
    yield made
    made.close()


@pytest.fixture
def workspace(deployment: Deployment) -> Iterator[Workspace]:
    """A company with the module `plant` and its people."""
    made = a_company(deployment, ["plant"])
    yield made
    deployment.delete(made.slug)
