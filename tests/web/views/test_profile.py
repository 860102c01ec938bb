"""My own page: what is known about me, my language, the look, my password."""

import pytest

from engine.runtime.organisation import Department
from engine.usecases.deployment import Workspace
from engine.usecases.people.save import Entry, organisation, save_department, save_people
from tests.web.views.conftest import Visit
from tests.web.views.pages import Element
from tests.web.views.visitor import PASSWORD, Visitor, page_of


def form_at(page: Element, address: str) -> Element:
    return next(each for each in page.one("main").all("form") if each["action"] == address)


def change(visitor: Visitor, status: int, old: str = PASSWORD, new: str = "a new bridge", again: str = "") -> Element:
    form = form_at(visitor.get("/profile"), "/profile/password")
    return page_of(visitor.submit(form, {"old": old, "new": new, "again": again or new}, status=status))


def test_my_page_tells_who_i_am_and_where_i_work(visit: Visit, workspace: Workspace, somebody: str, tag: str) -> None:
    save_department(workspace, None, Department(key=tag, name=f"工程部{tag}"))
    with workspace.write() as session:
        save_people(
            session, [Entry(login=somebody, name="我", department=tag, manager="keeper", roles=("auditor", "mechanic"))]
        )
    page = visit(somebody, fresh=True).get("/profile")
    facts = page.one("dl", class_="facts").texts
    assert facts == [
        *("Login", somebody, "Company", "滨江建设", "Department", f"工程部{tag}", "Manager", "keeper"),
        *("Roles", "机修工, 设备稽查"),
    ]


def test_a_chosen_language_is_kept_wherever_i_sign_in(visit: Visit, somebody: str) -> None:
    visitor = visit(somebody, "en", fresh=True)
    form = form_at(visitor.get("/profile"), "/profile")
    page = visitor.get(visitor.submit(form, {"language": "zh_CN"}, status=303).location)
    assert (page.one("html")["lang"], page.one(id="toasts").text) == ("zh-CN", "已保存")
    assert visit(somebody, "en", fresh=True).get("/").one("html")["lang"] == "zh-CN"


def test_the_language_changes_where_one_is(visit: Visit, somebody: str) -> None:
    visitor = visit(somebody, "en", fresh=True)
    here = "http://localhost/inbox?tab=done"
    answer = visitor.post("/language", {"language": "zh_CN"}, status=303, headers={"Referer": here})
    assert answer.location == here
    assert visitor.get("/inbox").one("html")["lang"] == "zh-CN"


@pytest.mark.parametrize("referrer", ["https://evil.example/", "http://localhost.evil.example/", "//evil.example", ""])
def test_changing_the_language_never_leads_off_this_site(visit: Visit, referrer: str) -> None:
    answer = visit("clerk").post("/language", {"language": "x"}, status=303, headers={"Referer": referrer})
    assert answer.location == "/"


def test_a_language_that_nobody_speaks_here_is_not_chosen(visit: Visit, workspace: Workspace, somebody: str) -> None:
    visit(somebody, fresh=True).post("/language", {"language": "<fr>"}, status=303)
    assert organisation(workspace).people[somebody].language == ""


@pytest.mark.parametrize(("chosen", "kept"), [("dark", "dark"), ("auto", "auto"), ("<b>", "auto")])
def test_the_look_is_a_cookie_of_this_browser(visit: Visit, somebody: str, chosen: str, kept: str) -> None:
    visitor = visit(somebody, fresh=True)
    answer = visitor.submit(form_at(visitor.get("/profile"), "/profile"), {"theme": chosen}, status=303)
    cookie = next(each for each in answer.headers.getlist("Set-Cookie") if each.startswith("theme="))
    assert "; SameSite=Lax" in cookie
    page = visitor.get("/profile")
    assert page.one("html")["data-theme"] == kept
    assert form_at(page, "/profile").fields["theme"] == kept


def test_a_look_that_somebody_put_into_the_cookie_is_not_believed(visit: Visit, somebody: str) -> None:
    visitor = visit(somebody, fresh=True)
    visitor.client.set_cookie("theme", "purple")
    assert visitor.get("/profile").one("html")["data-theme"] == "auto"
    assert form_at(visitor.get("/profile"), "/profile").fields["theme"] == "auto"


def test_with_a_new_password_i_sign_in_again_everywhere(visit: Visit, stranger: Visitor, somebody: str) -> None:
    here, elsewhere = visit(somebody, fresh=True), visit(somebody, fresh=True)
    form = form_at(here.get("/profile"), "/profile/password")
    answer = here.submit(form, {"old": PASSWORD, "new": "a new bridge", "again": "a new bridge"}, status=303)
    page = here.get(answer.location)
    assert page.all("form")[0]["action"] == "/login"
    assert "Sign in with the new one." in page.text
    elsewhere.open("GET", "/profile", status=303)
    stranger.sign_in(somebody, status=401)
    stranger.sign_in(somebody, "a new bridge")


@pytest.mark.parametrize(
    ("typed", "wrong", "text"),
    [
        ({"old": "wrong"}, ("old", "Current password"), "The current password is wrong."),
        ({"new": "short"}, ("new", "New password"), "A password needs at least 8 characters."),
        ({"new": "x" * 201}, ("new", "New password"), "A password has at most 200 characters."),
        ({"again": "another bridge"}, ("again", "New password again"), "The two new passwords differ."),
    ],
)
def test_a_wrong_new_password_is_told_at_its_input(
    visit: Visit, stranger: Visitor, somebody: str, *, typed: dict[str, str], wrong: tuple[str, str], text: str
) -> None:
    page = change(visit(somebody, fresh=True), 422, **typed)
    assert page.one("main").error_of(wrong[0]) == text
    link = page.one(class_="problems").one("a")
    assert (link["href"], link.text) == (f"#{wrong[0]}", wrong[1])
    assert not [each for each in page.all("input", type="password") if each.get("value")]
    stranger.sign_in(somebody)


def test_the_old_password_cannot_be_guessed_at(visit: Visit, somebody: str) -> None:
    visitor = visit(somebody, fresh=True)
    for _ in range(5):
        change(visitor, 422, old="wrong")
    assert "Too many attempts" in change(visitor, 429).one("main").text


def test_the_address_of_a_refused_password_leads_back_to_my_page(visit: Visit) -> None:
    assert visit("clerk").open("GET", "/profile/password", status=303).location == "/profile"
