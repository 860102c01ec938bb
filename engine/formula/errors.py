"""What can be wrong with a formula: in its text (`FormulaProblem`), or when it runs (`FormulaFailed`).

The words of the codes stand in `engine.sentences`; `start` and `end` are 0-based offsets into the formula's text.
"""

from collections.abc import Iterable, Mapping

from engine.problems import Problem


class FormulaProblem(Exception):  # noqa: N818 - an answer to the author, not an accident
    """One mistake in the text of a formula."""

    def __init__(self, code: str, start: int, end: int, **params: str) -> None:
        """`params` fill the placeholders of the code's sentence."""
        self.code, self.start, self.end = code, start, end
        self.params: Mapping[str, str] = params
        super().__init__(code, start, end, params)


class FormulaProblems(Exception):  # noqa: N818 - the same
    """Every mistake in the text of a formula, from left to right."""

    def __init__(self, problems: Iterable[FormulaProblem]) -> None:
        """Sort them by where they are."""
        self.problems = tuple(sorted(problems, key=lambda each: (each.start, each.end, each.code)))
        super().__init__(*self.problems)


class FormulaFailed(Exception):  # noqa: N818 - an answer, not an accident
    """A formula has no value for these facts: division by zero, a number too large, no such date."""

    def __init__(self, code: str, start: int, end: int, params: Mapping[str, str]) -> None:
        """`start` and `end` tell which part of the formula failed."""
        self.code, self.start, self.end, self.params = code, start, end, params
        super().__init__(code, start, end, params)

    def problem(self, text: str, pointer: str = "") -> Problem:
        """The same as a Problem of what stands at the pointer; `text` is the formula's, of which a part failed."""
        return Problem(self.code, pointer, {**self.params, "part": text[self.start : self.end]})


class Unable(Exception):  # noqa: N818 - becomes FormulaFailed as soon as somebody knows where
    """An operation has no value for these operands; never leaves `engine.formula`."""

    def __init__(self, code: str, **params: str) -> None:
        """The code and what its sentence needs."""
        self.code, self.params = code, params
        super().__init__(code, params)
