"""What is sent is a patch: unknown, hidden and read-only parts refuse it, everything else takes its normal form."""

from decimal import Decimal
from typing import Any

import pytest

from engine.compile.model import CompiledEntity
from engine.definition.model import Json
from engine.runtime.access import EVERYTHING, Access
from engine.runtime.values.accept import accept, is_blank, missing, unchanged
from tests.engine.definitions import DATE, MONEY, NUMBER, TAGS, TEXT, YES, an_entity, computed, group, lines

CLAIM = an_entity(
    {
        "name": TEXT,
        "day": DATE,
        "amount": MONEY,
        "paid": YES,
        "tags": TAGS,
        "any": {"title": "Any", "x-type": "json"},
        "total": computed("amount"),
        "site": group(width=NUMBER, name=TEXT, inner=group(depth=NUMBER)),
        "items": lines(name=TEXT, price=MONEY, sum=computed("price"), spot=group(row=NUMBER, seat=NUMBER)),
    }
)
KEPT = {
    "name": "old",
    "amount": Decimal("5.00"),
    "total": Decimal("5.00"),
    "site": {"width": 3, "inner": {"depth": 1}},
    "items": [
        {"name": "a", "price": Decimal("1.00"), "sum": Decimal("1.00"), "spot": {"row": 1, "seat": 2}},
        {"name": "b", "price": Decimal("2.00"), "sum": Decimal("2.00")},
    ],
}


def patched(given: Json, access: Access = EVERYTHING, kept: Json = KEPT, **options: Json) -> tuple[Json, list[Any]]:
    values, problems = accept(CLAIM.fields, given, kept, access, **options)
    assert all(each.sentence for each in problems)
    return values, [(each.code, each.pointer) for each in problems]


def changes(given: Json, access: Access = EVERYTHING, **options: Json) -> dict[str, Json]:
    """What an accepted patch changes; None for what it removes."""
    values, problems = patched(given, access, **options)
    assert problems == []
    keys = {*values, *KEPT}
    return {key: values.get(key) for key in sorted(keys) if values.get(key) != KEPT.get(key)}


def refused(given: Json, access: Access = EVERYTHING, **options: Json) -> list[Any]:
    """Why a patch is refused; nothing of it stays."""
    values, problems = patched(given, access, **options)
    assert problems
    assert values == KEPT
    return problems


def test_what_is_not_sent_stays_and_null_removes() -> None:
    assert changes({}) == {}
    assert changes({"name": "new"}) == {"name": "new"}
    assert changes({"name": None, "day": None}) == {"name": None}
    assert changes({"site": None, "items": None}) == {"site": None, "items": None}


def test_values_take_their_normal_form() -> None:
    assert changes({"amount": "7.5", "paid": True, "name": "a\r\nb"}) == {
        "amount": Decimal("7.50"),
        "name": "a\nb",
        "paid": True,
    }


@pytest.mark.parametrize("given", [None, [], "text", 5])
def test_values_are_an_object(given: Json) -> None:
    assert refused(given) == [("field.object", "")]


def test_every_part_that_cannot_be_read_is_told_and_leaves_what_is_there() -> None:
    given = {"day": "soon", "tags": ["lost"], "any": ["\x00"], "site": {"width": "x"}, "items": [{"price": "x"}, 5]}
    values, problems = patched(given)
    assert problems == [
        ("field.date", "/day"),
        ("field.choices", "/tags"),
        ("field.characters", "/any/0"),
        ("field.number", "/site/width"),
        ("field.number", "/items/0/price"),
        ("field.object", "/items/1"),
    ]
    assert values["site"] == KEPT["site"]
    assert "day" not in values


def test_line_items_are_a_list_and_groups_are_objects() -> None:
    assert refused({"items": {"name": "x"}, "site": [1]}) == [("field.lines", "/items"), ("field.object", "/site")]


def test_what_nobody_knows_is_refused_with_what_could_be_meant() -> None:
    values, problems = accept(CLAIM.fields, {"amuont": 1, "a/b~c": 2}, KEPT, EVERYTHING)
    assert values == KEPT
    assert [(each.pointer, each.params["given"]) for each in problems] == [("/amuont", "amuont"), ("/a~1b~0c", "a/b~c")]
    assert problems[0].params["known"].startswith("amount, ")


def test_a_hidden_field_is_one_that_nobody_knows_and_nobody_suggests() -> None:
    rights = Access("edit", {"amount": "hidden", "site.width": "hidden"})
    _, problems = accept(CLAIM.fields, {"amount": 5, "site": {"width": 3}}, KEPT, rights)
    assert [(each.code, each.pointer) for each in problems] == [
        ("field.unknown", "/amount"),
        ("field.unknown", "/site/width"),
    ]
    assert all("amount" not in each.params["known"].split(", ") for each in problems)


