"""A record brought to another edition, without a database: what is typed stays, the rest is made anew."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from engine.compile.model import CompiledEntity
from engine.problems import Conflict, Invalid
from engine.runtime.recompute import computes_otherwise, recompute, refit
from engine.runtime.record import Record
from tests.engine.definitions import (
    COLOUR,
    DATE,
    END,
    MOMENT,
    MONEY,
    NUMBER,
    PERCENT,
    PERSON,
    QUANTITY,
    TAGS,
    TEXT,
    UNIT,
    YES,
    an_entity,
    approval,
    computed,
    group,
    life,
    lines,
    reference,
    user,
)
from tests.engine.runtime.stage import a_record, a_world

#: A field of nearly every type with a value as it is kept.
KEPT: dict[str, tuple[dict[str, Any], Any]] = {
    "text": (TEXT, "甲"),
    "number": (NUMBER, 3),
    "money": (MONEY, Decimal("12.50")),
    "percent": (PERCENT, Decimal("0.13")),
    "quantity": (QUANTITY, Decimal("1.500")),
    "date": (DATE, "2026-03-02"),
    "moment": (MOMENT, "2026-03-02T01:00:00Z"),
    "time": ({"title": "Time", "x-type": "time"}, "09:00"),
    "yes": (YES, False),
    "person": (PERSON, "gone"),
    "unit": (UNIT, "gone"),
    "colour": (COLOUR, "red"),
    "tags": (TAGS, ["used", "new"]),
    "other": (reference("shop/claim"), "01a20500-0000-7000-8000-000000000001"),
    "files": ({"title": "Files", "x-type": "file", "x-multiple": True}, ["01a20500-0000-7000-8000-000000000002"]),
    "json": ({"title": "JSON", "x-type": "json"}, {"a": [Decimal("1.5"), None]}),
    "serial": ({"title": "Serial", "x-type": "serial_number"}, "0007"),
    "group": (group(inner=TEXT, sum=computed("1 + 1", NUMBER)), {"inner": "x"}),
    "items": (lines(net=MONEY, sum=computed("net * 2")), [{"net": Decimal("1.00")}, {}]),
    "nothing": (lines(net=MONEY), []),
    "hollow": (group(inner=TEXT), {}),
}


def entity(**fields: Any) -> CompiledEntity:  # noqa: ANN401 - JSON
    return an_entity(fields)


def record(**values: Any) -> Record:  # noqa: ANN401 - JSON
    return a_record(entity(name=TEXT), values)


def test_what_is_typed_stays_as_it_is_whatever_its_type() -> None:
    fields = {key: field for key, (field, _) in KEPT.items()}
    values = {key: value for key, (_, value) in KEPT.items()}
    held = {**values, "group": {"inner": "x", "sum": 2}, "items": [{"net": Decimal("1.00"), "sum": Decimal(9)}, {}]}
    assert refit(entity(**fields), record(**held)) == values


def test_what_the_edition_has_no_field_for_is_left_behind() -> None:
    held = record(a="x", b="y", group={"a": "x", "b": "y"}, items=[{"a": "x", "b": "y"}], only={"b": "y"})
    fields = entity(a=TEXT, group=group(a=TEXT), items=lines(a=TEXT), only=group(a=TEXT))
    assert refit(fields, held) == {"a": "x", "group": {"a": "x"}, "items": [{"a": "x"}]}


def test_everything_that_no_longer_fits_is_told_with_its_place() -> None:
    fields = entity(a=NUMBER, items=lines(b=DATE), group=group(c=MONEY), d=lines(e=TEXT), f=group(g=TEXT))
    held = record(a="x", items=[{"b": "2026-03-02"}, {"b": "later"}], group={"c": "much"}, d=["one"], f="text")
    with pytest.raises(Invalid) as refusal:
        refit(fields, held)
    assert [each.pointer for each in refusal.value.problems] == ["/a", "/d/0", "/f", "/group/c", "/items/1/b"]


@pytest.mark.parametrize("state", ["", "draft"])
def test_a_form_of_another_kind_takes_no_older_records(state: str) -> None:
    kinds = {
        "plain": an_entity({"name": TEXT}),
        "approved": an_entity({"name": TEXT}, states={"ask": approval(*user("admin")), "done": END}),
        "living": an_entity({"name": TEXT}, states={"open": life(close={"to": "done"}), "done": END}),
    }
    held = msgspec.structs.replace(record(name="x"), state=state)
    fitting = "draft" if state else ""
    for kind, each in kinds.items():
        if (kind == "approved" and fitting) or (kind == "plain" and not fitting):
            assert refit(each, held) == {"name": "x"}
        else:
            with pytest.raises(Conflict):
                refit(each, held)


def test_who_saved_it_last_is_who_a_formula_means_by_me() -> None:
    fields = entity(name=TEXT, by=computed("ME()", PERSON))
    held = msgspec.structs.replace(record(name="x", by="old"), created_by="first", updated_by="last", edition=1)
    outcome = recompute(fields, held, refit(fields, held), 4, a_world())
    assert outcome.record.values["by"] == "last"
    assert (outcome.record.edition, outcome.record.updated_by) == (4, "")
    again = recompute(fields, outcome.record, refit(fields, outcome.record), 5, a_world())
    assert again.record.values["by"] == "first"


def test_what_a_person_could_not_save_like_that_is_refused() -> None:
    fields = an_entity({"name": TEXT, "net": MONEY, "sum": computed("1 / net")}, entity={"required": ["name"]})
    held = record(net=Decimal(0))
    with pytest.raises(Invalid) as refusal:
        recompute(fields, held, refit(fields, held), 2, a_world())
    assert {each.code for each in refusal.value.problems} == {"field.required", "formula.division_by_zero"}


@pytest.mark.parametrize(
    ("old", "new", "is_other"),
    [
        ({"a": TEXT}, {"a": {**TEXT, "title": "Other"}}, False),
        ({"a": TEXT}, {"a": TEXT, "b": TEXT}, False),
        ({"a": TEXT, "b": TEXT}, {"a": TEXT}, False),
        ({"a": TEXT}, {"a": {**TEXT, "maxLength": 3}}, False),
        ({"a": TEXT}, {"a": NUMBER}, True),
        ({"a": MONEY}, {"a": MONEY, "b": computed("a")}, True),
        ({"a": MONEY, "b": computed("a")}, {"a": MONEY}, True),
        ({"a": MONEY, "b": computed("a")}, {"a": MONEY, "b": computed("a + 0")}, True),
        ({"a": MONEY, "b": computed("a")}, {"a": MONEY, "b": computed("a", {**MONEY, "title": "B"})}, False),
        (
            {"a": MONEY, "b": computed("a")},
            {"a": MONEY, "b": computed("a", {**MONEY, "x-rounding": {"scale": 0}})},
            True,
        ),
        ({"a": TEXT}, {"a": {**TEXT, "x-visible": "TRUE"}}, True),
        ({"g": group(a=MONEY)}, {"g": group(a=computed("1"))}, True),
        ({"i": lines(a=MONEY)}, {"i": lines(a=MONEY, b=computed("a"))}, True),
    ],
)
def test_only_what_may_change_values_counts(old: dict[str, Any], new: dict[str, Any], *, is_other: bool) -> None:
    assert computes_otherwise(entity(**old), entity(**new)) is is_other


def test_another_title_counts() -> None:
    one, other = (an_entity({"a": TEXT, "b": TEXT}, entity={"x-title": each}) for each in ("a", "b"))
    assert computes_otherwise(one, other)
    assert not computes_otherwise(one, one)
