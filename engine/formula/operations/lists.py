"""Folding lists, single values and both together. Blank items are left out."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import reduce

from engine.formula.numbers import CONTEXT, ZERO
from engine.formula.operations.logic import is_blank
from engine.formula.operations.strict import are_full, fail
from engine.formula.typed import Apply, Column, Operand, Operation, Run, Step


def _fold(
    name: str, fold: Callable[[Sequence[Operand]], Operand], several: Callable[..., Operand] | None = None
) -> Operation:
    """A fold over the values there are; the list may be a column, single arguments, or both.

    `several` is the same over more than one value, given one by one.
    """

    def build(node: Apply, operands: tuple[Step, ...]) -> Step:
        gather = _gathered(node, operands)

        def folded(run: Run) -> Operand:
            values = gather(run)
            if not all(values):
                values = [value for value in values if value is not None]
            try:
                return fold(values)
            except ArithmeticError as error:
                fail(node, error)

        return folded

    def across(*columns: Column) -> Column:
        rows = zip(*columns, strict=True)
        if not are_full(columns):
            return tuple([fold([value for value in row if value is not None]) for row in rows])
        return tuple(map(several, *columns) if several and len(columns) > 1 else map(fold, rows))

    return Operation(name, build, lambda _node: across)


def _gathered(node: Apply, operands: tuple[Step, ...]) -> Callable[[Run], Sequence[Operand]]:
    """All values of single arguments and lists in one row."""
    if len(operands) == 1 and node.arguments[0].type.is_list:
        return operands[0]
    parts = [(operand, each.type.is_list) for operand, each in zip(operands, node.arguments, strict=True)]

    def gather(run: Run) -> list[Operand]:
        values: list[Operand] = []
        for operand, is_list in parts:
            if is_list:
                values.extend(operand(run))
            else:
                values.append(operand(run))
        return values

    return gather


def total(numbers: Iterable[Decimal]) -> Decimal:
    """Zero for none."""
    return reduce(CONTEXT.add, numbers, ZERO)


def average(numbers: Sequence[Decimal]) -> Decimal | None:
    """Blank for none."""
    return CONTEXT.divide(total(numbers), Decimal(len(numbers))) if numbers else None


SUM = _fold("sum", total)
COUNT = _fold("count", lambda values: Decimal(sum(not is_blank(value) for value in values)))
MIN = _fold("min", lambda values: min(values, default=None), min)
MAX = _fold("max", lambda values: max(values, default=None), max)
AVERAGE = _fold("average", average)
