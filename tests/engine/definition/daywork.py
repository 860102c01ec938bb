"""A module of a construction company, with something of everything: 点工 by folder `daywork/`, and ways to spoil it."""

from pathlib import Path

from engine.definition.read import read
from engine.problems import DefinitionInvalid, Problem

FOLDER = Path(__file__).parent / "daywork"


def files() -> dict[str, bytes]:
    """The files of the module, by path inside it."""
    return {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in FOLDER.rglob("*") if path.is_file()}


def edited(path: str, old: str, new: str) -> dict[str, bytes]:
    """The files, with one text in one of them replaced; it must be there once."""
    changed = files()
    text = changed[path].decode()
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
    return {**changed, path: text.replace(old, new).encode()}


def problems(given: dict[str, bytes]) -> tuple[Problem, ...]:
    """What is wrong with the files; nothing when they read."""
    try:
        read(given)
    except DefinitionInvalid as refused:
        return refused.problems
    return ()
