"""A trace shows every part of a formula with what came of it, and nothing that its reader may not see."""

from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.definition.model import Json
from engine.formula.errors import FormulaFailed
from engine.formula.explain import Trace, explain
from engine.formula.formula import Formula, compile_formula
from engine.formula.scope import Facts
from engine.formula.tree import Value
from tests.formula_expressions import SCOPE as RANDOM
from tests.formula_expressions import any_facts, any_formula
from tests.formula_scope import TableScope, facts_of

SCOPE: Final = TableScope(
    {
        "a": "decimal",
        "b": "decimal",
        "none": "decimal",
        "items": "record[]",
        "items.n": "decimal[]",
        "p.limit": "decimal",
    }
)
FACTS: Final = facts_of({"values": {"a": "6", "b": "3", "items": [{"n": "1"}, {"n": "2"}], "p": {"limit": "9"}}})


def trace(text: str, facts: Facts = FACTS, hidden: str = "") -> Trace:
    return explain(compile_formula(text, SCOPE), facts, lambda read: ".".join(read.parts) != hidden)


def parts(of: Trace) -> Iterator[Trace]:
    yield of
    for each in of.parts:
        yield from parts(each)


def told(of: Trace) -> dict[str, Json]:
    """Text of each part → its value, None where it has none."""
    return {each.text: each.value for each in parts(of)}


def test_every_part_has_its_value() -> None:
    assert told(trace("ROUND((a + 1) / b, 2)")) == {
        "ROUND((a + 1) / b, 2)": Decimal("2.33"),
        "(a + 1) / b": Decimal("2.333333333333333333333333333333333"),
        "(a + 1)": 7,
        "a": 6,
        "1": 1,
        "b": 3,
        "2": 2,
    }


def test_a_column_is_shown_item_by_item() -> None:
    assert told(trace("SUM(items.n)")) == {"SUM(items.n)": 3, "items.n": (1, 2)}


def test_what_failed_is_told_where_it_failed_and_nowhere_else() -> None:
    found = trace("1 + a / (b - 3)")
    assert [(each.text, each.problem.code) for each in parts(found) if each.problem] == [
        ("a / (b - 3)", "formula.division_by_zero")
    ]
    assert found.value is None
    assert told(found)["(b - 3)"] == 0


def test_what_nobody_asked_for_is_marked() -> None:
    found = trace("IF(a > 1, b, 1 / 0)")
    assert [each.text for each in parts(found) if each.is_unused] == ["1 / 0", "1", "0"]
    assert found.value == 3


def test_blank_is_a_value_like_others() -> None:
    found = trace("none + 1")
    assert (found.value, found.problem, found.is_unused) == (None, None, False)


@pytest.mark.parametrize("hidden", ["a", "items.n", "p.limit"])
def test_a_part_gives_away_nothing_of_what_its_reader_may_not_see(hidden: str) -> None:
    found = trace(f"SUM({hidden}, b) + b", hidden=hidden)
    assert [each.text for each in parts(found) if each.is_hidden] == [f"SUM({hidden}, b)", hidden]
    assert told(found)[f"SUM({hidden}, b)"] is None
    assert told(found)["b"] == 3
    assert found.value is not None


def test_a_failure_that_would_give_something_away_is_not_told() -> None:
    found = trace("1 / (a - 6) + b", hidden="a")
    assert [each.problem for each in parts(found) if each.problem] == []


@given(st.integers(min_value=0))
def test_the_whole_is_what_the_formula_gives_or_a_part_says_why_not(seed: int) -> None:
    random = Random(seed)
    formula, facts = compile_formula(any_formula(random), RANDOM), facts_of(any_facts(random))
    found = explain(formula, facts)
    assert (found.value, [each.problem.code for each in parts(found) if each.problem]) == outcome(formula, facts)


def outcome(formula: Formula, facts: Facts) -> tuple[Value, list[str]]:
    try:
        return formula.evaluate(facts), []
    except FormulaFailed as failure:
        return None, [failure.code]
