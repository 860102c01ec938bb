"""Static checking: a parsed tree and a scope → the typed tree, or every mistake at once.

An overload is found by narrowing: each argument, from left to right, leaves the overloads that it fits. The first one
that fits none is the mistake, and what the rest would have taken there is what the sentence offers.
"""

from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal
from typing import Final

import msgspec

from engine.formula.errors import FormulaProblem, FormulaProblems, Unable
from engine.formula.library import series
from engine.formula.library.functions import FUNCTIONS, NEGATION, OPERATORS, Function, Overload
from engine.formula.library.reference import ALIASES
from engine.formula.library.shorthand import spelled_out
from engine.formula.mistakes.names import unknown_field, unknown_function
from engine.formula.mistakes.types import grouped_number, wrong_type
from engine.formula.operations import logic
from engine.formula.operations.dates import day_of
from engine.formula.parse import MAX_NODES
from engine.formula.scope import Scope
from engine.formula.tree import Binary, Call, Kind, Literal, Node, Path, Type, Unary
from engine.formula.typed import Apply, Constant, Read, Typed

#: Mistakes that are told at once; each costs a search for what may have been meant.
MAX_PROBLEMS: Final = 50
#: Parts that may be checked; more than were written, because TIER reads what it is given twice.
MAX_CHECKED: Final = 2 * MAX_NODES
#: Functions that read the records before this one.
SERIES: Final = (series.PREVIOUS, series.RUNNING)
_BOOLEAN: Final = Type(Kind.BOOLEAN)
#: What records of a series may have in common, or be ordered by.
SINGLE: Final = frozenset(map(Type, set(Kind) - {Kind.RECORD, Kind.BLANK, Kind.DURATION}))
_LITERALS: Final = {bool: _BOOLEAN, str: Type(Kind.TEXT), Decimal: Type(Kind.DECIMAL)}


def check(node: Node, scope: Scope) -> Typed:
    """The tree with every name found and every type settled. Raises `FormulaProblems` with all mistakes, 50 at most."""
    checker = _Checker(scope)
    typed = checker.typed(node)
    if typed is None:
        raise FormulaProblems(checker.problems)
    return typed


