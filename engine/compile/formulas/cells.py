"""Cells of decision tables: what people write in them → tests, each of which is a condition on the column's field.

How a cell is read depends on the field: `100..500` is a range of numbers, and of a text exactly these characters.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Final, Literal

import msgspec

from engine.compile.model import CompiledField
from engine.definition.model import At, Json
from engine.fields.choice import Choice
from engine.fields.multi_choice import MultiChoice
from engine.formula.errors import FormulaProblem
from engine.formula.numbers import CONTEXT
from engine.formula.parse import MAX_CHARACTERS, parse
from engine.formula.tree import Binary, Kind, Type
from engine.formula.tree import Literal as Written
from engine.formula.tree import Unary as Signed
from engine.problems import Problem, nearest

#: What a constant in a cell can be.
Constant = Decimal | str | bool | date

_OPERATOR: Final = re.compile(r"(<>|<=|>=|[<>=\u2260\u2264\u2265\uff1c\uff1d\uff1e])\s*")
#: Operators as Chinese keyboards and fonts have them.
_ASCII: Final = {"\u2260": "<>", "\u2264": "<=", "\u2265": ">=", "\uff1c": "<", "\uff1d": "=", "\uff1e": ">"}
_QUOTED: Final = re.compile(r'"(?:""|[^"])*"')
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
#: A number of which nothing needs to be asked, as most are.
_PLAIN: Final = re.compile(r"\d{1,15}(?:\.\d{1,15})?", re.ASCII)
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:[,\uff0c]\d{3})+(?:\.\d*)?", re.ASCII)
_RANGE: Final = re.compile(r"\.\.|[~\uff5e]")
#: What stands between the alternatives of a cell; in lists of plain text also what people put there in Chinese.
_COMMAS: Final = ",\uff0c"
_LISTED: Final = re.compile("[,\uff0c\u3001;\uff1b]")
#: What decides whether a comma separates: quotes, and brackets, of which those behind a name hold arguments.
_MARK: Final = re.compile(r'"(?:""|[^"])*"|\w ?\(|[(),\uff0c]')
#: Kinds of which a range can be written.
_RANGED: Final = frozenset({Kind.DECIMAL, Kind.DATE})
_TEXTS: Final = frozenset({Kind.TEXT, Kind.REFERENCE})


class Operand(msgspec.Struct, frozen=True):
    """What a field is compared with."""

    #: As a formula.
    text: str
    #: Where it begins in the cell.
    offset: int = 0
    #: Its value, when it does not depend on the record.
    constant: Constant | None = None


class Test(msgspec.Struct, frozen=True, kw_only=True):
    """One alternative of a cell."""

    at: At
    #: `blank` and `filled` ask whether there is a value; `between` has one end or two.
    kind: Literal["equal", "unequal", "blank", "filled", "between"]
    #: What to equal or not, or the lower end.
    low: Operand | None = None
    high: Operand | None = None
    is_low_in: bool = True
    is_high_in: bool = True

    __test__ = False  # it is no test of pytest


class Column(msgspec.Struct, frozen=True):
    """A field of a table, by which its cells are read."""

    path: str
    type: Type
    #: None for system columns, of which nothing more is known.
    field: CompiledField | None = None

    @property
    def choices(self) -> tuple[Constant, ...]:
        """What can be chosen; nothing for what is typed."""
        type_ = self.field.type if self.field else None
        choice = type_.choice if isinstance(type_, MultiChoice) else type_
        if not isinstance(choice, Choice) or self.type.kind not in {Kind.TEXT, Kind.DECIMAL}:
            return ()
        return tuple(each.value if isinstance(each.value, str) else Decimal(each.value) for each in choice.options)

    @property
    def options(self) -> tuple[str, ...]:
        """The texts that can be chosen."""
        return tuple(each for each in self.choices if isinstance(each, str))


class Misread(Exception):  # noqa: N818 - becomes a problem at the cell
    """What stands in a cell is no condition."""

    def __init__(self, code: str, offset: int, **params: str) -> None:
        """`offset` is where in the cell."""
        self.code, self.offset, self.params = code, offset, params
        super().__init__(code)


def read_cell(cell: Json, column: Column, at: At, problems: list[Problem]) -> tuple[Test, ...]:
    """The alternatives of a cell, none when it lets everything pass; mistakes are added to the problems."""
    if cell is None:
        return ()
    if isinstance(cell, list):
        return tuple(test for place, each in enumerate(cell) for test in read_cell(each, column, at / place, problems))
    if not isinstance(cell, str):
        text = str(cell).upper() if isinstance(cell, bool) else f"{Decimal(cell):f}"
        constant = cell if isinstance(cell, bool) else Decimal(cell)
        return (Test(at=at, kind="equal", low=Operand(text, 0, constant)),)
    try:
        return tuple(_alternatives(cell, column, at))
    except Misread as wrong:
        problems.append(Problem(wrong.code, at.pointer, wrong.params, file=at.file, offset=wrong.offset))
        return ()


def _alternatives(cell: str, column: Column, at: At) -> Iterator[Test]:
    if len(cell) > MAX_CHARACTERS:
        raise Misread("formula.too_long", MAX_CHARACTERS, limit=str(MAX_CHARACTERS))
    is_text = column.type.kind in _TEXTS
    if is_text and not _OPERATOR.match(cell.strip()) and not cell.strip().startswith('"'):
        yield from _plain_texts(cell, column, at)
        return
    if _THOUSANDS.fullmatch(cell.strip()):
        raise Misread("decision_table.thousands", 0, given=cell.strip(), plain=re.sub("[,\uff0c]", "", cell.strip()))
    for offset, part in _split(cell):
        start = offset + len(part) - len(part.lstrip())
        yield _test(part.strip(), start, column, at)


def _plain_texts(cell: str, column: Column, at: At) -> Iterator[Test]:
    """Text without quotes is meant as it is, unless it lists what can be chosen."""
    parts = [(0, cell)]
    if column.options and cell.strip() not in column.options:
        parts = [(start, cell[start:end]) for start, end in _between(cell, _LISTED.finditer(cell))]
    for offset, part in parts:
        text = part.strip()
        yield Test(at=at, kind="equal", low=_text(text, offset + len(part) - len(part.lstrip()), column))


def _test(part: str, start: int, column: Column, at: At) -> Test:
    if not part:
        raise Misread("decision_table.cell", start, given=part)
    if found := _OPERATOR.match(part):
        return _compared(_ASCII.get(found[1], found[1]), part[found.end() :], start + found.end(), column, at)
    if part == '""':
        return Test(at=at, kind="blank")
    if column.type.kind in _RANGED and (dots := _RANGE.search(_QUOTED.sub(lambda text: " " * len(text[0]), part))):
        return _range(part, start, dots, column, at)
    return Test(at=at, kind="equal", low=_operand(part, start, column))


def _compared(operator: str, right: str, start: int, column: Column, at: At) -> Test:
    if right == '""' and operator in {"=", "<>"}:
        return Test(at=at, kind="blank" if operator == "=" else "filled")
    operand = _operand(right, start, column)
    if operator in {"=", "<>"}:
        return Test(at=at, kind="equal" if operator == "=" else "unequal", low=operand)
    if operator.startswith("<"):
        return Test(at=at, kind="between", high=operand, is_high_in=operator == "<=")
    return Test(at=at, kind="between", low=operand, is_low_in=operator == ">=")


def _range(part: str, start: int, dots: re.Match[str], column: Column, at: At) -> Test:
    """`1..5` with both ends; square brackets say so, round ones leave an end out."""
    has_brackets = part[0] in "[(" and part[-1] in "])"
    first, last = (1, len(part) - 1) if has_brackets else (0, len(part))
    low = _operand(part[first : dots.start()], start + first, column)
    high = _operand(part[dots.end() : last], start + dots.end(), column)
    ends = (low.constant, high.constant)
    if type(ends[0]) is type(ends[1]) and None not in ends and ends[0] > ends[1]:  # type: ignore[operator]
        raise Misread("decision_table.backwards", start, low=part[first : dots.start()], high=part[dots.end() : last])
    return Test(
        at=at,
        kind="between",
        low=low,
        high=high,
        is_low_in=not has_brackets or part[0] == "[",
        is_high_in=not has_brackets or part[-1] == "]",
    )


def _operand(written: str, start: int, column: Column) -> Operand:
    """A constant, or a formula to compare with."""
    start += len(written) - len(written.lstrip())
    text = written.strip()
    if not text:
        raise Misread("decision_table.cell", start, given=written)
    if _DAY.fullmatch(text) and column.type.kind in {Kind.DATE, Kind.DATETIME}:
        return Operand(f'DATEVALUE("{text}")', start, _day(text, start))
    if _PLAIN.fullmatch(text):
        return Operand(text, start, Decimal(text))
    try:
        node = parse(text)
    except FormulaProblem as problem:
        raise Misread(problem.code, start + problem.start, **problem.params) from None
    if isinstance(node, Written) and isinstance(node.value, str):
        return _text(node.value, start, column, quoted=text)
    if isinstance(node, Binary):
        return Operand(f"({text})", start - 1)
    return Operand(text, start, _number(node))


def _number(node: object) -> Constant | None:
    """The value of a constant, perhaps with a sign or a percent sign."""
    if isinstance(node, Written):
        return node.value
    value = _number(node.operand) if isinstance(node, Signed) else None
    if not isinstance(value, Decimal) or not isinstance(node, Signed):
        return None
    if node.operator == "-":
        return value.copy_negate()
    with suppress(ArithmeticError):
        return CONTEXT.divide(value, Decimal(100))
    return None  # a percentage of percentages, until nothing is left


def _day(text: str, start: int) -> date:
    with suppress(ValueError):
        return date.fromisoformat(text)
    raise Misread("formula.bad_date", start)


def _text(value: str, start: int, column: Column, quoted: str = "") -> Operand:
    if column.options and value not in column.options:
        raise Misread("decision_table.option", start, given=value, known=nearest(value, column.options))
    doubled = value.replace('"', '""')
    return Operand(quoted or f'"{doubled}"', start if quoted else start - 1, value)


def _split(cell: str) -> Iterator[tuple[int, str]]:
    """The parts between commas that stand neither in quotes nor in the arguments of a function."""
    depth, start = 0, 0
    for found in _MARK.finditer(cell):
        mark = found[0]
        if mark.endswith("(") and (depth or len(mark) > 1):
            depth += 1
        elif mark == ")" and depth:
            depth -= 1
        elif mark in _COMMAS and not depth:
            yield start, cell[start : found.start()]
            start = found.end()
    yield start, cell[start:]


def _between(cell: str, separators: Iterator[re.Match[str]]) -> Iterator[tuple[int, int]]:
    """Where the parts between the separators begin and end."""
    start = 0
    for found in separators:
        yield start, found.start()
        start = found.end()
    yield start, len(cell)
