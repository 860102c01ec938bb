"""The typed tree as the JSON that `web/assets/formula` runs."""

from decimal import Decimal
from typing import Any

from engine.formula.numbers import plain
from engine.formula.typed import Apply, Constant, Read, Typed


def as_json(node: Typed) -> dict[str, Any]:
    """`{"op": "add", "of": [...]}`; the same tree gives the same JSON. Positions are left out, numbers are text."""
    match node:
        case Constant(value=Decimal() as number):
            return {"op": "number", "value": plain(number)}
        case Constant(value=value):
            return {"op": "value", "value": value}
        case Read(parts=parts, type=type_, found=found):
            from_line = {"line": True} if found.in_line else {}
            return {"op": "read", "path": list(parts), "type": str(type_), **from_line}
    assert isinstance(node, Apply)
    return {"op": node.operation.name, "of": [as_json(each) for each in node.arguments]}
