"""Operations that look at every operand and are blank as soon as one of them is: most of them."""

from collections.abc import Callable
from typing import NoReturn, TypeAlias

from engine.formula.errors import FormulaFailed, Unable
from engine.formula.typed import Apply, Operand, Operation, Run, Step

#: An operation's way of putting its operands' steps together.
Build: TypeAlias = Callable[[Apply, tuple[Step, ...]], Step]


def strict(name: str, operate: Callable[..., Operand]) -> Operation:
    """An operation on operands that have values. `operate` raises `Unable` or a signal of the decimal context.

    Operands are evaluated even when the first is blank already, so a failure never hides behind a blank.
    """
    arities = {1: _one, 2: _two}
    return Operation(name, lambda node, operands: arities.get(len(operands), _many)(operate, node, operands))


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
