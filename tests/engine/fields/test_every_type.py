import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import engine.fields
from engine.definition.model import At, Field, Json
from engine.fields import FIELD_TYPES, keywords, known_types
from engine.fields.field_type import FieldType, Storage, Unreadable
from tests.engine.fields.made import CHINESE, ENGLISH, made

#: Files of the package that hold no type of their own, and the type that nobody can name.
FOUNDATIONS = {"__init__", "field_type", "keywords", "characters", "exact", "identity", "infer", "unknown"}
WIDGETS = {
    *("text", "long_text", "number", "boolean", "date", "datetime", "time", "choice", "choices", "person"),
    *("department", "reference", "lines", "object", "file", "photo", "readonly", "json", "email", "phone", "url"),
}


def test_every_file_is_a_type_and_every_type_has_its_file() -> None:
    files = {path.stem for path in Path(engine.fields.__path__[0]).glob("*.py")}
    assert files - FOUNDATIONS == set(known_types())
    assert len(known_types()) == len(FIELD_TYPES)
    for each in FIELD_TYPES:
        assert each.__module__ == f"engine.fields.{each.name}"


@pytest.mark.parametrize("each", FIELD_TYPES, ids=lambda each: each.name)
def test_every_type_says_what_it_needs(each: type[FieldType]) -> None:
    made = each(Field(key="f", title="F", at=At(), schema={"enum": ["a"]}))
    assert each.widget in WIDGETS
    assert isinstance(made.storage, Storage)
    assert made.scale >= 0
    Draft202012Validator.check_schema(made.schema())
    Draft202012Validator.check_schema(made.checked())
    assert made.schema()["title"] == "F"


def test_the_types_understand_what_the_meta_schema_lets_authors_write() -> None:
    meta_schema = json.loads((Path(__file__).parents[3] / "schemas/property.schema.json").read_text())
    understood = keywords.COMMON.union(*(each.keywords for each in FIELD_TYPES))
    assert set(meta_schema["properties"]) <= understood


def test_the_types_of_a_field_do_not_share_what_they_know() -> None:
    assert made("decimal", x_scale=1).scale == 1
    assert made("decimal").scale == 6


def _scaled(scale: int) -> st.SearchStrategy[str]:
    limit = 10**18 - 1
    return st.integers(-limit, limit).map(lambda number: f"{Decimal(number).scaleb(-scale):f}")


#: Text that nobody trims away.
WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs"])).map(str.strip)
IDS = st.from_regex(r"[A-Za-z0-9.@_\u4e00-\u9fa5-]{1,100}", fullmatch=True)
NUMBERS = st.integers(-(10**39), 10**39) | st.decimals(
    allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=5
)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=20,
)
MOMENTS = st.datetimes(datetime.fromisoformat("1900-01-01"), datetime.fromisoformat("2999-12-31"))
TITLED = {
    "oneOf": [
        {"const": "a", "title": "甲"},
        {"const": "b, c", "title": "a"},
        {"const": "[1]"},
        {"const": '"a"'},
        {"const": "甲"},
    ]
}
MIXED = ["1", 1, "true", True, "null", Decimal("0.5"), "[]", [], {"a": [1]}]

