from typing import Any

import pytest

from engine.formula.errors import FormulaProblems
from engine.formula.formula import compile_formula
from engine.problems import worded
from engine.sentences import SENTENCES
from tests.formula_scope import TableScope

SCOPE = TableScope(
    {
        "amount": "decimal",
        "name": "text",
        "flag": "boolean",
        "day": "date",
        "moment": "datetime",
        "void": "blank",
        "account": "reference",
        "account.name": "text",
        "account.project": "reference",
        "site": "record",
        "account.project.lead": "reference",
        "items": "record[]",
        "items.amount": "decimal[]",
        "tags": "text[]",
        "bands": "record[]",
        "bands.from": "decimal[]",
        "bands.to": "date[]",
        "bands.rate": "decimal[]",
        "bands.share": "decimal[]",
        "items.project": "reference[]",
        "items.project.code": "text[]",
    },
    line={"quantity": "decimal"},
    lines="items",
)


def problems(text: str) -> list[tuple[Any, ...]]:
    with pytest.raises(FormulaProblems) as caught:
        compile_formula(text, SCOPE)
    return [(each.code, each.start, each.end, dict(each.params)) for each in caught.value.problems]


def sentences(text: str) -> list[str]:
    return [worded(SENTENCES[code], params) for code, _, _, params in problems(text)]


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("amount", "decimal"),
        ("void", "blank"),
        ("items", "record[]"),
        ("items.amount", "decimal[]"),
        ("amount > 1", "boolean"),
        ("name & amount", "text"),
        ("day + 1", "date"),
        ("day - day", "decimal"),
        ("moment - moment", "duration"),
        ("moment + (moment - moment)", "datetime"),
        ("(moment - moment) + (moment - moment)", "duration"),
        ("IF(flag, name)", "text"),
        ("IF(flag, account, ME())", "reference"),
        ("MIN(day, TODAY())", "date"),
        ("MAX(moment, NOW())", "datetime"),
        ("COUNT(items, name, tags)", "decimal"),
        ("BLANK(site)", "boolean"),
        ("PROJECT()", "reference[]"),
        ("account.project = PROJECT()", "boolean"),
        ("quantity * amount", "decimal"),
        ("FILTER(items.amount, tags, name)", "decimal[]"),
        ('FILTER(items, tags, name, items.amount, ">5")', "record[]"),
        ("FILTER(items.project, items.project, account.project)", "reference[]"),
        ("LOOKUP(name, tags, items.amount)", "decimal"),
        ("LOOKUP(amount, items.amount, items.project)", "reference"),
        ("TIER(bands, amount)", "decimal"),
        ("ALLOCATE(amount, items.amount)", "decimal"),
    ],
)
def test_the_type_of_a_formula_is_known(text: str, type_: str) -> None:
    assert str(compile_formula(text, SCOPE).type) == type_


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("amout", [("formula.unknown_field", 0, 5, "amout", "amount")]),
        ("1 + (account.projet.lead)", [("formula.unknown_field", 13, 19, "projet", "project")]),
        ("account.project.boss", [("formula.unknown_field", 16, 20, "boss", "lead")]),
        ("Amount", [("formula.unknown_field", 0, 6, "Amount", "amount")]),
        ("SUMM(items.amount)", [("formula.unknown_function", 0, 4, "SUMM", "SUM")]),
    ],
)
def test_an_unknown_name_comes_with_the_likeliest_meant(text: str, found: list[tuple[Any, ...]]) -> None:
    reported = [(code, start, end, p["given"], p["known"].split(", ")[0]) for code, start, end, p in problems(text)]
    assert reported == found


def test_a_single_value_has_no_fields() -> None:
    assert problems("amount.net") == [("formula.no_fields", 7, 10, {"given": "amount"})]


