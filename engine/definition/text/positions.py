"""Where things stand in JSON text: the line and column of what a JSON Pointer names.

Text is read fast by `json`; this slower reading remembers every position and names every flaw. It is done only when
there is a problem to place. Lines and columns count from 1, columns in characters.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

import msgspec

from engine.definition.model import Module
from engine.definition.text.scan import Scan, scan
from engine.problems import Problem

#: Problems about a key rather than about the value behind it.
ABOUT_KEYS: Final = frozenset({"definition.unknown_key", "definition.key_pattern", "definition.lonely_key"})

#: What one character of a string looks like in the text; a pair of escapes outside the BMP is one character.
_CHARACTER: Final = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\]", re.DOTALL
)


class Position(NamedTuple):
    """A place in a text, for people."""

    line: int
    column: int


def locate(text: str, pointer: str, offset: int = 0) -> Position:
    """Where the value stands that `pointer` names; with `offset`, that character inside the string there.

    A pointer to something that is missing gives the place of the nearest thing around it.
    """
    return position(text, _value(scan(text), pointer, offset))


def position(text: str, offset: int) -> Position:
    """The line and column of the character at `offset`."""
    return Position(text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


def placed(problems: Iterable[Problem], source: Module | Mapping[str, str]) -> Iterator[Problem]:
    """The same problems, with line and column where they name a file of the module and have none yet.

    `source` is the module, or its texts by path.
    """
    texts = source.texts if isinstance(source, Module) else source
    scans: dict[str, Scan] = {}
    for problem in problems:
        text = texts.get(problem.file)
        if text is None or problem.line or not problem.file.endswith(".json"):
            yield problem
            continue
        if problem.file not in scans:
            scans[problem.file] = scan(text)
        yield _placed(problem, text, scans[problem.file])


def _placed(problem: Problem, text: str, scanned: Scan) -> Problem:
    member = scanned.members.get(problem.pointer)
    if problem.code in ABOUT_KEYS and member is not None:
        start = member.key
    else:
        start = _value(scanned, problem.pointer, problem.offset)
    line, column = position(text, start)
    return msgspec.structs.replace(problem, line=line, column=column)


def _value(scanned: Scan, pointer: str, offset: int) -> int:
    while pointer and pointer not in scanned.members:
        pointer, offset = pointer.rpartition("/")[0], 0
    start = scanned.members[pointer].value
    return _inside(scanned.text, start, offset) if offset else start


def _inside(text: str, start: int, offset: int) -> int:
    """Where the `offset`-th character of the string stands whose opening quote is at `start`."""
    here = start + 1
    for _ in range(offset):
        character = _CHARACTER.match(text, here)
        if character is None or character.group() == '"':
            break
        here = character.end()
    return here
