"""Two companies in one deployment: nothing of one is to be found from the other."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from engine.definition.model import Json
from engine.usecases.deployment import Workspace
from engine.usecases.people.sign_in import issue_token
from tests.web.api.caller import Caller, address, problems
from tests.web.api.snapshot import unchanged
from tests.web.api.test_files import download, upload

ARepair = Callable[..., dict[str, Any]]


@pytest.fixture
def stranger(app: Flask, elsewhere: Workspace) -> Caller:
    """The keeper of the other company: the same login, the same rights, another company."""
    return Caller(app, issue_token(elsewhere, "keeper"))


def test_records_of_another_company_are_not_there(
    keeper: Caller, stranger: Caller, a_repair: ARepair, workspace: Workspace
) -> None:
    made = keeper.create("plant/repair", **a_repair())
    with unchanged(workspace):
        for path in ("", "/actions", "/events", "/tasks"):
            assert stranger.get(address(made) + path, status=404)
        assert stranger.patch(address(made), 1, status=404, count=1)
        assert stranger.delete(address(made), 1, status=404)
        assert stranger.act(made, "drop", status=404)
        assert stranger.get("/plant/repair", filter=f'id = "{made["id"]}"')["items"] == []


def test_they_cannot_be_referred_to(stranger: Caller, machine: Json, a_repair: ARepair) -> None:
    refused = stranger.create("plant/repair", status=422, **a_repair())
    assert problems(refused) == [("reference.unknown", "/values/machine")]
    assert machine["id"]


def test_files_of_another_company_are_not_there(keeper: Caller, stranger: Caller) -> None:
    file = upload(keeper)
    assert problems(download(stranger, file, status=404).json) == [("file.unknown", "")]


def test_a_token_opens_its_own_company_only(app: Flask, workspace: Workspace, elsewhere: Workspace) -> None:
    _, _, secret = issue_token(workspace, "keeper").partition(".")
    crossed = app.test_client().get("/api/v1/me", headers={"Authorization": f"Bearer {elsewhere.slug}.{secret}"})
    assert crossed.status_code == 401


def test_a_module_is_installed_for_one_company(keeper: Caller, stranger: Caller) -> None:
    assert stranger.get("/cost_center/expense", status=404)
    assert {each["key"] for each in stranger.get("/modules")["items"]} == {"plant"}
    assert "/core/project" in keeper.description.document["paths"]
    assert "/core/project" not in stranger.description.document["paths"]


def test_a_key_of_one_company_is_free_in_the_other(keeper: Caller, stranger: Caller, tag: str) -> None:
    first = keeper.create("plant/machine", key=tag, code=tag, name="塔吊")
    assert stranger.create("plant/machine", key=tag, code=tag, name="塔吊")["id"] != first["id"]
