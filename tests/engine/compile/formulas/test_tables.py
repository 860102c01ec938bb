"""Decision tables: how cells are read, what a table gives, and that it is a formula like any other."""

from datetime import date
from decimal import Decimal
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.compile.formulas.scope import EntityScope
from engine.compile.model import CompiledEntity
from engine.definition.model import Json
from engine.formula.explain import explain
from engine.formula.formula import Formula, compile_formula
from engine.formula.scope import Facts
from engine.formula.tree import walk
from engine.formula.typed import as_json
from engine.runtime.values.compute import compute
from tests.engine.compile.refusals import problems
from tests.engine.definitions import (
    COLOUR,
    DATE,
    MOMENT,
    MONEY,
    NUMBER,
    PERCENT,
    PERSON,
    TAGS,
    TEXT,
    YES,
    an_entity,
    computed,
    lines,
    reference,
)

FIELDS: Final = {
    "amount": MONEY,
    "count": NUMBER,
    "share": PERCENT,
    "day": DATE,
    "moment": MOMENT,
    "name": TEXT,
    "colour": COLOUR,
    "tags": TAGS,
    "urgent": YES,
    "owner": PERSON,
    "start": {"title": "Start", "type": "string", "format": "time"},
}
RANK: Final = {"title": "Rank", "enum": [1, 2, 3]}


def table(fields: str | list[str], *rows: list[Json], hit: str = "first") -> dict[str, Any]:
    """Rows of cells, the value of each at its end; None for a row that says nothing of it."""
    written = [{"when": cells} | ({} if value is None else {"value": value}) for *cells, value in rows]
    return {"fields": fields.split() if isinstance(fields, str) else fields, "hit": hit, "rows": written}


def entity(made: Json, field: Json = NUMBER, **fields: Json) -> CompiledEntity:
    return an_entity({**FIELDS, **fields, "result": {**field, "x-table": made}})


def formula(made: Json, field: Json = NUMBER) -> Formula:
    found = entity(made, field).fields["result"].formula
    assert found is not None
    return found


def result(made: Json, values: Json, field: Json = NUMBER) -> Json:
    return formula(made, field).evaluate(Facts(values=values, today=date(2026, 3, 2), actor="lin"))


def fits(field: str, cell: Json, value: Json) -> bool:
    """Whether a value passes a cell."""
    found = result(table(field, [cell, "1"], [None, "0"]), {field: value})
    return found == 1


def wrong(made: Json, field: Json = NUMBER) -> list[tuple[str, str]]:
    return [(code, shown) for code, _, shown in problems({**FIELDS, "result": {**field, "x-table": made}})]


