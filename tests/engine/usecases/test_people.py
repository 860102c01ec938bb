"""Who is entered, and what keeps a workspace from locking itself out."""

import pytest

from engine.problems import Invalid
from engine.usecases.actor import Actor
from engine.usecases.deployment import Workspace
from engine.usecases.people.save import Entry, organisation, save_person
from tests.engine.usecases.refusals import refused

ADMIN = Actor(login="admin")


def an_entry(login: str, *roles: str, active: bool = True) -> Entry:
    return Entry(login=login, name=login, roles=roles, active=active)


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        (an_entry("admin"), "person.last_administrator /roles"),
        (an_entry("admin", "administrator", active=False), "person.last_administrator /active"),
    ],
)
def test_the_last_administrator_stays_one(workspace: Workspace, entry: Entry, problem: str) -> None:
    with refused(Invalid, problem):
        save_person(workspace, ADMIN, entry)
    assert organisation(workspace).people["admin"].is_administrator


def test_an_administrator_may_go_once_there_is_another(workspace: Workspace) -> None:
    save_person(workspace, ADMIN, an_entry("keeper", "administrator"))
    save_person(workspace, ADMIN, an_entry("admin", active=False))
    assert not organisation(workspace).people["admin"].active
