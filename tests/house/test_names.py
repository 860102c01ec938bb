"""A name says what a thing is; these words say nothing."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from tests.house.sources import code, shown

EMPTY_FILE: Final = re.compile(r"_*(utils?|helpers?|common|managers?|misc|base|mixins?|services?)")
EMPTY_CLASS: Final = re.compile(r"_*(Base[A-Z]\w*|\w+(Mixin|Service|Manager|Helper|Utils?))")


def empty_names(paths: Iterable[Path]) -> Iterator[str]:
    for path in paths:
        if any(EMPTY_FILE.fullmatch(part) for part in (*path.parent.parts[-2:], path.stem)):
            yield shown(path)
        if path.suffix == ".py":
            classes = (each for each in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(each, ast.ClassDef))
            yield from (f"{shown(path)}: {each.name}" for each in classes if EMPTY_CLASS.fullmatch(each.name))


def test_no_file_or_class_has_an_empty_name() -> None:
    assert not [*empty_names(code(".py", ".ts"))]


def test_empty_names_are_noticed(tmp_path: Path) -> None:
    for name in ("helpers.py", "common.ts", "record.py", "commons.py"):
        (tmp_path / name).write_text("", encoding="utf-8")
    (tmp_path / "record.py").write_text("class BaseRecord: ...\nclass _SavingMixin: ...\nclass Based: ...\n", "utf-8")
    noticed = [*empty_names(sorted(tmp_path.iterdir()))]
    assert noticed == ["common.ts", "helpers.py", "record.py: BaseRecord", "record.py: _SavingMixin"]