@pytest.mark.parametrize(
    ("field", "cell", "inside", "outside"),
    [
        ("amount", "500000", ["500000"], ["499999.99", "500000.01"]),
        ("amount", 500000, ["500000"], ["0"]),
        ("amount", ">= 500000", ["500000", "500000.01"], ["499999.99"]),
        ("amount", ">500000", ["500000.01"], ["500000"]),
        ("amount", "<= 500000", ["500000"], ["500000.01"]),
        ("amount", "< 500000", ["499999.99"], ["500000"]),
        ("amount", "<> 5", ["4"], ["5"]),
        ("amount", "= 5", ["5"], ["4"]),
        ("amount", "-5", ["-5"], ["5"]),
        ("amount", "1..5", ["1", "5"], ["0.99", "5.01"]),
        ("amount", "[1..5]", ["1", "5"], ["0.99", "5.01"]),
        ("amount", "[1..5)", ["1", "4.99"], ["0.99", "5"]),
        ("amount", "(1 .. 5]", ["1.01", "5"], ["1", "5.01"]),
        ("amount", "-5..-1", ["-5", "-1"], ["0"]),
        ("amount", "1\uff5e5", ["1", "5"], ["6"]),
        ("amount", "\u2265 5", ["5"], ["4"]),
        ("amount", "\uff1c5", ["4"], ["5"]),
        ("amount", "1, 3..4, > 9", ["1", "3.5", "10"], ["2", "9"]),
        ("amount", "1\uff0c2", ["1", "2"], ["3"]),
        ("amount", [1, "3..4"], ["1", "4"], ["2"]),
        ("amount", ">= MAX(1, 2) + 1", ["3"], ["2.99"]),
        ("share", "5%..10%", ["0.05", "0.1"], ["0.11"]),
        ("day", "2026-01-01", ["2026-01-01"], ["2026-01-02"]),
        ("day", "2026-01-01..2026-06-30", ["2026-01-01", "2026-06-30"], ["2025-12-31", "2026-07-01"]),
        ("day", "> 2026-01-01", ["2026-01-02"], ["2026-01-01"]),
        ("day", "< TODAY()", ["2026-03-01"], ["2026-03-02"]),
        ("moment", "> NOW() ", [], []),
        ("name", "材料", ["材料"], ["人工"]),
        ("name", "说, 好", ["说, 好"], ["说"]),
        ("name", '"材料", "人工"', ["材料", "人工"], ["机械"]),
        ("name", '<> "x"', ["y"], ["x"]),
        ("name", '"说""好"""', ['说"好"'], ["说"]),
        ("name", "1..5", ["1..5"], ["3"]),
        ("name", "= colour", [], ["x"]),
        ("colour", "red", ["red"], ["blue"]),
        ("colour", "red、blue", ["red", "blue"], []),
        ("colour", ["red"], ["red"], ["blue"]),
        ("tags", "new", [["new"], ["used", "new"]], [["used"], []]),
        ("tags", "new; used", [["used"]], [[]]),
        ("urgent", True, [True], [False]),
        ("urgent", "true", [True], [False]),
        ("urgent", "FALSE", [False], [True]),
        ("owner", "lin", ["lin"], ["wang"]),
        ("owner", "= ME()", ["lin"], ["wang"]),
    ],
)
def test_what_a_cell_lets_pass(field: str, cell: Json, inside: list[Json], outside: list[Json]) -> None:
    def typed(value: Json) -> Json:
        return Decimal(value) if field in {"amount", "share"} else value

    assert [value for value in inside if not fits(field, cell, typed(value))] == []
    assert [value for value in outside if fits(field, cell, typed(value))] == []


@pytest.mark.parametrize("cell", [None, "", "  ", "-", " - "])
def test_an_empty_cell_lets_everything_pass(cell: Json) -> None:
    made = table("amount name", [cell, "a", "1"], [None, None, "0"])
    assert result(made, {"name": "a"}) == 1
    assert result(made, {"name": "b", "amount": Decimal(5)}) == 0


@pytest.mark.parametrize("field", ["amount", "name", "day", "urgent", "tags", "owner", "moment"])
def test_two_quotes_ask_whether_nothing_is_filled_in(field: str) -> None:
    made = table(field, ['""', "1"], ['<> ""', "2"], [None, "3"])
    filled = {"amount": 1, "name": "x", "day": "2026-01-01", "urgent": False, "tags": ["new"], "owner": "lin"}
    assert result(made, {}) == 1
    assert result(made, {field: filled.get(field, "2026-01-01T00:00:00Z")}) == 2


def test_the_first_row_that_fits_counts() -> None:
    made = table("amount urgent", [">= 100", None, "1"], [None, True, "2"], [None, None, "3"])
    amounts = [(100, True), (99, True), (99, False)]
    assert [result(made, {"amount": Decimal(a), "urgent": u}) for a, u in amounts] == [1, 2, 3]


def test_a_last_row_without_a_value_leaves_the_field_blank() -> None:
    made = table("amount", [">= 100", "1"], [None, None])
    assert result(made, {"amount": Decimal(99)}) is None
    assert result(made, {"amount": Decimal(100)}) == 1


def test_a_comparison_with_a_blank_is_not_known_and_neither_is_the_result() -> None:
    made = table("amount name", [">= 100", "a", "1"], [None, None, "2"])
    assert result(made, {"name": "a"}) is None
    assert result(made, {"name": "b"}) == 2  # whatever the amount is


def test_a_table_with_a_row_about_blanks_knows_that_they_fit_no_other() -> None:
    made = table("amount", [">= 100", "1"], ['""', "2"], [None, "3"])
    assert [result(made, values) for values in ({}, {"amount": Decimal(5)}, {"amount": Decimal(100)})] == [2, 3, 1]