@pytest.mark.parametrize(
    ("text", "start", "end", "expected", "given"),
    [
        ("-name", 1, 5, "a number", "text"),
        ("name%", 0, 4, "a number", "text"),
        ("day * 2", 0, 3, "a number", "a date"),
        ("day + day", 6, 9, "a number", "a date"),
        ("1 + day", 4, 7, "a number", "a date"),
        ("flag > TRUE", 0, 4, "a number / text / a date / a date with time / a length of time", "TRUE or FALSE"),
        ("account < ME()", 0, 7, "a number / text / a date / a date with time / a length of time", "a reference"),
        (
            "name & tags",
            7,
            11,
            "text / a number / TRUE or FALSE / a date / a date with time / a reference",
            "a list of texts",
        ),
        ("IF(amount, 1, 2)", 3, 9, "TRUE or FALSE", "a number"),
        ("AND(flag, amount)", 10, 16, "TRUE or FALSE", "a number"),
        ("NOT(1 + 1)", 4, 9, "TRUE or FALSE", "a number"),
        ("SUM(name)", 4, 8, "a number / a list of numbers", "text"),
        ("SUM(items)", 4, 9, "a number / a list of numbers", "line items"),
        ("MIN(day, amount)", 9, 15, "a date / a list of dates", "a number"),
        ("ROUND(amount, name)", 14, 18, "a number", "text"),
        ("DAYS(day, moment)", 10, 16, "a date", "a date with time"),
        ("site = site", 0, 4, None, "a group of fields"),
        ("FILTER(items.amount, tags, 1)", 27, 28, "text", "a number"),
        ("FILTER(items.amount, items.amount, TRUE)", 35, 39, "a number / text", "TRUE or FALSE"),
        ("FILTER(items.amount, items, 1)", 21, 26, None, "line items"),
        ("FILTER(amount, tags, name)", 7, 13, None, "a number"),
        ("LOOKUP(day, items.amount, tags)", 12, 24, "a list of dates", "a list of numbers"),
        ("LOOKUP(amount, items.amount, amount)", 29, 35, None, "a number"),
        ("TIER(items.amount, amount)", 5, 17, "line items", "a list of numbers"),
        ("TIER(amount, amount, amount)", 5, 11, "a list of numbers", "a number"),
        ("TIER(bands, name)", 12, 16, "a number", "text"),
        ("ALLOCATE(amount, items.project)", 17, 30, "a list of numbers", "a list of references"),
    ],
)
def test_a_wrong_type_is_told_with_what_would_fit(
    text: str, start: int, end: int, expected: str | None, given: str
) -> None:
    ((code, at, to, params),) = problems(text)
    assert (code, at, to, params["given"]) == ("formula.type", start, end, given)
    assert expected is None or params["expected"] == expected


@pytest.mark.parametrize(
    ("text", "start", "end", "code"),
    [
        ("amount + name", 9, 13, "formula.joined"),
        ("name + 1", 0, 4, "formula.joined"),
        ("day = name", 6, 10, "formula.compared"),
        ("day > moment", 6, 12, "formula.compared"),
        ("account = 1", 10, 11, "formula.compared"),
        ("PROJECT() = PROJECT()", 12, 21, "formula.compared"),
        ("items.amount * 2", 0, 12, "formula.whole_column"),
        ("amount <> name", 10, 14, "formula.compared"),
        ("tags = 1", 7, 8, "formula.compared"),
        ('IF(flag, 1, "a")', 12, 15, "formula.branches"),
    ],
)
def test_what_is_most_likely_meant_is_told_instead(text: str, start: int, end: int, code: str) -> None:
    assert [each[:3] for each in problems(text)] == [(code, start, end)]


@pytest.mark.parametrize(
    ("text", "function", "expected", "given"),
    [
        ("IF(flag)", "IF", "2–3", "1"),
        ("IF(flag, 1, 2, 3)", "IF", "2–3", "4"),
        ("SUM()", "SUM", "≥ 1", "0"),
        ("NOT(flag, flag)", "NOT", "1", "2"),
        ("TODAY(1)", "TODAY", "0", "1"),
        ("ROUND()", "ROUND", "1–2", "0"),
        ("DATE(2026, 1)", "DATE", "3", "2"),
        ("BLANK()", "BLANK", "1", "0"),
        ("FILTER(items.amount, tags)", "FILTER", "3, 5, 7 …", "2"),
        ("筛选(tags, tags, name, tags)", "FILTER", "3, 5, 7 …", "4"),
        ("LOOKUP(name, tags)", "LOOKUP", "3", "2"),
        ("TIER(bands)", "TIER", "2–3", "1"),
        ("ALLOCATE(amount)", "ALLOCATE", "2–3", "1"),
    ],
)
def test_a_wrong_number_of_arguments_is_told(text: str, function: str, expected: str, given: str) -> None:
    params = {"function": function, "expected": expected, "given": given}
    assert problems(text) == [("formula.argument_count", 0, len(text), params)]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [("1 + TIER(items, amount)", 9, 14), ("TIER(FILTER(items, tags, name), amount)", 12, 17)],
)
def test_a_table_of_bands_needs_two_columns_of_numbers(text: str, start: int, end: int) -> None:
    assert problems(text) == [("formula.no_bands", start, end, {"given": "items"})]


def test_a_table_that_does_not_exist_is_told_once() -> None:
    assert [code for code, *_ in problems("TIER(band, amount)")] == ["formula.unknown_field"]


@pytest.mark.parametrize("weights", ["bands.rate", "quantity", "amount", "items", "FILTER(items.amount, tags, name)"])
def test_what_is_divided_by_must_be_a_column_of_the_own_lines(weights: str) -> None:
    found = problems(f"分摊(amount, {weights}) + 1")
    assert found == [("formula.no_siblings", 11, 11 + len(weights), {})]


def test_weights_that_do_not_exist_are_told_as_such() -> None:
    assert [code for code, *_ in problems("ALLOCATE(amount, items.net)")] == ["formula.unknown_field"]


def test_bands_are_read_column_by_column() -> None:
    formula = compile_formula("TIER(FILTER(bands, bands.to, day), amount)", SCOPE)
    columns = {("bands", "from"), ("bands", "rate"), ("bands", "to")}
    assert formula.reads == {*columns, ("day",), ("amount",)}


