import json
import shutil
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Final

import pytest

from engine.formula.errors import FormulaFailed
from engine.formula.formula import compile_formula
from engine.formula.operations.text import MAX_TEXT
from engine.formula.typed import as_json
from tests.formula_expressions import SCOPE, any_facts, any_formula
from tests.formula_scope import facts_of, shown

ROOT: Final = Path(__file__).parents[3]
#: The node of the environment; an older one on the PATH may not know TypeScript.
NODE: Final = shutil.which("node", path=str(Path(sys.executable).parent))
CASES: Final = 500

pytestmark = pytest.mark.skipif(NODE is None or not (ROOT / "node_modules/decimal.js").exists(), reason="needs node")


def node(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    assert NODE is not None
    return subprocess.run([NODE, *arguments], input=given, capture_output=True, encoding="utf-8", check=False, cwd=ROOT)


def test_every_shared_case_comes_out_in_the_browser_as_written() -> None:
    result = node("--test", "tests/vectors/formula.test.ts")
    assert result.returncode == 0, result.stdout


def test_the_browser_knows_the_same_capital_and_small_letters() -> None:
    every_character = "".join(chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000)
    texts = [every_character[start : start + MAX_TEXT] for start in range(0, len(every_character), MAX_TEXT)]
    formulas = [compile_formula(text, SCOPE) for text in ("UPPER(s)", "LOWER(s)")]
    asked = [(formula, {"values": {"s": text}}) for formula in formulas for text in texts]
    result = node("tests/vectors/outcome.ts", given=json.dumps([[as_json(each.node), facts] for each, facts in asked]))
    mine = [{"expect": formula.evaluate(facts_of(facts))} for formula, facts in asked]
    assert json.loads(result.stdout) == mine


def test_the_browser_agrees_with_python_on_random_formulas() -> None:
    random = Random(20261122)
    asked, outcomes, formulas = [], [], []
    for _ in range(CASES):
        text, facts = any_formula(random), any_facts(random)
        formula = compile_formula(text, SCOPE)
        try:
            outcome = {"expect": shown(formula.evaluate(facts_of(facts)))}
        except FormulaFailed as failure:
            outcome = {"fails": failure.code}
        asked.append([as_json(formula.node), facts])
        outcomes.append(outcome)
        formulas.append(text)
    result = node("tests/vectors/outcome.ts", given=json.dumps(asked))
    assert result.returncode == 0, result.stderr
    differing = [
        (text, facts, mine, theirs)
        for text, (_, facts), mine, theirs in zip(formulas, asked, outcomes, json.loads(result.stdout), strict=True)
        if mine != theirs
    ]
    assert differing == []