@pytest.mark.parametrize(
    ("hit", "none", "one", "both"),
    [("sum", 0, 10, 13), ("count", 0, 1, 2), ("min", None, 10, 3), ("max", None, 10, 10)],
)
def test_all_rows_that_fit_become_one_number(hit: str, none: Json, one: Json, both: Json) -> None:
    made = table("amount urgent", [">= 100", None, "10"], [None, True, "3"], hit=hit)
    given = ({"amount": Decimal(1)}, {"amount": Decimal(100)}, {"amount": Decimal(100), "urgent": True})
    assert [result(made, values) for values in given] == [none, one, both]
    assert result(made, {"urgent": True}) is None  # the first row may fit or not


def test_rows_that_are_counted_need_no_values() -> None:
    assert result(table("amount", [">= 5", None], [None, None], hit="count"), {"amount": Decimal(5)}) == 2


def test_the_least_of_rows_that_fit_always_needs_no_conditions() -> None:
    assert result(table("amount", [None, "10"], [None, "3"], hit="min"), {}) == 3
    assert result(table("day", [None, "DATE(2026,1,1)"], ["> 2026-01-01", "day"], hit="max"), {}, DATE) is None


def test_values_are_formulas_and_results_take_the_form_of_the_field() -> None:
    made = table("amount", [">= 100", "amount / 3"], [None, "0"])
    found, _ = compute(entity(made, MONEY), Facts(values={"amount": Decimal(100)}))
    assert found["result"] == Decimal("33.33")


def test_a_table_in_a_line_reads_the_line_and_the_record() -> None:
    made = table("trade name", ["mason", "x", "180"], [None, None, "130"])
    sheet = an_entity({"name": TEXT, "items": lines(trade=TEXT, rate={**MONEY, "x-table": made})})
    values = {"name": "x", "items": [{"trade": "mason"}, {"trade": "carpenter"}]}
    found, _ = compute(sheet, Facts(values=values))
    assert [each["rate"] for each in found["items"]] == [180, 130]


def test_a_table_reads_behind_references() -> None:
    made = table("other.name", ["x", "1"], [None, "2"])
    made_of = an_entity(
        {"other": reference("shop/thing"), "result": {**NUMBER, "x-table": made}}, others={"thing": {"name": TEXT}}
    )
    field = made_of.fields["result"].formula
    assert field is not None
    assert field.through == {("other", "name")}
    assert made_of.through == {("other", "name")}
    assert field.evaluate(Facts(values={"other": "t"}, references={"t": {"name": "x"}})) == 1


def test_a_table_and_a_formula_are_computed_in_order() -> None:
    made = table("double", [">= 10", "1"], [None, "0"])
    found, _ = compute(entity(made, double=computed("amount * 2")), Facts(values={"amount": Decimal(5)}))
    assert found["result"] == 1


def test_a_circle_through_a_table_is_told_at_the_table() -> None:
    found = problems({"a": computed("b"), "b": {**MONEY, "x-table": table("a", [None, "a"])}})
    assert [code for code, _, _ in found] == ["formula.circular"]
    assert problems({"b": {**MONEY, "x-table": table("a", [None, "a"])}, "a": computed("b")})[0][2] == "{"


LARGE: Final = table("count", *[[str(number), str(number * 2)] for number in range(200)], [None, "7"])


def test_long_tables_nest_no_deeper_than_short_ones() -> None:
    made = formula(LARGE)
    assert [made.evaluate(Facts(values={"count": number})) for number in (0, 23, 24, 199, 200, -1)] == [
        0, 46, 48, 398, 7, 7,
    ]  # fmt: skip
    assert result(table("count", *[[">= 0", "1"]] * 400, hit="sum"), {"count": 0}) == 400


def test_an_explanation_shows_the_table_as_a_formula() -> None:
    made = formula(table("amount name", ["1..5", "a, b", " = amount * 2 "], [None, '"c"', "2"], [None, None, "3"]))
    trace = explain(made, Facts(values={"amount": Decimal(2), "name": "a, b"}))
    assert trace.text == ('IF(AND(AND(amount >= 1, amount <= 5), name = "a, b"),  = amount * 2 , IF(name = "c", 2, 3))')
    assert [each.text for each in trace.parts] == [
        'AND(AND(amount >= 1, amount <= 5), name = "a, b")',
        "amount * 2",
        'IF(name = "c", 2, 3)',
    ]
    assert [each.value for each in trace.parts] == [True, 4, None]


