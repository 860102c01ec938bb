"""Any text, about any record: it ends in a value, a failure or problems, soon, and touches nothing else."""

import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

import msgspec
from hypothesis import strategies as st

from engine.formula.errors import FormulaFailed, FormulaProblems
from engine.formula.formula import Formula, compile_formula
from engine.formula.numbers import CONTEXT
from engine.formula.scope import Facts, Scope
from engine.formula.tree import Value
from engine.formula.typed import as_json
from engine.sentences import SENTENCES
from tests.exactness.texts import ODD, TEXTS
from tests.exactness.told import rounds

#: Seconds of this thread that one text may take, with one record: the issue's limit.
LIMIT: Final = 0.05
#: A text that took too long is measured anew, so often, because others work on this machine, too.
AGAIN: Final = 3
_THINGS: Final = {
    "t0": {"a": Decimal("NaN"), "s": "a", "d": "2026-02-30", "above": "t1", "id": "t0", "created_at": None},
    "t1": {"a": Decimal(5), "s": "", "d": "2026-01-31", "above": "t1"},
}


class Hurt(AssertionError):  # noqa: N818 - what a text must not do
    """A text that has ended in something else."""


class Watched(dict[str, Any]):
    """Values that remember what was asked for."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        super().__init__(values)
        self.asked: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.asked.add(key)
        return super().get(key, default)

    def __getitem__(self, key: str) -> Any:
        self.asked.add(key)
        return super().__getitem__(key)


class Fuzz:
    """Texts until it is enough, and what became of them."""

    def __init__(self, scope: Scope, texts: int, *, is_timed: bool) -> None:
        """Time is measured in the bench only: in the tests it would say more about the machine."""
        self.scope, self.texts, self.is_timed = scope, texts, is_timed
        self.tried = 0
        self.outcomes: Counter[str] = Counter()
        self.hurt: list[str] = []
        self.slowest: tuple[float, str] = (0, "")

    def run(self, begin: int) -> None:
        """Try; what hurts is told at its smallest."""
        drawn = st.tuples(TEXTS, ODD)
        for each in rounds(drawn, self.attempt, begin=begin, is_enough=lambda: self.tried >= self.texts, ends=Hurt):
            self.hurt.append(str(each))

    def attempt(self, drawn: tuple[str, Mapping[str, Any]]) -> None:
        """Try one text with one record; raises `Hurt`."""
        text, values = drawn
        begin = time.thread_time()
        outcome = self._outcome(text, values)
        taken = time.thread_time() - begin
        if self.is_timed and taken > LIMIT:
            taken = min(taken, *(self._seconds(text, values) for _ in range(AGAIN)))
            if taken > LIMIT:
                message = f"{taken * 1000:.0f} ms: {_short(text)}\n  of {_reads(text, self.scope, values)}"
                raise Hurt(message)
        self.tried += 1
        self.outcomes[outcome] += 1
        self.slowest = max(self.slowest, (taken, f"{_short(text)} ({outcome})"))

    def _seconds(self, text: str, values: Mapping[str, Any]) -> float:
        begin = time.thread_time()
        self._outcome(text, values)
        return time.thread_time() - begin

    def _outcome(self, text: str, values: Mapping[str, Any]) -> str:
        """`value`, or the code of the first problem or of the failure; raises `Hurt` for anything else."""
        watched = Watched(values)
        facts = Facts(
            values=watched,
            references=_THINGS,
            actor="li.na",
            now=datetime(2026, 3, 2, 4, tzinfo=UTC),
            today=date(9999, 12, 31),
            state="\ud800",
            projects=frozenset({"t0"}),
        )
        with _nothing_outside(text):
            try:
                formula = compile_formula(text, self.scope)
                msgspec.json.encode(as_json(formula.node))
                value = formula.evaluate(facts)
            except FormulaProblems as wrong:
                return _known([each.code for each in wrong.problems], text)
            except FormulaFailed as failure:
                return _known([failure.code], text)
        _check_value(value, text)
        _check_reads(formula, watched)
        return "value"


def _known(codes: list[str], text: str) -> str:
    if not codes or any(code not in SENTENCES for code in codes):
        raise Hurt(f"{_short(text)}: no sentence for {codes}")
    return codes[0]


def _check_value(value: Value, text: str) -> None:
    for each in value if isinstance(value, tuple) else (value,):
        if isinstance(each, Decimal) and (not each.is_finite() or CONTEXT.plus(each) != each):
            raise Hurt(f"{_short(text)}: {each} is no number of ours")


def _check_reads(formula: Formula, watched: Watched) -> None:
    if not watched.asked <= {path[0] for path in formula.reads}:
        raise Hurt(f"{_short(formula.text)} has read {sorted(watched.asked)}")


#: What Python tells its auditors while a formula runs: files, imports, processes, code …
_EVENTS: Final[list[str]] = []
_IS_WATCHING: Final = [False]


def _audit(event: str, _arguments: tuple[object, ...]) -> None:
    if _IS_WATCHING[0]:
        _EVENTS.append(event)


@contextmanager
def _nothing_outside(text: str) -> Iterator[None]:
    """Raises `Hurt` when the block has opened, imported, started or compiled anything."""
    _EVENTS.clear()
    _IS_WATCHING[0] = True
    try:
        yield
    finally:
        _IS_WATCHING[0] = False
    if _EVENTS:
        raise Hurt(f"{_short(text)}: {sorted(set(_EVENTS))}")


sys.addaudithook(_audit)


def _short(text: str) -> str:
    return repr(text) if len(text) <= 300 else f"{text[:200]!r} … {text[-80:]!r} ({len(text)} characters)"


def _reads(text: str, scope: Scope, values: Mapping[str, Any]) -> dict[str, str]:
    try:
        paths = compile_formula(text, scope).reads
    except FormulaProblems:
        return {}
    return {path[0]: _short(str(type(values.get(path[0])))) for path in paths}
