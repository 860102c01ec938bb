"""Computed lines are the same whether all are computed at once or one after another."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from random import Random
from typing import Any

import msgspec
import pytest

from engine.compile.model import CompiledEntity, CompiledField
from engine.definition.model import Json
from engine.formula.scope import Facts
from engine.runtime.values.compute import compute
from tests.engine.definitions import DATE, MOMENT, MONEY, NUMBER, PERSON, TEXT, YES, an_entity, computed, lines
from tests.formula_expressions import any_facts, formula

EXACT = {"title": "Exact", "x-type": "decimal"}
KIND = {"title": "Kind", "enum": ["a", "b"]}
TYPED = {
    **dict.fromkeys("abc", EXACT),
    **dict.fromkeys("st", TEXT),
    **dict.fromkeys("pq", YES),
    **dict.fromkeys("de", DATE),
    **dict.fromkeys("mn", MOMENT),
    "k": KIND,
    "r": PERSON,
}
WHOLE = {**MONEY, "x-rounding": {"scale": 0, "mode": "half_even"}}
LAST = {**MONEY, "x-rounding": "sum_then_round"}


def line_by_line(entity: CompiledEntity) -> CompiledEntity:
    """The entity, but nothing in it can be computed for all lines at once."""

    def without(field: CompiledField) -> CompiledField:
        assert field.formula is not None
        return msgspec.structs.replace(field, formula=msgspec.structs.replace(field.formula, across=None))

    return msgspec.structs.replace(entity, order=tuple(map(without, entity.order)))


def counted(entity: CompiledEntity, ways: Counter[bool]) -> CompiledEntity:
    """The entity, and how often a formula of it has given values for all lines at once, or has not."""

    def watched(field: CompiledField) -> CompiledField:
        run = field.formula and field.formula.across
        if field.formula is None or run is None:
            return field

        def across(facts: Facts, key: str) -> Any:  # noqa: ANN401 - what it gives
            column = run(facts, key)
            ways[column is not None] += 1
            return column

        return msgspec.structs.replace(field, formula=msgspec.structs.replace(field.formula, across=across))

    return msgspec.structs.replace(entity, order=tuple(map(watched, entity.order)))


def any_entity(random: Random) -> CompiledEntity:
    """Four computed columns that may read one another, and two fields of the record that read them."""

    def text(kind: str) -> str:
        return formula(random, kind, depth=3).replace("r.a", "a")

    columns = {
        "x": computed(text("decimal"), random.choice((MONEY, EXACT, NUMBER, WHOLE))),
        "y": computed(re.sub(r"\bb\b", "x", text("decimal")), random.choice((MONEY, LAST))),
        "z": computed(re.sub(r"\ba\b", "y", text("boolean")), YES),
        "w": computed(re.sub(r"\bp\b", "z", text("date")), DATE),
        "v": computed("ROUND(x * 1.13 - COALESCE(b, y), 1)"),
    }
    sums = {"sum": computed("SUM(items.x, items.v)"), "count": computed("COUNT(items.z) + COUNTIF(items.y, x)", NUMBER)}
    return an_entity({**TYPED, "x": EXACT, "items": lines(**TYPED, **columns), **sums})


def any_values(random: Random) -> dict[str, Json]:
    def exact(values: Json) -> dict[str, Json]:
        numbers = {key: Decimal(values[key]) for key in "abc" if values[key] is not None}
        return {key: value for key, value in values.items() if value is not None and key != "items"} | numbers

    def line() -> dict[str, Json]:
        old = random.choice(({}, {"x": Decimal(1), "w": "2026-01-01"}))
        return old | exact(any_facts(random)["values"])

    return exact(any_facts(random)["values"]) | {"items": [line() for _ in range(random.randint(0, 7))]}


def told(entity: CompiledEntity, values: Json, hidden: Sequence[str]) -> str:
    facts = Facts(values=values, actor="lin", now=datetime(2026, 3, 2, 9, tzinfo=UTC), today=date(2026, 3, 2))
    return repr(compute(entity, facts, hidden))


def test_values_and_problems_are_the_same_for_any_formulas_and_lines() -> None:
    ways: Counter[bool] = Counter()
    for seed in range(150):
        random = Random(seed)
        entity = any_entity(random)
        for _ in range(6):
            values = any_values(random)
            hidden = random.choice(((), ("/a", "/items/0/x"), ("/items/1/b", "/items"), ("/items/0/a",)))
            expected = told(line_by_line(entity), values, hidden)
            assert told(counted(entity, ways), values, hidden) == expected, [each.formula for each in entity.order]
    assert ways[True] > 400
    assert ways[False] > 100


@pytest.mark.parametrize(
    ("text", "first", "codes"),
    [
        ("0 - a / 1000", "0.00", []),
        ("a * 10000000000000000", None, ["field.digits"] * 5),
        ("1 / (a - 3)", "-0.50", ["formula.division_by_zero"]),
    ],
)
def test_what_rounds_to_nothing_and_what_fails_is_the_same(text: str, first: str | None, codes: list[str]) -> None:
    entity = an_entity({"items": lines(a=EXACT, x=computed(text))})
    given = {"items": [{"a": Decimal(each)} for each in range(1, 6)]}
    values, problems = compute(entity, Facts(values=given))
    assert [each.code for each in problems] == codes
    assert repr(values["items"][0].get("x")) == repr(first and Decimal(first))
    assert told(entity, given, ()) == told(line_by_line(entity), given, ())
