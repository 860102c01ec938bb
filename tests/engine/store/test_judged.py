"""What the databases cannot answer is judged record by record, and nobody sees that in pages, counts and totals."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from engine.compile.formulas.scope import EntityScope
from engine.formula.evaluate import FormulaFailed
from engine.formula.formula import compile_formula
from engine.formula.scope import Facts
from engine.store import editions
from engine.store.query import Condition, Search, TooMany, count, find, summary, unanswerable
from engine.store.query import layouts as layouts_of
from engine.store.session import Workspace
from tests.engine.store.builders import MONEY, TEXT, a_record, lines, publish, saved
from tests.engine.store.shop import Shop

#: Holds, and each is at least half left to Python: by its type, by where it stands, because numbers are too large.
JUDGED = [
    'RMB_UPPER(amount) <> "壹元整"',
    'AND(NOT(BLANK(amount)), LEFT(RMB_UPPER(amount), 1) <> "负")',
    'OR(amount > 0, RMB_UPPER(amount) = "零元整")',
    "amount * amount * amount + 1 > 0",
]
SORTS = ["", "amount", "-name count", "shelf.name -day", "-moment number"]


def search(shop: Shop, text: str, sort: str = "", **more: Any) -> Search:  # noqa: ANN401 - fields of a search
    every = (Condition(shop.formula(text), shop.facts()),)
    return Search(entity="shop/item", every=every, sort=tuple(sort.split()), about=shop.about, **more)


def in_order(shop: Shop, text: str, sort: str) -> list[str]:
    """What there is to find, in the order in which a database that is asked for everything has it."""
    held = shop.truth(shop.formula(text), shop.facts())
    with shop.workspace.read() as session:
        everything = find(session, Search(entity="shop/item", sort=tuple(sort.split())), limit=1000).records
    return [each.id for each in everything if each.id in held]


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("text", JUDGED)
def test_pages_follow_each_other_over_what_is_judged(text: str, sort: str, shop: Shop) -> None:
    expected = in_order(shop, text, sort)
    assert 7 < len(expected) < len(shop.items)
    found: list[str] = []
    with shop.workspace.read() as session:
        page = find(session, search(shop, text, sort), limit=7)
        found += [each.id for each in page.records]
        while page.next:
            page = find(session, search(shop, text, sort), limit=7, after=page.next)
            found += [each.id for each in page.records]
            assert 0 < len(page.records) <= 7
    assert found == expected


@pytest.mark.parametrize("text", JUDGED)
def test_a_page_by_its_number_passes_over_as_many_as_hold(text: str, shop: Shop) -> None:
    expected = in_order(shop, text, "-amount")
    with shop.workspace.read() as session:
        for skip in (0, 5, len(expected) - 3, len(expected), 500):
            page = find(session, search(shop, text, "-amount"), limit=5, skip=skip)
            assert [each.id for each in page.records] == expected[skip : skip + 5]
            assert bool(page.next) == (skip + 5 < len(expected))


@pytest.mark.parametrize("text", JUDGED)
def test_counts_and_totals_are_of_all_that_hold(text: str, shop: Shop) -> None:
    held = shop.truth(shop.formula(text), shop.facts())
    amounts = [each.values["amount"] for each in shop.items if each.id in held and "amount" in each.values]
    with shop.workspace.read() as session:
        found = summary(session, search(shop, text), {"amount": "sum"})
        assert count(session, search(shop, text)) == found.count == len(held)
    assert found.totals == {"amount": sum(amounts, Decimal())}


def test_a_rule_about_rows_is_judged_beside_the_others_and_what_somebody_was_asked(shop: Shop) -> None:
    mine = Condition(shop.formula("owner = ME()"), shop.facts())
    fails = Condition(shop.formula("amount / 0 > 1"), shop.facts())
    rule = Condition(shop.formula(JUDGED[0]), shop.facts())
    expected = shop.truth(mine.formula, mine.facts) | shop.truth(rule.formula, rule.facts)
    asked = Search(entity="shop/item", some=(fails, mine, rule), asked="li.na", about=shop.about)
    with shop.workspace.read() as session:
        assert {each.id for each in find(session, asked, limit=1000).records} == expected
        assert count(session, asked) == len(expected)


def test_no_more_are_judged_for_a_page_than_may_be(shop: Shop) -> None:
    text = JUDGED[0]
    with shop.workspace.read() as session:
        assert count(session, search(shop, text, candidates=80)) > 0
        with pytest.raises(TooMany) as refusal:
            count(session, search(shop, text, candidates=79))
        with pytest.raises(TooMany):
            find(session, search(shop, text, candidates=79), limit=1000)
        # A condition beside it that the database answers leaves fewer.
        narrow = search(shop, f"AND(amount > 0, {text})", candidates=40)
        assert find(session, narrow, limit=1000).records
    assert refusal.value.part == "RMB_UPPER(amount)"
    assert refusal.value.condition.formula.text == text


def test_of_what_is_sure_any_number_may_be_passed_over(shop: Shop) -> None:
    text = "amount * amount + 1 > 0"
    with shop.workspace.read() as session:
        assert count(session, search(shop, text, candidates=20)) > 20


def test_the_parts_that_a_database_cannot_answer_are_named(shop: Shop) -> None:
    text = 'AND(RMB_UPPER(amount) = "x", done, OR(BLANK(anything), amount > 12345678901234567890))'
    with shop.workspace.read() as session:
        parts = unanswerable(layouts_of(session), "shop/item", Condition(shop.formula(text), shop.facts()))
    assert [text[each.start : each.end] for each in parts] == ["RMB_UPPER(amount)", "anything"]


def test_a_condition_that_fails_for_a_record_does_not_hold_nor_does_its_opposite(shop: Shop) -> None:
    text = "amount / count > 0"
    failing = [each for each in shop.items if each.values.get("count") == 0 and "amount" in each.values]
    assert failing
    with pytest.raises(FormulaFailed):
        shop.formula(text).evaluate(shop.about(failing[:1], ())[0])
    for each in (text, f"NOT({text})", f"OR({text}, TRUE)", f"BLANK({text})"):
        assert shop.found(Condition(shop.formula(each), shop.facts())).isdisjoint(one.id for one in failing)


@pytest.mark.parametrize(("before", "value"), [(TEXT, "many"), (lines(name=TEXT), [])])
def test_a_record_of_an_older_edition_is_judged_as_the_database_sees_it(
    workspace: Workspace, before: Mapping[str, Any], value: object
) -> None:
    """What was kept in a column of another kind is not there for the edition in force."""
    publish(workspace, item={"amount": before})
    saved(workspace, a_record("shop/item", edition=1, values={"amount": value}))
    publish(workspace, item={"amount": MONEY})
    with workspace.read() as session:
        fields = editions.layout(session, "shop/item").entity.fields
        for text in ("BLANK(amount)", "BLANK(RMB_UPPER(amount))"):
            formula = compile_formula(text, EntityScope(fields, lambda _: None))
            every = (Condition(formula, Facts(values={})),)
            asked = Search(entity="shop/item", every=every, about=lambda found, _: [Facts(values=found[0].values)])
            assert [each.id for each in find(session, asked, limit=10).records] == ["r1"]
