import re

import pytest

from engine.formula.errors import FormulaFailed
from engine.formula.library.functions import FUNCTIONS, NEGATION, OPERATORS
from tests.formula_scope import shown
from tests.formula_vectors import Case, cases, trees, trees_kept


@pytest.mark.parametrize("case", list(cases()), ids=lambda case: f"{case.file}: {case.formula}")
def test_a_shared_case_comes_out_as_written(case: Case) -> None:
    evaluate = case.compiled().evaluate
    try:
        outcome = {"expect": shown(evaluate(case.facts))}
    except FormulaFailed as failure:
        outcome = {"fails": failure.code}
    assert outcome == case.outcome


def test_the_browser_gets_the_trees_that_its_cases_were_tested_with() -> None:
    assert trees() == trees_kept(), "run: python -m tests.formula_vectors"


def test_every_operation_is_shown_by_a_shared_case() -> None:
    functions = (*FUNCTIONS.values(), *OPERATORS.values(), NEGATION)
    operations = {overload.operation.name for function in functions for overload in function.overloads}
    shown_by_cases = str(trees_kept())
    assert {name for name in operations if f"'op': '{name}'" not in shown_by_cases} == set()


#: Of the line that they stand in, or of a field's choices: their blanks and failures are in `tables` and `labels`.
ELSEWHERE = {"ALLOCATE", "LABEL"}


def test_every_function_is_shown_over_a_blank_and_over_what_fails() -> None:
    taking = {each.name for each in FUNCTIONS.values() if any(overload.takes for overload in each.overloads)}
    blank, failing = set[str](), set[str]()
    for case in (each for each in cases() if each.file == "edges"):
        names = set(re.findall(r"(\w+)\(", case.formula))
        blank |= names if "no_" in case.formula else set()
        failing |= names if "fails" in case.outcome else set()
    assert taking - blank - ELSEWHERE == set()
    assert taking - failing - ELSEWHERE == set()
