"""No file over 400 lines, no function over 50, no package over ten files: reaching a limit means a missing noun."""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from tests.house.sources import ROOT, code, shown

FILE: Final = 400
FUNCTION: Final = 50
PACKAGE: Final = 10
#: One file a field type.
EXCEPTED: Final = ROOT / "engine" / "fields"


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


def too_full(paths: Iterable[Path]) -> Iterator[str]:
    files = Counter(path.parent for path in paths if path.name != "__init__.py" and path.parent != EXCEPTED)
    for package, count in files.items():
        if count > PACKAGE:
            yield f"{shown(package)} has {count} files"


def test_packages_stay_small() -> None:
    assert not [*too_full(code(".py", folders=("engine", "web")))]


def test_a_package_that_is_too_full_is_noticed(tmp_path: Path) -> None:
    files = [tmp_path / f"{number}.py" for number in range(PACKAGE + 1)]
    assert [*too_full(files)] == [f"{tmp_path.name} has 11 files"]
    assert not [*too_full([*files[1:], tmp_path / "__init__.py"])]


def test_files_and_functions_stay_small() -> None:
    assert not [*too_large([*code(".py", ".ts", ".mjs", ".css"), ROOT / "hatch_build.py"])]


def test_the_limits_are_noticed(tmp_path: Path) -> None:
    file = tmp_path / "long.py"
    file.write_text("def long():\n" + "    pass\n" * FUNCTION + "\n" * FILE, encoding="utf-8")
    assert [*too_large([file])] == ["long.py has 451 lines", "long.py: long has 51 lines"]
    file.write_text("def long():\n" + "    pass\n" * (FUNCTION - 1) + "\n" * (FILE - FUNCTION), encoding="utf-8")
    assert not [*too_large([file])]
