"""Chromium, a page that must stay without errors, and the accessibility rules."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final, Literal
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from werkzeug.datastructures import MultiDict
from werkzeug.serving import make_server
from werkzeug.wsgi import ClosingIterator

from tests.browser.showroom import showroom

ROOT: Final = Path(__file__).parents[2]
SCREENSHOTS: Final = Path(__file__).parent / "screenshots"
AXE: Final = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SWITCHES: Final = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE: Final = {"width": 390, "height": 844}
DESK: Final = {"width": 1440, "height": 900}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def room() -> Flask:
    return showroom()


@pytest.fixture
def posted(room: Flask) -> list[MultiDict[str, str]]:
    """The forms that the test posts, newest last."""
    forms: list[MultiDict[str, str]] = room.extensions["posted"]
    forms.clear()
    return forms


@pytest.fixture(scope="session")
def site(room: Flask) -> Iterator[str]:
    """Address of the showroom."""
    with served(room) as address:
        yield address


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serves an application on this machine; its address."""
    server = make_server("127.0.0.1", 0, in_one_piece(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def in_one_piece(app: Flask) -> WSGIApplication:
    """The application with its files read: this server leaves open what a browser no longer wants."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with closing(ClosingIterator(app(environ, start_response))) as parts:
            return [b"".join(parts)]

    return answer


def window(
    browser: Browser,
    *,
    phone: bool,
    language: str,
    **given: Any,  # noqa: ANN401 - whatever Playwright takes
) -> BrowserContext:
    """A window of one of the two sizes, in which colours change at once, so that their contrast can be measured."""
    return browser.new_context(
        viewport=PHONE if phone else DESK,
        has_touch=phone,
        is_mobile=phone,
        locale=language.replace("_", "-"),
        reduced_motion="reduce",
        **given,
    )


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Opens a page; whatever its console complains of fails the test, unless the test makes trouble (`calm`)."""
    complaints: list[str] = []
    contexts = []

    def opened(
        path: str,
        *,
        phone: bool = False,
        dark: bool = False,
        language: str = "zh_CN",
        script: bool = True,
        calm: bool = True,
    ) -> Page:
        scheme: Literal["dark", "light"] = "dark" if dark else "light"
        context = window(browser, phone=phone, language=language, color_scheme=scheme, java_script_enabled=script)
        contexts.append(context)
        context.add_cookies([{"name": "language", "value": language, "url": site}])
        page = context.new_page()
        if calm:
            page.on("console", lambda said: _is_complaint(said) and complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(site + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def _is_complaint(said: ConsoleMessage) -> bool:
    # Refusals are answers; Chromium reports their status all the same.
    return said.type == "error" and "status of 4" not in said.text


@pytest.fixture
def faults() -> Callable[[Page], list[str]]:
    """What axe finds wrong with a page: rule and the elements that break it."""

    def found(page: Page) -> list[str]:
        # In a world of its own: the policy of the page does not hold there.
        page.evaluate(AXE.read_text(encoding="utf-8"))
        result = page.evaluate("tags => axe.run(document, {runOnly: tags})", RULES)
        return [
            f"{each['id']}: {node['html'][:160]} {node['failureSummary'][-160:]}"
            for each in result["violations"]
            for node in each["nodes"]
        ]

    return found


def shoot(page: Page, name: str) -> None:
    """Keeps a picture for people to look at; git ignores them."""
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
