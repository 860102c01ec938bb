"""Texts that no grammar takes: where, and what would be written there instead."""

import re
from collections.abc import Collection, Iterator
from typing import Final
from unicodedata import normalize

from engine.formula.errors import FormulaProblem

#: What other languages and other keyboards write → what a formula says; the longest that stands there counts.
_MEANT: Final = {
    "===": "=",
    "!==": "<>",
    "==": "=",
    "!=": "<>",
    "=!": "<>",
    "><": "<>",
    "=>": ">=",
    "=<": "<=",
    "&&": "AND",
    "||": "OR",
    "|": "OR",
    "!": "NOT(…)",
    "?": "IF(…, …, …)",
    "？": "IF(…, …, …)",
    ";": ",",
    "；": ",",
    "、": ",",
    "≥": ">=",
    "≤": "<=",
    "≠": "<>",
    "×": "*",
    "÷": "/",
    "−": "-",
    "–": "-",
    "—": "-",
}
_LONGEST: Final = max(map(len, _MEANT))
#: Words before values → the function that takes these values.
_BEFORE: Final = {"IF": "IF(…, …, …)", "如果": "IF(…, …, …)", "NOT": "NOT(…)", "非": "NOT(…)"}
_QUOTED: Final = re.compile(r"(['‘’`])([^'‘’`]{1,60})['‘’`]")
_GROUPED: Final = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?(?![0-9])")
_WORD_BEFORE: Final = re.compile(r"([^\W\d]\w*)\s*\Z")
_VALUE_BEFORE: Final = re.compile(r"[\w.]+\s*\Z|\)\s*\Z")
_OPENING: Final = re.compile(r"[\w.]*\Z")
_TEXTS: Final = re.compile(r'"(?:""|[^"])*"?')
#: As much of a formula as a sentence repeats.
_SHOWN: Final = 30


def unexpected(text: str, start: int, given: str, accepted: Collection[str]) -> FormulaProblem:
    """What is wrong with the piece `given` at `start`, where only tokens of the names in `accepted` may stand."""
    return next(_unexpected(text, start, given, accepted))


def unfinished(text: str, accepted: Collection[str]) -> FormulaProblem:
    """What is missing at the end."""
    if "NUMBER" not in accepted and "CLOSE" in accepted:
        return _unclosed(text)
    return FormulaProblem("formula.unfinished", len(text), len(text), expected=_expected(accepted))


def meaningless(text: str, position: int) -> FormulaProblem:
    """What a character that begins nothing was meant to be."""
    given = text[position]
    if given in '"“”＂':
        return FormulaProblem("formula.text", position, len(text))
    if quoted := _QUOTED.match(text, position):
        meant = f'"{quoted[2]}"'
        return FormulaProblem("formula.quotes", position, quoted.end(), meant=meant)
    if found := _other_way(text, position):
        return found
    if given in "[]{}":
        return FormulaProblem("formula.brackets", position, position + 1, given=given)
    half = normalize("NFKC", given)
    if half != given and half.isascii() and half.isalnum():
        return FormulaProblem("formula.meant", position, position + 1, given=given, meant=half)
    return FormulaProblem("formula.character", position, position + 1, given=given)


def thousands(text: str, position: int) -> FormulaProblem | None:
    """A number that is written with separators, when its comma stands there."""
    for found in _GROUPED.finditer(text, max(0, position - 3)):
        if found.start() < position < found.end():
            plain = found[0].replace(",", "")
            return FormulaProblem("formula.thousands", found.start(), found.end(), given=found[0], meant=plain)
        if found.start() > position:
            break
    return None


def _unexpected(text: str, start: int, given: str, accepted: Collection[str]) -> Iterator[FormulaProblem]:
    end = start + len(given)
    if found := _other_way(text, start):
        yield found
    if given == "," and "COMMA" not in accepted:
        if found := thousands(text, start):
            yield found
        if len(_open_brackets(text[:start])) > 1:
            yield _unclosed(text[:start])
        yield FormulaProblem("formula.comma", start, end)
    if given == ")" and not _open_brackets(text[:start]):
        yield FormulaProblem("formula.unopened", start, end)
    is_value = bool(re.match(r'[\w("]', given)) and "NUMBER" not in accepted
    if is_value:
        yield from _beside(text, start, given)
    yield FormulaProblem("formula.syntax", start, end, given=given, expected=_expected(accepted))


def _beside(text: str, start: int, given: str) -> Iterator[FormulaProblem]:
    """Two values with nothing between them."""
    end = start + len(given)
    if text[:start].endswith('"') or (given.startswith('"') and text[start - 1 : start].strip()):
        yield FormulaProblem("formula.quote_inside", start, end)
    word = _WORD_BEFORE.search(text, max(0, start - _SHOWN), start)
    if word and (meant := _BEFORE.get(word[1].upper())):
        yield FormulaProblem("formula.meant", word.start(1), word.end(1), given=word[1], meant=meant)
    before = _VALUE_BEFORE.search(text, max(0, start - _SHOWN), start)
    if before:
        shown = given if len(given) <= _SHOWN else given[:_SHOWN] + "…"
        yield FormulaProblem("formula.between", start, end, before=before[0].strip(), given=shown)


def _other_way(text: str, position: int) -> FormulaProblem | None:
    """What is written otherwise in formulas, if that stands around the position."""
    for length in range(_LONGEST, 0, -1):
        for start in range(max(0, position - length + 1), position + 1):
            given = text[start : start + length]
            if start + len(given) > position and (meant := _MEANT.get(given)):
                return FormulaProblem("formula.meant", start, start + len(given), given=given, meant=meant)
    return None


def _unclosed(text: str) -> FormulaProblem:
    """The last bracket that nothing closes, with the function before it."""
    opened = _open_brackets(text)[-1]
    name = _OPENING.search(text, max(0, opened - _SHOWN), opened)
    begin = name.start() if name else opened
    return FormulaProblem("formula.unclosed", begin, opened + 1, given=text[begin : opened + 1])


def _open_brackets(text: str) -> list[int]:
    """Where the brackets stand that nothing closes; what is in quotes does not count."""
    opened: list[int] = []
    for position, character in enumerate(_TEXTS.sub(lambda found: " " * len(found[0]), text)):
        if character == "(":
            opened.append(position)
        elif character == ")" and opened:
            opened.pop()
    return opened


def _expected(accepted: Collection[str]) -> str:
    if "NUMBER" in accepted:
        return "a value or “)”" if "CLOSE" in accepted else "a value"
    if "COMMA" in accepted:
        return "an operator, “,” or “)”"
    return "an operator or “)”" if "CLOSE" in accepted else "an operator"
