"""Every page is tested against the whole application, on SQLite and on PostgreSQL."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from engine.definition.model import Json
from engine.runtime.record import Record
from engine.usecases.actor import Actor
from engine.usecases.clock import new_id
from engine.usecases.deployment import Deployment, Workspace
from engine.usecases.people.save import Entry, save_people
from engine.usecases.people.sign_in import set_common_password
from engine.usecases.records.create import create
from tests.company import PEOPLE, a_company, ticking
from tests.web.views.visitor import PASSWORD, Visitor
from web.app import create_app
from web.settings import Settings

_NUMBERS = count(1)

Visit = Callable[..., Visitor]
Make = Callable[..., Record]


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder: Path = tmp_path_factory.mktemp("pages")
    url = f"sqlite:///{folder}" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    settings = Settings(database=url, secret_key="test", files=folder / "files", clock=ticking(), new_id=new_id)
    return create_app(settings)


@pytest.fixture(scope="session")
def workspace(app: Flask) -> Iterator[Workspace]:
    """The company of every test; each makes records of its own in it."""
    deployment: Deployment = app.extensions["dougong"]
    made = a_company(deployment)
    with made.write() as session:
        set_common_password(session, PEOPLE, PASSWORD)
    yield made
    deployment.delete(made.slug)


@pytest.fixture(scope="session")
def visit(app: Flask, workspace: Workspace) -> Visit:
    """The browser of a person, signed in through the form; `fresh` for one that no other test shares."""
    known: dict[tuple[str, str], Visitor] = {}

    def visitor(login: str, language: str = "en", *, fresh: bool = False) -> Visitor:
        if fresh or (login, language) not in known:
            made = Visitor(app, workspace.slug, language)
            made.sign_in(login)
            if fresh:
                return made
            known[login, language] = made
        return known[login, language]

    return visitor


@pytest.fixture
def stranger(app: Flask, workspace: Workspace) -> Visitor:
    """A browser that has not signed in."""
    return Visitor(app, workspace.slug)


@pytest.fixture
def tag() -> str:
    """A text that no other test uses."""
    return f"tag{next(_NUMBERS)}"


@pytest.fixture
def somebody(workspace: Workspace, tag: str) -> str:
    """The login of a person of this test alone, who is nothing but employed."""
    with workspace.write() as session:
        save_people(session, [Entry(login=tag, name=f"新人{tag}")])
        set_common_password(session, [tag], PASSWORD)
    return tag


@pytest.fixture
def make(workspace: Workspace) -> Make:
    """A record made without pages."""

    def made(login: str, entity: str, **values: Json) -> Record:
        return create(workspace, Actor(login=login), entity, values).record

    return made


@pytest.fixture
def machine(make: Make, tag: str) -> Record:
    return make("keeper", "plant/machine", code=tag, name=f"塔吊{tag}", value="120000.50")


@pytest.fixture
def a_repair(make: Make, machine: Record) -> Make:
    """A repair of the machine; `by` is who makes it."""

    def made(by: str = "keeper", **values: Any) -> Record:  # noqa: ANN401
        parts = [{"name": "螺栓", "quantity": "2", "price": "1.50"}, {"name": "螺母", "quantity": "3", "price": "2"}]
        return make(by, "plant/repair", **{"machine": machine.id, "parts": parts, **values})

    return made


@pytest.fixture
def project(make: Make, workspace: Workspace, tag: str) -> Record:
    """A project with a manager of its own, whose login is `boss` and the project's code."""
    made = make("admin", "core/project", code=tag, name=f"项目{tag}")
    login = f"boss{tag}"
    with workspace.write() as session:
        save_people(session, [Entry(login=login, name=f"经理{tag}", roles=(f"project_manager@{made.id}",))])
        set_common_password(session, [login], PASSWORD)
    return made


@pytest.fixture
def claim(make: Make, project: Record) -> Callable[..., Record]:
    """An expense claim of the clerk for the project, as a draft."""

    def made(by: str = "clerk", **values: Any) -> Record:  # noqa: ANN401
        items = [{"name": "打印纸", "quantity": "2", "price": "10.50"}]
        return make(by, "cost_center/expense", **{"project": project.id, "items": items, **values})

    return made
