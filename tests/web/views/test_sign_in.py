"""Signing in and out: the form, what it refuses, and where one gets to afterwards."""

import pytest
from flask import Flask

from tests.web.views.conftest import Visit
from tests.web.views.visitor import PASSWORD, Visitor, page_of


def test_who_signs_in_gets_home_and_is_greeted(stranger: Visitor) -> None:
    assert stranger.sign_in("clerk").location == "/"
    assert stranger.get("/").one("h1").text == "Hello, clerk"


def test_the_session_is_a_cookie_that_no_script_reads_and_no_other_site_sends(stranger: Visitor) -> None:
    stranger.get("/login")
    answer = stranger.sign_in("clerk")
    cookies = answer.headers.getlist("Set-Cookie")
    assert any(each.startswith("dougong_session=") for each in cookies)
    for each in cookies:
        assert "; HttpOnly" in each
        assert "; SameSite=Lax" in each


@pytest.mark.parametrize(("login", "password"), [("clerk", "wrong"), ("nobody", PASSWORD), ("", ""), ("a\0b", "x")])
def test_a_wrong_login_and_a_wrong_password_are_told_alike_and_the_login_is_kept(
    stranger: Visitor, login: str, password: str
) -> None:
    page = page_of(stranger.sign_in(login, password, status=401))
    assert page.one(role="alert").text == "The login or the password is wrong."
    assert page.one("form").fields["login"] == login
    assert page.one("form").fields["password"] == ""
    assert stranger.client.get_cookie("dougong_session") is None


def test_an_unknown_company_is_refused_like_a_wrong_password(stranger: Visitor) -> None:
    for slug in ("nowhere", "../etc", "x" * 500):
        form = stranger.get("/login").one("form")
        answer = stranger.submit(form, {"workspace": slug, "login": "clerk", "password": PASSWORD}, status=401)
        assert page_of(answer).one(role="alert").text == "The login or the password is wrong."


def test_after_five_failures_even_the_right_password_has_to_wait(stranger: Visitor, somebody: str) -> None:
    for _ in range(5):
        stranger.sign_in(somebody, "wrong", status=401)
    page = page_of(stranger.sign_in(somebody, status=429))
    assert page.one(role="alert").text == "Too many attempts; try again in 15 min."
    assert page.one("form").fields["login"] == somebody


def test_one_gets_to_where_one_wanted(stranger: Visitor) -> None:
    assert stranger.sign_in("clerk", next_="/inbox?tab=done").location == "/inbox?tab=done"


def test_the_wanted_address_survives_a_wrong_password(stranger: Visitor) -> None:
    form = stranger.get("/login?next=/inbox").one("form")
    page = page_of(
        stranger.submit(form, {"workspace": stranger.slug, "login": "clerk", "password": "wrong"}, status=401)
    )
    assert page.one("form").fields["next"] == "/inbox"


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "/\t/evil.example",
        "\t//evil.example",
        "javascript:alert(1)",
        "evil.example",
        "//[",
        "http://[",
        "/\r\nX-Evil: 1",
        "\\\\evil.example",
        "/\0//evil.example",
        "",
    ],
)
def test_signing_in_never_leads_off_this_site(stranger: Visitor, address: str) -> None:
    form = stranger.get("/login").one("form")
    sent = {"login": "clerk", "password": PASSWORD, "next": address, "workspace": stranger.slug}
    answer = stranger.submit(form, sent, status=303)
    assert answer.location == "/"
    assert "X-Evil" not in answer.headers


def test_a_strange_address_in_the_link_to_the_form_is_dropped(stranger: Visitor) -> None:
    for address in ("//evil.example", "//%5B", "https://evil.example"):
        assert stranger.get(f"/login?next={address}").one("form").fields["next"] == "/"


def test_who_is_not_signed_in_is_led_to_the_form_and_back(stranger: Visitor) -> None:
    answer = stranger.open("GET", "/inbox?tab=done", status=303)
    assert answer.location == "/login?next=/inbox?tab%3Ddone"
    page = stranger.get(answer.location)
    form = page.one("form")
    sent = {"login": "clerk", "password": PASSWORD, "workspace": stranger.slug}
    assert stranger.submit(form, sent, status=303).location == "/inbox?tab=done"


def test_a_part_of_a_page_is_not_replaced_by_the_sign_in_form(stranger: Visitor) -> None:
    answer = stranger.open("GET", "/inbox", status=401, headers={"HX-Request": "true"})
    assert not page_of(answer).all("form")


def test_what_is_sent_without_being_signed_in_does_not_happen(stranger: Visitor, visit: Visit, tag: str) -> None:
    stranger.post("/admin/departments", {"key": tag, "name": tag}, status=401)
    assert tag not in visit("admin").get("/admin/departments").text


@pytest.mark.parametrize("cookie", ["", "x", "nowhere.secret", ".", "\u00e9.x", "../x.y"])
def test_a_broken_session_is_as_good_as_none(stranger: Visitor, cookie: str) -> None:
    stranger.client.set_cookie("dougong_session", cookie)
    assert stranger.open("GET", "/", status=303).location.startswith("/login")


def test_signing_out_ends_the_session_here_and_on_the_server(visit: Visit) -> None:
    visitor = visit("clerk", fresh=True)
    cookie = visitor.client.get_cookie("dougong_session")
    assert cookie is not None
    form = next(each for each in visitor.get("/").all("form") if each["action"] == "/logout")
    answer = visitor.submit(form, status=303)
    assert answer.location == "/login"
    assert answer.headers["Clear-Site-Data"] == '"storage"'
    assert visitor.client.get_cookie("dougong_session") is None
    visitor.client.set_cookie("dougong_session", cookie.value)
    visitor.open("GET", "/", status=303)


def test_signing_out_twice_or_with_a_foreign_cookie_does_no_harm(stranger: Visitor) -> None:
    stranger.client.set_cookie("dougong_session", "nowhere.secret")
    assert stranger.post("/logout", {}, status=303).location == "/login"


def test_another_site_cannot_sign_somebody_in_or_out(visit: Visit, stranger: Visitor) -> None:
    sent = {"login": "clerk", "password": PASSWORD, "workspace": stranger.slug}
    stranger.open("POST", "/login", data=sent, status=400)
    assert stranger.client.get_cookie("dougong_session") is None
    visitor = visit("clerk")
    visitor.open("POST", "/logout", status=400)
    visitor.get("/")


@pytest.mark.parametrize(("language", "title"), [("zh_CN", "登录"), ("en", "Sign in")])
def test_the_form_speaks_the_language_of_the_browser(app: Flask, language: str, title: str) -> None:
    page = Visitor(app, "", language).get("/login")
    assert page.one("html")["lang"] == language.replace("_", "-")
    assert page.one("h1").text == title