def test_every_mistake_is_told_at_once_from_left_to_right() -> None:
    found = problems("IF(amout, SUMM(nam), ROUND()) + (1 & tags) * RUNNING(amount)")
    assert [(code, start) for code, start, _, _ in found] == [
        ("formula.unknown_field", 3),
        ("formula.unknown_function", 10),
        ("formula.unknown_field", 15),
        ("formula.argument_count", 21),
        ("formula.type", 37),
        ("formula.argument_count", 45),
    ]


def test_a_mistake_causes_no_second_one_further_up() -> None:
    assert [code for code, *_ in problems("ROUND(amout * 2 + 1, 2) > 5")] == ["formula.unknown_field"]


def test_fifty_mistakes_are_enough() -> None:
    assert len(problems("COUNT(" + ", ".join(["nobody()"] * 50) + ")")) == 50
    assert len(problems("COUNT(" + ",".join(["nobody()"] * 400) + ")")) == 50


def test_what_is_read_twice_does_not_grow_without_end() -> None:
    text = "1"
    for _ in range(15):
        text = f"TIER(FILTER(bands, bands.from, {text}), 1)"
    assert problems(text) == [("formula.too_large", *problems(text)[0][1:3], {"limit": "1000"})]
    assert len(problems(text)) == 1


def test_a_sentence_says_what_would_be_accepted() -> None:
    assert sentences("amount + flag") == ["Expected a number, but this is TRUE or FALSE."]
    assert sentences("ROUND()") == ["ROUND takes 1–2 values, not 0."]
    assert sentences("amount.net") == ["“amount” has no fields behind a dot."]


SERIES = TableScope(
    {"code": "text", "day": "date", "paid": "decimal", "tags": "text[]"}
    | {"PREVIOUS(code, day)": "record", "PREVIOUS(code, day).paid": "decimal", "RUNNING(day).paid": "decimal[]"},
    {"price": "decimal"},
)


def test_what_records_before_this_one_are_asked_for() -> None:
    formula = compile_formula("paid - previous(code,day).paid", SERIES)
    assert formula.reads == {("paid",), ("PREVIOUS(code, day)", "paid")}
    assert compile_formula("RUNNING(paid, day)", SERIES).reads == {("paid",), ("RUNNING(day)", "paid")}
    assert compile_formula("累计(paid, day)", SERIES).reads == {("paid",), ("RUNNING(day)", "paid")}


@pytest.mark.parametrize(
    ("text", "code", "given"),
    [
        ("PREVIOUS(code, day)", "formula.no_member", "PREVIOUS(code, day)"),
        ("PREVIOUS().paid", "formula.argument_count", "PREVIOUS().paid"),
        ("PREVIOUS(code, dya).paid", "formula.unknown_field", "dya"),
        ("PREVIOUS(code, day).piad", "formula.unknown_field", "piad"),
        ("PREVIOUS(code, 1).paid", "formula.series_field", "1"),
        ("PREVIOUS(tags, day).paid", "formula.series_field", "tags"),
        ("PREVIOUS(price, day).paid", "formula.series_field", "price"),
        ("RUNNING(paid)", "formula.argument_count", "RUNNING(paid)"),
        ("RUNNING(paid + 1, day)", "formula.series_field", "paid + 1"),
        ("ABS(paid).day", "formula.member", "ABS(paid).day"),
    ],
)
def test_what_they_cannot_be_asked_for(text: str, code: str, given: str) -> None:
    with pytest.raises(FormulaProblems) as wrong:
        compile_formula(text, SERIES)
    (problem,) = wrong.value.problems
    assert (problem.code, text[problem.start : problem.end]) == (code, given)


def test_only_where_a_field_is_computed() -> None:
    scope = TableScope({"code": "text", "day": "date", "paid": "decimal"})
    scope.has_series = False
    with pytest.raises(FormulaProblems, match=r"formula\.series_place"):
        compile_formula("PREVIOUS(code, day).paid", scope)


def test_a_formula_tells_what_it_reads() -> None:
    formula = compile_formula("IF(account.project.lead = ME(), SUM(items.amount), quantity + amount)", SCOPE)
    reads = {("account", "project", "lead"), ("items", "amount"), ("quantity",), ("amount",)}
    assert formula.reads == reads
    assert formula.through == {("account", "project", "lead")}


def test_a_path_through_the_references_of_lines_goes_through_references() -> None:
    assert compile_formula("COUNT(items.project.code)", SCOPE).through == {("items", "project", "code")}
    assert compile_formula("COUNT(items.project)", SCOPE).through == set()


def test_a_text_that_writes_a_day_is_one_where_only_a_day_fits() -> None:
    assert str(compile_formula('IF(paid > 1, day, "2026-01-31")', SERIES).type) == "date"
    assert str(compile_formula('"2026-01-31"', SERIES).type) == "text"
    assert str(compile_formula('COALESCE(code, "2026-01-31")', SERIES).type) == "text"


@pytest.mark.parametrize("text", ['day > "2026-02-30"', 'day > "31.1.2026"', 'paid > "2026-01-31"', "day > code"])
def test_no_other_text_is(text: str) -> None:
    with pytest.raises(FormulaProblems):
        compile_formula(text, SERIES)
