import pytest

from engine.definition.model import Json
from tests.engine.fields.made import CHINESE, ENGLISH, made, refusal


@pytest.mark.parametrize("raw", ["1900-01-01", "2024-02-29", "2999-12-31"])
def test_a_date_that_exists_is_kept(raw: str) -> None:
    assert made("date").read(raw) == raw


@pytest.mark.parametrize(
    "raw",
    ["", "2026-02-29", "2026-13-01", "1899-12-31", "3000-01-01", "2026-3-2", "20260302", "2026-W10-1",
     "２０２６-０３-０２", "2026-03-02T00:00:00Z", "2026-03-02\n", "0000-00-00", 20260302, True],
)  # fmt: skip
def test_what_is_no_date_is_refused(raw: Json) -> None:
    assert refusal(made("date"), raw).startswith("/f field.date: ")


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02",
        "2026-3-2",
        "2026/3/2",
        "2026/03/02",
        "2026.3.2",
        "2026年3月2日",
        "2026年3月2",
        " ２０２６／３／２ ",
    ],
)
def test_a_date_is_understood_as_people_write_it(text: str) -> None:
    date = made("date")
    assert date.read(date.typed(text, CHINESE)) == "2026-03-02"


@pytest.mark.parametrize("text", ["3/2/2026", "02.03.2026", "26-3-2", "明天"])
def test_a_date_that_could_be_another_is_not_guessed(text: str) -> None:
    date = made("date")
    assert refusal(date, date.typed(text, CHINESE)) == (
        f"/f field.date: “{text}” is not a date between 1900 and 2999, such as 2026-03-02."
    )


def test_a_date_is_shown_in_the_way_of_the_language() -> None:
    assert made("date").show("2026-03-02", CHINESE) == "2026-03-02"
    assert made("date").show("2026-03-02", ENGLISH) == "2 Mar 2026"


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("2026-03-02T01:00:00Z", "2026-03-02T01:00:00Z"),
        ("2026-03-02T09:00:00+08:00", "2026-03-02T01:00:00Z"),
        ("2026-03-02T09:00+08:00", "2026-03-02T01:00:00Z"),
        ("2026-03-01T20:00:00-05:00", "2026-03-02T01:00:00Z"),
        ("2026-03-02T01:00:00.5Z", "2026-03-02T01:00:00.500000Z"),
        ("2026-03-02T01:00:00.000Z", "2026-03-02T01:00:00Z"),
        ("1900-01-01T00:00:00Z", "1900-01-01T00:00:00Z"),
        ("3000-01-01T07:59:59+08:00", "2999-12-31T23:59:59Z"),
    ],
)
def test_a_moment_is_kept_in_utc(raw: str, kept: str) -> None:
    assert made("datetime").read(raw) == kept
    assert made("datetime").read(kept) == kept


@pytest.mark.parametrize(
    "raw",
    ["", "2026-03-02", "2026-03-02T09:00:00", "2026-03-02 09:00:00+08:00", "2026-03-02T24:30:00Z",
     "2026-03-02T23:59:60Z", "2026-02-30T00:00:00Z", "2026-03-02T00:00:00+24:00", "1900-01-01T07:00:00+08:00",
     "3000-01-01T00:00:00Z", "0001-01-01T00:00:00+08:00", "9999-12-31T23:00:00-08:00", 1772413200, True],
)  # fmt: skip
def test_what_is_no_moment_is_refused(raw: Json) -> None:
    assert refusal(made("datetime"), raw).startswith("/f field.datetime: ")


@pytest.mark.parametrize(
    "text",
    ["2026-03-02T09:00", "2026-03-02 09:00", "2026-03-02 9:00:00", "2026/3/2 9:00", "2026年3月2日 9时00分",
     "2026年3月2日9:00", "２０２６/３/２　９：００", "2026-03-02T01:00:00Z", "2026-03-01T20:00:00-05:00"],
)  # fmt: skip
def test_a_moment_without_an_offset_is_meant_where_the_person_is(text: str) -> None:
    moment = made("datetime")
    assert moment.read(moment.typed(text, CHINESE)) == "2026-03-02T01:00:00Z"


@pytest.mark.parametrize(
    "text", ["2026-03-02", "2026-02-30 09:00", "2026-03-02 25:00", "9:00", "0001-01-01 00:00", "现在"]
)
def test_half_a_moment_is_not_completed(text: str) -> None:
    moment = made("datetime")
    assert refusal(moment, moment.typed(text, CHINESE)).startswith("/f field.datetime: ")


def test_a_moment_is_shown_and_edited_where_the_person_is() -> None:
    moment = made("datetime")
    assert moment.show("2026-03-02T01:00:00Z", CHINESE) == "2026-03-02 09:00"
    assert moment.show("2026-03-02T01:00:00Z", ENGLISH) == "1 Mar 2026 20:00"
    assert moment.edited("2026-03-02T01:00:00Z", CHINESE) == "2026-03-02 09:00"
    assert moment.edited("2026-03-02T01:00:07Z", ENGLISH) == "2026-03-01 20:00:07"


def test_the_hour_that_a_clock_set_back_repeats_is_edited_in_utc() -> None:
    moment = made("datetime")
    assert moment.edited("2026-11-01T05:30:00Z", ENGLISH) == "2026-11-01 01:30"
    assert moment.edited("2026-11-01T06:30:00Z", ENGLISH) == "2026-11-01T06:30:00Z"


@pytest.mark.parametrize(
    ("raw", "kept"), [("00:00", "00:00"), ("23:59:59", "23:59:59"), ("09:00:00", "09:00"), ("09:00:30", "09:00:30")]
)
def test_a_time_is_kept_with_seconds_only_when_it_has_some(raw: str, kept: str) -> None:
    assert made("time").read(raw) == kept


@pytest.mark.parametrize(
    "raw", ["", "9:00", "24:00", "09:60", "09:00:60", "09:00Z", "09", "0900", "09:00\n", 900, True]
)
def test_what_is_no_time_is_refused(raw: Json) -> None:
    assert refusal(made("time"), raw).startswith("/f field.time: ")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("9:00", "09:00"),
        ("９：３０", "09:30"),
        ("9时30分", "09:30"),
        ("9点5分", "09:05"),
        ("9时30分5秒", "09:30:05"),
        ("09:00:07", "09:00:07"),
    ],
)
def test_a_time_is_understood_as_people_write_it(text: str, kept: str) -> None:
    time = made("time")
    assert time.read(time.typed(text, CHINESE)) == kept


def test_the_public_schema_promises_the_format_that_is_kept() -> None:
    assert made("date").schema() == {"title": "字段", "type": "string", "format": "date"}
    assert made("datetime").schema()["format"] == "date-time"
    assert made("time", format="time").schema() == {
        "title": "字段",
        "type": "string",
        "pattern": "^[0-9]{2}:[0-9]{2}(:[0-9]{2})?$",
    }
    assert made("time", format="time").checked() == {"type": "string"}
