"""Somebody with a browser: opens pages, fills their forms and sends them as a browser does, without script."""

from collections.abc import Iterable, Mapping
from io import BytesIO
from types import MappingProxyType
from typing import Any, Final

from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.web.views.pages import Element, read_page

PASSWORD: Final = "one for all 12"
LANGUAGES: Final = {"zh_CN": "zh-CN,zh;q=0.9", "en": "en-GB,en;q=0.9"}
#: What htmx sends along.
FRAGMENT: Final = {"HX-Request": "true"}

Sent = Mapping[str, str | list[str] | None]
NOTHING: Final[Sent] = MappingProxyType({})


class Visitor:
    """One browser with its cookies."""

    def __init__(self, app: Flask, slug: str, language: str = "en") -> None:
        self.client = app.test_client()
        self.slug, self._accepted = slug, LANGUAGES[language]

    def open(
        self,
        method: str,
        path: str,
        *,
        status: int,
        headers: Mapping[str, str] = {},
        **sent: Any,  # noqa: ANN401
    ) -> TestResponse:
        """The answer, which has this status."""
        held = {"Accept": "text/html,*/*;q=0.8", "Accept-Language": self._accepted, **headers}
        answer = self.client.open(path, method=method, headers=held, buffered=True, **sent)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {said(answer)}"
        return answer

    def get(self, path: str, *, status: int = 200, headers: Mapping[str, str] = {}) -> Element:
        """The page at an address."""
        return read_page(self.open("GET", path, status=status, headers=headers).text)

    def token(self) -> str:
        """The CSRF token that pages carry for this browser."""
        page = self.get("/login")
        return page.one("meta", name="csrf-token")["content"]

    def post(
        self,
        path: str,
        data: "Mapping[str, Any] | MultiDict[str, Any]",
        *,
        status: int,
        headers: Mapping[str, str] = {},
    ) -> TestResponse:
        """Send something to an address with a valid token."""
        sent = MultiDict(data)
        sent["csrf_token"] = self.token()
        return self.open("POST", path, status=status, data=sent, headers=headers)

    def submit(
        self, form: Element, changed: Sent = NOTHING, *, status: int, headers: Mapping[str, str] = {}
    ) -> TestResponse:
        """Send a form as it stands on its page, with something changed; a value of None leaves the field out."""
        sent = filled(form, changed)
        return self.open("POST", form["action"], status=status, data=sent, headers=headers)

    def sign_in(self, login: str, password: str = PASSWORD, *, status: int = 303, next_: str = "") -> TestResponse:
        """Sign in through the form."""
        form = self.get(f"/login?next={next_}" if next_ else "/login").one("form")
        changed = {"login": login, "password": password, "workspace": self.slug}
        return self.submit(form, changed, status=status)


def filled(form: Element, changed: Sent = NOTHING) -> "MultiDict[str, str]":
    """What a browser sends after somebody has changed something in a form."""
    sent = form.fields
    for name, value in changed.items():
        sent.poplist(name)
        values: Iterable[str] = () if value is None else [value] if isinstance(value, str) else value
        for each in values:
            sent.add(name, each)
    return sent


def main_form(page: Element) -> Element:
    """The form that fills the page, not those of its frame."""
    found = [each for each in page.one("main").all("form") if each.get("method") == "post"]
    assert len(found) == 1, [each.get("action") for each in found]
    return found[0]


def said(answer: TestResponse) -> str:
    """What the page says, for the message of a test."""
    if answer.mimetype != "text/html" or not answer.text:
        return answer.text[:200]
    return " | ".join(read_page(answer.text).texts)[-600:]


def page_of(answer: TestResponse) -> Element:
    return read_page(answer.text)


def upload(visitor: Visitor, name: str) -> str:
    """Send a file as the script of a form does; its id."""
    data, headers = {"file": (BytesIO(b"content"), name)}, {"X-CSRFToken": visitor.token()}
    kept = visitor.open("POST", "/files", status=201, data=data, headers=headers)
    return str(kept.json["id"])