def test_a_group_is_patched_and_lines_are_replaced() -> None:
    assert changes({"site": {"name": "x"}}) == {"site": {"width": 3, "name": "x", "inner": {"depth": 1}}}
    assert changes({"site": {"inner": {"depth": None}, "width": None}}) == {"site": {"inner": {}}}
    assert changes({"items": [{"name": "c"}]}) == {"items": [{"name": "c"}]}
    assert changes({"items": []}) == {"items": []}
    assert changes({"items": [{"spot": {"row": 5}}, {}, {}]}) == {"items": [{"spot": {"row": 5}}, {}, {}]}


SENT_BACK = {
    "name": "old",
    "amount": "5.00",
    "total": "5.00",
    "site": {"width": 3, "inner": {"depth": 1}},
    "items": [
        {"name": "a", "price": "1.00", "sum": "1", "spot": {"row": 1, "seat": 2}},
        {"name": "b", "price": "2.00", "sum": "2.00"},
    ],
    "day": None,
    "tags": [],
    "any": "",
}


@pytest.mark.parametrize(
    "rights",
    [
        Access("edit"),
        Access("read", {"items.price": "edit"}),
        Access("edit", {"items.spot.row": "read"}),
        Access("read", {"name": "edit"}),
    ],
)
def test_a_record_sent_back_as_it_was_is_accepted_with_any_rights(rights: Access) -> None:
    typed = {key: each for key, each in SENT_BACK.items() if key not in {"any", "tags"}}
    values, problems = patched(typed, rights)
    assert problems == []
    assert {key: each for key, each in values.items() if key != "items"} == {
        key: each for key, each in KEPT.items() if key != "items"
    }


def test_a_record_sent_back_as_it_was_changes_nothing_for_who_may_only_read() -> None:
    assert patched(SENT_BACK, Access("read")) == (KEPT, [])


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"name": "new"}, "/name"),
        ({"name": None}, "/name"),
        ({"day": "2026-01-01"}, "/day"),
        ({"amount": "x"}, "/amount"),
        ({"site": {"width": 4}}, "/site"),
        ({"site": 5}, "/site"),
        ({"site": {"widht": 3}}, "/site"),
        ({"items": []}, "/items"),
        ({"items": [*SENT_BACK["items"], {}]}, "/items"),
        ({"items": [{"name": "a"}, {"name": "c"}]}, "/items"),
        ({"items": [{"name": "a"}, 5]}, "/items"),
    ],
)
def test_what_may_only_be_read_is_not_changed(given: Json, pointer: str) -> None:
    assert refused(given, Access("read")) == [("field.read_only", pointer)]


def test_of_what_may_only_be_read_the_visible_part_is_enough() -> None:
    assert changes({"site": {"width": 3}, "items": [{"name": "a"}, {}]}, Access("read")) == {}


def test_computed_values_are_nobody_s_to_change() -> None:
    assert changes({"total": 5, "items": SENT_BACK["items"]}) == {
        "items": [
            {"name": "a", "price": Decimal("1.00"), "spot": {"row": 1, "seat": 2}},
            {"name": "b", "price": Decimal("2.00")},
        ]
    }
    assert refused({"total": 6}) == [("field.read_only", "/total")]
    assert patched({"items": [{"price": 1, "sum": 2}]})[1] == [("field.read_only", "/items/0/sum")]
    assert patched({"items": [{}, {}, {"sum": 2}]})[1] == [("field.read_only", "/items/2/sum")]


PRICES_ONLY = Access("read", {"items.price": "edit"})


def test_where_only_some_columns_may_change_lines_are_patched_in_their_places() -> None:
    assert changes({"items": [{"price": 9}, {}]}, PRICES_ONLY) == {
        "items": [{**KEPT["items"][0], "price": Decimal("9.00")}, KEPT["items"][1]]
    }
    assert refused({"items": [{"name": "x", "price": 1}, {}]}, PRICES_ONLY) == [("field.read_only", "/items/0/name")]


@pytest.mark.parametrize("rows", [[], None, [{}], [{}, {}, {}]])
def test_where_only_some_columns_may_change_lines_are_neither_added_nor_removed(rows: Json) -> None:
    assert refused({"items": rows}, PRICES_ONLY) == [("field.lines_fixed", "/items")]


@pytest.mark.parametrize(
    "rights",
    [
        Access("edit", {"items.name": "read"}),
        Access("edit", {"items.name": "hidden"}),
        Access("edit", {"items.spot.seat": "read"}),
        Access("edit", {"items.spot": "read"}),
        Access("read", {"items": "edit", "items.name": "read"}),
    ],
)
def test_lines_that_hold_what_may_not_change_are_fixed(rights: Access) -> None:
    assert refused({"items": [{}]}, rights) == [("field.lines_fixed", "/items")]


def test_lines_in_which_nothing_may_not_change_can_be_added_beside_a_column_that_is_empty() -> None:
    rights = Access("edit", {"items.name": "read"})
    kept = {"items": [{"price": Decimal("1.00")}]}
    assert patched({"items": [{"price": 1}, {"price": 2}]}, rights, kept) == (
        {"items": [{"price": Decimal("1.00")}, {"price": Decimal("2.00")}]},
        [],
    )
    assert patched({"items": [{}, {"name": "x"}]}, rights, kept)[1] == [("field.read_only", "/items/1/name")]


