"""Folding lists, single values and both together. Blank items are left out."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import reduce

from engine.formula.numbers import CONTEXT, ZERO
from engine.formula.operations.logic import is_blank
from engine.formula.operations.strict import fail
from engine.formula.typed import Apply, Operand, Operation, Run, Step


def _fold(name: str, fold: Callable[[Sequence[Operand]], Operand]) -> Operation:
    """A fold over the values there are; the list may be a column, single arguments, or both."""

    def build(node: Apply, operands: tuple[Step, ...]) -> Step:
        gather = _gathered(node, operands)

        def folded(run: Run) -> Operand:
            values = [value for value in gather(run) if value is not None]
            try:
                return fold(values)
            except ArithmeticError as error:
                fail(node, error)

        return folded

    return Operation(name, build)


def _gathered(node: Apply, operands: tuple[Step, ...]) -> Callable[[Run], Iterable[Operand]]:
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
MIN = _fold("min", lambda values: min(values, default=None))
MAX = _fold("max", lambda values: max(values, default=None))
AVERAGE = _fold("average", average)
