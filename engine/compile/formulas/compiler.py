"""Compiles formulas, collecting every mistake with its place."""

import re
from collections.abc import Callable
from typing import Final, TypeAlias

from engine.definition.model import At
from engine.formula.errors import FormulaProblems
from engine.formula.formula import Formula, compile_formula
from engine.formula.scope import Scope
from engine.formula.tree import Kind, Type
from engine.problems import Problem
from engine.sentences import TYPE_WORDS

#: `{formula}` inside the message of a rule.
_EMBEDDED: Final = re.compile(r"\{([^{}]+)\}")
BOOLEAN: Final = Type(Kind.BOOLEAN)
#: A place in a text that is put together → where it was written, and how many characters into the string there.
Place: TypeAlias = Callable[[int], tuple[At, int]]
#: What can be put into a sentence.
WORDS: Final = tuple(map(Type, (Kind.TEXT, Kind.DECIMAL, Kind.BOOLEAN, Kind.DATE, Kind.DATETIME, Kind.REFERENCE)))


class Formulas:
    """Compiles one formula after the other; `problems` and `notes` fill up on the way."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        #: What could not be checked; no reason not to publish.
        self.notes: list[Problem] = []

    @property
    def found(self) -> int:
        """How much stands against building so far."""
        return len(self.problems)

    def compile(self, text: str, at: At, scope: Scope, *types: Type, offset: int = 0) -> Formula | None:
        """The formula, or None when it is empty or wrong. With `types`, its result must be of one of them, or blank.

        `offset` is where it begins in the text at `at`.
        """
        return self.compile_at(text, lambda position: (at, offset + position), scope, *types)

    def compile_at(self, text: str, place: Place, scope: Scope, *types: Type) -> Formula | None:
        """The same of a text that is put together; `place` tells where a character of it was written."""
        if not text:
            return None
        try:
            formula = compile_formula(text, scope)
        except FormulaProblems as wrong:
            for each in wrong.problems:
                at, offset = place(each.start)
                problem = Problem(each.code, at.pointer, each.params, file=at.file, offset=offset)
                self.problems.append(problem)
            return None
        at, _ = place(0)
        if types and formula.type not in {*types, Type(Kind.BLANK)}:
            expected = " / ".join(TYPE_WORDS[str(each)] for each in types)
            given = TYPE_WORDS[str(formula.type)]
            self.problems.append(at.problem("formula.result", given=given, expected=expected))
            return None
        return formula

    def embedded(self, message: str, at: At, scope: Scope) -> tuple[Formula, ...]:
        """The formulas between braces in a message."""
        found = _EMBEDDED.finditer(message)
        compiled = (self.compile(each[1], at, scope, *WORDS, offset=each.start(1)) for each in found)
        return tuple(formula for formula in compiled if formula is not None)
