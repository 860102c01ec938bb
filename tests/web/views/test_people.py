"""Administration of people: added, changed, disabled; every mistake at its input and nothing typed lost."""

import pytest

from engine.runtime.organisation import Person
from engine.runtime.record import Record
from engine.usecases.deployment import Workspace
from engine.usecases.people.save import organisation
from tests.web.views.conftest import Visit
from tests.web.views.pages import Element
from tests.web.views.visitor import FRAGMENT, Visitor, main_form, page_of

PEOPLE = "/admin/people"


def person(workspace: Workspace, login: str) -> Person | None:
    return organisation(workspace).people.get(login)


def kept(workspace: Workspace, login: str) -> Person:
    found = person(workspace, login)
    assert found is not None
    return found


def form_of(visitor: Visitor, login: str) -> Element:
    return main_form(visitor.get(f"{PEOPLE}/{login}"))


def held(workspace: Workspace, login: str) -> set[tuple[str, str]]:
    return {(each.role, each.project) for each in kept(workspace, login).assignments}


def test_a_new_person_can_sign_in_and_holds_the_chosen_roles(
    visit: Visit, workspace: Workspace, stranger: Visitor, project: Record, tag: str
) -> None:
    admin, login = visit("admin"), f"new.{tag}"
    roles = ["mechanic", f"project_manager@{project.id}"]
    typed = {"login": login, "name": "王小明", "manager": "keeper", "password": "bridge over it", "role": roles}
    answer = admin.submit(form_of(admin, "new"), typed, status=303)
    assert answer.location == PEOPLE
    found = kept(workspace, login)
    assert (found.name, found.manager, found.active) == ("王小明", "keeper", True)
    assert held(workspace, login) == {("mechanic", ""), ("project_manager", project.id)}
    stranger.sign_in(login, "bridge over it")
    stranger.get("/m/plant/repair")


def test_every_mistake_in_a_new_person_is_told_at_once_and_at_its_input(visit: Visit, workspace: Workspace) -> None:
    admin = visit("admin")
    typed = {
        "login": "Großes Wort",
        "name": " ",
        "department": "nowhere",
        "manager": "nobody",
        "password": "short",
        "role": ["Bad Role", "project_manager@nothing"],
    }
    page = page_of(admin.submit(form_of(admin, "new"), typed, status=422))
    form = main_form(page)
    for name in ("login", "name", "password"):
        assert form.error_of(name), name
    summary = page.one(class_="problems")
    links = {each["href"].removeprefix("#"): each.text for each in summary.all("a")}
    assert links == {
        "login": "Login",
        "name": "Full name",
        "department": "Department",
        "manager": "Manager",
        "password": "Password",
        "roles": "Roles",
    }
    assert all(page.one(id=each) for each in links)
    assert "Bad Role" in page.one("main").text
    assert form.fields["login"] == "Großes Wort"
    assert "short" not in str(form.fields)
    assert person(workspace, "Großes Wort") is None


def test_what_was_chosen_for_a_refused_person_is_still_chosen(visit: Visit, tag: str) -> None:
    admin = visit("admin")
    admin.post("/admin/departments", {"key": tag, "name": "工程部"}, status=303)
    typed = {"login": "", "name": "李四", "department": tag, "manager": "vice", "role": ["auditor", "keeper"]}
    form = main_form(page_of(admin.submit(form_of(admin, "new"), typed, status=422)))
    sent = form.fields
    assert (sent["name"], sent["department"], sent["manager"]) == ("李四", tag, "vice")
    assert set(sent.getlist("role")) == {"auditor", "keeper"}


def test_a_new_person_needs_a_password(visit: Visit, workspace: Workspace, tag: str) -> None:
    admin = visit("admin")
    page = page_of(admin.submit(form_of(admin, "new"), {"login": f"{tag}x", "name": "n"}, status=422))
    assert main_form(page).error_of("password") == "A password needs at least 8 characters."
    assert person(workspace, f"{tag}x") is None


def test_a_login_is_given_once(visit: Visit, workspace: Workspace) -> None:
    admin = visit("admin")
    typed = {"login": "clerk", "name": "Another", "password": "bridge over it"}
    page = page_of(admin.submit(form_of(admin, "new"), typed, status=422))
    assert main_form(page).error_of("login") == "Somebody has the login “clerk” already."
    assert main_form(page).fields["name"] == "Another"
    assert kept(workspace, "clerk").name == "clerk"


