import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal, localcontext

import pytest

from engine.definition.model import Json
from engine.formula.errors import FormulaFailed
from engine.formula.evaluate import MAX_STEPS
from engine.formula.formula import compile_formula
from engine.formula.operations.text import MAX_TEXT
from engine.formula.scope import Facts, Found
from engine.formula.tree import Kind, Type
from engine.formula.typed import MAX_CHARACTERS
from tests.formula_scope import TableScope

SCOPE = TableScope(
    {
        "a": "decimal",
        "name": "text",
        "moment": "datetime",
    }
)


class OneName:
    """A scope whose only name is read by a function of the test."""

    def __init__(self, type_: Type, read: Callable[[Facts], Json]) -> None:
        self._found = Found(type_, read)

    def find(self, parts: tuple[str, ...]) -> Found | None:
        return self._found if parts == ("x",) else None

    def known(self, _parts: tuple[str, ...]) -> dict[str, str]:
        return {"x": ""}


def value(text: str, **values: Json) -> Json:
    return compile_formula(text, SCOPE).evaluate(Facts(values=values))


def failure(text: str, **values: Json) -> FormulaFailed:
    with pytest.raises(FormulaFailed) as caught:
        value(text, **values)
    return caught.value


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("1 + a / 0 * 2", "a / 0"),
        ("1 + (2 / (a - a))", "(2 / (a - a))"),
        ("ROUND(a, 1 / 2) + 1", "ROUND(a, 1 / 2)"),
        ('1 & MID("abc", 0, a)', 'MID("abc", 0, a)'),
        ("SUM(a, DATE(2026, 2, 30) - DATE(2026, 1, 1))", "DATE(2026, 2, 30)"),
    ],
)
def test_a_failure_says_which_part_has_no_value(text: str, part: str) -> None:
    found = failure(text, a=Decimal(1))
    assert text[found.start : found.end] == part


def test_a_value_of_the_wrong_kind_is_named() -> None:
    found = failure("1 + a", a="twelve")
    assert (found.code, found.start, found.end, found.params) == ("formula.value", 4, 5, {"path": "a"})


@pytest.mark.parametrize("error", [KeyError("x"), AttributeError("x"), TypeError(), ValueError(), ZeroDivisionError()])
def test_a_reader_that_meets_facts_of_another_shape_is_a_failure(error: Exception) -> None:
    def read(_facts: Facts) -> Json:
        raise error

    formula = compile_formula("x", OneName(Type(Kind.TEXT), read))
    with pytest.raises(FormulaFailed, match=r"formula\.value"):
        formula.evaluate(Facts(values={}))


def test_values_that_are_already_dates_are_taken_as_they_are() -> None:
    here = datetime(2026, 3, 1, 8, tzinfo=timezone(timedelta(hours=8)))
    formula = compile_formula('x & ""', OneName(Type(Kind.DATETIME), lambda _facts: here))
    assert formula.evaluate(Facts(values={})) == "2026-03-01T00:00:00Z"
    formula = compile_formula('x & ""', OneName(Type(Kind.DATE), lambda _facts: here.date()))
    assert formula.evaluate(Facts(values={})) == "2026-03-01"


def test_a_moment_without_a_zone_is_no_moment() -> None:
    formula = compile_formula("x", OneName(Type(Kind.DATETIME), lambda _facts: datetime(2026, 3, 1)))  # noqa: DTZ001
    with pytest.raises(FormulaFailed, match=r"formula\.value"):
        formula.evaluate(Facts(values={}))


def test_without_a_clock_there_is_no_now() -> None:
    assert value("NOW()") is None
    assert value("TODAY() + 1") is None


def test_the_context_of_the_thread_changes_nothing() -> None:
    with localcontext(prec=2, Emax=3, Emin=-3):
        assert value("-a", a=Decimal("123456.789")) == Decimal("-123456.789")
        assert value("a * a", a=Decimal(1111)) == 1234321
        assert value("ROUND(a / 7, 4)", a=Decimal(1000)) == Decimal("142.8571")
        assert value('a & ""', a=Decimal("123456.70")) == "123456.7"
        assert value("SUM(a, a) > 246913", a=Decimal("123456.789")) is True


def test_scale_is_kept_where_exactness_allows() -> None:
    assert str(value("a + a", a=Decimal("1.50"))) == "3.00"
    assert str(value("a", a=Decimal("-0.00"))) == "0.00"


