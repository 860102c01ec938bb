"""Lists come page by page, in any order, and only what was asked for."""

from decimal import Decimal

import pytest

from engine.problems import Malformed
from engine.store.query import Condition, Page, Search, count, find
from engine.store.sql import cursor
from tests.engine.store.shop import Shop


def pages(shop: Shop, sort: tuple[str, ...], limit: int) -> list[str]:
    found: list[str] = []
    page = Page((), "")
    with shop.workspace.read() as session:
        while not found or page.next:
            page = find(session, Search(entity="shop/item", sort=sort), limit=limit, after=page.next)
            assert len(page.records) <= limit
            found += [each.id for each in page.records]
    return found


@pytest.mark.parametrize("limit", [1, 7, 80, 200])
def test_without_an_order_the_newest_come_first(shop: Shop, limit: int) -> None:
    assert pages(shop, (), limit) == sorted((each.id for each in shop.items), reverse=True)


@pytest.mark.parametrize(
    "sort",
    [
        *("amount", "-amount name", "name -day", "-moment number", "done -count quantity", "shelf.name -created_at"),
        *("-shelf.above.price state", "-place.width -done", "id", "-created_by"),
    ],
)
def test_pages_follow_each_other_in_every_order_and_blanks_come_last(shop: Shop, sort: str) -> None:
    expected = sorted(shop.items, key=lambda each: each.id, reverse=True)
    for key in reversed(sort.split()):
        path, down = key.removeprefix("-"), key.startswith("-")
        filled = [each for each in expected if shop.value(each, path) is not None]
        filled.sort(key=lambda each: shop.value(each, path), reverse=down)
        expected = filled + [each for each in expected if shop.value(each, path) is None]
    assert pages(shop, tuple(sort.split()), 7) == [each.id for each in expected]


def test_records_are_found_by_words_in_their_number_or_title(shop: Shop) -> None:
    with shop.workspace.read() as session:
        found = find(session, Search(entity="shop/item", text="n1"), limit=100).records
        everything = find(session, Search(entity="shop/item", text="TITLE"), limit=100).records
        nothing = find(session, Search(entity="shop/item", text="%_"), limit=100).records
    assert {each.number for each in found} == {each.number for each in shop.items if "N1" in each.number}
    assert len(everything) == len(shop.items)
    assert nothing == ()


def test_line_items_come_along_when_they_are_wanted(shop: Shop) -> None:
    with shop.workspace.read() as session:
        whole = find(session, Search(entity="shop/item"), limit=100, lines=True)
        heads = find(session, Search(entity="shop/item"), limit=100)
    assert {each.id: each for each in whole.records} == {each.id: each for each in shop.items}
    assert any("items" in each.values for each in whole.records)
    assert not any(each.values.get("items") for each in heads.records)


def test_one_of_some_conditions_must_hold_and_of_none_none_does(shop: Shop) -> None:
    mine, rich = (Condition(shop.formula(each), shop.facts()) for each in ("owner = ME()", "amount > 0"))
    owned, valuable = shop.found(mine), shop.found(rich)
    with shop.workspace.read() as session:
        either = find(session, Search(entity="shop/item", some=(mine, rich)), limit=100).records
        assert find(session, Search(entity="shop/item", some=()), limit=100).records == ()
        both = count(session, Search(entity="shop/item", some=(mine,), every=(rich,)))
    assert {each.id for each in either} == owned | valuable
    assert both == len(owned & valuable)


@pytest.mark.parametrize(
    "sort", ["colour", "items", "items.name", "choices", "place", "shelf.colour", "", "-", "name.x"]
)
def test_an_order_that_does_not_exist_is_refused_with_those_that_do(shop: Shop, sort: str) -> None:
    with pytest.raises(Malformed) as refusal, shop.workspace.read() as session:
        find(session, Search(entity="shop/item", sort=(sort,)), limit=10)
    assert [each.code for each in refusal.value.problems] == ["list.sort"]
    assert "name" in refusal.value.problems[0].params["known"]


@pytest.mark.parametrize(
    ("sort", "key"),
    [
        ("name", ["name"]),
        ("name", ["name", 1, "id"]),
        ("name", ["name", "a\0", "id"]),
        ("name", ["amount", 1, "id"]),
        ("amount", ["amount", "1", "id"]),
        ("amount", ["amount", Decimal("0.001"), "id"]),
        ("amount", ["amount", True, "id"]),
        ("count", ["count", 2**63, "id"]),
        ("count", ["count", "1", "id"]),
        ("day", ["day", "2026-02-30", "id"]),
        ("moment", ["moment", "2026-02-01", "id"]),
        ("created_at", ["created_at", "yesterday", "id"]),
        ("done", ["done", 1, "id"]),
        ("name", {"name": "a"}),
    ],
)
def test_a_cursor_that_nobody_gave_out_is_refused(shop: Shop, sort: str, key: object) -> None:
    for after in (cursor.written(key), "x", "é", "====", "bm8"):
        with pytest.raises(Malformed) as refusal, shop.workspace.read() as session:
            find(session, Search(entity="shop/item", sort=(sort,)), limit=10, after=after)
        assert [each.code for each in refusal.value.problems] == ["list.cursor"]
