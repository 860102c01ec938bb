"""What a rollup may say: whose rows, by which reference, what is made of them; the rest is refused where it stands."""

from typing import Any

import pytest

from engine.compile.formulas.compiler import Formulas
from engine.compile.formulas.derived import derived
from engine.compile.formulas.rollups import compile_rollups, linked
from engine.definition.model import Json
from tests.engine.compile.refusals import problems
from tests.engine.definitions import (
    DATE,
    MONEY,
    NUMBER,
    QUANTITY,
    TEXT,
    YES,
    an_entity,
    compiled,
    computed,
    group,
    lines,
    reference,
)

ORDER = {
    "name": TEXT,
    "claim": reference("shop/claim"),
    "person": {"title": "Person", "x-type": "user"},
    "date": DATE,
    "paid": YES,
    "amount": MONEY,
    "weight": QUANTITY,
    "items": lines(claim=reference("shop/claim"), price=MONEY, kind=TEXT),
    "others": lines(price=MONEY),
}


def rolled(field: dict[str, Any], /, **rollup: Json) -> list[tuple[str, str]]:
    """Code and text of what is wrong with a rollup of orders."""
    written = {"of": "shop/order", "by": "claim", **rollup}
    found = problems({"name": TEXT, "limit": MONEY, "kept": {**field, "x-rollup": written}}, others={"order": ORDER})
    return [(code, text) for code, _, text in found]


@pytest.mark.parametrize(
    ("field", "rollup"),
    [
        (MONEY, {"sum": "amount"}),
        (QUANTITY, {"sum": "amount"}),
        (NUMBER, {"count": True}),
        (MONEY, {"average": "weight"}),
        (DATE, {"max": "date"}),
        (MONEY, {"min": "amount"}),
        (TEXT, {"last": "name", "order": "date"}),
        (YES, {"any": "paid"}),
        (MONEY, {"sum": "items.price"}),
        (MONEY, {"by": "items.claim", "sum": "items.price", "where": 'AND(kind = "a", paid, STATE() = "x")'}),
        (MONEY, {"sum": "amount", "where": "created_at > updated_at"}),
    ],
)
def test_every_measure_fits_some_field(field: dict[str, Any], rollup: dict[str, Any]) -> None:
    assert rolled(field, **rollup) == []


@pytest.mark.parametrize(
    ("field", "rollup", "found"),
    [
        (MONEY, {"of": "shop/bill", "sum": "amount"}, ("entity.undefined", '"shop/bill"')),
        (MONEY, {"by": "clam", "sum": "amount"}, ("field.undefined", '"clam"')),
        (MONEY, {"by": "person", "sum": "amount"}, ("rollup.by", '"person"')),
        (MONEY, {"sum": "amuont"}, ("field.undefined", '"amuont"')),
        (MONEY, {"sum": "name"}, ("rollup.type", '"name"')),
        (TEXT, {"sum": "amount"}, ("rollup.type", '"amount"')),
        (TEXT, {"count": True}, ("rollup.type", "true")),
        (TEXT, {"max": "name"}, ("rollup.type", '"name"')),
        (DATE, {"first": "name"}, ("rollup.type", '"name"')),
        (MONEY, {"any": "paid"}, ("rollup.type", '"paid"')),
        (MONEY, {"sum": "weight"}, ("rollup.scale", '"weight"')),
        (MONEY, {"by": "items.claim", "sum": "amount"}, ("rollup.lines", '"amount"')),
        (MONEY, {"by": "items.claim", "sum": "others.price"}, ("rollup.lines", '"others.price"')),
        (TEXT, {"last": "name", "order": "items.price"}, ("rollup.lines", '"name"')),
        (MONEY, {"sum": "amount", "order": "date"}, ("rollup.order", '"date"')),
        (TEXT, {"last": "name", "order": "paid"}, ("rollup.type", '"paid"')),
        (MONEY, {"sum": "amount", "where": "amount"}, ("formula.result", '"amount"')),
        (MONEY, {"sum": "amount", "where": "claim.limit > 1"}, ("rollup.passing", '"claim.limit > 1"')),
        (MONEY, {"sum": "amount", "where": "date < TODAY()"}, ("rollup.passing", '"date < TODAY()"')),
        (MONEY, {"sum": "amount", "where": "ME() = person"}, ("rollup.passing", '"ME() = person"')),
        (computed("limit"), {"sum": "amount"}, ("rollup.beside", "{")),
        (MONEY | {"x-visible": "TRUE"}, {"sum": "amount"}, ("rollup.beside", "{")),
    ],
)
def test_what_does_not_fit_is_refused_where_it_stands(
    field: dict[str, Any], rollup: dict[str, Any], found: tuple[str, str]
) -> None:
    code, text = found
    told = rolled(field, **rollup)
    assert [each for each, _ in told] == [code]
    assert told[0][1].removeprefix('"where": ').startswith(text)


def test_only_fields_of_the_record_itself_are_rolled_up_to() -> None:
    kept = MONEY | {"x-rollup": {"of": "shop/order", "by": "claim", "sum": "amount"}}
    for around in (group(kept=kept), lines(kept=kept)):
        found = problems({"part": around}, others={"order": ORDER})
        assert [code for code, _, _ in found] == ["rollup.place"]


def test_a_child_in_a_module_that_is_not_required_is_looked_for_later() -> None:
    assert problems({"kept": MONEY | {"x-rollup": {"of": "far/order", "by": "claim", "sum": "amount"}}}) == []


def test_what_is_computed_of_rollups_changes_with_them() -> None:
    kept = MONEY | {"x-rollup": {"of": "shop/order", "by": "claim", "sum": "amount"}}
    shares = lines(amount=MONEY, share=computed("amount - left"))
    made = an_entity(
        {
            "kept": kept,
            "limit": MONEY,
            "left": computed("limit - kept"),
            "twice": computed("left * 2"),
            "half": computed("limit / 2"),
            "items": shares,
        },
        others={"order": ORDER},
    )
    assert made.derived == {("kept",), ("left",), ("twice",), ("items", "share")}
    assert derived(made.fields, made.order) == made.derived


def test_rollups_that_need_each_other_are_told() -> None:
    claim = {"b": reference("shop/b"), "kept": MONEY | {"x-rollup": {"of": "shop/b", "by": "claim", "sum": "kept"}}}
    other = {
        "claim": reference("shop/claim"),
        "kept": MONEY | {"x-rollup": {"of": "shop/claim", "by": "b", "sum": "kept"}},
    }
    module = compiled(claim, others={"b": other})
    fields = {entity.name: entity.fields for entity in module.entities.values()}
    made = (compile_rollups(name, each.values(), fields.get, Formulas(), ()) for name, each in fields.items())
    rollups, circles = linked(rollup for each in made for rollup in each)
    assert rollups.by_child == {}
    assert [each.code for each in circles] == ["rollup.circle"]