def test_one_evaluation_reads_a_bounded_number_of_items() -> None:
    facts = Facts(values={"x": ("a",) * MAX_STEPS, "y": ("a",)})
    scope = TableScope({"x": "text[]", "y": "text[]"})
    assert compile_formula("COUNT(x)", scope).evaluate(facts) == MAX_STEPS
    with pytest.raises(FormulaFailed) as caught:
        compile_formula("COUNT(x) + COUNT(x, y)", scope).evaluate(facts)
    assert (caught.value.code, caught.value.start) == ("formula.too_many_items", 17)


def test_a_list_is_read_once_and_costs_a_quarter_from_then_on() -> None:
    read: list[Facts] = []
    scope = OneName(Type(Kind.TEXT, is_list=True), lambda facts: read.append(facts) or facts.values["x"])  # type: ignore[func-returns-value]
    facts = Facts(values={"x": ("a",) * (MAX_STEPS // 2)})
    assert compile_formula("COUNT(x, x, x)", scope).evaluate(facts) == 3 * MAX_STEPS // 2
    assert len(read) == 1
    with pytest.raises(FormulaFailed) as caught:
        compile_formula("COUNT(x, x, x, x, x, x)", scope).evaluate(facts)
    assert (caught.value.code, caught.value.start) == ("formula.too_many_items", 21)


def test_one_evaluation_searches_a_bounded_number_of_characters() -> None:
    longest = "a" * MAX_TEXT
    often = MAX_CHARACTERS // MAX_TEXT
    assert value("COUNT(" + ", ".join(["UPPER(name)"] * often) + ")", name=longest) == often
    for searching in ("UPPER(name)", "LOWER(name)", "TRIM(name)", 'SUBSTITUTE(name, "b", "")', 'CONTAINS(name, "b")'):
        found = failure("COUNT(" + ", ".join([searching] * (often + 1)) + ")", name=longest)
        assert (found.code, found.params) == ("formula.long_text", {"limit": str(MAX_CHARACTERS)})


@pytest.mark.parametrize(
    ("text", "given", "code"),
    [
        ("CONCAT(" + ",".join(["name"] * 700) + ")", {"name": "a" * MAX_TEXT}, "formula.long_text"),
        ("a + 1", {"a": 10**1_000_000}, "formula.overflow"),
    ],
)
def test_what_cannot_fit_is_not_put_together_first(text: str, given: dict[str, Json], code: str) -> None:
    compiled = compile_formula(text, SCOPE)
    tracemalloc.start()
    try:
        with pytest.raises(FormulaFailed) as caught:
            compiled.evaluate(Facts(values=given))
        assert tracemalloc.get_traced_memory()[1] < 3 * MAX_TEXT
    finally:
        tracemalloc.stop()
    assert caught.value.code == code


def test_a_text_has_a_greatest_length() -> None:
    longest = "😀" * MAX_TEXT
    assert value('name & ""', name=longest) == longest
    found = failure('name & "a"', name=longest)
    assert (found.code, found.params) == ("formula.long_text", {"limit": "32767"})


def test_a_text_taken_apart_has_a_greatest_length_too() -> None:
    longest = "😀" * MAX_TEXT
    assert value("LEFT(name, 99999)", name=longest) == longest
    for text in ("UPPER(name)", "TRIM(name)", 'SUBSTITUTE(name, "", "")', "RIGHT(name, 99999)", "MID(name, 1, 99999)"):
        assert failure(text, name=longest + "a").code == "formula.long_text"
    assert value("LEN(name)", name=longest + "a") == MAX_TEXT + 1


def test_what_would_get_too_long_is_never_put_together() -> None:
    found = failure('SUBSTITUTE(name, "a", name)', name="a" * 10**5)
    assert (found.code, found.params) == ("formula.long_text", {"limit": "32767"})


def test_a_count_that_counts_nothing_is_told_as_given() -> None:
    for text in ('LEFT("a", -a)', 'RIGHT("a", -a)', 'MID("a", -a, 1)', 'MID("a", 1, -a)'):
        found = failure(text, a=Decimal("2.00"))
        assert (found.code, found.params) == ("formula.bad_count", {"given": "-2"})


def test_the_deepest_formula_runs() -> None:
    assert value("(" * 62 + "1" + " + a)" * 62, a=Decimal(1)) == 63
    assert value("IF(a=1," * 61 + "a" + ",2)" * 61, a=Decimal(1)) == 1


def test_only_the_branch_taken_is_evaluated() -> None:
    assert value("IF(a = 0, 0, 1 / a)", a=Decimal(0)) == 0
    assert failure("IF(a = 1, 0, 1 / a)", a=Decimal(0)).code == "formula.division_by_zero"


def test_now_is_the_moment_handed_in() -> None:
    moment = datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert compile_formula("NOW()", SCOPE).evaluate(Facts(values={}, now=moment)) == moment
