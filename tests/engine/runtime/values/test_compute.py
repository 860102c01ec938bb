"""Computed fields: in order, in every line and group, brought to the form of their field; and their failures."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.compile.model import CompiledEntity
from engine.definition.model import Json
from engine.fields.field_type import Unreadable
from engine.formula.scope import Facts
from engine.runtime.values.compute import compute, kept, places, words
from tests.engine.definitions import (
    DATE,
    MOMENT,
    MONEY,
    NUMBER,
    PERCENT,
    PERSON,
    TAGS,
    TEXT,
    YES,
    an_entity,
    computed,
    group,
    lines,
)

NOON = datetime(2026, 3, 2, 12, 30, tzinfo=UTC)


def result(entity: CompiledEntity, values: Json, hidden: tuple[str, ...] = ()) -> Json:
    found, problems = compute(entity, facts(values), hidden)
    assert problems == ()
    return found


def facts(values: Json) -> Facts:
    return Facts(values=values, now=NOON, today=date(2026, 3, 2), actor="lin")


@pytest.mark.parametrize(
    ("field", "formula", "value"),
    [
        (MONEY, "10 / 3", Decimal("3.33")),
        (MONEY, "0.125", Decimal("0.13")),
        (MONEY, "-0.125", Decimal("-0.13")),
        (NUMBER, "5 / 2", 3),
        (PERCENT, "1 / 3", Decimal("0.3333")),
        (TEXT, 'CONCAT("A", 1)', "A1"),
        (YES, "1 = 1", True),
        (DATE, "TODAY() + 1", "2026-03-03"),
        (MOMENT, "NOW()", "2026-03-02T12:30:00Z"),
        (PERSON, "ME()", "lin"),
        (TAGS, "other", ["new"]),
    ],
)
def test_a_result_takes_the_form_of_its_field(field: dict[str, str], formula: str, value: Json) -> None:
    entity = an_entity({"a": computed(formula, field), "other": TAGS})
    assert result(entity, {"other": ["new"]})["a"] == value


@pytest.mark.parametrize("formula", ["b", 'IF(b = 1, "x")', 'IF(TRUE, "")'])
def test_a_blank_result_is_no_value_and_takes_an_old_one_away(formula: str) -> None:
    field = MONEY if formula == "b" else TEXT
    assert result(an_entity({"a": computed(formula, field), "b": NUMBER}), {"a": "old"}) == {}


def test_lines_groups_and_the_record_are_computed_in_the_order_in_which_they_read() -> None:
    items = lines(price=MONEY, count=NUMBER, sum=computed("price * count"), share=computed("sum / total", PERCENT))
    entity = an_entity({"total": computed("SUM(items.sum)"), "items": items})
    assert result(entity, {"items": [{"price": 2, "count": 3}, {"price": 1, "count": 4}, {"price": 1}]}) == {
        "total": Decimal("10.00"),
        "items": [
            {"price": 2, "count": 3, "sum": Decimal("6.00"), "share": Decimal("0.6")},
            {"price": 1, "count": 4, "sum": Decimal("4.00"), "share": Decimal("0.4")},
            {"price": 1},
        ],
    }


def test_a_group_is_made_when_something_in_it_is_computed_and_only_then() -> None:
    sums = group(total=computed("a * 2"), note=TEXT, inner=group(half=computed("a / 2")))
    entity = an_entity(
        {"a": NUMBER, "sums": sums, "plain": group(x=NUMBER), "items": lines(sums=group(b=computed("a")))}
    )
    assert result(entity, {"a": 4, "items": [{}]}) == {
        "a": 4,
        "sums": {"total": Decimal("8.00"), "inner": {"half": Decimal("2.00")}},
        "items": [{"sums": {"b": Decimal("4.00")}}],
    }
    assert result(entity, {}) == {}
    assert result(entity, {"sums": {}, "items": [{}]}) == {"sums": {}, "items": [{}]}


def test_what_is_hidden_has_no_value_typed_or_computed() -> None:
    items = lines(price=MONEY, sum=computed("price"))
    entity = an_entity(
        {"a": NUMBER, "b": computed("a"), "c": computed("b"), "site": group(x=NUMBER, y=computed("1")), "items": items}
    )
    values = {"a": 1, "site": {"x": 1}, "items": [{"price": 1}, {"price": 2}]}
    assert result(entity, values, ("/b", "/site", "/items/0/price")) == {
        "a": 1,
        "items": [{}, {"price": 2, "sum": Decimal("2.00")}],
    }
    assert "site" not in result(entity, {"a": 1}, ("/site",))
    assert values["site"] == {"x": 1}


def test_only_fields_come_back_and_in_their_order() -> None:
    entity = an_entity({"b": computed("1"), "a": TEXT})
    assert list(result(entity, {"a": "x", "id": "r1", "number": "N"})) == ["b", "a"]


def test_nothing_is_written_into_the_given_values() -> None:
    entity = an_entity({"items": lines(sum=computed("1")), "site": group(sum=computed("1"))})
    values: dict[str, Json] = {"items": [{}], "site": {}}
    result(entity, values)
    assert values == {"items": [{}], "site": {}}


def test_a_formula_without_a_value_is_told_at_its_place_and_the_others_go_on() -> None:
    items = lines(n=NUMBER, part=computed("1 / n"))
    entity = an_entity({"items": items, "long": computed("1000000000000 * 1000000000000"), "ok": computed("1")})
    values, problems = compute(entity, facts({"items": [{"n": 0, "part": "old"}, {"n": 4}]}))
    assert [(each.code, each.pointer) for each in problems] == [
        ("formula.division_by_zero", "/items/0/part"),
        ("field.digits", "/long"),
    ]
    assert values == {"items": [{"n": 0}, {"n": 4, "part": Decimal("0.25")}], "ok": Decimal("1.00")}


@given(st.decimals(allow_nan=False, allow_infinity=False).filter(lambda number: -99 <= number.adjusted() < 99))
def test_any_number_that_a_formula_gives_is_kept_or_refused_but_never_a_crash(number: Decimal) -> None:
    field = an_entity({"a": MONEY}).fields["a"]
    if abs(number) < 10**16 - 1:
        assert abs(kept(field, number) - number) <= Decimal("0.005")
    elif abs(number) >= 10**16:
        with pytest.raises(Unreadable, match="digits"):
            kept(field, number)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, ""),
        (True, "TRUE"),
        (False, "FALSE"),
        (Decimal("5200.00"), "5200.00"),
        (Decimal("1E+3"), "1000"),
        (date(2026, 3, 2), "2026-03-02"),
        (NOON, "2026-03-02T12:30:00+00:00"),
        ("中文", "中文"),
    ],
)
def test_values_are_put_into_words(value: Json, said: str) -> None:
    assert words(value) == said


def test_the_places_of_a_path() -> None:
    values = {"a": 1, "site": {"x": 1}, "items": [{"p": 1}, {"p": 2, "parts": [{}]}], "none": None}
    assert [pointer for _, pointer in places(values, ("a",))] == ["/a"]
    assert [pointer for _, pointer in places(values, ("site", "y"))] == ["/site/y"]
    assert [pointer for _, pointer in places(values, ("items", "p"))] == ["/items/0/p", "/items/1/p"]
    assert [pointer for _, pointer in places({"items": [{"parts": [{}]}]}, ("items", "parts", "q"))] == [
        "/items/0/parts/0/q"
    ]
    assert [*places(values, ("none", "x")), *places(values, ("gone", "x"))] == []
