"""What holds for every page: no script or style of its own, one language, and markup that people type stays text."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Final

import pytest
from babel.messages.pofile import read_po

from engine.usecases.deployment import Workspace
from tests.company import PLANT
from tests.house.test_sentences import CATALOGUE, PLACEHOLDER
from tests.web.views.conftest import Visit
from tests.web.views.pages import Element
from tests.web.views.site import EVIL, MACHINE, REPAIR, Site, furnish, pages
from tests.web.views.visitor import Visitor, main_form, page_of

WHO: Final = ("admin", "boss_evil", "clerk")
LANGUAGES: Final = ("zh_CN", "en")
#: Our sentences that are the same in both languages, or the name of the other one.
SHARED: Final = frozenset({"#", "中文", "English"})


@pytest.fixture(scope="session")
def site(workspace: Workspace, visit: Visit) -> Site:
    return furnish(workspace, visit)


def active(page: Element) -> Iterator[str]:
    """What in a page could run or look otherwise than the files of the application say."""
    for each in page.within():
        for name, value in each.attributes.items():
            if name.startswith("on") or name in {"style", "srcdoc", "srcset"}:
                yield f"<{each.tag} {name}={value}>"
            if name in {"href", "src", "action", "formaction"} and not re.match(r"(/(?!/)|#|\?|https?://)", value):
                yield f"<{each.tag} {name}={value}>"
        if each.tag in {"style", "iframe", "object", "embed", "base"}:
            yield f"<{each.tag}>"
        if each.tag == "script" and each.get("type") == "application/json":
            json.loads(each.raw)
        elif each.tag == "script" and (each.raw.strip() or not each.get("src").startswith("/static/dist/")):
            yield f"<script>{each.raw}"


@cache
def sentences(language: str) -> tuple[re.Pattern[str], ...]:
    """Our sentences in a language, with anything in the place of a placeholder."""
    with CATALOGUE.open("rb") as text:
        catalogue = read_po(text, locale="zh_CN")
    found: set[str] = set()
    for message in catalogue:
        ids = (message.id,) if isinstance(message.id, str) else message.id
        strings = (message.string,) if isinstance(message.string, str) else message.string
        if message.id and set(ids) != set(strings):
            found.update(ids if language == "en" else strings)
    said = [each for each in found - SHARED if re.search(r"[A-Za-z]{2}|[\u4e00-\u9fff]", PLACEHOLDER.sub("", each))]
    return tuple(re.compile(_pattern(each)) for each in said)


@cache
def untranslated() -> frozenset[str]:
    """Texts of the module `plant`, which brings no English words for most of them."""
    texts = (path.read_text(encoding="utf-8") for path in PLANT.rglob("*.json"))
    return frozenset(found for text in texts for found in re.findall(r'"title": "([^"]*)"', text))


def _pattern(sentence: str) -> str:
    pieces = re.split(r"\{[a-z_]+\}|%\([a-z_]+\)[sd]", sentence)
    return ".+".join(re.escape(" ".join(each.split(" "))) for each in pieces)


def foreign(page: Element, language: str) -> set[str]:
    """Words on the page that are sentences of ours in the other language."""
    other = "en" if language == "zh_CN" else "zh_CN"
    words = {each for each in page.words if EVIL not in each}
    words |= {text for each in page.all("script", id="words") for text in json.loads(each.raw).values()}
    return {
        each for each in words - SHARED - untranslated() if any(pattern.fullmatch(each) for pattern in sentences(other))
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("login", WHO)
def test_no_page_has_script_or_style_of_its_own(visit: Visit, site: Site, login: str, language: str) -> None:
    found = {path: [*active(page)] for path, page in pages(visit(login, language), login, site)}
    assert len(found) > 12
    assert {path: each for path, each in found.items() if each} == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("login", WHO)
def test_every_page_speaks_one_language(visit: Visit, site: Site, login: str, language: str) -> None:
    found = {path: foreign(page, language) for path, page in pages(visit(login, language), login, site)}
    assert {path: each for path, each in found.items() if each} == {}


def test_a_page_in_the_wrong_language_is_noticed(visit: Visit) -> None:
    assert {"Sign out", "My profile"} <= foreign(visit("clerk", "en").get("/"), "zh_CN")
    assert {"退出登录", "首页"} & foreign(visit("clerk", "zh_CN").get("/"), "en")


@pytest.mark.parametrize("login", WHO)
def test_every_id_on_a_page_is_given_once_and_every_label_leads_somewhere(visit: Visit, site: Site, login: str) -> None:
    for path, page in pages(visit(login), login, site):
        ids = [each["id"] for each in page.within() if each.get("id")]
        assert sorted(ids) == sorted(set(ids)), path
        targets = {each["for"] for each in page.all("label") if each.get("for")}
        targets |= {each for tag in page.within() for each in tag.get("aria-describedby").split()}
        targets |= {each for tag in page.within() for each in tag.get("aria-labelledby").split()}
        assert targets - {*ids} - {"dialog-title"} == set(), path


def test_markup_is_shown_as_it_was_typed(visit: Visit, site: Site) -> None:
    boss = visit(site.boss)
    for path in (
        *("/", "/search?q=%3Cscript", f"{MACHINE}", f"{REPAIR}", site.machine, site.repair, site.claim),
        *(f"{site.repair}/edit", f"{site.machine}/edit", "/inbox", f"/inbox?record={site.claim.removeprefix('/m/')}"),
    ):
        assert any(EVIL in each for each in boss.get(path).one("main").words | shown(boss.get(path))), path
    for path in ("/admin/people", "/admin/departments", "/admin/roles"):
        assert any(EVIL in each for each in visit("admin").get(path).one("main").words), path


def shown(page: Element) -> set[str]:
    return {each.get("value") for each in page.all("input")}


def test_the_timeline_tells_what_was_said_and_changed_as_text(visit: Visit, site: Site) -> None:
    timeline = visit(site.boss).get(site.repair).one(class_="timeline")
    assert timeline.all("blockquote")[0].text == EVIL
    assert (EVIL, f"{EVIL}{EVIL}") in [
        (each.one("del").text, each.one("ins").text) for each in timeline.all(class_="change")
    ]
    assert timeline.all("strong")[0].text == EVIL


def test_a_message_about_bad_input_quotes_it_as_text(visit: Visit, site: Site) -> None:
    boss = visit(site.boss)
    form = main_form(boss.get(f"{site.repair}/edit"))
    page = page_of(boss.submit(form, {"date": EVIL, "kind": EVIL}, status=422))
    assert main_form(page).fields["date"] == EVIL
    assert not [*active(page)]


#: Address → who may post there, and what would change something.
POSTS: Final = {
    "/login": {"login": "clerk", "password": "x"},
    "/logout": {},
    "/profile": {"language": "zh_CN"},
    "/language": {"language": "zh_CN"},
    "/profile/password": {"old": "x", "new": "y", "again": "y"},
    "/files": {},
    "/admin/people/new": {"login": "forged", "name": "n"},
    "/admin/people/clerk": {"name": "Forged"},
    "/admin/departments": {"key": "forged", "name": "Forged"},
    "/admin/modules": {},
    "/admin/modules/plant/recompute": {},
    "/admin/modules/plant/recompute/cancel": {},
    "/admin/modules/plant/tables/field/machine/none": {},
    f"{MACHINE}/new": {"code": "forged", "name": "Forged"},
    "{machine}/edit": {"name": "Forged", "_revision": "1"},
    "{machine}/delete": {"_revision": "1"},
    "{repair}/do/close": {"_comment": "Forged"},
}


@pytest.mark.parametrize("token", [None, "", "x", "of another"])
@pytest.mark.parametrize("path", POSTS)
def test_nothing_changes_without_the_token_of_this_browser(
    visit: Visit, site: Site, path: str, token: str | None
) -> None:
    admin = visit("admin")
    if token == "of another":
        token = Visitor(admin.client.application, "").token()
    sent = {**POSTS[path], **({} if token is None else {"csrf_token": token})}
    address = path.format(machine=site.machine, repair=site.repair)
    before = [admin.get(each).texts for each in (site.machine, site.repair, MACHINE, "/admin/people", "/profile")]
    page = page_of(admin.open("POST", address, data=sent, status=400))
    assert "This page is out of date. Load it again, then repeat what you did." in page.text
    after = [admin.get(each).texts for each in (site.machine, site.repair, MACHINE, "/admin/people", "/profile")]
    assert before == after


def test_every_address_that_changes_something_is_among_those_tested(visit: Visit) -> None:
    app = visit("admin").client.application
    rules = {each.rule for each in app.url_map.iter_rules() if "POST" in (each.methods or ())}
    pages_ = {each for each in rules if not each.startswith("/api/")}
    assert len(pages_) == len(POSTS)
