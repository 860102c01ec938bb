"""Every test of the API that asks for a company runs on SQLite and on PostgreSQL."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from engine.definition.model import Json
from engine.usecases.clock import new_id
from engine.usecases.deployment import Deployment, Workspace
from engine.usecases.people.save import Entry, save_people
from engine.usecases.people.sign_in import issue_token
from tests.company import a_company, ticking
from tests.web.api.caller import Caller
from web.app import create_app
from web.settings import Settings

_NUMBERS = count(1)


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder: Path = tmp_path_factory.mktemp("api")
    url = f"sqlite:///{folder}" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    settings = Settings(database=url, secret_key="test", files=folder / "files", clock=ticking(), new_id=new_id)
    made = create_app(settings)
    made.testing = False
    return made


@pytest.fixture(scope="session")
def deployment(app: Flask) -> Deployment:
    found: Deployment = app.extensions["dougong"]
    return found


@pytest.fixture(scope="session")
def workspace(deployment: Deployment) -> Iterator[Workspace]:
    """The company of most tests; each test makes records of its own in it."""
    made = a_company(deployment)
    yield made
    deployment.delete(made.slug)


@pytest.fixture(scope="session")
def elsewhere(deployment: Deployment) -> Iterator[Workspace]:
    """Another company of the same deployment."""
    made = a_company(deployment, ["plant"])
    yield made
    deployment.delete(made.slug)


@pytest.fixture(scope="session")
def calling(app: Flask, workspace: Workspace) -> Callable[[str], Caller]:
    """The caller with a person's token."""
    known: dict[str, Caller] = {}

    def caller(login: str) -> Caller:
        if login not in known:
            known[login] = Caller(app, issue_token(workspace, login))
        return known[login]

    return caller


@pytest.fixture
def keeper(calling: Callable[[str], Caller]) -> Caller:
    """Somebody who may do everything in the module `plant`."""
    return calling("keeper")


@pytest.fixture
def mechanic(calling: Callable[[str], Caller]) -> Caller:
    """Somebody who sees own repairs only, and not all of their fields."""
    return calling("mechanic")


@pytest.fixture
def admin(calling: Callable[[str], Caller]) -> Caller:
    return calling("admin")


@pytest.fixture
def tag() -> str:
    """A text that no other test uses."""
    return f"tag{next(_NUMBERS)}"


@pytest.fixture
def machine(keeper: Caller, tag: str) -> Json:
    return keeper.create("plant/machine", code=tag, name=f"塔吊{tag}", value="120000.50")


@pytest.fixture
def a_repair(machine: Json) -> Callable[..., dict[str, Any]]:
    """Values of a repair with what is given."""

    def values(**given: Json) -> dict[str, Any]:
        parts = [{"name": "螺栓", "quantity": "2", "price": "1.50"}]
        return {"machine": machine["id"], "parts": parts, **given}

    return values


@pytest.fixture
def project(admin: Caller, workspace: Workspace, tag: str) -> Json:
    """A project with a project manager of its own, whose login is the project's code."""
    made = admin.create("core/project", code=tag, name=f"项目{tag}")
    with workspace.write() as session:
        save_people(session, [Entry(login=tag, name=tag, roles=(f"project_manager@{made['id']}",))])
    return made