def test_lines_whose_every_column_is_named_can_be_added() -> None:
    rights = Access("read", {f"items.{key}": "edit" for key in ("name", "price", "spot")})
    assert changes({"items": [{"name": "x"}]}, rights) == {"items": [{"name": "x"}]}


def test_a_group_is_not_removed_with_something_in_it_that_may_not_change() -> None:
    rights = Access("edit", {"site.inner.depth": "read"})
    assert refused({"site": None}, rights) == [("field.read_only", "/site")]
    assert refused({"site": {"inner": None}}, rights) == [("field.read_only", "/site/inner")]
    assert changes({"site": {"width": None}}, rights) == {"site": {"inner": {"depth": 1}}}
    assert patched({"site": None}, rights, {"site": {"width": 1}}) == ({}, [])


def locked(*paths: str) -> Json:
    return {"locked": lambda field, _holder: ".".join(field.path) in paths}


def test_a_field_whose_own_condition_locks_it_is_as_one_that_may_only_be_read() -> None:
    assert refused({"name": "new"}, **locked("name")) == [("field.read_only", "/name")]
    assert changes({"name": "old", "day": "2026-01-01"}, **locked("name")) == {"day": "2026-01-01"}
    assert refused({"site": None}, **locked("site.width")) == [("field.read_only", "/site")]
    assert refused({"items": [{}]}, **locked("items.name")) == [("field.lines_fixed", "/items")]
    assert refused({"items": [{"name": "x"}, {}]}, **locked("items.name")) == [("field.read_only", "/items/0/name")]
    assert refused({"items": []}, **locked("items")) == [("field.read_only", "/items")]


def test_only_the_lines_in_which_a_field_is_locked_keep_it() -> None:
    options = {"locked": lambda field, holder: field.key == "price" and holder.get("name") == "a"}
    assert changes({"items": [{}, {"price": 9}]}, **options) == {
        "items": [KEPT["items"][0], {**KEPT["items"][1], "price": Decimal("9.00")}]
    }
    assert refused({"items": [{"price": 9}, {}]}, **options) == [("field.read_only", "/items/0/price")]
    kept = {"items": [{"name": "b", "price": Decimal(1)}]}
    assert patched({"items": []}, kept=kept, **options) == ({"items": []}, [])


def test_what_is_kept_is_never_written_into() -> None:
    accept(CLAIM.fields, {"site": {"width": 9}, "items": [{"price": 9}, {}]}, KEPT, PRICES_ONLY)
    accept(CLAIM.fields, {"site": {"width": 9}, "items": [{"price": 9}]}, KEPT, EVERYTHING)
    assert KEPT["site"]["width"] == 3
    assert KEPT["items"][0]["price"] == 1


@pytest.mark.parametrize(
    ("value", "blank"),
    [(None, True), ("", True), (" \n\u3000", True), ([], True), ({}, True), (0, False), (False, False), ("0", False),
     (Decimal(0), False), ([None], False)],
)  # fmt: skip
def test_nothing_and_white_space_is_blank_but_no_and_zero_are_not(value: Json, blank: bool) -> None:  # noqa: FBT001
    assert is_blank(value) is blank


REQUIRED = an_entity(
    {
        "name": TEXT,
        "total": computed("1"),
        "site": group(("width",), width=NUMBER),
        "items": lines(("price",), price=MONEY, note=TEXT),
        "more": lines(name=TEXT),
    },
    entity={"required": ["name", "total", "items"]},
)


def lacking(values: Json, required: dict[str, bool] | None = None, entity: CompiledEntity = REQUIRED) -> list[str]:
    return [each.pointer for each in missing(entity.fields, values, required or {})]


def test_what_is_required_and_blank_is_missing_at_every_depth() -> None:
    assert lacking({}) == ["/name", "/items"]
    assert lacking({"name": "  ", "items": []}) == ["/name", "/items"]
    assert lacking({"name": "x", "items": [{"price": 0}, {"note": "x"}], "site": {"name": 1}}) == [
        "/site/width",
        "/items/1/price",
    ]
    assert lacking({"name": "x", "items": [{"price": 0}], "more": [{}]}) == []


def test_what_decides_elsewhere_counts_place_by_place() -> None:
    values = {"items": [{"price": 1}, {}, {}]}
    needed = {"/name": False, "/items/0/note": True, "/items/1/price": False, "/site": True}
    assert lacking(values, needed) == ["/site", "/items/0/note", "/items/2/price"]


def test_a_computed_value_is_never_missing() -> None:
    assert lacking({"name": "x", "items": [{"price": 1}]}, {"/total": True}) == []


def test_an_unchanged_value_is_compared_in_its_normal_form() -> None:
    amount, paid = CLAIM.fields["amount"], CLAIM.fields["paid"]
    assert unchanged(amount, "5", Decimal("5.00"))
    assert not unchanged(amount, "5.01", Decimal("5.00"))
    assert not unchanged(amount, None, Decimal(0))
    assert not unchanged(paid, None, current=False)
    assert not unchanged(CLAIM.fields["any"], 1, current=True)
