"""A formula run for all lines at once gives what it gives line by line, or does not know."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from random import Random
from typing import Any

import msgspec
import pytest

from engine.definition.model import Json
from engine.formula.errors import FormulaFailed
from engine.formula.evaluate import MAX_STEPS
from engine.formula.formula import Formula, compile_formula
from engine.formula.scope import Facts
from tests.formula_expressions import TYPES, any_facts, any_formula
from tests.formula_scope import TableScope, facts_of

LINE = {
    **dict.fromkeys("ab", "decimal"),
    **dict.fromkeys("st", "text"),
    **dict.fromkeys("pq", "boolean"),
    **dict.fromkeys("de", "date"),
    "m": "datetime",
    "k": "text a=甲 b=乙",
    "r": "reference",
    "r.a": "decimal",
    "tags": "text[]",
    "group.a": "decimal",
}
LONG = Decimal("1234567890123456789012345678901234567.890")


#: What other random formulas may name, most of it in a line.
SCOPE = TableScope(TYPES, LINE, lines="items")


def of_line(text: str) -> Formula:
    return compile_formula(text, SCOPE)


def across(formula: Formula, facts: Facts) -> Sequence[Json] | None:
    return formula.across and formula.across(msgspec.structs.replace(facts, columns={}), "items")


def line_by_line(formula: Formula, facts: Facts) -> Sequence[Json] | None:
    """None when one of the lines fails."""
    lines = enumerate(facts.values["items"])
    try:
        return [formula.evaluate(msgspec.structs.replace(facts, line=line, place=place)) for place, line in lines]
    except FormulaFailed:
        return None


def told(formula: Formula, facts: Facts) -> str:
    """Which way had values; where both have, they are the same to the last digit."""
    column, expected = across(formula, facts), line_by_line(formula, facts)
    if column is None:
        return "failed" if expected is None else "line by line"
    assert expected is not None, formula.text
    assert [*map(repr, column)] == [*map(repr, expected)], formula.text
    return "across"


def any_lines(random: Random) -> Facts:
    """Facts with lines in which anything may be missing and numbers may be none, or longer than they can be."""
    written = any_facts(random)

    def line() -> dict[str, Json]:
        given = {**any_facts(random)["values"], "tags": ["a", ""], "group": {"a": Decimal(1)}}
        numbers = {key: Decimal(given[key]) for key in "ab" if given[key] is not None}
        return {**given, "a": None, "b": None, **numbers} | random.choice(({}, {}, {"a": 7}, {"b": LONG}))

    written["values"]["items"] = [line() for _ in range(random.randint(0, 4))]
    return facts_of({**written, "place": None})


def test_both_ways_agree_about_any_formula_and_any_lines() -> None:
    ways: Counter[str] = Counter()
    for seed in range(1500):
        random = Random(seed)
        formula = of_line(any_formula(random))
        ways.update(told(formula, any_lines(random)) for _ in range(4))
    assert ways["across"] > 1000


@pytest.mark.parametrize(
    ("formula", "lines", "values"),
    [
        ("a * b + 1", [{"a": 2, "b": 3}, {"a": 2}, {}], [7, None, None]),
        ("a * 2", [{"a": Decimal("-0.00")}], [Decimal("0.00")]),
        ("ROUND(a / b, 2)", [{"a": 2, "b": 3}, {"a": 1}], [Decimal("0.67"), None]),
        ("MIN(a, b, c)", [{"a": 7, "b": 6}, {"b": 4}, {}], [5, 4, 5]),
        ("SUM(a, b)", [{"a": 7}, {}], [7, 0]),
        ('IF(s = "x", a, b)', [{"s": "x", "a": 1}, {"s": "", "b": 2}, {"b": 3}], [1, 2, 3]),
        ("IF(p, a)", [{"p": True, "a": 1}, {"p": False, "a": 1}, {"a": 1}], [1, None, None]),
        ("IF(b = 0, 0, a / b)", [{"a": 1, "b": 0}, {"a": 1}, {"a": 1, "b": 2}], [0, None, Decimal("0.5")]),
        ("IF(FALSE, 1 / (c - 5), a)", [{"a": 1}, {"a": 2}], [1, 2]),
        ("IF(FALSE, b, 1)", [{"b": Decimal("NaN")}], [1]),
        ("AND(p, q)", [{"p": False}, {"p": True}, {"p": True, "q": True}], [False, None, True]),
        ("OR(p, q)", [{"p": False}, {"p": True}, {"p": False, "q": False}], [None, True, False]),
        ("NOT(p)", [{"p": False}, {}], [True, None]),
        ("s = t", [{}, {"s": ""}, {"s": "x"}, {"s": "x", "t": "x"}], [True, True, False, True]),
        ("COALESCE(s, t)", [{"s": "", "t": "x"}, {"t": ""}, {"s": "y"}], ["x", None, "y"]),
        ("COALESCE(a, b, 0)", [{"a": 0, "b": 1}, {"b": 1}, {}], [0, 1, 0]),
        ("BLANK(s)", [{"s": ""}, {"s": "x"}, {}], [True, False, True]),
        ("a / SUM(items.a)", [{"a": 1}, {"a": 3}], [Decimal("0.25"), Decimal("0.75")]),
        ("c", [{}, {}], [5, 5]),
    ],
)
def test_a_formula_goes_through_all_lines_at_once(formula: str, lines: list[Json], values: list[Json]) -> None:
    facts = Facts(values={"items": lines, "c": 5})
    assert told(of_line(formula), facts) == "across"
    assert across(of_line(formula), facts) == tuple(values)


@pytest.mark.parametrize(
    "formula", ["a & s", "group.a", "COUNT(tags, a)", "LABEL(k)", "SUMIF(items.a, a)", "r.a", "a = items.a"]
)
def test_what_has_no_column_goes_line_by_line(formula: str) -> None:
    assert of_line(formula).across is None


@pytest.mark.parametrize(
    ("formula", "lines"),
    [
        ("COALESCE(a, 1 / 0)", [{"a": 1}]),
        ("ALLOCATE(10, items.a)", [{"a": 1}, {"a": 2}]),
        ("ROUND(a, b)", [{"a": 1, "b": 0}, {"a": 1, "b": 1}]),
        ("OR(b = 0, a / b > 1)", [{"a": 1, "b": 0}]),
    ],
)
def test_what_fails_for_all_lines_at_once_may_have_values_line_by_line(formula: str, lines: list[Json]) -> None:
    assert told(of_line(formula), Facts(values={"items": lines})) == "line by line"


def test_choices_within_choices_are_tried_twice_and_not_twice_each() -> None:
    formula = of_line("IF(p, " * 50 + "1 / a" + ")" * 50)
    assert told(formula, Facts(values={"items": [{"p": True, "a": 0}]})) == "failed"
    assert told(formula, Facts(values={"items": [{"p": True, "a": 1}, {"p": False, "a": 0}]})) == "across"


def test_a_column_is_read_once_and_kept() -> None:
    facts = Facts(values={"items": [{"a": 1}, {}]}, columns={})
    formula = of_line("a + a")
    assert formula.across is not None
    assert formula.across(facts, "items") == (2, None)
    assert facts.columns == {("items", "a"): (1, None)}
    facts.values["items"][0]["a"] = 5
    assert formula.across(facts, "items") == (2, None)
    assert of_line("SUM(items.a)").evaluate(facts) == 1


def test_what_is_known_costs_as_many_steps_as_what_is_read() -> None:
    columns: dict[tuple[str, ...], Any] = {("items", "a"): (Decimal(1),) * (MAX_STEPS + 1)}
    with pytest.raises(FormulaFailed, match="too_many_items"):
        of_line("SUM(items.a)").evaluate(Facts(values={}, columns=columns))
