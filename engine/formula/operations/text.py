"""Joining values to text, showing choices by their labels, and taking text apart.

A character is a Unicode code point, here and in the browser. Text without any is blank to whoever asks next, as it is
where it is read.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from engine.formula.errors import Unable
from engine.formula.numbers import plain, whole
from engine.formula.operations.strict import fail, strict
from engine.formula.tree import Kind, Scalar
from engine.formula.typed import MAX_CHARACTERS, Apply, Operand, Operation, Run, Step

#: What a cell of Excel holds; keeps repeated joining from filling the memory.
MAX_TEXT: Final = 32_767


def _moment(moment: datetime) -> str:
    text = moment.replace(tzinfo=None).isoformat()
    return f"{text.rstrip('0') if '.' in text else text}Z"


#: How kinds other than text and references, which are text, are written.
_TEXT_OF: Final[Mapping[Kind, Callable[[Any], str]]] = {
    Kind.DECIMAL: plain,
    Kind.BOOLEAN: lambda value: "TRUE" if value else "FALSE",
    Kind.DATE: date.isoformat,
    Kind.DATETIME: _moment,
}


def _join(node: Apply, operands: tuple[Step, ...]) -> Step:
    """Blank joins as nothing."""
    parts = [(operand, _TEXT_OF.get(each.type.kind)) for operand, each in zip(operands, node.arguments, strict=True)]

    def join(run: Run) -> str:
        texts, length = [], 0
        for operand, text_of in parts:
            value = operand(run)
            if value is not None:
                text = text_of(value) if text_of else value
                length += len(text)
                if length <= MAX_TEXT:  # the rest is only evaluated, and does not fill the memory
                    texts.append(text)
        if length > MAX_TEXT:
            fail(node, Unable("formula.long_text", limit=str(MAX_TEXT)))
        return "".join(texts)

    return join


#: Where upper and lower case are settled for good: Latin, Greek, Cyrillic, Armenian, Ⅳ, Ⓐ, full width. Elsewhere
#: Pythons and browsers differ, because new versions of Unicode still bring new pairs.
_CASED: Final = frozenset(
    chr(code)
    for first, last in ((0x0000, 0x058F), (0x1E00, 0x1FFF), (0x2100, 0x24FF), (0xFF00, 0xFFEF))
    for code in range(first, last + 1)
)


def _case(change: Callable[[str], str]) -> Mapping[int, str]:
    """Character → its other case, when that is one character too: “ß” has no capital letter of its own."""
    pairs = ((character, change(character)) for character in _CASED)
    return {ord(character): other for character, other in pairs if other in _CASED}


TO_UPPER: Final = _case(str.upper)
TO_LOWER: Final = _case(str.lower)
BLANKS: Final = " \u3000"
_RUN_OF_BLANKS: Final = re.compile(f"([{BLANKS}])[{BLANKS}]+")
_ONE: Final = Decimal(1)


def _bounded(length: int) -> None:
    if length > MAX_TEXT:
        raise Unable("formula.long_text", limit=str(MAX_TEXT))


def _fitting(text: str) -> str:
    _bounded(len(text))
    return text


def _count(number: Decimal, least: int = 0) -> int:
    count = whole(number)
    if count < least:
        raise Unable("formula.bad_count", given=plain(number))
    return count


def _left(text: str, count: Decimal = _ONE) -> str:
    return _fitting(text[: _count(count)])


def _right(text: str, count: Decimal = _ONE) -> str:
    return _fitting(text[max(len(text) - _count(count), 0) :])


def _mid(text: str, start: Decimal, count: Decimal) -> str:
    first = _count(start, least=1) - 1
    return _fitting(text[first : first + _count(count)])


def _trim(text: str) -> str:
    """A run of blanks becomes its first one, so that a name written with a wide blank keeps it."""
    return _fitting(_RUN_OF_BLANKS.sub(r"\1", text).strip(BLANKS))


def _substitute(text: str, old: str, new: str) -> str:
    if not old:
        return _fitting(text)
    _bounded(len(text) + text.count(old) * (len(new) - len(old)))  # before it fills the memory
    return text.replace(old, new)


def _searching(name: str, operate: Callable[..., Any]) -> Operation:
    """A strict operation that goes through its first text, character by character; one evaluation has so many."""
    plain_operation = strict(name, operate)

    def build(node: Apply, operands: tuple[Step, ...]) -> Step:
        text, *others = operands

        def counted(run: Run) -> str | None:
            value: str | None = text(run)
            if value is not None:
                run.characters -= len(value)
                if run.characters < 0:
                    fail(node, Unable("formula.long_text", limit=str(MAX_CHARACTERS)))
            return value

        return plain_operation.build(node, (counted, *others))

    return Operation(name, build)


def _label(node: Apply, operands: tuple[Step, ...]) -> Step:
    """Of a value, or of each of a list; one that cannot be chosen any more is shown as it is."""
    (operand,) = operands
    labels = dict(node.labels)

    def shown(value: Scalar) -> str | None:
        if value is None:
            return None
        text = value if isinstance(value, str) else plain(value)  # type: ignore[arg-type]  # text or a number
        return labels.get(text, text) or None

    def label(run: Run) -> Operand:
        return shown(operand(run))

    def labels_of_list(run: Run) -> Operand:
        return tuple([shown(value) for value in operand(run)])

    return labels_of_list if node.type.is_list else label


JOIN = Operation("join", _join)
LABEL = Operation("label", _label)
LENGTH = strict("length", lambda text: Decimal(len(text)))
LEFT = strict("left", _left)
RIGHT = strict("right", _right)
MID = strict("mid", _mid)
UPPER = _searching("upper", lambda text: _fitting(text.translate(TO_UPPER)))
LOWER = _searching("lower", lambda text: _fitting(text.translate(TO_LOWER)))
TRIM = _searching("trim", _trim)
SUBSTITUTE = _searching("substitute", _substitute)
CONTAINS = _searching("contains", str.__contains__)
STARTS_WITH = strict("starts_with", str.startswith)
