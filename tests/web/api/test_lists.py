"""Lists: filtered by formulas, ordered, page by page."""

from collections.abc import Callable
from typing import Any

import pytest

from engine.definition.model import Json
from tests.web.api.caller import Caller, address, problems

ARepair = Callable[..., dict[str, Any]]


@pytest.fixture
def five(keeper: Caller, a_repair: ARepair) -> list[Json]:
    """Repairs of one machine: hours 1, 2, 2, blank and 30."""
    hours = ({"hours": "1"}, {"hours": "2"}, {"hours": "2"}, {}, {"hours": "24"})
    return [keeper.create("plant/repair", **a_repair(count=place, **each)) for place, each in enumerate(hours)]


def numbers(page: Json) -> list[int]:
    return [each["values"]["count"] for each in page["items"]]


def mine(tag: str) -> str:
    return f'machine.code = "{tag}"'


def test_a_list_has_the_newest_first_with_their_lines(keeper: Caller, five: list[Json], tag: str) -> None:
    page = keeper.get("/plant/repair", filter=mine(tag))
    assert page == {"items": five[::-1], "next": None}


@pytest.mark.parametrize(
    ("filter_", "found"),
    [
        ("hours = 2", [2, 1]),
        ("hours > 1.5", [4, 2, 1]),
        ("BLANK(hours)", [3]),
        ("AND(hours < 20, NOT(hours = 1))", [2, 1]),
        ("created_by = ME()", [4, 3, 2, 1, 0]),
        ('STATE() = "closed"', []),
    ],
)
def test_a_filter_is_a_formula(keeper: Caller, five: list[Json], tag: str, filter_: str, found: list[int]) -> None:
    assert len(five) == 5
    assert numbers(keeper.get("/plant/repair", filter=f"AND({mine(tag)}, {filter_})")) == found


@pytest.mark.parametrize(
    ("sort", "found"),
    [
        ("hours", [0, 2, 1, 4, 3]),
        ("-hours", [4, 2, 1, 0, 3]),
        ("hours,count", [0, 1, 2, 4, 3]),
        ("-hours,number", [4, 1, 2, 0, 3]),
        ("created_at", [0, 1, 2, 3, 4]),
        ("place.zone,-count", [4, 3, 2, 1, 0]),
    ],
)
def test_a_list_is_ordered_with_blanks_last(
    keeper: Caller, five: list[Json], tag: str, sort: str, found: list[int]
) -> None:
    assert len(five) == 5
    assert numbers(keeper.get("/plant/repair", filter=mine(tag), sort=sort)) == found


@pytest.mark.parametrize("sort", ["", "-hours", "hours,-count"])
def test_pages_follow_each_other(keeper: Caller, five: list[Json], tag: str, sort: str) -> None:
    asked = {"filter": mine(tag), "sort": sort} if sort else {"filter": mine(tag)}
    whole = keeper.get("/plant/repair", **asked)
    seen: list[Json] = []
    cursor: Json = ""
    while cursor is not None:
        page = keeper.get("/plant/repair", limit=2, count="exact", cursor=cursor, **asked)
        assert page["total"] == len(five)
        assert len(page["items"]) <= 2
        seen += page["items"]
        cursor = page["next"]
    assert seen == whole["items"]


def test_a_page_goes_on_where_the_last_one_ended_whatever_was_deleted(
    keeper: Caller, five: list[Json], tag: str
) -> None:
    first = keeper.get("/plant/repair", filter=mine(tag), sort="count", limit=2)
    keeper.delete(address(five[0]), 1)
    keeper.delete(address(five[2]), 1)
    rest = keeper.get("/plant/repair", filter=mine(tag), sort="count", cursor=first["next"])
    assert numbers(rest) == [3, 4]
    assert rest["next"] is None


def test_lists_of_another_module_are_filtered_through_references(admin: Caller, project: Json, tag: str) -> None:
    items = [{"name": "打印纸", "quantity": "1", "price": "25"}]
    values = {"project": project["id"], "category": "office", "date": "2026-03-02", "items": items}
    made = admin.create("cost_center/expense", **values)
    found = admin.get("/cost_center/expense", filter=f'AND(project.code = "{tag}", amount >= 20)', sort="-amount")
    assert found["items"] == [made]


@pytest.mark.parametrize(
    ("query", "status", "found"),
    [
        ({"filter": "hours >"}, 422, ("formula.unfinished", "/filter")),
        ({"filter": "colour = 1"}, 422, ("formula.unknown_field", "/filter")),
        ({"filter": "hours"}, 422, ("formula.result", "/filter")),
        ({"filter": 'hours = "x"'}, 422, ("formula.compared", "/filter")),
        ({"filter": 'remark = "\0"'}, 422, ("formula.text", "/filter")),
        ({"filter": "(" * 5000}, 422, ("formula.too_long", "/filter")),
        ({"sort": "colour"}, 422, ("list.sort", "/sort")),
        ({"sort": "parts"}, 422, ("list.sort", "/sort")),
        ({"sort": "parts.name"}, 422, ("list.sort", "/sort")),
        ({"sort": "extra"}, 422, ("list.sort", "/sort")),
        ({"sort": "place"}, 422, ("list.sort", "/sort")),
        ({"sort": "-"}, 422, ("list.sort", "/sort")),
        ({"cursor": "x"}, 400, ("list.cursor", "")),
        ({"cursor": "é\0"}, 400, ("list.cursor", "")),
        ({"limit": "0"}, 422, ("list.limit", "/limit")),
        ({"limit": "501"}, 422, ("list.limit", "/limit")),
        ({"limit": "-1"}, 422, ("list.limit", "/limit")),
        ({"limit": "ten"}, 422, ("list.limit", "/limit")),
        ({"count": "many"}, 422, ("list.count", "/count")),
        ({"fliter": "hours = 2"}, 422, ("list.parameter", "/fliter")),
    ],
)
def test_what_a_list_cannot_be_asked(
    keeper: Caller, query: dict[str, str], status: int, found: tuple[str, str]
) -> None:
    assert problems(keeper.get("/plant/repair", status=status, **query)) == [found]


def test_a_cursor_leads_on_in_its_own_order_only(keeper: Caller, five: list[Json]) -> None:
    assert len(five) == 5
    cursor = keeper.get("/plant/repair", sort="hours", limit=1)["next"]
    assert problems(keeper.get("/plant/repair", status=400, sort="-hours", cursor=cursor)) == [("list.cursor", "")]


def test_a_formula_that_cannot_be_read_says_what_would_be_in_the_language_of_the_reader(keeper: Caller) -> None:
    sent = {"query_string": {"filter": 'hours = "x"'}, "headers": {"Accept-Language": "zh-CN"}}
    refused = keeper.call("GET", "/plant/repair", status=422, **sent).json
    assert not any("a" <= letter <= "z" for letter in refused["detail"])
