"""Calls that say less than they mean, spelled out before their types are settled.

`FILTER(values, column, criterion, …)` asks for each pair whether a line fits, and `TIER(table, x)` reads two columns.
What `ALLOCATE` divides by must be a column of the lines that it divides among.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from engine.formula.errors import FormulaProblem
from engine.formula.library.reference import ALIASES
from engine.formula.scope import Scope
from engine.formula.tree import Binary, Call, Kind, Node, Path, Type

_LINES: Final = Type(Kind.RECORD, is_list=True)
_NUMBERS: Final = Type(Kind.DECIMAL, is_list=True)
#: FILTER's list, a column and its criterion.
_LEAST: Final = 3


def spelled_out(call: Call, scope: Scope) -> Call:
    """The call with everything in it that is only meant. Raises `FormulaProblem` when that cannot be."""
    name = _name(call)
    if name == "FILTER":
        return msgspec.structs.replace(call, arguments=tuple(_filter(call)))
    if name == "TIER" and len(call.arguments) == len(("table", "x")):
        table, number = call.arguments
        return msgspec.structs.replace(call, arguments=(*_bands(table, scope), number))
    if name == "ALLOCATE" and len(call.arguments) >= len(("total", "weights")):
        _check_siblings(call.arguments[1], scope)
    return call


def _name(call: Call) -> str:
    return ALIASES.get(call.function, call.function)


def _filter(call: Call) -> Iterator[Node]:
    """The list, and of each pair whether the lines fit: an operator that nobody can write."""
    count = len(call.arguments)
    if count < _LEAST or count % 2 == 0:
        params = {"function": "FILTER", "expected": "3, 5, 7 …", "given": str(count)}
        raise FormulaProblem("formula.argument_count", call.start, call.end, **params)
    values, *pairs = call.arguments
    yield values
    for column, criterion in zip(pairs[::2], pairs[1::2], strict=True):
        yield Binary(operator="fits", left=column, right=criterion, start=column.start, end=criterion.end)


def _bands(table: Node, scope: Scope) -> tuple[Node, ...]:
    """The columns of bounds and rates of line items, all or some of them; what is no such thing is left as it is."""
    match table:
        case Call(arguments=(lines, *pairs)) if _name(table) == "FILTER":
            columns = _bands(lines, scope)
            return tuple(msgspec.structs.replace(table, arguments=(column, *pairs)) for column in columns)
        case Path(parts=parts) if (found := scope.find(parts)) and found.type == _LINES:
            paths = ((*parts, key) for key in scope.known(parts))
            bounds, rates, *_ = *(path for path in paths if _is_numbers(path, scope)), None, None
            if bounds and rates:
                return tuple(msgspec.structs.replace(table, parts=path) for path in (bounds, rates))
            raise FormulaProblem("formula.no_bands", table.start, table.end, given=".".join(parts))
    return (table,)


def _is_numbers(path: tuple[str, ...], scope: Scope) -> bool:
    found = scope.find(path)
    return found is not None and found.type == _NUMBERS


def _check_siblings(weights: Node, scope: Scope) -> None:
    found = scope.find(weights.parts) if isinstance(weights, Path) else None
    if not (found and found.of_siblings) and not (isinstance(weights, Path) and found is None):
        raise FormulaProblem("formula.no_siblings", weights.start, weights.end)
