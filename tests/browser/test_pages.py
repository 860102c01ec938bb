"""Every page in both themes, in Chinese on a desk and in English on a phone: accessible, and nothing sticks out."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import shoot

PAGES = (
    "",
    "list",
    "list?q=nothing",
    "form",
    "form?new=1",
    "record",
    "explain",
    "action",
    "inbox",
    "inbox?task=1",
    "profile",
    "login",
    "people",
    "person",
    "departments",
    "roles",
    "modules",
    "recompute",
    "gone",
)


@pytest.mark.parametrize(("phone", "language"), [(False, "zh_CN"), (True, "en")], ids=["desk", "phone"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole(
    open_page: Callable[..., Page], faults: Callable[[Page], list[str]], path: str, *, language: str, phone: bool
) -> None:
    page = open_page(f"/{path}", language=language, phone=phone)
    name = path.replace("?", "-").replace("=", "") or "home"
    for theme in ("light", "dark"):
        page.evaluate("theme => document.documentElement.dataset.bsTheme = theme", theme)
        shoot(page, f"{name}-{'phone' if phone else 'desk'}-{theme}")
        assert faults(page) == []
    # A page that is too wide widens the layout viewport too, so only the screen tells.
    assert page.evaluate("document.documentElement.scrollWidth <= screen.width")
