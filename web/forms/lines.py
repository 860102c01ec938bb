"""Adding, removing, copying and moving lines without script: each button posts the whole form and says what it wants.

Works on the posted text alone, before any form is built, so that nothing typed is lost.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from werkzeug.datastructures import MultiDict

from web.forms.nested import ROW

#: What one line was posted as: rest of the name → values.
Row = Mapping[str, Sequence[str]]


def _swapped(rows: list[Row], index: int, other: int) -> list[Row]:
    if 0 <= other < len(rows):
        rows[index], rows[other] = rows[other], rows[index]
    return rows


_VERBS: Final[Mapping[str, Callable[[list[Row], int], list[Row]]]] = {
    "_remove": lambda rows, index: rows[:index] + rows[index + 1 :],
    # A copy comes from no kept line.
    "_copy": lambda rows, index: [*rows[: index + 1], {**rows[index], ROW: [""]}, *rows[index + 1 :]],
    "_up": lambda rows, index: _swapped(rows, index, index - 1),
    "_down": lambda rows, index: _swapped(rows, index, index + 1),
}


def rearrange(posted: "MultiDict[str, str]") -> "MultiDict[str, str] | None":
    """The posted form with its lines changed as the pressed button says; None when no such button was pressed.

    `_add` names the lines (`items`); `_remove`, `_copy`, `_up` and `_down` name one of them (`items-2`).
    """
    if name := posted.get("_add"):
        return _replaced(posted, name, [*_rows(posted, name), {ROW: [""]}])
    for verb, change in _VERBS.items():
        if target := posted.get(verb):
            name, _, number = target.rpartition("-")
            numbers = _numbers(posted, name)
            if number.isdigit() and int(number) in numbers:
                return _replaced(posted, name, change(_rows(posted, name), numbers.index(int(number))))
            return posted
    return None


def _numbers(posted: "MultiDict[str, str]", name: str) -> list[int]:
    start = re.compile(re.escape(name) + r"-(\d+)-")
    return sorted({int(found[1]) for key in posted if (found := start.match(key))})


def _rows(posted: "MultiDict[str, str]", name: str) -> list[Row]:
    rows: list[Row] = []
    for number in _numbers(posted, name):
        start = f"{name}-{number}-"
        rows.append({key.removeprefix(start): posted.getlist(key) for key in posted if key.startswith(start)})
    return rows


def _replaced(posted: "MultiDict[str, str]", name: str, rows: Sequence[Row]) -> "MultiDict[str, str]":
    line = re.compile(re.escape(name) + r"-\d+-")
    kept = {key: posted.getlist(key) for key in posted if not line.match(key)}
    for number, row in enumerate(rows):
        kept |= {f"{name}-{number}-{rest}": list(values) for rest, values in row.items()}
    return MultiDict(kept)
