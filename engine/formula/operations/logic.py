"""Comparison and decision. Unknown stays unknown: only `=`, membership and BLANK() turn a blank into TRUE or FALSE."""

import operator
from collections.abc import Callable, Mapping

from engine.formula.operations.strict import strict
from engine.formula.tree import Kind, Value
from engine.formula.typed import Apply, Column, Operand, Operation, Run, Step


def is_blank(value: Value) -> bool:
    """Whether nothing is filled in: no value, empty text, no items."""
    return value is None or (not value and isinstance(value, str | tuple | Mapping))


def _is_text(node: Apply) -> bool:
    return any(argument.type.kind in {Kind.TEXT, Kind.REFERENCE} for argument in node.arguments)


def _equal(node: Apply, operands: tuple[Step, ...]) -> Step:
    """Blank equals blank and nothing else; empty text is blank, as it is in Excel."""
    left, right = operands
    if _is_text(node):
        return lambda run: (left(run) or None) == (right(run) or None)
    return lambda run: left(run) == right(run)


def _equal_across(node: Apply) -> Callable[..., Column]:
    if not _is_text(node):
        return lambda left, right: tuple(map(operator.eq, left, right))

    def across(left: Column, right: Column) -> Column:
        if all(left) and all(right):
            return tuple(map(operator.eq, left, right))
        return tuple([(one or None) == (other or None) for one, other in zip(left, right, strict=True)])

    return across


def _among(node: Apply, operands: tuple[Step, ...]) -> Step:
    """Whether an item of a list equals the value; the list may stand on either side of the `=`."""
    member, members = reversed(operands) if node.arguments[0].type.is_list else operands
    if _is_text(node):
        return lambda run: (member(run) or None) in {item or None for item in members(run)}
    return lambda run: member(run) in members(run)


def _among_ids(node: Apply, operands: tuple[Step, ...]) -> Step:
    """The same for ids, where "" stands for every id: a role held in the whole company is held in each project."""
    member, members = reversed(operands) if node.arguments[0].type.is_list else operands

    def among(run: Run) -> bool:
        sought, ids = member(run) or None, members(run)
        return sought in ids or "" in ids

    return among


def _and(_node: Apply, operands: tuple[Step, ...]) -> Step:
    """Kleene's: FALSE decides, and what stands behind it is not evaluated."""

    def conjunction(run: Run) -> bool | None:
        answer: bool | None = True
        for operand in operands:
            value = operand(run)
            if value is False:
                return False
            if value is None:
                answer = None
        return answer

    return conjunction


def _and_across(*columns: Column) -> Column:
    rows = zip(*columns, strict=True)
    return tuple([False if False in row else None if None in row else True for row in rows])


def _first(_node: Apply, operands: tuple[Step, ...]) -> Step:
    """The first operand that is filled in; those behind it are not evaluated."""

    def first(run: Run) -> Operand:
        for operand in operands:
            value = operand(run)
            if not is_blank(value):
                return value
        return None

    return first


def _first_across(node: Apply) -> Callable[..., Column]:
    if node.type.kind not in {Kind.TEXT, Kind.REFERENCE, Kind.RECORD}:
        return _first_filled

    def across(*columns: Column) -> Column:
        return _first_filled(*[tuple([None if is_blank(value) else value for value in column]) for column in columns])

    return across


def _first_filled(found: Column, *others: Column) -> Column:
    for column in others:
        if not all(found):
            pairs = zip(found, column, strict=True)
            found = tuple([other if one is None else one for one, other in pairs])
    return found


def _or(_node: Apply, operands: tuple[Step, ...]) -> Step:
    """Kleene's: TRUE decides, and what stands behind it is not evaluated."""

    def disjunction(run: Run) -> bool | None:
        answer: bool | None = False
        for operand in operands:
            value = operand(run)
            if value is True:
                return True
            if value is None:
                answer = None
        return answer

    return disjunction


def _or_across(*columns: Column) -> Column:
    rows = zip(*columns, strict=True)
    return tuple([True if True in row else None if None in row else False for row in rows])


def _if(_node: Apply, operands: tuple[Step, ...]) -> Step:
    """Evaluates one branch; a blank condition gives blank, because nobody knows which branch was meant."""
    condition, then, otherwise = (*operands, _nothing)[:3]

    def choice(run: Run) -> Operand:
        answer = condition(run)
        if answer is None:
            return None
        return then(run) if answer else otherwise(run)

    return choice


def _nothing(_run: Run) -> None:
    return None


def _blank(_node: Apply, operands: tuple[Step, ...]) -> Step:
    (operand,) = operands
    return lambda run: is_blank(operand(run))


LESS = strict("less", operator.lt)
AT_MOST = strict("at_most", operator.le)
MORE = strict("more", operator.gt)
AT_LEAST = strict("at_least", operator.ge)
EQUAL = Operation("equal", _equal, _equal_across)
AMONG = Operation("among", _among)
AMONG_IDS = Operation("among_ids", _among_ids)
AND = Operation("and", _and, lambda _node: _and_across)
OR = Operation("or", _or, lambda _node: _or_across)
NOT = strict("not", operator.not_)
FIRST = Operation("first", _first, _first_across)
IF = Operation("if", _if)
BLANK = Operation("blank", _blank, lambda _node: lambda column: tuple(map(is_blank, column)))
