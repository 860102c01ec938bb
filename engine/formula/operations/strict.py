"""Operations that look at every operand and are blank as soon as one of them is: most of them."""

from collections.abc import Callable, Sequence
from typing import Final, NoReturn, TypeAlias

from engine.formula.errors import FormulaFailed, Unable
from engine.formula.typed import Apply, Column, Operand, Operation, Run, Step

_NOTHING: Final = type(None)
#: An operation's way of putting its operands' steps together.
Build: TypeAlias = Callable[[Apply, tuple[Step, ...]], Step]


def strict(name: str, operate: Callable[..., Operand], across: Callable[..., Column] | None = None) -> Operation:
    """An operation on operands that have values. `operate` raises `Unable` or a signal of the decimal context.

    Operands are evaluated even when the first is blank already, so a failure never hides behind a blank. `across` is a
    faster way through columns, blank ones included; it may fail where `operate` does not.
    """
    arities = {1: _one, 2: _two}

    def build(node: Apply, operands: tuple[Step, ...]) -> Step:
        return arities.get(len(operands), _many)(operate, node, operands)

    column = across or _across(operate)
    return Operation(name, build, lambda _node: column)


def strict_about(name: str, operate: Callable[..., Operand]) -> Operation:
    """The same for what also depends on the facts, such as the zone; `operate` is given them first."""

    def build(node: Apply, operands: tuple[Step, ...]) -> Step:
        def step(run: Run) -> Operand:
            values = [operand(run) for operand in operands]
            if any(value is None for value in values):
                return None
            try:
                return operate(run.facts, *values)
            except (Unable, ArithmeticError) as error:
                fail(node, error)

        return step

    return Operation(name, build)


def are_full(columns: Sequence[Column]) -> bool:
    """Whether no line of them is blank; what is true is not, and most columns are found out by that."""
    return all(map(all, columns)) or not any(_NOTHING in set(map(type, column)) for column in columns)


def _across(operate: Callable[..., Operand]) -> Callable[..., Column]:
    def across(*columns: Column) -> Column:
        if are_full(columns):
            return tuple(map(operate, *columns))
        return tuple([None if _NOTHING in map(type, row) else operate(*row) for row in zip(*columns, strict=True)])

    return across


def fail(node: Apply, error: Unable | ArithmeticError) -> NoReturn:
    """Say where it went wrong; what the decimal context signals is a number out of bounds."""
    if isinstance(error, Unable):
        raise FormulaFailed(error.code, node.start, node.end, error.params) from None
    raise FormulaFailed("formula.overflow", node.start, node.end, {}) from None


def _one(operate: Callable[..., Operand], node: Apply, operands: tuple[Step, ...]) -> Step:
    (operand,) = operands

    def step(run: Run) -> Operand:
        value = operand(run)
        if value is None:
            return None
        try:
            return operate(value)
        except (Unable, ArithmeticError) as error:
            fail(node, error)

    return step


def _two(operate: Callable[..., Operand], node: Apply, operands: tuple[Step, ...]) -> Step:
    left, right = operands

    def step(run: Run) -> Operand:
        one, other = left(run), right(run)
        if one is None or other is None:
            return None
        try:
            return operate(one, other)
        except (Unable, ArithmeticError) as error:
            fail(node, error)

    return step


def _many(operate: Callable[..., Operand], node: Apply, operands: tuple[Step, ...]) -> Step:
    def step(run: Run) -> Operand:
        values = [operand(run) for operand in operands]
        if any(value is None for value in values):
            return None
        try:
            return operate(*values)
        except (Unable, ArithmeticError) as error:
            fail(node, error)

    return step