def test_a_change_keeps_what_the_form_does_not_show(
    visit: Visit, workspace: Workspace, somebody: str, stranger: Visitor
) -> None:
    visit(somebody, fresh=True).post("/language", {"language": "zh_CN"}, status=303)
    admin = visit("admin")
    admin.submit(form_of(admin, somebody), {"name": "改名", "role": ["auditor", "of_a_module_to_come"]}, status=303)
    admin.submit(form_of(admin, somebody), {"manager": "keeper"}, status=303)
    found = kept(workspace, somebody)
    assert (found.name, found.manager, found.language) == ("改名", "keeper", "zh_CN")
    assert held(workspace, somebody) == {("auditor", ""), ("of_a_module_to_come", "")}
    stranger.sign_in(somebody)


def test_a_person_is_headed_by_their_name_even_when_the_new_one_is_refused(visit: Visit, somebody: str) -> None:
    admin = visit("admin")
    page = page_of(admin.submit(form_of(admin, somebody), {"name": ""}, status=422))
    assert page.one("h1").text == f"新人{somebody}"
    assert main_form(page).error_of("name")


def test_nobody_is_their_own_manager(visit: Visit, workspace: Workspace, somebody: str) -> None:
    admin = visit("admin")
    page = page_of(admin.submit(form_of(admin, somebody), {"manager": somebody}, status=422))
    assert "Nobody can be their own manager." in page.one(class_="problems").text
    assert "Nobody can be their own manager." in main_form(page).text
    assert kept(workspace, somebody).manager == ""


def test_a_reset_password_replaces_the_old_one(visit: Visit, stranger: Visitor, somebody: str) -> None:
    admin = visit("admin")
    page = page_of(admin.submit(form_of(admin, somebody), {"password": "short"}, status=422))
    assert main_form(page).error_of("password")
    admin.submit(form_of(admin, somebody), {"password": "a new bridge"}, status=303)
    stranger.sign_in(somebody, status=401)
    stranger.sign_in(somebody, "a new bridge")


def test_who_is_disabled_is_out_at_once_and_back_when_enabled(
    visit: Visit, workspace: Workspace, stranger: Visitor, somebody: str
) -> None:
    admin, them = visit("admin"), visit(somebody, fresh=True)
    admin.submit(form_of(admin, somebody), {"active": ""}, status=303)
    assert not kept(workspace, somebody).active
    assert them.open("GET", "/", status=303).location.startswith("/login")
    stranger.sign_in(somebody, status=401)
    row = admin.get(f"{PEOPLE}?q={somebody}").one("tbody").one("tr")
    assert row.texts[-1] == "Disabled"
    admin.submit(form_of(admin, somebody), {"active": ["", "true"]}, status=303)
    stranger.sign_in(somebody)


def test_somebody_who_is_not_there_is_neither_shown_nor_made(visit: Visit, workspace: Workspace, tag: str) -> None:
    admin, login = visit("admin"), f"ghost.{tag}"
    admin.get(f"{PEOPLE}/{login}", status=404)
    admin.post(f"{PEOPLE}/{login}", {"name": "Ghost"}, status=404)
    assert person(workspace, login) is None


def test_a_name_with_characters_that_nobody_sees_is_refused(visit: Visit, somebody: str) -> None:
    admin = visit("admin")
    for name in ("a\0b", "a\x1bb"):
        page = page_of(admin.submit(form_of(admin, somebody), {"name": name}, status=422))
        assert "cannot be kept" in main_form(page).error_of("name")


def test_people_are_found_by_name_and_login(visit: Visit, somebody: str) -> None:
    admin = visit("admin")
    for query in (somebody, somebody.upper(), f"新人{somebody}"):
        assert [each.text for each in admin.get(f"{PEOPLE}?q={query}").one("tbody").all("a")] == [somebody]
    page = admin.get(f"{PEOPLE}?q=nobody-at-all", headers=FRAGMENT)
    assert not page.all("html")
    assert "Nothing found" in page.text


@pytest.mark.parametrize("number", ["0", "-1", "x", "9" * 5000, "999999", "²", ""])
def test_a_page_that_makes_no_sense_is_no_accident(visit: Visit, number: str) -> None:
    visit("admin").get(f"{PEOPLE}?page={number}")


def test_page_nought_is_the_first_page(visit: Visit) -> None:
    admin = visit("admin")
    assert admin.get(f"{PEOPLE}?q=clerk&page=0").one("tbody").all("a")


@pytest.mark.parametrize("path", ["", "/new", "/clerk"])
def test_only_administrators_look_after_people(visit: Visit, workspace: Workspace, path: str) -> None:
    for language, why in (("en", "Only an administrator may do this."), ("zh_CN", "只有管理员")):
        assert why in visit("clerk", language).get(f"{PEOPLE}{path}", status=403).one("main").text
    if path:
        typed = {"login": "intruder", "name": "Intruder", "password": "bridge over it", "role": "administrator"}
        visit("clerk").post(f"{PEOPLE}{path}", typed, status=403)
        assert person(workspace, "intruder") is None
        assert kept(workspace, "clerk").name == "clerk"
