"""Random operations at a small size, and that a wrong rollup would be found."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.usecases.attach import Folder
from engine.usecases.deployment import Workspace
from tests.company import a_company, a_deployment
from tests.exactness.operations import WEIGHTS, Works, publish

SEED = 20_261_122


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def workspace(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Workspace]:
    url = f"sqlite:///{tmp_path}/var" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    deployment = a_deployment(url)
    made = a_company(deployment, [])
    publish(made)
    yield made
    deployment.delete(made.slug)
    deployment.close()


def test_after_random_operations_nothing_is_wrong(workspace: Workspace, tmp_path: Path) -> None:
    works = Works(workspace, Folder(tmp_path / "files"), SEED)
    works.operate(120)
    assert works.findings() == []
    assert works.done.total() + works.refused.total() == 120
    assert len(works.done) > len(WEIGHTS) / 2


def test_a_total_that_somebody_has_changed_is_found(workspace: Workspace, tmp_path: Path) -> None:
    works = Works(workspace, Folder(tmp_path / "files"), SEED)
    works.operate(20)
    with workspace.write() as session:
        session.connection.execute(text("UPDATE site__contract SET bills = bills + 1"))
    assert any(each.startswith("verify.rollup") for each in works.findings())
