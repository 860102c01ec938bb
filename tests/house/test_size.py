"""No file over 400 lines, no function over 50: reaching a limit means a missing noun."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from tests.house.sources import ROOT, code, shown

FILE: Final = 400
FUNCTION: Final = 50


def too_large(paths: Iterable[Path]) -> Iterator[str]:
    for path in paths:
        text = path.read_text(encoding="utf-8")
        if (lines := text.count("\n")) > FILE:
            yield f"{shown(path)} has {lines} lines"
        if path.suffix == ".py":
            yield from _long_functions(path, ast.parse(text))


def _long_functions(path: Path, tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION:
                yield f"{shown(path)}: {node.name} has {lines} lines"


def test_files_and_functions_stay_small() -> None:
    assert not [*too_large([*code(".py", ".ts", ".mjs", ".css"), ROOT / "hatch_build.py"])]


def test_the_limits_are_noticed(tmp_path: Path) -> None:
    file = tmp_path / "long.py"
    file.write_text("def long():\n" + "    pass\n" * FUNCTION + "\n" * FILE, encoding="utf-8")
    assert [*too_large([file])] == ["long.py has 451 lines", "long.py: long has 51 lines"]
    file.write_text("def long():\n" + "    pass\n" * (FUNCTION - 1) + "\n" * (FILE - FUNCTION), encoding="utf-8")
    assert not [*too_large([file])]