CASES: dict[str, tuple[FieldType, st.SearchStrategy[Json]]] = {
    "text": (made("text"), WORDS),
    "long_text": (made("long_text"), WORDS),
    "integer": (made("integer"), st.integers(-(10**18) + 1, 10**18 - 1)),
    "decimal": (made("decimal"), _scaled(6)),
    "decimal of scale 0": (made("decimal", x_scale=0), _scaled(0)),
    "decimal as a JSON number": (made(type="number"), _scaled(6).map(Decimal)),
    "quantity": (made("quantity"), _scaled(6)),
    "percent": (made("percent"), _scaled(4)),
    "money": (made("money"), _scaled(2)),
    "boolean": (made("boolean"), st.booleans()),
    "date": (made("date"), MOMENTS.map(lambda moment: moment.date().isoformat())),
    "datetime": (made("datetime"), MOMENTS.map(lambda moment: moment.isoformat() + "Z")),
    "time": (made("time"), st.times().map(lambda time: time.isoformat("seconds"))),
    "choice": (made("choice", **TITLED), st.sampled_from([each["const"] for each in TITLED["oneOf"]])),
    "choice of everything": (made("choice", enum=MIXED), st.sampled_from(MIXED)),
    "multi_choice": (
        made("multi_choice", items=TITLED),
        st.lists(st.sampled_from([each["const"] for each in TITLED["oneOf"]]), unique=True),
    ),
    "user": (made("user"), IDS),
    "department": (made("department"), IDS),
    "reference": (made("reference"), IDS),
    "lines": (made("lines"), st.lists(st.dictionaries(WORDS, NUMBERS, max_size=3), max_size=3)),
    "object": (made("object"), st.dictionaries(WORDS, JSON, max_size=3)),
    "file": (made("file"), IDS),
    "several files": (made("file", x_multiple=True), st.lists(IDS, min_size=1, unique=True)),
    "photo": (made("photo"), IDS),
    "serial_number": (made("serial_number"), WORDS),
    "email": (made("email"), st.from_regex(r"[a-z0-9_]{1,9}(\.[a-z]+)?@([a-z0-9]+\.){1,2}[a-z]{2,9}", fullmatch=True)),
    "phone": (
        made("phone"),
        st.from_regex(r"1[0-9]{10}|010[1-9][0-9]{7}-[0-9]{1,6}|\+49[0-9]{9}|\+86 755 [1-9][0-9]{6}", fullmatch=True),
    ),
    "url": (made("url"), st.from_regex(r"https?://[a-z0-9]{1,9}\.cn/[a-z0-9?&=%#/]{0,20}", fullmatch=True)),
    "json": (made("json"), JSON.filter(lambda value: value is not None)),
}  # fmt: skip


def test_every_type_has_a_case_here() -> None:
    assert {type_.name for type_, _ in CASES.values()} == set(known_types())


@pytest.mark.parametrize("case", CASES)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_kept_value_comes_back_from_everywhere(case: str, data: st.DataObject) -> None:
    type_, raws = CASES[case]
    value = type_.read(data.draw(raws))
    sent = type_.read(type_.written(value))
    assert (type(sent), sent) == (type(value), value)
    for audience in (CHINESE, ENGLISH):
        edited = type_.read(type_.typed(type_.edited(value, audience), audience))
        assert edited == value, type_.edited(value, audience)
        assert isinstance(type_.show(value, audience), str)


@pytest.mark.parametrize("case", CASES)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_kept_value_fits_both_schemas(case: str, data: st.DataObject) -> None:
    type_, raws = CASES[case]
    value = type_.read(data.draw(raws))
    Draft202012Validator(type_.checked()).validate(value)
    Draft202012Validator(type_.schema()).validate(type_.written(value))


@pytest.mark.parametrize("case", ["money", "quantity", "decimal", "integer"])
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_showing_a_number_only_groups_its_digits(case: str, data: st.DataObject) -> None:
    type_, raws = CASES[case]
    value = type_.read(data.draw(raws))
    assert type_.show(value, ENGLISH).replace(",", "") == type_.edited(value, ENGLISH)


@pytest.mark.parametrize("each", FIELD_TYPES, ids=lambda each: each.name)
@settings(max_examples=25, deadline=None)
@given(raw=JSON | st.floats() | st.text(), text=st.text())
def test_no_value_and_no_text_breaks_a_type(each: type[FieldType], raw: Json, text: str) -> None:
    type_ = made(each.name, enum=["a"])
    for arrived in (raw, type_.typed(text, CHINESE)):
        if arrived is not None:
            _refuse_or_keep(type_, arrived)


def _refuse_or_keep(type_: FieldType, raw: Json) -> None:
    try:
        value = type_.read(raw)
    except Unreadable as error:
        error.problem("/f").sentence.encode()
    else:
        assert type_.read(type_.written(value)) == value
