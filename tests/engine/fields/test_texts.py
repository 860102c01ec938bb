import pytest

from engine.definition.model import Json
from tests.engine.fields.made import CHINESE, ENGLISH, made, refusal


@pytest.mark.parametrize("type_", ["text", "long_text", "serial_number"])
@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("", ""),
        (" 混凝土 ", " 混凝土 "),
        ("a\tb\r\nc\rd\ne", "a\tb\nc\nd\ne"),
        ("<b>&amp;</b>", "<b>&amp;</b>"),
        ("😀", "😀"),
        ("\u2028\ufffe", "\u2028\ufffe"),
    ],
)
def test_text_is_kept_as_it_is_but_for_line_breaks(type_: str, raw: str, kept: str) -> None:
    assert made(type_).read(raw) == kept


@pytest.mark.parametrize("raw", [5, True, ["a"], {"a": "b"}])
@pytest.mark.parametrize("type_", ["text", "email", "phone", "url"])
def test_what_is_no_text_is_refused(type_: str, raw: Json) -> None:
    assert refusal(made(type_), raw).startswith(f"/f field.{type_}: ")


@pytest.mark.parametrize(
    ("raw", "named"),
    [("a\x00", "U+0000"), ("\x1b[0m", "U+001B"), ("\x7f", "U+007F"), ("\x85", "U+0085"), ("\ud800", "U+D800")],
)
def test_characters_that_no_database_keeps_are_refused(raw: str, named: str) -> None:
    assert refusal(made("text"), raw).startswith(f"/f field.characters: The character {named} cannot be kept")


def test_white_space_around_typed_text_is_trimmed() -> None:
    assert made("text").typed("\u3000 张伟 \n", CHINESE) == "张伟"


def test_what_was_refused_is_quoted_shortly_and_in_characters_that_can_be_sent() -> None:
    assert refusal(made("email"), "x" * 50).endswith(
        f"“{'x' * 40}…” is not an e-mail address such as zhang.wei@example.com."
    )
    assert (
        refusal(made("date"), "\ud800").encode()
        == "/f field.date: “?” is not a date between 1900 and 2999, such as 2026-03-02.".encode()
    )
    assert 'not ["一"].' in refusal(made("text"), ["一"])


@pytest.mark.parametrize(
    "raw",
    ["a@b.cn", "zhang.wei+site@mail.example.com", "o'neil_1@xn--fiqs8s.xn--fiqz9s", f"{'a' * 60}@example.com"],
)
def test_an_email_address_is_accepted(raw: str) -> None:
    assert made("email").read(raw) == raw


@pytest.mark.parametrize(
    "raw",
    ["", "a", "a@", "@b.cn", "a@b", "a@@b.cn", "a b@c.cn", "a@b.cn ", "a@b.cn\n", ".a@b.cn", "a.@b.cn", "a..b@c.cn",
     "a@-b.cn", "a@b.1", "a@b_c.cn", "张@例子.中国", "a@b.cn,c@d.cn", f"{'a' * 250}@b.cn"],
)  # fmt: skip
def test_what_is_no_email_address_is_refused(raw: str) -> None:
    assert refusal(made("email"), raw).startswith("/f field.email: ")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("13800138000", "13800138000"),
        ("138 0013 8000", "13800138000"),
        ("138-0013-8000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("+86 138 0013 8000", "13800138000"),
        ("+86-13800138000", "13800138000"),
        ("008613800138000", "13800138000"),
        ("010-12345678", "010-12345678"),
        ("(010) 12345678", "010-12345678"),
        ("（0755）1234567", "0755-1234567"),
        ("02112345678", "021-12345678"),
        ("+86 21 1234 5678", "021-12345678"),
        ("010-12345678-801", "010-12345678-801"),
        ("010-12345678转801", "010-12345678-801"),
        ("010-12345678 EXT. 801", "010-12345678-801"),
        ("400-820-8820", "4008208820"),
        ("+852 2345 6789", "+85223456789"),
        ("+1 (212) 555-0100", "+12125550100"),
    ],
)
def test_a_telephone_number_is_kept_in_one_form(text: str, kept: str) -> None:
    phone = made("phone")
    assert phone.read(phone.typed(text, CHINESE)) == kept
    assert phone.read(kept) == kept


@pytest.mark.parametrize(
    "raw", ["", "1380013800", "138001380000", "12345678", "0101234567890", "+123", "+86 123", "电话", "13800138000;rm"]
)
def test_what_is_no_telephone_number_is_refused(raw: str) -> None:
    assert refusal(made("phone"), raw).startswith("/f field.phone: ")


@pytest.mark.parametrize(
    "raw",
    [
        "https://example.com",
        "http://例子.中国/路径?a=1#b",
        "https://a.cn:8443/x",
        "http://[::1]/",
        "HTTPS://EXAMPLE.COM",
        "http://localhost",
    ],
)
def test_a_web_address_is_accepted(raw: str) -> None:
    assert made("url").read(raw) == raw


@pytest.mark.parametrize(
    "raw",
    ["", "example.com", "javascript:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)", "data:text/html,x",
     "ftp://a.cn", "//a.cn", "http:", "https://", "http:///x", "https://a.cn\\@b.cn", "https://a.cn/<script>",
     "https://a.cn/ x", "http://[::1", "http://a.cn:99999", "http://a.cn:0", f"https://a.cn/{'x' * 2048}"],
)  # fmt: skip
def test_what_could_become_a_dangerous_link_is_refused(raw: str) -> None:
    assert refusal(made("url"), raw).startswith("/f field.url: ")


def test_the_authors_keywords_stand_in_both_schemas() -> None:
    text = made("", type="string", maxLength=36, pattern="^x", format="uuid", title="T", description="D", x_index=True)
    limits = {"type": "string", "maxLength": 36, "pattern": "^x", "format": "uuid"}
    assert text.checked() == limits
    assert text.schema() == {"title": "字段", "description": "D", **limits}


@pytest.mark.parametrize(("type_", "format_"), [("email", "email"), ("url", "iri")])
def test_a_format_that_the_type_itself_checks_is_only_promised(type_: str, format_: str) -> None:
    typed = made(type_, maxLength=80, format="uri")
    assert typed.checked() == {"type": "string", "maxLength": 80}
    assert typed.schema()["format"] == format_


def test_a_serial_number_is_filled_by_the_system() -> None:
    number = made("serial_number")
    assert number.automatic
    assert number.schema()["readOnly"] is True
    assert not made("text").automatic


def test_text_is_shown_as_it_is() -> None:
    assert made("phone").show("010-12345678", ENGLISH) == "010-12345678"
