"""Python against the code of the browser, run by Node: any form, however wrong what stands in it."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from hypothesis import strategies as st

from engine.definition.model import Json
from engine.formula.formula import compile_formula
from engine.formula.tree import Value
from engine.formula.typed import as_json
from tests.exactness.expressions import EVERYTHING, FORMS, expressions
from tests.exactness.told import Differs, Tally, answer, rounds
from tests.formula_expressions import SCOPE
from tests.formula_scope import facts_of, shown

ROOT: Final = Path(__file__).parents[2]
#: The node of the environment; an older one on the PATH may not know TypeScript.
NODE: Final = shutil.which("node", path=str(Path(sys.executable).parent))
#: Formulas and forms of one draw; each formula is asked about each form.
FORMULAS: Final = 3
FORMS_DRAWN: Final = 2


def is_here() -> bool:
    """Whether the code of the browser can be run."""
    return NODE is not None and (ROOT / "node_modules/decimal.js").exists()


@contextmanager
def browser() -> Iterator["Browser"]:
    """A Node that answers until the block ends."""
    assert NODE is not None
    with subprocess.Popen(
        [NODE, "tests/exactness/answers.ts"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        cwd=ROOT,
    ) as process:
        yield Browser(process)
        assert process.stdin is not None
        process.stdin.close()


class Browser:
    """What the browser's evaluator says."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def outcomes(self, asked: Sequence[tuple[Json, Json]]) -> list[dict[str, Any]]:
        """Of each tree and facts, what evaluation gives."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        answered: list[dict[str, Any]] = json.loads(self._process.stdout.readline())
        return answered


def _shown(value: Value) -> str:
    """As the browser keeps it: of a moment only as many decimals of the second as there are."""
    if isinstance(value, datetime):
        text = value.replace(tzinfo=None).isoformat()
        return json.dumps(f"{text.rstrip('0') if '.' in text else text}Z")
    return json.dumps(shown(value))


class Comparison:
    """Python and the browser, until both have answered often enough."""

    def __init__(self, browser: Browser, cases: int) -> None:
        self.browser, self.cases, self.tally = browser, cases, Tally()

    def run(self, begin: int) -> None:
        """Compare; a difference is in the tally."""
        drawn = st.tuples(st.tuples(*[expressions(EVERYTHING, depth=4)] * FORMULAS), st.tuples(*[FORMS] * FORMS_DRAWN))
        for differs in rounds(
            drawn, self.compare, begin=begin, is_enough=lambda: self.tally.compared >= self.cases, ends=Differs
        ):
            self.tally.differences.append(str(differs))

    def compare(self, drawn: tuple[Sequence[str], Sequence[dict[str, Any]]]) -> None:
        """Ask both about one draw; raises `Differs`."""
        texts, forms = drawn
        formulas = [compile_formula(text, SCOPE) for text in texts]
        pairs = [(formula, form) for formula in formulas for form in forms]
        outcomes = self.browser.outcomes([(as_json(formula.node), form) for formula, form in pairs])
        for (formula, form), outcome in zip(pairs, outcomes, strict=True):
            mine = answer(formula, facts_of(form), _shown)
            theirs = f"fails: {outcome['fails']}" if "fails" in outcome else json.dumps(outcome["expect"])
            if mine != theirs:
                raise Differs("browser", formula.text, form, mine, theirs)
            self.tally.failing += mine.startswith("fails")
        for formula in formulas:
            self.tally.drawn += 1
            self.tally.add(formula, len(forms))
