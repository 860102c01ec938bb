import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.definition.text.json_text import parse_json
from engine.definition.text.scan import MAX_DEPTH, MAX_DIGITS, scan
from engine.problems import Malformed, Problem

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


def flaws(text: str) -> tuple[Problem, ...]:
    with pytest.raises(Malformed) as refused:
        parse_json(text)
    return refused.value.problems


def test_numbers_are_exact_and_never_floats() -> None:
    assert parse_json("[1, -0, 0.10, 1E2, 12345678901234567.89]") == [
        1, 0, Decimal("0.10"), Decimal(100), Decimal("12345678901234567.89"),
    ]  # fmt: skip
    assert str(parse_json("0.10")) == "0.10"


#: Text with » before the expected place; code and what the sentence says.
FLAWED = [
    ("»", "json.ended", "ends before"),
    ('{"a": 1»', "json.ended", "ends before"),
    ("[1, 2»", "json.ended", "ends before"),
    ("»hello", "json.value", "in place of “hello”"),
    ("»True", "json.value", "in place of “True”"),
    ("»'a'", "json.value", "in place of “'”"),
    ("[»,]", "json.value", "in place of “,”"),
    ("[1,\n »,]", "json.value", "in place of “,”"),
    ("{»a: 1}", "json.key", "in place of “a”"),
    ("{»'a': 1}", "json.key", "double quotes"),
    ('{"a" »1}', "json.colon", "in place of “1”"),
    ('{"a": 1 »"b": 2}', "json.comma", "Expected “,” or “}”"),
    ("[1 »2]", "json.comma", "Expected “,” or “]”"),
    ("[0»1]", "json.comma", "in place of “1”"),
    ("[1», ]", "json.trailing_comma", "before “]”"),
    ('{"a": 1»,\n}', "json.trailing_comma", "before “}”"),
    ("{} »{}", "json.more_text", "but “{” does"),
    ("{»// no\n}", "json.comment", "no comments"),
    ("[1, »/* no */ 2]", "json.comment", "no comments"),
    ("»# no", "json.comment", "no comments"),
    ('{"a": »"b\n}', "json.open_string", "not closed"),
    ('[»"b', "json.open_string", "not closed"),
    ('[»"b\\', "json.open_string", "not closed"),
    ('["b»\\x"]', "json.escape", "“\\x” is not an escape"),
    ('["b»\\u12"]', "json.escape", "“\\u” is not an escape"),
    ('["a»\tb"]', "json.control", "written \\u0009"),
    ('["好", »"\\ud83d"]', "json.surrogate", "half a character"),
    ('{»"\\udc00": 1}', "json.surrogate", "half a character"),
    ('{"a": {"b": 1,\n »"b": 2}}', "json.duplicate_key", "“b” is given twice"),
    ('{"a": 1, »"\\u0061": 2}', "json.duplicate_key", "“a” is given twice"),
    ("[»NaN]", "json.not_a_number", "no NaN"),
    ("[»-Infinity]", "json.not_a_number", "no -Infinity"),
    ("[»1e41]", "json.number", "at most 40"),
    ("[»1e-00041]", "json.number", "at most 40"),
    ("[»1e999999999999999999999]", "json.number", "at most 40"),
    ("[»" + "1" * (MAX_DIGITS + 1) + "]", "json.number", "at most 40"),
    ("[»0." + "1" * MAX_DIGITS + "]", "json.number", "at most 40"),
    ("[" * MAX_DEPTH + "»[" + "]" * (MAX_DEPTH + 1), "json.too_deep", "At most 64"),
    ('{"a":' * MAX_DEPTH + "»{", "json.too_deep", "At most 64"),
]


@pytest.mark.parametrize(("marked", "code", "words"), FLAWED)
def test_a_flaw_is_refused_with_its_place_and_what_is_expected(marked: str, code: str, words: str) -> None:
    before = marked.split("»", maxsplit=1)[0]
    (problem,) = flaws(marked.replace("»", ""))
    assert problem.code == code
    assert (problem.line, problem.column) == (before.count("\n") + 1, len(before.split("\n")[-1]) + 1)
    assert words in problem.sentence


def test_flaws_that_leave_the_rest_readable_are_all_told() -> None:
    found = flaws('{"a": NaN, "a": [1,], "b": 1e99, "c"')
    assert [each.code for each in found] == [
        "json.not_a_number", "json.duplicate_key", "json.trailing_comma", "json.number", "json.ended",
    ]  # fmt: skip
    assert [each.pointer for each in found] == ["/a", "", "/a", "/b", ""]


def test_what_is_just_small_enough_is_read() -> None:
    deep = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert json.dumps(parse_json(deep)) == deep
    assert parse_json(f"[{'9' * MAX_DIGITS}, 1e40, 1e-40]")[0] == 10**MAX_DIGITS - 1
    assert len(parse_json("[" + ", ".join(["[]"] * 100) + "]")) == 100


def test_a_whole_surrogate_pair_is_one_character() -> None:
    assert parse_json('"\\ud83d\\ude00"') == "😀"


def test_a_hundred_thousand_brackets_do_no_harm() -> None:
    (problem,) = flaws("[" * 100_000)
    assert problem.code == "json.too_deep"


@given(VALUES)
def test_what_python_writes_is_read_alike(value: object) -> None:
    for text in (json.dumps(value), json.dumps(value, ensure_ascii=False, indent=1)):
        assert parse_json(text) == value


JSON_LIKE = st.text(st.sampled_from('{}[],:"\\ \n\t0123456789.eE+-truefalsnNaIiy/u好'), max_size=30)


@given(JSON_LIKE | st.builds(lambda value, cut: json.dumps(value)[cut:-1], VALUES, st.integers(0, 2)))
def test_the_slow_reading_and_the_fast_one_agree_on_what_is_json(text: str) -> None:
    """Where they differed, a text would be refused without a reason or accepted with one."""
    try:
        json.loads(text)
    except ValueError:
        assert scan(text).flaws
    else:
        grammar = {"json.duplicate_key", "json.number", "json.surrogate", "json.not_a_number"}
        assert {flaw.code for flaw in scan(text).flaws} <= grammar


@given(JSON_LIKE)
def test_any_text_is_read_or_refused_with_a_reason(text: str) -> None:
    try:
        parse_json(text)
    except Malformed as refused:
        found = refused.problems
    else:
        return
    assert all(problem.sentence and problem.line and problem.column for problem in found)
