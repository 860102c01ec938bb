"""Recomputing as an administrator sees it: pressed, watched without reloading, and finished."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from engine.usecases.actor import Actor
from engine.usecases.deployment import Deployment, Workspace
from engine.usecases.jobs.worker import Worker
from engine.usecases.modules.publish import publish
from engine.usecases.people.sign_in import set_common_password
from engine.usecases.recompute import batch
from engine.usecases.records.create import create
from tests.browser.conftest import served, window
from tests.company import a_company
from tests.engine.definitions import MONEY, TEXT, computed, files
from web.app import Settings, create_app

ADMIN = Actor(login="admin")
PASSWORD = "one for all 12"


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """A company with three records of older formulas, and batches of two."""
    monkeypatch.setattr(batch, "BATCH", 2)
    made = create_app(Settings(database=f"sqlite:///{tmp_path}/var", secret_key="tests", files=tmp_path / "files"))
    deployment: Deployment = made.extensions["dougong"]
    workspace: Workspace = a_company(deployment, ["core"])
    with workspace.write() as session:
        set_common_password(session, ["admin"], PASSWORD)
    fields = {"name": TEXT, "net": MONEY}
    publish(workspace, ADMIN, files({**fields, "total": computed("net")}, entity={"x-title": "name"}))
    for name in ("one", "two", "three"):
        create(workspace, ADMIN, "shop/claim", {"name": name, "net": "10"})
    publish(workspace, ADMIN, files({**fields, "total": computed("net * 2")}, entity={"x-title": "name"}))
    yield made
    deployment.close()


def opened(page: Page, script: bool) -> None:  # noqa: FBT001
    page.goto("/login?next=/admin/modules/shop/recompute")
    page.fill("[name=login]", "admin")
    page.fill("[name=password]", PASSWORD)
    page.locator("form button").last.click()
    expect(page.get_by_role("region", name="Money")).to_contain_text("+30.00")
    page.get_by_role("button", name="Recompute").click()
    expect(page.locator("#job")).to_contain_text("Waiting for a worker")
    expect(page.get_by_role("link", name="Refresh")).to_have_count(0 if script else 1)


@pytest.mark.parametrize("script", [True, False])
def test_it_is_watched_with_script_and_without(browser: Browser, app: Flask, script: bool) -> None:  # noqa: FBT001
    worker = Worker(app.extensions["dougong"], "w")
    complaints: list[str] = []
    with served(app) as address:
        context = window(browser, phone=True, language="en", base_url=address, java_script_enabled=script)
        page = context.new_page()
        page.on("console", lambda said: said.type in {"error", "warning"} and complaints.append(said.text))
        opened(page, script)
        for said in ("2 of 3 records looked at", "3 of 3 records looked at"):
            assert worker.round()
            if not script:
                page.reload()
            expect(page.locator("#job")).to_contain_text(said, timeout=15_000)
        expect(page.locator("#job")).to_contain_text("Finished")
        if script:
            page.get_by_role("link", name="What is left to do").click()
        expect(page.locator("main")).to_contain_text("All records carry values of the formulas in force.")
        context.close()
    assert complaints == []
