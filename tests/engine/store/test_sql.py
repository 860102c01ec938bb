"""A formula is the same in SQL as in Python, or the database says that it cannot answer it."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.store.query import Condition, Untranslatable
from tests.engine.store.shop import Shop

#: Formulas, a line each, in paragraphs: answered by both databases, by PostgreSQL, by none.
ANSWERED, TOO_WIDE, UNANSWERED = (
    [line for line in paragraph.splitlines() if not line.startswith("#")]
    for paragraph in Path(__file__).with_name("formulas.txt").read_text(encoding="utf-8").split("\n\n")
)


@pytest.mark.parametrize("text", ANSWERED)
def test_a_database_finds_what_python_finds(text: str, shop: Shop) -> None:
    formula, facts = shop.formula(text), shop.facts()
    assert shop.found(Condition(formula, facts)) == shop.truth(formula, facts)


@pytest.mark.parametrize("text", TOO_WIDE)
def test_what_has_no_room_in_64_bits_is_calculated_by_postgresql_or_not_at_all(text: str, shop: Shop) -> None:
    formula, facts = shop.formula(text), shop.facts()
    if shop.workspace.database.dialect.name == "sqlite":
        with pytest.raises(Untranslatable):
            shop.found(Condition(formula, facts))
    else:
        assert shop.found(Condition(formula, facts)) == shop.truth(formula, facts)


@pytest.mark.parametrize("text", UNANSWERED)
def test_what_a_database_cannot_answer_it_does_not_answer(text: str, shop: Shop) -> None:
    with pytest.raises(Untranslatable) as error:
        shop.found(Condition(shop.formula(text), shop.facts()))
    assert text[error.value.node.start : error.value.node.end]


def test_who_holds_a_role_everywhere_holds_it_in_every_project(shop: Shop) -> None:
    formula = shop.formula("shelf = PROJECT()")
    for projects in (frozenset({""}), frozenset({"", "s1"}), frozenset[str](), frozenset({"s0"})):
        facts = shop.facts(projects=projects)
        assert shop.found(Condition(formula, facts)) == shop.truth(formula, facts)


def test_nobody_is_nobody(shop: Shop) -> None:
    for text in ("owner = ME()", "owner <> ME()", "created_by = ME()"):
        formula, facts = shop.formula(text), shop.facts(actor="")
        assert shop.found(Condition(formula, facts)) == shop.truth(formula, facts)


def _formulas() -> st.SearchStrategy[str]:
    """Conditions of any shape over the items."""
    texts = st.sampled_from(
        ["name", "note", "place.road", "shelf.name", "number", "STATE()", '"a"', '""', "shelf.above.name"]
    )
    numbers = st.sampled_from(
        ["amount", "quantity", "count", "rate", "shelf.price", "place.width", "0", "1", "2.5", "-0.01"]
    )
    days = st.sampled_from(["day", "end", "TODAY()", "TODAY() + 1", "day - 1", "end + 2"])
    ids = st.sampled_from(["owner", "created_by", "shelf.keeper", "ME()", '"zhang.wei"'])
    moments = st.sampled_from(["moment", "created_at", "NOW()"])

    def calculated(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.one_of(
            st.builds("({} {} {})".format, inner, st.sampled_from("+-*"), inner),
            st.builds("ABS({})".format, inner),
            st.builds("-{}".format, inner),
            st.builds("({} - {})".format, days, days),
            st.builds("{}({})".format, st.sampled_from(["YEAR", "MONTH", "DAY"]), days),
            st.builds("IF({}, {}, {})".format, st.sampled_from(["done", "amount > 0"]), inner, inner),
        )

    sides = [st.recursive(numbers, calculated, max_leaves=3), texts, days, ids, moments]
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


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(text=_formulas())
def test_whatever_is_asked_the_answer_is_the_same_or_none(text: str, shop: Shop) -> None:
    formula, facts = shop.formula(text), shop.facts()
    try:
        found = shop.found(Condition(formula, facts))
    except Untranslatable:
        return
    assert found == shop.truth(formula, facts)
