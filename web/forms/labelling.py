"""Formulas as people read them who fill a form: labels in place of keys."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from engine.compile.model import CompiledField

#: Text in quotes, and names; what a bracket follows is a function.
_NAMES: Final = re.compile(
    r'"(?:""|[^"])*"|[“”＂][^“”＂"]*[“”＂]|(?<![\w.])(?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)*)(?!\w*[.\s]*[(（])'
)

Fields = Mapping[str, CompiledField]


class Labelled(NamedTuple):
    """A text with labels in place of keys, and by how much what stood behind each place has moved."""

    text: str
    #: (place in the old text, how many characters were added before it), in order.
    moved: tuple[tuple[int, int], ...] = ()

    def at(self, place: int) -> int:
        """Where what stood at the place stands now."""
        return place + next((added for before, added in reversed(self.moved) if before <= place), 0)


def labelled(text: str, scopes: Sequence[Fields], label: Callable[[CompiledField], str]) -> Labelled:
    """The text with the labels of its fields, which are looked for in the scopes from left to right.

    `label` gives "" for a field that is not to be spoken of; it keeps its key.
    """
    pieces: list[str] = []
    moved: list[tuple[int, int]] = []
    last = added = 0
    for found in _NAMES.finditer(text):
        name = found["name"]
        shown = _label(name.split("."), scopes, label) if name else None
        if shown is None:
            continue
        pieces += [text[last : found.start()], shown]
        last, added = found.end(), added + len(shown) - len(name)
        moved.append((last, added))
    return Labelled("".join((*pieces, text[last:])), tuple(moved))


def _label(keys: list[str], scopes: Sequence[Fields], label: Callable[[CompiledField], str]) -> str | None:
    fields = next((each for each in scopes if keys[0] in each), None)
    if fields is None:
        return None
    words = []
    for key in keys:
        field = fields.get(key)
        words.append((label(field) if field else "") or key)
        fields = field.fields if field else {}
    return ".".join(words)
