"""Every function is explained, in both languages, with an example that holds."""

from collections import Counter
from typing import Final

import pytest

from engine.formula.check import SERIES
from engine.formula.formula import compile_formula
from engine.formula.library.functions import FUNCTIONS
from engine.formula.library.reference import ENTRIES, Entry, localised
from tests.formula_reference import PAGE, page
from tests.formula_scope import TableScope, facts_of, shown

SCOPE: Final = TableScope(
    {"colour": "text red=红色 blue=蓝色", "items": "record[]", "items.kind": "text[]", "items.amount": "decimal[]"}
    | {"bands": "record[]", "bands.from": "decimal[]", "bands.rate": "decimal[]"}
    | {"contract": "text", "period": "decimal", "paid": "decimal", "PREVIOUS(contract, period)": "record"}
    | {"PREVIOUS(contract, period).paid": "decimal", "RUNNING(contract, period).paid": "decimal[]"},
    lines="items",
)
LINES: Final = [{"kind": "a", "amount": "10"}, {"kind": "b", "amount": "30"}, {"kind": "a", "amount": "20"}]
BANDS: Final = [{"from": "0", "rate": "10"}, {"from": "20", "rate": "5"}]
FACTS: Final = facts_of(
    {
        "values": {"colour": "red", "items": LINES, "bands": BANDS, "contract": "c", "period": "3", "paid": "20"}
        | {"PREVIOUS(contract, period)": {"paid": "70"}, "RUNNING(contract, period)": [{"paid": "30"}, {"paid": "70"}]},
        "place": 0,
        "today": "2026-03-02",
        "now": "2026-03-02T04:00:00Z",
        "zone": "Asia/Shanghai",
        "actor": "li_gong",
        "state": "draft",
        "projects": ["p1"],
    }
)


def test_every_function_has_one_entry_and_no_other_has() -> None:
    assert Counter(entry.name for entry in ENTRIES) == Counter([*FUNCTIONS, *SERIES])


def test_no_chinese_name_stands_for_two() -> None:
    assert max(Counter(entry.chinese for entry in ENTRIES).values()) == 1


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_an_example_holds_under_both_names(entry: Entry) -> None:
    for text in (entry.example, entry.example.replace(f"{entry.name}(", f"{entry.chinese}(")):
        value = shown(compile_formula(text, SCOPE).evaluate(FACTS))
        assert (str(value).upper() if isinstance(value, bool) else value) == entry.gives


def test_the_page_is_made_of_the_entries() -> None:
    assert PAGE.read_text("utf-8") == page(), "run: python -m tests.formula_reference"


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_a_formula_reads_the_same_in_chinese(entry: Entry) -> None:
    text = localised(entry.example)
    assert entry.chinese in text
    assert compile_formula(text, SCOPE).evaluate(FACTS) == compile_formula(entry.example, SCOPE).evaluate(FACTS)


def test_names_in_texts_and_names_of_fields_stay_in_chinese() -> None:
    assert localised('SUM(items.sum) & "SUM(1)" & if (sum)') == '求和(items.sum) & "SUM(1)" & 如果 (sum)'