def test_numbers_are_explained_as_they_are_written() -> None:
    made = table("amount", [[4, "2.50"], "1"], [None, "0"])
    assert formula(made).text == "IF(OR(amount = 4, amount = 2.50), 1, 0)"


CELLS: Final = {
    "amount": st.sampled_from(
        [None, "1", "<> 2", ">= 2", "< 3", "1..3", "(1..3)", "1, 3", "> amount", '""', "1..count"]
    ),
    "day": st.sampled_from([None, "2026-01-01", "> 2026-01-02", "2026-01-01..2026-01-03", '<> ""']),
    "name": st.sampled_from([None, "a", '"a", "b"', '<> "a"', '""', "= colour"]),
    "urgent": st.sampled_from([None, True, "FALSE"]),
}
HITS: Final = st.sampled_from(["first", "unique", "sum", "min", "max", "count"])


@st.composite
def tables(draw: st.DrawFn) -> Json:
    rows = draw(
        st.lists(st.tuples(*CELLS.values(), st.sampled_from(["1", "count", "amount + 1"])), min_size=1, max_size=6)
    )
    return table(list(CELLS), *map(list, rows), hit=draw(HITS))


def places(of: Formula) -> list[tuple[int, int]]:
    return [(node.start, node.end) for node, _ in walk(of.node)]


@given(tables())
@settings(max_examples=60, deadline=None)
def test_a_table_is_a_formula_that_anybody_could_have_written(made: Json) -> None:
    """So every engine that runs formulas runs tables, and what is said about their parts points at the right ones."""
    fields = {**FIELDS, "result": {**NUMBER, "x-table": made}}
    if {code for code, _, _ in problems(fields)} - {
        "decision_table.gap",
        "decision_table.overlap",
        "decision_table.unreachable",
    }:
        raise AssertionError
    made["rows"].append({"value": "0"})
    found = problems({**fields, "result": {**NUMBER, "x-table": made}})
    if found:
        return
    mine = formula(made)
    written = compile_formula(mine.text, EntityScope(entity(made).fields, lambda _name: None))
    assert as_json(written.node) == as_json(mine.node)
    assert (written.reads, written.type) == (mine.reads, mine.type)
    assert places(written) == places(mine)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (table("amuont", [None, "1"]), [("formula.unknown_field", '"amuont"')]),
        (table("amount", [">= 5 +", "1"], [None, "0"]), [("formula.unfinished", '"')]),
        (table("amount", [">= ", "1"], [None, "0"]), [("decision_table.cell", ' "')]),
        (table("amount", ["1,,2", "1"], [None, "0"]), [("decision_table.cell", ',2"')]),
        (table("amount", ["1..", "1"], [None, "0"]), [("decision_table.cell", '"')]),
        (table("amount", ["5..1", "1"], [None, "0"]), [("decision_table.backwards", '"5..1"')]),
        (table("amount", ["500,000", "1"], [None, "0"]), [("decision_table.thousands", '"500,000"')]),
        (table("amount", ["3, < dya", "1"], [None, "0"]), [("formula.unknown_field", 'dya"')]),
        (table("amount", ["3, < day", "1"], [None, "0"]), [("formula.compared", 'day"')]),
        (table("amount", [["> 1", "< day"], "1"], [None, "0"]), [("formula.compared", 'day"')]),
        (table("amount", ["carpenter", "1"], [None, "0"]), [("formula.unknown_field", '"carpenter"')]),
        (table("amount", [True, "1"], [None, "0"]), [("formula.compared", "true")]),
        (table("colour", ["rde", "1"], [None, "0"]), [("decision_table.option", '"rde"')]),
        (table("colour", ['red, <> "x"', "1"], [None, "0"]), [("decision_table.option", '<> \\"x')] ),
        (table("colour", ['<> "x"', "1"], [None, "0"]), [("decision_table.option", '\\"x\\""')]),
        (table("day", ["> 2026-02-30", "1"], [None, "0"]), [("formula.bad_date", '2026-02-30"')]),
        (table("day", ["> 2026", "1"], [None, "0"]), [("formula.compared", '2026"')]),
        (table("amount", ["> " + "(" * 70 + "1" + ")" * 70, "1"], [None, "0"]), []),
        (table("amount", ["1" * 5000, "1"], [None, "0"]), [("formula.too_long", "1")]),
        (table("amount", [">= 5", '"x"'], [None, "amuont"]),
         [("formula.result", '"\\"x\\""'), ("formula.unknown_field", '"amuont"')]),
        (table("amount", [">= 5", None], [None, "0"]), [("decision_table.no_value", "{")]),
        (table("amount", [None, None]), [("decision_table.no_value", "{")]),
        (table("amount", [None, None], hit="sum"), [("decision_table.no_value", "{")]),
        (table("amount day", ["<< 1", "> x", "1"], [None, None, "0"]),
         [("formula.syntax", '< 1"'), ("formula.unknown_field", 'x"')]),
    ],
)  # fmt: skip
def test_mistakes_stand_at_their_cells(made: Json, expected: list[tuple[str, str]]) -> None:
    found = wrong(made)
    assert [code for code, _ in found] == [code for code, _ in expected]
    assert all(shown.startswith(text) for (_, shown), (_, text) in zip(found, expected, strict=True)), found


