"""What a new record, and a new line in it, starts with."""

from decimal import Decimal
from typing import Any

import pytest

from engine.compile.model import CompiledEntity
from engine.definition.model import Json
from engine.runtime.access import EVERYTHING, Access
from engine.runtime.values.fill import defaults, fill
from tests.engine.definitions import (
    COLOUR,
    DATE,
    MONEY,
    NUMBER,
    PERSON,
    TAGS,
    TEXT,
    YES,
    an_entity,
    computed,
    group,
    lines,
)
from tests.engine.runtime.stage import a_record, a_world


def started(properties: dict[str, Any], **given: Json) -> Json:
    entity = an_entity(properties, **given)
    return defaults(entity, a_record(entity), a_world(), "lin")


def test_a_new_record_starts_with_its_defaults() -> None:
    given = {
        "colour": COLOUR | {"default": "red"},
        "amount": MONEY | {"default": "5"},
        "day": DATE | {"x-default": "TODAY() + 1"},
        "who": PERSON | {"x-default": "ME()"},
        "tags": TAGS | {"default": ["new"]},
        "items": lines(price=MONEY) | {"default": [{"price": 1}]},
        "site": group(width=NUMBER) | {"default": {"width": 2}},
        "paid": YES | {"default": False},
        "name": TEXT,
    }
    assert started(given) == {
        "colour": "red",
        "amount": Decimal("5.00"),
        "day": "2026-03-03",
        "who": "lin",
        "tags": ["new"],
        "items": [{"price": Decimal("1.00")}],
        "site": {"width": 2},
        "paid": False,
    }


@pytest.mark.parametrize(
    "field",
    [
        MONEY | {"x-default": "1 / 0"},
        MONEY | {"x-default": "b"},
        MONEY | {"x-default": "1000000000000 * 1000000000000"},
        MONEY | {"default": 5, "x-default": "1 / 0"},
        TEXT | {"default": ""},
        MONEY | {"default": 5, "x-formula": "b"},
    ],
)
def test_a_default_without_a_value_is_none(field: dict[str, Any]) -> None:
    assert started({"a": field, "b": NUMBER}) == {}


def test_a_foreign_default_that_does_not_fit_is_none() -> None:
    assert started({"day": DATE | {"default": "yyyy-mm-dd"}}, entity={"x-foreign": True}) == {}


LINE = lines(
    price=MONEY | {"default": "5"},
    colour=COLOUR | {"default": "red"},
    day=DATE | {"x-default": "TODAY() + days"},
    amount=computed("price * 2"),
    parts=lines(paid=YES | {"default": True}),
)
FIRST = {"price": Decimal("5.00"), "colour": "red", "day": "2026-03-03", "amount": Decimal("10.00")}


def lined() -> CompiledEntity:
    return an_entity({"days": NUMBER, "items": LINE})


def after(given: Json, kept: list[Json], rights: Access = EVERYTHING) -> Json:
    """The lines when `given` is sent about a record with the lines `kept`."""
    entity = lined()
    record = a_record(entity, {"days": 1, "items": kept})
    filled = fill(entity, record, {"items": given}, rights, world=a_world(), actor="lin")
    assert filled.problems == ()
    return filled.values["items"]


@pytest.mark.parametrize("kept", [[], [{"price": Decimal("7.00")}]])
def test_what_is_not_sent_of_a_line_takes_its_default_and_what_is_sent_blank_is_blank(kept: list[Json]) -> None:
    assert after([{}, {"colour": None, "price": 1}], kept) == [
        FIRST,
        {"price": Decimal("1.00"), "day": "2026-03-03", "amount": Decimal("2.00")},
    ]


def test_lines_within_lines_have_defaults_too() -> None:
    assert after([{"parts": [{}]}], []) == [FIRST | {"parts": [{"paid": True}]}]


def test_lines_that_are_patched_in_their_places_are_not_new() -> None:
    """Whoever may not change every column changes the others where they stand."""
    kept = [{"price": Decimal("7.00")}]
    rights = Access("edit", {"items.price": "read"})
    assert after([{"day": "2026-03-09"}], kept, rights) == [
        {"price": Decimal("7.00"), "day": "2026-03-09", "amount": Decimal("14.00")}
    ]
