"""The formula cases that Python and the browser share, and the trees that Python makes of them for the browser.

`python -m tests.formula_vectors` writes the trees anew after an operation was added; look at the difference before you
commit it, because trees already sent to browsers must keep their meaning.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from engine.formula.formula import Formula, compile_formula
from engine.formula.scope import Facts
from engine.formula.typed import as_json
from tests.formula_scope import TableScope, facts_of

FOLDER = Path(__file__).parent / "vectors" / "formula"


class Case(NamedTuple):
    """One formula, what it reads, and what must come out."""

    file: str
    formula: str
    scope: TableScope
    facts: Facts
    #: `{"expect": value}` or `{"fails": code}`.
    outcome: Mapping[str, Any]

    def compiled(self) -> Formula:
        return compile_formula(self.formula, self.scope)


def cases() -> Iterator[Case]:
    for path in sorted(FOLDER.glob("*.json")):
        document = json.loads(path.read_text("utf-8"))
        scope = TableScope(document["scope"], document.get("line"), document.get("lines", ""))
        for case in document["cases"]:
            facts = facts_of(document["facts"] | case.get("facts", {}))
            outcome = {key: case[key] for key in ("expect", "fails") if key in case}
            yield Case(path.stem, case["formula"], scope, facts, outcome)


def trees() -> dict[str, dict[str, Any]]:
    """File → formula → tree."""
    made: dict[str, dict[str, Any]] = {}
    for case in cases():
        made.setdefault(case.file, {})[case.formula] = as_json(case.compiled().node)
    return made


def trees_kept() -> dict[str, dict[str, Any]]:
    """The trees as the browser's tests read them."""
    return {path.stem: json.loads(path.read_text("utf-8")) for path in (FOLDER / "trees").glob("*.json")}


def write() -> None:
    for file, made in trees().items():
        lines = (f"{json.dumps(formula)}: {json.dumps(tree)}" for formula, tree in made.items())
        text = "{\n" + ",\n".join(lines) + "\n}\n"
        (FOLDER / "trees" / f"{file}.json").write_text(text, "utf-8")


if __name__ == "__main__":
    write()