@pytest.mark.parametrize(
    ("hit", "field"),
    [("sum", TEXT), ("sum", DATE), ("min", TEXT), ("count", DATE), ("first", TAGS), ("first", lines(a=TEXT))],
)
def test_a_table_gives_what_its_field_can_keep(hit: str, field: Json) -> None:
    assert wrong(table("name", [None, '"x"'], hit=hit), field)[0][0] == "decision_table.kind"


def test_a_field_has_a_table_or_a_formula() -> None:
    made = {**computed("1"), "x-table": table("name", [None, "2"])}
    assert ("decision_table.beside_formula", "entities/claim.json") in [
        each[:2] for each in problems({**FIELDS, "result": made})
    ]


def test_tables_have_limits() -> None:
    assert wrong(table("amount", *[["1", "1"]] * 501))[0] == ("definition.too_many", "[")
    alternatives = ", ".join(map(str, range(600)))
    assert [code for code, _ in wrong(table("amount", [alternatives, "1"], [None, "0"]))] == ["formula.too_long"]
    cells = [str(number) for number in range(501)]
    assert wrong(table("amount", *[[cells, "1"]] * 10))[0][0] == "decision_table.too_large"
    many = {f"a{number}": NUMBER for number in range(31)}
    made = {**NUMBER, "x-table": table(list(many), [*[None] * 31, "1"])}
    assert [code for code, _, _ in problems({**many, "result": made})] == ["definition.too_many"]


SCRAPS: Final = st.lists(
    st.sampled_from(
        [*'",.()[]<>=≥~%-+ ', "..", "1", "2026-01-31", "9" * 34, "red", "amount", "MAX(", '""', "、", "TRUE"]
    ),
    max_size=8,
).map("".join)


@given(st.sampled_from([*FIELDS, "rank"]), SCRAPS | st.text(max_size=12))
@settings(max_examples=300, deadline=None)
def test_whatever_stands_in_a_cell_is_a_condition_or_a_problem(field: str, cell: str) -> None:
    made = {**FIELDS, "rank": RANK, "result": {**NUMBER, "x-table": table(field, [cell, "1"], [None, "0"])}}
    assert {code.partition(".")[0] for code, _, _ in problems(made)} <= {"decision_table", "formula"}


def test_a_percentage_of_percentages_is_no_number() -> None:
    assert wrong(table("amount", ["> 5" + "%" * 60, "1"], [None, "0"])) == []


def test_a_serial_choice_of_numbers_is_known_by_its_numbers() -> None:
    made = table("rank", [1, "10"], ["2, 3", "20"])
    found, _ = compute(entity(made, rank=RANK), Facts(values={"rank": 3}))
    assert found["result"] == 20
