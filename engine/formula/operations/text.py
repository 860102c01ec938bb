"""Joining values to text."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

from engine.formula.errors import Unable
from engine.formula.numbers import plain
from engine.formula.operations.strict import fail
from engine.formula.tree import Kind
from engine.formula.typed import Apply, Operation, Run, Step

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
        texts = []
        for operand, text_of in parts:
            value = operand(run)
            if value is not None:
                texts.append(text_of(value) if text_of else value)
        joined = "".join(texts)
        if len(joined) > MAX_TEXT:
            fail(node, Unable("formula.long_text", limit=str(MAX_TEXT)))
        return joined

    return join


JOIN = Operation("join", _join)