class _Checker:
    """Gives typed nodes; None stands for one with a mistake, and causes no second one further up."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.problems: list[FormulaProblem] = []
        self.checked = 0

    def typed(self, node: Node) -> Typed | None:
        self.checked += 1
        if self.checked > MAX_CHECKED:
            self.problems = []
            self._wrong("formula.too_large", node.start, node.end, limit=str(MAX_NODES))
            raise FormulaProblems(self.problems)
        match node:
            case Literal(value=value):
                return Constant(value=value, type=_LITERALS[type(value)], start=node.start, end=node.end)
            case Path():
                return self._path(node)
            case Unary(operator="-"):
                return self._apply(NEGATION, node)
            case Binary(operator="<>"):
                return self._unequal(node)
            case Unary(operator=operator) | Binary(operator=operator):
                return self._apply(OPERATORS[operator], node)
        assert isinstance(node, Call)
        return self._call(node)

    def _path(self, node: Path) -> Typed | None:
        if found := self.scope.find(node.parts):
            return Read(parts=node.parts, found=found, type=found.type, start=node.start, end=node.end)
        self._note(unknown_field(node, self.scope))
        return None

    def _call(self, node: Call) -> Typed | None:
        name = ALIASES.get(node.function, node.function)
        if name in SERIES or node.member:
            return self._series(name, node)
        function = FUNCTIONS.get(name)
        if function is None:
            for argument in node.arguments:
                self.typed(argument)
            self._note(unknown_function(node.function, node.start, self.scope, SERIES))
            return None
        try:
            node = spelled_out(node, self.scope)
        except FormulaProblem as problem:
            self.problems.append(problem)
            return None
        applied = self._apply(function, node)
        return self._labelled(applied) if function.name == "LABEL" and applied else applied

    def _series(self, name: str, node: Call) -> Typed | None:
        """What records before this one are asked for; nothing else has a field behind its brackets."""
        if name not in SERIES:
            self._wrong("formula.member", node.start, node.end, function=node.function)
            return None
        try:
            spelled = series.spelled_out(name, node)
        except FormulaProblem as problem:
            self.problems.append(problem)
            return None
        for each in series.fields(name, node):
            field = self.typed(each)
            if field and (field.type not in SINGLE or (isinstance(field, Read) and field.found.in_line)):
                self._wrong("formula.series_field", each.start, each.end)
        if self.problems:
            return None
        if not self.scope.has_series:
            self._wrong("formula.series_place", node.start, node.start + len(node.function), function=node.function)
            return None
        return self.typed(spelled)

    def _labelled(self, applied: Apply) -> Typed | None:
        """With the labels of the field, which are known here and nowhere later."""
        (field,) = applied.arguments
        if isinstance(field, Read) and field.found.labels:
            return msgspec.structs.replace(applied, labels=field.found.labels)
        self._wrong("formula.no_choice", field.start, field.end)
        return None

    def _unequal(self, node: Binary) -> Typed | None:
        """`<>` is NOT of `=`; both are two-valued."""
        equal = self._apply(OPERATORS["="], node)
        if equal is None:
            return None
        return Apply(operation=logic.NOT, arguments=(equal,), type=_BOOLEAN, start=node.start, end=node.end)

    def _apply(self, function: Function, node: Node) -> Apply | None:
        arguments = _with_days(function, [self.typed(child) for child in node.children])
        given = [each for each in arguments if each is not None]
        overload = self._overload(function, node, arguments)
        if overload is None or len(given) < len(arguments):
            return None
        return Apply(
            operation=overload.operation, arguments=tuple(given), type=overload.gives, start=node.start, end=node.end
        )

    def _overload(self, function: Function, node: Node, arguments: Sequence[Typed | None]) -> Overload | None:
        count = len(arguments)
        candidates = [each for each in function.overloads if each.fits_count(count)]
        if grouped := grouped_number(arguments, is_certain=bool(candidates)):
            self._note(grouped)
            return None
        if not candidates:
            params = {"function": function.name, "expected": function.counts, "given": str(count)}
            self._wrong("formula.argument_count", node.start, node.end, **params)
            return None
        for index, argument in enumerate(arguments):
            if argument is None:
                continue
            fitting = [each for each in candidates if _fits(argument.type, each.at(index))]
            if not fitting:
                accepted = [type_ for each in candidates for type_ in each.at(index)]
                self._note(wrong_type(function.name, arguments, index, accepted))
                return None
            candidates = fitting
        return candidates[0]

    def _wrong(self, code: str, start: int, end: int, **params: str) -> None:
        self._note(FormulaProblem(code, start, end, **params))

    def _note(self, problem: FormulaProblem) -> None:
        self.problems.append(problem)
        if len(self.problems) == MAX_PROBLEMS:
            raise FormulaProblems(self.problems)


def _fits(given: Type, accepted: Sequence[Type]) -> bool:
    if given == Type(Kind.BLANK):
        return any(not each.is_list for each in accepted)
    return given in accepted


def _with_days(function: Function, arguments: list[Typed | None]) -> list[Typed | None]:
    """The arguments with texts such as "2026-01-31" as the days that they write, where only that makes them fit."""
    days = [_day(each) for each in arguments]
    return days if not _takes(function, arguments) and _takes(function, days) else arguments


def _takes(function: Function, arguments: Sequence[Typed | None]) -> bool:
    given = [(index, each.type) for index, each in enumerate(arguments) if each is not None]
    candidates = (each for each in function.overloads if each.fits_count(len(arguments)))
    return any(all(_fits(type_, each.at(index)) for index, type_ in given) for each in candidates)


def _day(argument: Typed | None) -> Typed | None:
    if isinstance(argument, Constant) and isinstance(argument.value, str):
        with suppress(Unable):
            if day := day_of(argument.value):
                return msgspec.structs.replace(argument, value=day, type=Type(Kind.DATE))
    return argument
