"""Gaps, overlaps and rows that never count: told with an example, exactly when there are any."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations, product
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.compile.build import examine
from engine.compile.formulas.compiler import Formulas
from engine.compile.formulas.scope import EntityScope
from engine.compile.formulas.tables import read_table
from engine.compile.shape import shape
from engine.definition.model import DecisionTable, Json, Module
from engine.formula.scope import Facts
from engine.problems import Problem
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
    a_module,
    approval,
    computed,
    user,
)

PRICE: Final = {**MONEY, "minimum": 0}
FIELDS: Final = {
    "amount": PRICE,
    "balance": MONEY,
    "count": {**NUMBER, "minimum": 0, "maximum": 10},
    "share": {**PERCENT, "exclusiveMinimum": 0, "exclusiveMaximum": 1},
    "day": DATE,
    "moment": MOMENT,
    "name": TEXT,
    "colour": COLOUR,
    "rank": {"title": "Rank", "enum": [1, 2, 3]},
    "tags": TAGS,
    "urgent": YES,
    "owner": PERSON,
    "double": computed("amount * 2", PRICE),
}


def table(fields: str, *rows: list[Json], hit: str = "first") -> dict[str, Any]:
    return {"fields": fields.split(), "hit": hit, "rows": [{"when": row, "value": "1"} for row in rows]}


def found(made: Json, field: Json = NUMBER) -> tuple[Problem, ...]:
    examined = examine(a_module({**FIELDS, "result": {**field, "x-table": made}}), {})
    return examined.problems + examined.notes


def told(made: Json) -> list[str]:
    """The reasons with what they say, each as short as it goes."""
    names = ("row", "other", "example")
    shown = ([each.params[name] for name in names if name in each.params] for each in found(made))
    return [" ".join((each.code.partition(".")[2], *words)) for each, words in zip(found(made), shown, strict=True)]


@pytest.mark.parametrize(
    ("fields", "rows", "gaps"),
    [
        ("amount", [["< 500000"], ["> 500000"]], ["amount = 500000"]),
        ("amount", [["<= 499999.99"], [">= 500000"]], []),
        ("amount", [["<= 499999.98"], [">= 500000"]], ["amount = 499999.99"]),
        ("amount", [["0..100"], ["200..300"], ["> 300"]], ["amount = 110"]),
        ("amount", [["0..100"], ["(100..200]"]], ["amount = 300"]),
        ("amount", [["> 0"]], ["amount = 0"]),
        ("balance", [[">= 0"]], ["balance = -1"]),
        ("balance", [["> -20"]], ["balance = -20"]),
        ("balance", [["<> 5"]], ["balance = 5"]),
        ("count", [["0..5"], ["6..10"]], []),
        ("count", [["<= 4.5"], [">= 4.7"]], []),
        ("count", [["0..5"], ["7, 8, 9, 10"]], ["count = 6"]),
        ("share", [["<= 9%"], ["> 9%"]], []),
        ("share", [["<= 9%"], [">= 9.01%"]], []),
        ("share", [["< 9%"], [">= 9.01%"]], ["share = 0.09"]),
        ("double", [[">= 0"]], ["double = -1"]),
        ("day", [["<= 2026-06-30"], [">= 2026-07-01"]], []),
        ("day", [["< 2026-06-30"], [">= 2026-07-01"]], ["day = 2026-06-30"]),
        ("day", [["2026-01-01..2026-12-31"]], ["day = 2025-12-31", "day = 2027-01-01"]),
        ("day", [["0001-01-01..9999-12-31"]], []),
        ("name", [['< "b"']], []),  # every database has an order of its own
        ("colour", [["red"], ["blue"]], []),
        ("colour", [["red"]], ["colour = blue"]),
        ("rank", [[1], ["2, 3"]], []),
        ("rank", [[1], ["3"]], ["rank = 2"]),
        ("name", [["a"], ["b"]], ["name = …"]),
        ("name", [["a"], ['<> "a"']], []),
        ("owner", [["lin"]], ["owner = …"]),
        ("urgent", [[True], [False]], []),
        ("urgent", [[True]], ["urgent = FALSE"]),
        ("amount urgent", [[">= 5", True], ["< 5", None]], ["amount = 5, urgent = FALSE"]),
        ("urgent amount", [[True, None]], ["urgent = FALSE, amount = 0"]),
        ("amount colour", [[">= 5", None], ["< 5", "red"]], ["amount = 0, colour = blue"]),
        ("amount", [[">= balance"]], []),  # it may be
        ("moment", [["> NOW()"]], []),
        ("tags", [["new"]], []),
        ("amount colour", [[">= balance", "red"]], ["amount = 0, colour = blue"]),
        ("amount", [['""'], ['<> ""']], []),
        ("amount", [['""'], [">= 5"]], ["amount = 0"]),
    ],
)
def test_a_gap_is_told_with_an_example(fields: str, rows: list[list[Json]], gaps: list[str]) -> None:
    for hit in ("first", "unique"):
        assert told(table(fields, *rows, hit=hit)) == [f"gap {each}" for each in gaps]
    assert told(table(fields, *rows, [], hit="first")) == []
    assert told(table(fields, *rows, hit="sum")) == []


def test_a_few_gaps_are_told_at_once() -> None:
    made = table("balance", *[[str(number)] for number in range(0, 100, 10)])
    assert [each.params["example"] for each in found(made)] == ["balance = -1", "balance = 1", "balance = 11"]
    assert {each.pointer for each in found(made)} == {"/properties/result/x-table"}


@pytest.mark.parametrize(
    ("fields", "rows", "overlaps"),
    [
        ("amount", [["<= 5"], [">= 5"]], ["overlap 1 2 amount = 5"]),
        ("amount", [["< 5"], [">= 5"]], []),
        ("amount urgent", [["> 5", None], [None, True], ["<= 5", False]], ["overlap 1 2 amount = 6, urgent = TRUE"]),
        ("name", [["a, b"], ['"a, b"'], ['<> "a, b"']], ["overlap 1 2 name = a, b"]),
        ("name", [['<> "a"'], ['""'], ["a"]], ['overlap 1 2 name = ""']),
        ("amount", [[">= balance"], ["< balance"]], []),
        ("urgent", [[True], [True], [True], []],
         ["overlap 1 2 urgent = TRUE", "overlap 1 3 urgent = TRUE", "overlap 2 3 urgent = TRUE"]),
    ],
)  # fmt: skip
def test_rows_of_a_unique_table_that_overlap_are_told_with_an_example(
    fields: str, rows: list[list[Json]], overlaps: list[str]
) -> None:
    assert sorted(told(table(fields, *rows, hit="unique"))) == overlaps


def test_an_overlap_stands_at_the_later_row() -> None:
    assert [each.pointer for each in found(table("amount", ["<= 5"], [">= 5"], hit="unique"))] == [
        "/properties/result/x-table/rows/1"
    ]


@pytest.mark.parametrize(
    ("fields", "rows", "lost"),
    [
        ("amount", [[">= 5"], [">= 10"], []], [2]),
        ("amount", [[">= 5"], ["< 5"], ["3"]], [3]),
        ("amount", [[], [">= 10"]], [2]),
        ("amount", [[], []], []),
        ("amount", [["5..5"], ["(5..5)"], []], [2]),
        ("amount", [["< 0"], []], [1]),
        ("colour urgent", [["red", None], [None, True], ["red", True], []], [3]),
        ("name", [["a"], ['<> "a"'], ['""']], [3]),
        ("name", [["a"], ['""'], ['<> "a"']], []),
        ("amount", [[">= balance"], [">= balance"], []], []),  # nobody compares formulas
    ],
)
def test_rows_that_never_count_are_told(fields: str, rows: list[list[Json]], lost: list[int]) -> None:
    assert told(table(fields, *rows)) == [f"unreachable {row}" for row in lost]


def test_of_rows_that_are_added_up_only_those_that_contradict_themselves_never_count() -> None:
    assert told(table("amount", [">= 5"], [">= 10"], ["(5..5)"], hit="sum")) == ["unreachable 3"]


def test_a_choice_is_checked_like_a_field() -> None:
    rows = [{"when": [">= 5"], "to": "lead"}, {"when": [">= 10"], "to": "lead"}, {"to": "done"}]
    choice = {"type": "choice", "table": {"fields": ["amount"], "rows": rows}}
    states = {"size": choice, "lead": approval(*user("lin")), "done": {"type": "end", "outcome": "approved"}}
    problems = examine(a_module(FIELDS, states=states), {}).problems
    assert [(each.code, each.pointer) for each in problems] == [
        ("decision_table.unreachable", "/states/size/table/rows/1")
    ]


def test_a_total_that_reads_unrounded_numbers_may_find_one_between_the_cents() -> None:
    made = table("double", ["<= 4.99"], [">= 5"])
    rounded, unrounded = MONEY, {**MONEY, "x-rounding": "sum_then_round"}
    assert [each.params["example"] for field in (rounded, unrounded) for each in found(made, field)] == [
        "double = 4.991"
    ]


def test_what_is_too_large_to_search_is_told_and_does_not_keep_from_publishing() -> None:
    names = [f"f{number}" for number in range(24)]
    rows = [{"when": [*[None] * number, "1"], "value": "1"} for number in range(24)]
    made = {"fields": names, "rows": [*rows, {"value": "0"}]}
    examined = examine(a_module({**dict.fromkeys(names, NUMBER), "result": {**NUMBER, "x-table": made}}), {})
    assert (examined.problems, [each.code for each in examined.notes]) == ((), ["decision_table.unchecked"])
    assert examined.module is not None
    long = [[", ".join(str(number + row * 30) for number in range(30))] for row in range(150)]
    assert [each.code for each in found(table("balance", *long, []))] == ["decision_table.unchecked"]


#: Field → cells of which random tables are made, and every value in which they can differ.
CELLS: Final[dict[str, list[Json]]] = {
    "count": [None, "0", "< 3", "<= 3", "> 3", ">= 4", "3..5", "(3..5)", "[3..5)", "<> 4", "1, 3, 5", '""', '<> ""'],
    "colour": [None, "red", "blue", '<> "red"', '"red", "blue"', '""'],
    "urgent": [None, True, "FALSE", '<> ""'],
    "name": [None, "a", '<> "a"', '"a", "b"', '""'],
}  # fmt: skip
VALUES: Final[dict[str, list[Json]]] = {
    "count": [None, *range(11)],
    "colour": [None, "red", "blue"],
    "urgent": [None, True, False],
    "name": [None, "a", "b", "c"],
}


@st.composite
def tables(draw: st.DrawFn) -> Json:
    names = draw(st.lists(st.sampled_from([*CELLS]), unique=True, min_size=1, max_size=3))
    cells = st.tuples(*(st.sampled_from(CELLS[name]) for name in names))
    rows = draw(st.lists(cells, min_size=1, max_size=5))
    return table(" ".join(names), *map(list, rows), hit=draw(st.sampled_from(["first", "unique", "sum"])))


def situations(names: list[str]) -> Iterator[dict[str, Json]]:
    for values in product(*(VALUES[name] for name in names)):
        yield {
            name: Decimal(value) if name == "count" and value is not None else value
            for name, value in zip(names, values, strict=True)
        }


@given(tables())
@settings(max_examples=200, deadline=None)
def test_what_is_told_is_what_trying_every_value_finds(made: Json) -> None:
    module = a_module({**FIELDS, "result": {**NUMBER, "x-table": made}})
    read = read_table(field(module), EntityScope(shape(module.entities[0]), lambda _name: None), Formulas())
    assert read is not None
    conditions = [line.condition for line in read.lines]
    default = len(conditions) - 1 if conditions[-1] is None else None
    gap, overlaps, reached = False, set[tuple[int, int]](), set[int]()
    for values in situations(made["fields"]):
        fits = [True if each is None else each.evaluate(Facts(values=values)) for each in conditions]
        holding = [number for number, fit in enumerate(fits) if fit]
        gap |= None not in values.values() and not holding
        overlaps |= {*combinations([number for number in holding if number != default], 2)}
        reached |= {*holding} if made["hit"] == "sum" else {*_first(fits)}
    problems = {code: [each for each in found(made) if each.code.endswith(code)] for code in ("gap", "overlap", "able")}
    assert bool(problems["gap"]) == (gap and made["hit"] != "sum")
    told_overlaps = {(int(each.params["row"]) - 1, int(each.params["other"]) - 1) for each in problems["overlap"]}
    assert told_overlaps == (overlaps if made["hit"] == "unique" else set())
    lost = {*range(len(conditions))} - reached - {default}
    told_lost = {int(each.params["row"]) - 1 for each in problems["able"]}
    assert told_lost == lost - {other for _, other in told_overlaps}


def _first(fits: list[Json]) -> list[int]:
    """The row that counts, as nested IFs find it; none behind one of which nobody knows."""
    for number, fit in enumerate(fits):
        if fit is not False:
            return [number] if fit else []
    return []


def field(module: Module) -> DecisionTable:
    table = module.entities[0].fields[-1].table
    assert table is not None
    return table
