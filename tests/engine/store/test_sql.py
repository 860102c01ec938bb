"""A formula is the same in SQL as in Python; what a database cannot answer, Python judges record by record."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.store.query import Condition
from engine.store.sql.expression import Translator, Untranslatable
from tests.engine.store.shop import Shop

#: Formulas, a line each, in paragraphs: answered by both databases, by PostgreSQL, by none.
ANSWERED, TOO_WIDE, UNANSWERED = (
    [line for line in paragraph.splitlines() if not line.startswith("#")]
    for paragraph in Path(__file__).with_name("formulas.txt").read_text(encoding="utf-8").split("\n\n")
)


@pytest.mark.parametrize("text", ANSWERED)
def test_a_database_finds_what_python_finds(text: str, shop: Shop) -> None:
    formula, facts = shop.formula(text), shop.facts()
    condition = Condition(formula, facts)
    assert shop.verdict(condition).parts == ()
    assert shop.found(condition) == shop.truth(formula, facts)


@pytest.mark.parametrize("text", TOO_WIDE)
def test_what_has_no_room_in_64_bits_is_calculated_by_postgresql_or_in_python(text: str, shop: Shop) -> None:
    formula, facts = shop.formula(text), shop.facts()
    condition = Condition(formula, facts)
    is_sqlite = shop.workspace.database.dialect.name == "sqlite"
    assert bool(shop.verdict(condition).parts) == is_sqlite
    assert shop.found(condition) == shop.truth(formula, facts)


@pytest.mark.parametrize("text", UNANSWERED)
def test_what_a_database_cannot_answer_is_judged_in_python(text: str, shop: Shop) -> None:
    formula, facts = shop.formula(text), shop.facts()
    condition = Condition(formula, facts)
    (part,) = shop.verdict(condition).parts
    assert text[part.start : part.end]
    assert shop.found(condition) == shop.truth(formula, facts)


@pytest.mark.parametrize(
    "text",
    [
        *("amount * quantity > 5", "SUM(items.price) > 1", "amount / 3 > 1"),
        *("amount / count > 0.5", "NOW() - moment > NOW() - created_at", "DAYS(NOW(), moment) > 3", "LEN(name) = 2"),
        *("EDATE(day, 1) > end", 'CONTAINS(name, "a")', "ROUND(amount, 1) = 1", "amount < quantity"),
    ],
)
def test_what_is_asked_every_day_leaves_no_doubt(text: str, shop: Shop) -> None:
    """Numbers past 64 bits still compare as they must, so nothing has to be judged."""
    assert shop.verdict(Condition(shop.formula(text), shop.facts())).possible is None


@pytest.mark.parametrize("text", ["amount * amount - amount * amount = 0", "amount * amount + 1 > 1"])
def test_what_may_be_wrong_for_some_records_is_judged_for_those(text: str, shop: Shop) -> None:
    """Some amounts have 17 digits, and their squares no room anywhere."""
    condition = Condition(shop.formula(text), shop.facts())
    verdict = shop.verdict(condition)
    assert verdict.parts == ()
    assert 0 < len(shop.judged(condition)) < len(shop.items)
    with pytest.raises(Untranslatable):
        shop.translated(text, Translator.value)


@pytest.mark.parametrize(
    ("text", "judged"),
    [
        ('AND(done, RMB_UPPER(amount) = "壹元整")', "done"),
        ('AND(RMB_UPPER(amount) = "壹元整", done, amount / count > 0)', "AND(done, amount / count > 0)"),
        ('OR(done, RMB_UPPER(amount) = "壹元整")', "NOT(COALESCE(done, FALSE))"),
        ('OR(RMB_UPPER(amount) = "壹元整", done)', "TRUE"),
        ('AND(done, OR(amount > 5, RMB_UPPER(amount) = "壹元整"))', "AND(done, NOT(COALESCE(amount, 0) > 5))"),
    ],
)
def test_only_what_the_rest_of_a_condition_leaves_open_is_judged(text: str, judged: str, shop: Shop) -> None:
    assert shop.judged(Condition(shop.formula(text), shop.facts())) == shop.truth(shop.formula(judged), shop.facts())


def test_who_holds_a_role_everywhere_holds_it_in_every_project(shop: Shop) -> None:
    formula = shop.formula("shelf = PROJECT()")
    for projects in (frozenset({""}), frozenset({"", "s1"}), frozenset[str](), frozenset({"s0"})):
        facts = shop.facts(projects=projects)
        assert shop.found(Condition(formula, facts)) == shop.truth(formula, facts)


def test_nobody_is_nobody(shop: Shop) -> None:
    for text in ("owner = ME()", "owner <> ME()", "created_by = ME()"):
        formula, facts = shop.formula(text), shop.facts(actor="")
        assert shop.found(Condition(formula, facts)) == shop.truth(formula, facts)


ROUNDINGS = ["ROUND", "ROUNDUP", "ROUNDDOWN", "ROUND_EVEN", "MROUND"]


def _leaves() -> dict[str, st.SearchStrategy[str]]:
    """What is compared, by kind."""
    texts = st.sampled_from(
        [
            *("name", "note", "place.road", "shelf.name", "number", "STATE()", '"a"', '""', "shelf.above.name"),
            *("LEFT(name, 1)", "RIGHT(note, count)", "MID(name, 2, 1)", "UPPER(name)", "TRIM(note & name)"),
            *('SUBSTITUTE(name, "a", note)', "name & amount", "note & day & done"),
        ]
    )
    numbers = st.sampled_from(
        [
            *("amount", "quantity", "count", "rate", "shelf.price", "place.width", "0", "1", "2.5", "-0.01"),
            *("SUM(items.price)", "COUNT(items)", "AVERAGE(items.price)", "MIN(items.price, amount)", "LEN(name)"),
            *("SUMIF(items.name, name, items.price)", "DAYS(NOW(), moment)", "MONTHS(end, day)", "WEEKDAY(day)"),
        ]
    )
    days = st.sampled_from(
        [
            *("day", "end", "TODAY()", "TODAY() + 1", "day - 1", "end + 2", "day + count", "EDATE(day, count)"),
            *("EOMONTH(end, -1)", "DATE(2026, 2, 28 + count)", 'DATEVALUE("2026-03-0" & count)', "MAX(day, end)"),
        ]
    )
    ids = st.sampled_from(["owner", "created_by", "shelf.keeper", "ME()", '"zhang.wei"'])
    moments = st.sampled_from(["moment", "created_at", "NOW()"])
    return {"texts": texts, "numbers": numbers, "days": days, "ids": ids, "moments": moments}


def _formulas() -> st.SearchStrategy[str]:
    """Conditions of any shape over the items."""
    leaves = _leaves()
    numbers, days, moments = leaves["numbers"], leaves["days"], leaves["moments"]

    def calculated(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.one_of(
            st.builds("({} {} {})".format, inner, st.sampled_from("+-*/"), inner),
            st.builds("{}({}, {})".format, st.sampled_from(ROUNDINGS), inner, st.integers(-2, 4)),
            st.builds("TAX_AMOUNT({}, {})".format, inner, inner),
            st.builds("COALESCE({}, {})".format, inner, inner),
            st.builds("ABS({})".format, inner),
            st.builds("-{}".format, inner),
            st.builds("({} - {})".format, days, days),
            st.builds("{}({})".format, st.sampled_from(["YEAR", "MONTH", "DAY"]), days),
            st.builds("IF({}, {}, {})".format, st.sampled_from(["done", "amount > 0"]), inner, inner),
        )

    sides = [st.recursive(numbers, calculated, max_leaves=3), leaves["texts"], days, leaves["ids"], moments]
    compared = st.one_of(
        *(st.builds("({} {} {})".format, each, st.sampled_from(["=", "<>"]), each) for each in sides),
        *(
            st.builds("({} {} {})".format, each, st.sampled_from(["<", "<=", ">", ">="]), each)
            for each in (*sides[:3], moments)
        ),
        *(st.builds("BLANK({})".format, each) for each in sides),
        st.sampled_from(
            ["done", "TRUE", '(choices = "a")', "(items.name = name)", "(shelf = PROJECT())", "BLANK(items)"]
        ),
    )

    def combined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.one_of(
            st.builds("AND({}, {})".format, inner, inner),
            st.builds("OR({}, {})".format, inner, inner),
            st.builds("NOT({})".format, inner),
            st.builds("({} = {})".format, inner, inner),
            st.builds("IF({}, {}, {})".format, inner, inner, inner),
            st.builds("IF({}, {})".format, inner, inner),
        )

    return st.recursive(compared, combined, max_leaves=5)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(text=_formulas())
def test_whatever_is_asked_the_answer_is_the_same(text: str, shop: Shop) -> None:
    formula, facts = shop.formula(text), shop.facts()
    assert shop.found(Condition(formula, facts)) == shop.truth(formula, facts)
