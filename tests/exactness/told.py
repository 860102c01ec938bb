"""What two engines have said about one formula and one record, and the count of it all."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, Final

import msgspec
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis.strategies import SearchStrategy

from engine.formula.errors import FormulaFailed
from engine.formula.formula import Formula
from engine.formula.scope import Facts
from engine.formula.tree import Node, walk
from engine.formula.typed import Apply

#: Examples of one run of Hypothesis: it keeps in memory what it has drawn.
AT_A_TIME: Final = 100


class Differs(AssertionError):  # noqa: N818 - an answer, not an accident
    """Two engines that do not agree."""

    def __init__(self, engine: str, text: str, facts: Any, python: str, other: str) -> None:
        self.engine, self.text, self.facts, self.python, self.other = engine, text, facts, python, other
        super().__init__(f"{text}\n  python: {python}\n  {engine}: {other}\n  facts: {facts}")


class Tally(msgspec.Struct):
    """Counts of one comparison."""

    #: Pairs of a formula and a record that both engines have answered, and of them those that have no value.
    compared: int = 0
    failing: int = 0
    #: Formulas drawn, and of them those that the other engine can run.
    drawn: int = 0
    answered: int = 0
    #: Operation → compared pairs whose formula has it.
    operations: Counter[str] = msgspec.field(default_factory=Counter)
    differences: list[str] = msgspec.field(default_factory=list)

    def add(self, formula: Formula, pairs: int) -> None:
        """Both engines have answered the formula for so many records."""
        self.answered += 1
        self.compared += pairs
        for name in operations_of(formula.node):
            self.operations[name] += pairs


def operations_of(node: Node) -> set[str]:
    """Names of the operations of a checked formula."""
    return {each.operation.name for each, _ in walk(node) if isinstance(each, Apply)}


def answer(formula: Formula, facts: Facts, shown: Callable[[Any], str]) -> str:
    """What Python says, as people may compare it."""
    try:
        return shown(formula.evaluate(facts))
    except FormulaFailed as failure:
        return f"fails: {failure.code}"


def rounds(
    drawn: SearchStrategy[Any],
    compare: Callable[[Any], None],
    *,
    begin: int,
    is_enough: Callable[[], bool],
    ends: type[AssertionError],
) -> Iterable[AssertionError]:
    """Let Hypothesis draw until it is enough; give the first draw that `ends` it, at its smallest.

    `compare` must be the same for the same draw as long as nobody asks whether it is enough.
    """
    number = begin
    while not is_enough():
        try:
            _round(drawn, compare, number)
        except ends as found:
            yield found
            return
        number += 1


def _round(drawn: SearchStrategy[Any], compare: Callable[[Any], None], number: int) -> None:
    @seed(number)
    @settings(
        max_examples=AT_A_TIME,
        database=None,
        deadline=None,
        derandomize=False,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
        verbosity=Verbosity.quiet,
        report_multiple_bugs=False,
    )
    @given(drawn)
    def one_round(example: Any) -> None:
        compare(example)

    one_round()
