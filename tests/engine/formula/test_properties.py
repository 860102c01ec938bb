import operator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.definition.model import Json
from engine.formula.errors import FormulaFailed, FormulaProblem, FormulaProblems
from engine.formula.formula import Formula, compile_formula
from engine.formula.parse import parse
from engine.formula.scope import Facts
from engine.formula.tree import Node
from engine.sentences import SENTENCES
from tests.formula_expressions import SCOPE, any_facts, any_formula
from tests.formula_scope import TableScope, facts_of

#: Exact in 34 digits even when a few of them are multiplied.
AMOUNTS = st.decimals(-9999, 9999, places=2, allow_nan=False).map(lambda number: f"{number:f}")
#: What formulas are made of, so that random text gets past the first character.
PIECES = st.sampled_from(
    [
        "1",
        "2.5",
        "a",
        "s",
        "items.a",
        "SUM",
        "IF",
        "(",
        ")",
        ",",
        "+",
        "-",
        "*",
        "/",
        "&",
        "%",
        "=",
        "<>",
        '"',
        " ",
        ".",
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.decimals() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(st.text() | st.lists(PIECES).map("".join))
def test_any_text_is_a_tree_or_a_problem_in_it(text: str) -> None:
    problems: tuple[FormulaProblem, ...] = ()
    try:
        assert isinstance(parse(text), Node)
    except FormulaProblem as problem:
        problems = (problem,)
    assert all(0 <= problem.start <= problem.end <= len(text) for problem in problems)


@given(st.lists(PIECES).map("".join))
def test_any_text_compiles_or_has_problems_in_it(text: str) -> None:
    problems: tuple[FormulaProblem, ...] = ()
    try:
        compile_formula(text, SCOPE)
    except FormulaProblems as wrong:
        problems = wrong.problems
    assert all(0 <= problem.start <= problem.end <= len(text) for problem in problems)


@given(st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_a_well_typed_formula_has_a_value_or_fails_at_a_place_in_it(random: Random) -> None:
    text = any_formula(random)
    failures = failures_of(compile_formula(text, SCOPE), facts_of(any_facts(random)))
    assert all(0 <= failure.start < failure.end <= len(text) for failure in failures)


@given(st.randoms(use_true_random=False), st.dictionaries(st.sampled_from("abcstpqdemnr"), VALUES), VALUES)
@settings(max_examples=150, deadline=None)
def test_whatever_the_facts_are_a_formula_has_a_value_or_fails(
    random: Random, values: dict[str, Json], items: Json
) -> None:
    facts = Facts(values={**values, "items": items})
    failures = failures_of(compile_formula(any_formula(random), SCOPE), facts)
    assert all(failure.code in SENTENCES for failure in failures)


def failures_of(formula: Formula, facts: Facts) -> tuple[FormulaFailed, ...]:
    try:
        formula.evaluate(facts)
    except FormulaFailed as failure:
        return (failure,)
    return ()


def sums(children: st.SearchStrategy[tuple[str, Fraction]]) -> st.SearchStrategy[tuple[str, Fraction]]:
    """Text and exact value of a calculation made of two smaller ones."""
    signs = st.sampled_from([("+", operator.add), ("-", operator.sub), ("*", operator.mul)])
    return st.builds(
        lambda sign, left, right: (f"({left[0]}) {sign[0]} ({right[0]})", sign[1](left[1], right[1])),
        signs,
        children,
        children,
    )


@given(st.recursive(AMOUNTS.map(lambda text: (text, Fraction(text))), sums, max_leaves=5))
def test_sums_and_products_are_those_of_exact_fractions(calculation: tuple[str, Fraction]) -> None:
    text, exact = calculation
    result = compile_formula(text, SCOPE).evaluate(Facts(values={}))
    assert isinstance(result, Decimal)
    assert Fraction(result) == exact


@given(st.decimals(-(10**9), 10**9, places=6), st.integers(-3, 6))
def test_rounding_is_to_the_nearest_and_half_away_from_zero(number: Decimal, places: int) -> None:
    rounded = compile_formula(f"ROUND(a, {places})", SCOPE).evaluate(Facts(values={"a": number}))
    unit = Fraction(10) ** -places
    steps = abs(Fraction(number)) / unit
    expected = (steps + Fraction(1, 2)).__floor__() * unit
    assert isinstance(rounded, Decimal)
    assert Fraction(rounded) == (expected if number >= 0 else -expected)


@given(st.lists(st.none() | st.decimals(-(10**6), 10**6, places=2), max_size=30))
def test_the_functions_over_lists_leave_blanks_out(amounts: list[Decimal | None]) -> None:
    scope = TableScope({"items": "record[]", "items.a": "decimal[]"})
    facts = Facts(values={"items": [{"a": amount} for amount in amounts]})
    present = [amount for amount in amounts if amount is not None]

    def value(text: str) -> Json:
        return compile_formula(text, scope).evaluate(facts)

    assert value("SUM(items.a)") == sum(present)
    assert value("COUNT(items.a)") == len(present)
    assert value("MIN(items.a)") == min(present, default=None)
    assert value("MAX(items.a)") == max(present, default=None)


@given(st.dates(date(101, 1, 1), date(9899, 12, 31)), st.integers(-1200, 1200))
def test_going_by_months_is_undone_by_counting_them(day: date, months: int) -> None:
    facts = Facts(values={"d": day, "a": Decimal(months)})
    assert compile_formula("MONTHS(EDATE(d, a), d)", SCOPE).evaluate(facts) == months


@given(st.dates(), st.dates())
def test_months_between_two_days_change_their_sign_and_nothing_else(day: date, other: date) -> None:
    facts = Facts(values={"d": day, "e": other})
    assert compile_formula("MONTHS(d, e) + MONTHS(e, d)", SCOPE).evaluate(facts) == 0
    assert compile_formula("OR(MONTHS(d, e) >= 0, d < e)", SCOPE).evaluate(facts) is True


@given(st.text(st.characters(exclude_categories=["Cs"])), st.integers(0, 9))
def test_a_text_is_put_together_again_from_its_parts(text: str, count: int) -> None:
    facts = Facts(values={"s": text, "a": Decimal(count)})
    parts = compile_formula("LEFT(s, a) & MID(s, a + 1, LEN(s))", SCOPE)
    assert parts.evaluate(facts) == text


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_a_text_survives_quoting(text: str) -> None:
    quoted = '"' + text.replace('"', '""') + '"'
    assert compile_formula(quoted, SCOPE).evaluate(Facts(values={})) == text
