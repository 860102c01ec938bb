"""The files that the tests of the house read: ours, and nothing that a tool made."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
#: Folders that are made, not written; the same as in .gitignore.
MADE: Final = {"node_modules", "dist", "build", "var", "_bundled", "screenshots", "__pycache__"}
#: Folders with a dot that are ours all the same.
OURS: Final = {".ci", ".github"}


def written(folder: Path = ROOT) -> Iterator[Path]:
    """Every file below `folder` that somebody wrote, in order."""
    for path in sorted(folder.iterdir()):
        if path.is_dir() and is_ours(path):
            yield from written(path)
        elif path.is_file() and path.name not in {".env", ".coverage"} and path.suffix not in {".mo", ".pyc"}:
            yield path


def is_ours(folder: Path) -> bool:
    """Whether people write in this folder."""
    is_hidden = folder.name.startswith(".") and folder.name not in OURS
    return not is_hidden and folder.name not in MADE and folder.suffix != ".egg-info"


def code(*suffixes: str, folders: tuple[str, ...] = ("engine", "web", "tests")) -> Iterator[Path]:
    """Our code with one of the suffixes."""
    for folder in folders:
        yield from (path for path in written(ROOT / folder) if path.suffix in suffixes)


def shown(path: Path) -> str:
    """The path as people name it."""
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name
