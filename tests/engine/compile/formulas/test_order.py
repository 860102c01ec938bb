"""Formulas of a definition: compiled with their place, wanted types and embedded texts; computed fields in order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.compile.build import examine
from tests.engine.compile.refusals import problems
from tests.engine.definitions import (
    DATE,
    MOMENT,
    MONEY,
    NUMBER,
    PERSON,
    TAGS,
    TEXT,
    YES,
    a_module,
    an_entity,
    computed,
    group,
    lines,
    reference,
)

CLAIM = "entities/claim.json"


def test_a_mistake_is_placed_at_its_character() -> None:
    assert problems({"amount": MONEY, "total": computed("amount + amuont")}) == [
        ("formula.unknown_field", CLAIM, 'amuont"')
    ]


def test_several_mistakes_in_one_formula_are_all_told() -> None:
    assert problems({"total": computed("a + b")}) == [
        ("formula.unknown_field", CLAIM, '"a + b"'),
        ("formula.unknown_field", CLAIM, 'b"'),
    ]


@pytest.mark.parametrize("keyword", ["x-visible", "x-required", "x-readonly"])
def test_a_condition_is_true_or_false(keyword: str) -> None:
    assert problems({"amount": MONEY | {keyword: "amount > 5"}, "name": TEXT | {keyword: "FALSE"}}) == []
    assert problems({"amount": MONEY | {keyword: "amount + 5"}}) == [("formula.result", CLAIM, '"amount + 5"')]


@pytest.mark.parametrize(
    ("field", "formula"),
    [
        (MONEY, "a + 1"),
        (NUMBER, "a"),
        (TEXT, 'CONCAT("A", a)'),
        (YES, "a > 1"),
        (DATE, "TODAY()"),
        (MOMENT, "NOW()"),
        (PERSON, "ME()"),
        (PERSON, "created_by"),
        (TAGS, "tags"),
    ],
)
@pytest.mark.parametrize("keyword", ["x-formula", "x-default"])
def test_a_computed_value_and_a_default_are_of_the_field_s_type(
    field: dict[str, str], formula: str, keyword: str
) -> None:
    assert problems({"a": NUMBER, "tags": TAGS, "b": {**field, keyword: formula}}) == []


@pytest.mark.parametrize(
    ("field", "formula"),
    [
        (MONEY, '"1"'),
        (MONEY, "items.price"),
        (TEXT, "a"),
        (DATE, "NOW()"),
        (MOMENT, "TODAY()"),
        (PERSON, '"lin"'),
        (TAGS, '"new"'),
        (YES, "1"),
        (TEXT, "NOW() - NOW()"),
    ],
)
@pytest.mark.parametrize("keyword", ["x-formula", "x-default"])
def test_another_type_is_refused(field: dict[str, str], formula: str, keyword: str) -> None:
    found = problems({"a": NUMBER, "items": lines(price=MONEY), "b": {**field, keyword: formula}})
    assert [(code, file) for code, file, _ in found] == [("formula.result", CLAIM)]


def test_line_items_and_groups_are_not_computed_as_a_whole() -> None:
    given = {"site": group(a=NUMBER), "copy": group(a=NUMBER) | {"x-formula": "site"}}
    rows = {"items": lines(a=NUMBER), "copy": lines(a=NUMBER) | {"x-default": "items"}}
    assert problems(given) == [("formula.nested", CLAIM, '"site"')]
    assert problems(rows) == [("formula.nested", CLAIM, '"items"')]


def test_titles_and_the_formulas_in_messages_are_single_values() -> None:
    rule = {"key": "positive", "assert": "amount > 0", "message": "Not {amount} on {TODAY()}."}
    assert problems({"amount": MONEY}, entity={"x-rules": [rule], "x-title": "amount"}) == []
    wrong = rule | {"message": "Only {amount} of {COUNT(items)}, {items.a} and {oops}."}
    given = {"amount": MONEY, "items": lines(a=NUMBER)}
    assert problems(given, entity={"x-rules": [wrong], "x-title": "items.a"}) == [
        ("formula.result", CLAIM, '"items.a"'),
        ("formula.result", CLAIM, '"Only {amount} of {COUNT(items)}, {items.a} and {oops}."'),
        ("formula.unknown_field", CLAIM, 'oops}."'),
    ]


def test_a_rule_states_a_condition() -> None:
    rule = {"key": "positive", "assert": "amount", "message": "No."}
    assert problems({"amount": MONEY}, entity={"x-rules": [rule]}) == [("formula.result", CLAIM, '"amount"')]


def test_row_rules_views_and_colours_are_conditions_of_their_entity() -> None:
    view = {"columns": ["amount"], "filter": "amont > 5", "colours": [{"when": "amount", "colour": "red"}]}
    grant = {"role": "employee", "verbs": ["read"], "rows": "created_by"}
    assert problems({"amount": MONEY}, views={"claim.list": view}, permissions={"entities": {"claim": [grant]}}) == [
        ("formula.result", "permissions.json", '"created_by"'),
        ("formula.unknown_field", "views/claim.list.json", '"amont > 5"'),
        ("formula.result", "views/claim.list.json", '"amount"'),
    ]


def order(properties: dict[str, dict[str, str]]) -> list[str]:
    return [".".join(field.path) for field in an_entity(properties).order]


def test_computed_fields_come_after_those_they_read() -> None:
    assert order({"c": computed("b + 1"), "b": computed("a + 1"), "a": computed("1")}) == ["a", "b", "c"]


def test_a_total_comes_after_the_cells_it_adds_up() -> None:
    items = lines(price=MONEY, amount=computed("price * rate"))
    assert order({"total": computed("SUM(items.amount)"), "items": items, "rate": computed("2")}) == [
        "rate",
        "items.amount",
        "total",
    ]


def test_a_field_of_the_record_is_not_mistaken_for_the_cell_of_the_same_name() -> None:
    items = lines(amount=computed("1"), twice=computed("amount * 2"))
    assert order({"items": items, "amount": computed("SUM(items.twice)")}) == ["items.amount", "items.twice", "amount"]


def test_a_question_about_a_group_comes_after_what_is_computed_in_it() -> None:
    assert order({"empty": computed("BLANK(site)", YES), "site": group(a=computed("1", NUMBER))}) == ["site.a", "empty"]


def test_a_cell_may_ask_how_many_lines_there_are() -> None:
    assert order({"items": lines(share=computed("1 / COUNT(items)"))}) == ["items.share"]


def test_what_lies_behind_a_computed_reference_comes_after_it() -> None:
    given = {
        "first": reference("shop/claim"),
        "budget": computed("chosen.limit"),
        "chosen": computed("first", reference("shop/claim")),
        "limit": MONEY,
    }
    assert order(given) == ["chosen", "budget"]


@pytest.mark.parametrize(
    ("properties", "circle", "shown"),
    [
        ({"a": computed("a + 1")}, "a → a", '"a + 1"'),
        ({"a": computed("b"), "b": computed("c"), "c": computed("a")}, "a → b → c → a", '"b"'),
        (
            {"items": lines(part=computed("price / total"), price=MONEY), "total": computed("SUM(items.part)")},
            "items.part → total → items.part",
            '"price / total"',
        ),
    ],
)
def test_a_circle_of_formulas_is_told_from_its_first_field_on(
    properties: dict[str, dict[str, str]], circle: str, shown: str
) -> None:
    assert problems(properties) == [("formula.circular", CLAIM, shown)]
    (problem,) = examine(a_module(properties), {}).problems
    assert problem.params == {"circle": circle}


def test_circles_that_share_no_way_are_all_told() -> None:
    given = {"a": computed("b"), "b": computed("a"), "c": computed("d"), "d": computed("c"), "e": computed("a + c")}
    assert [shown for _, _, shown in problems(given)] == ['"b"', '"d"']


def test_a_chain_as_long_as_an_entity_has_fields_is_ordered() -> None:
    chain = {f"f{number}": computed(f"f{number + 1} + 1", NUMBER) for number in range(1500)}
    assert order(chain | {"f1500": NUMBER})[0] == "f1499"


@given(st.permutations(list(range(6))), st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=12))
def test_every_order_in_which_fields_are_written_can_be_computed(
    written: list[int], links: list[tuple[int, int]]
) -> None:
    reads: dict[int, set[int]] = {each: set() for each in written}
    for one, other in links:
        if one != other:
            reads[max(one, other)].add(min(one, other))
    given = {f"f{each}": computed(" + ".join(["1", *(f"f{need}" for need in reads[each])])) for each in written}
    places = {key: place for place, key in enumerate(order(given))}
    assert len(places) == 6
    assert all(places[f"f{need}"] < places[f"f{each}"] for each in written for need in reads[each])
