"""The page of all functions, made of their reference; `python -m tests.formula_reference` writes it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from engine.formula.library.reference import SUBJECTS, Entry

PAGE: Final = Path(__file__).parents[1] / "docs" / "functions.md"


def page() -> str:
    """The text that the page should have."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Functions"
    yield ""
    yield "Made of the code by `python -m tests.formula_reference`; every example is run by a test. How blanks,"
    yield "rounding and failures behave: [formulas.md](formulas.md). The Chinese name means the same in a formula."
    for subject, entries in SUBJECTS.items():
        yield from ("", f"## {subject}", "", "| function | 中文 | gives | example | is |", "|---|---|---|---|---|")
        yield from map(_row, entries)


def _row(entry: Entry) -> str:
    return f"| `{entry.call}` | {entry.chinese} | {entry.about} | `{entry.example}` | `{entry.gives}` |"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
