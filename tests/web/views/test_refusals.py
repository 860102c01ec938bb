"""Error pages, and the headers that every answer carries, whatever it is."""

from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

from tests.web.views.conftest import Visit
from tests.web.views.visitor import FRAGMENT, Visitor, page_of
from web.app import create_app
from web.settings import Settings

#: Method and address → status, as the administrator.
ANSWERS = {
    ("GET", "/"): 200,
    ("GET", "/inbox"): 200,
    ("GET", "/look-up/people"): 200,
    ("GET", "/nowhere"): 404,
    ("GET", "/m/plant/machine/nothing"): 404,
    ("GET", "/static/dist/nothing.js"): 404,
    ("GET", "/static/dist/../../app.py"): 404,
    ("GET", "/api/v1/nowhere"): 404,
    ("DELETE", "/inbox"): 405,
    ("GET", "/language"): 405,
    ("POST", "/language"): 400,
    ("GET", "/a%00b"): 404,
    ("GET", "/login"): 200,
}


@pytest.mark.parametrize(("asked", "status"), ANSWERS.items())
def test_every_answer_forbids_script_from_elsewhere_framing_and_guessing(
    visit: Visit, asked: tuple[str, str], status: int
) -> None:
    hold_to_the_headers(visit("admin").open(*asked, status=status).headers)


def test_scripts_and_styles_carry_the_headers_too_and_may_be_kept_for_ever(visit: Visit) -> None:
    page = visit("admin").get("/")
    addresses = [each["src"] for each in page.all("script") if each.get("src")]
    addresses += [each["href"] for each in page.all("link")]
    assert len(addresses) >= 3
    for address in addresses:
        answer = visit("admin").open("GET", address, status=200)
        hold_to_the_headers(answer.headers)
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_page_is_kept_by_nobody_else_and_not_taken_for_a_part_of_itself(visit: Visit) -> None:
    answer = visit("admin").open("GET", "/inbox", status=200)
    assert answer.headers["Cache-Control"] == "no-cache, private"
    assert "HX-Request" in answer.headers["Vary"]


def hold_to_the_headers(headers: object) -> None:
    found = dict(headers)  # type: ignore[call-overload]
    rules = dict(each.strip().split(" ", 1) for each in found["Content-Security-Policy"].split(";"))
    assert rules["default-src"] == "'self'"
    assert rules["frame-ancestors"] == rules["object-src"] == rules["base-uri"] == "'none'"
    assert rules["form-action"] == "'self'"
    assert not {"script-src", "style-src"} & rules.keys()
    assert "unsafe" not in found["Content-Security-Policy"]
    assert found["X-Content-Type-Options"] == "nosniff"
    assert found["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize(
    ("language", "title", "text"),
    [
        ("en", "There is nothing here", "There is no such page."),
        ("zh_CN", "内容不存在", "没有这个页面。"),
    ],
)
def test_an_unknown_address_is_told_in_the_frame_and_language_of_the_reader(
    visit: Visit, language: str, title: str, text: str
) -> None:
    page = visit("clerk", language).get("/nowhere/at/all", status=404)
    assert page.one("main").one("h1").text == title
    assert text in page.one("main").text
    assert page.all("nav", class_="menu")


def test_an_unknown_address_is_told_to_strangers_without_a_frame(stranger: Visitor) -> None:
    page = stranger.get("/nowhere", status=404)
    assert page.one("h1").text == "There is nothing here"
    assert not page.all("nav")


def test_the_chosen_language_speaks_in_refusals_too(visit: Visit, somebody: str) -> None:
    visitor = visit(somebody, "en", fresh=True)
    visitor.post("/language", {"language": "zh_CN"}, status=303)
    assert visitor.get("/nowhere", status=404).one("html")["lang"] == "zh-CN"
    answer = visitor.open("POST", "/language", status=400, data={"language": "en"})
    assert page_of(answer).one("html")["lang"] == "zh-CN"


def test_a_wrong_method_says_which_ones_are_right(visit: Visit) -> None:
    answer = visit("clerk").open("PUT", "/profile", status=405)
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}
    assert page_of(answer).one("main").one("h1").text == "That did not work"


def test_a_form_that_is_too_large_is_refused_before_it_is_read(visit: Visit) -> None:
    head, end = b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\n', b"\r\n--x--\r\n"
    body = head + b"x" * (9 * 2**20) + end
    kind = "multipart/form-data; boundary=x"
    answer = visit("admin").open("POST", "/admin/departments", status=413, data=body, content_type=kind)
    assert page_of(answer).one("main").one("h1").text == "Too large"


def test_a_part_of_a_page_is_refused_with_a_status_that_the_script_words(visit: Visit) -> None:
    for path, status in (("/nowhere", 404), ("/admin/people", 403)):
        assert visit("clerk").open("GET", path, status=status, headers=FRAGMENT).mimetype == "text/html"


def test_a_crash_is_told_without_its_cause(app: Flask, visit: Visit, caplog: pytest.LogCaptureFixture) -> None:
    visitor = visit("clerk", fresh=True)
    headers = {"X-CSRFToken": visitor.token()}
    kept = visitor.open("POST", "/files", status=201, data={"file": (BytesIO(b"to be lost"), "a.txt")}, headers=headers)
    shelf = Path(app.extensions["dougong_shelf"]._path)
    for each in shelf.rglob("*"):
        if each.is_file() and each.read_bytes() == b"to be lost":
            each.unlink()
    answer = visitor.open("GET", f"/files/{kept.json['id']}", status=500)
    hold_to_the_headers(answer.headers)
    page = page_of(answer)
    assert page.one("h1").text == "That did not work"
    assert "FileNotFoundError" not in answer.text
    assert str(shelf) not in answer.text
    assert "FileNotFoundError" in caplog.text


def test_even_without_its_database_the_application_answers_with_a_page(tmp_path: Path) -> None:
    app = create_app(Settings(database=f"sqlite:///{tmp_path}/data", secret_key="test", files=tmp_path / "files"))
    deployment = app.extensions["dougong"]
    company = deployment.create("gone", title="t")
    visitor = Visitor(app, "gone")
    visitor.client.set_cookie("dougong_session", "gone.secret")
    company.database.dispose()
    for each in (tmp_path / "data").iterdir():
        each.write_bytes(b"not a database" * 1000)
    answer = visitor.open("GET", "/inbox", status=500)
    hold_to_the_headers(answer.headers)
    assert page_of(answer).one("h1").text == "That did not work"
