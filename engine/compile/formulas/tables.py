"""A decision table → one formula, which Python, databases, browsers and explanations run like any other.

`first` and `unique` become nested IFs; long tables are asked block by block, so that the nesting stays shallow. `sum`
and `count` add up what each row gives, `min` and `max` compare it. A comparison with a blank is not known, as
everywhere, and neither is then what the table gives; unless a row of it is about blanks: then its others are not.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from functools import reduce
from typing import Final

import msgspec

from engine.compile.formulas.cells import Column, Operand, Test, read_cell
from engine.compile.formulas.compiler import BOOLEAN, Formulas
from engine.compile.formulas.scope import EntityScope
from engine.definition.model import At, DecisionTable, TableRow
from engine.formula.evaluate import evaluator
from engine.formula.formula import Formula
from engine.formula.operations import arithmetic, lists, logic
from engine.formula.tree import Kind, Type, walk
from engine.formula.typed import Apply, Constant, Operation, Read, Typed

#: Rows of a table. People do not read longer ones; prices of thousands of things are records.
MAX_ROWS: Final = 500
#: Columns of a table; the checks of its rows go that deep.
MAX_COLUMNS: Final = 30
#: Conditions in all cells, those between commas counted.
MAX_TESTS: Final = 5_000
#: Rows whose IFs nest.
BLOCK: Final = 24
_DECIMAL: Final = Type(Kind.DECIMAL)
#: What a table can give, by its kind of hit.
_GIVES: Final = {
    "sum": frozenset({Kind.DECIMAL}),
    "count": frozenset({Kind.DECIMAL}),
    "min": frozenset({Kind.DECIMAL, Kind.DATE, Kind.DATETIME}),
    "max": frozenset({Kind.DECIMAL, Kind.DATE, Kind.DATETIME}),
}
_SINGLE: Final = frozenset(Kind) - {Kind.RECORD, Kind.BLANK}


class Line(msgspec.Struct, frozen=True):
    """A row that has been read."""

    row: TableRow
    #: For each column the alternatives, none of them where everything passes.
    cells: tuple[tuple[Test, ...], ...]
    #: None when everything passes.
    condition: Formula | None = None


class ReadTable(msgspec.Struct, frozen=True):
    """A table whose names and cells mean something."""

    table: DecisionTable
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]


def read_table(table: DecisionTable, scope: EntityScope, formulas: Formulas) -> ReadTable | None:
    """The table with its conditions compiled, each mistake at its cell; None when there is any."""
    before = formulas.found
    for part, count, limit in (("fields", len(table.fields), MAX_COLUMNS), ("rows", len(table.rows), MAX_ROWS)):
        if count > limit:
            formulas.problems.append((table.at / part).problem("definition.too_many", limit=str(limit)))
            return None
    columns = tuple(_columns(table, scope, formulas))
    if formulas.found > before:
        return None
    lines = []
    for row in table.rows:
        places = [row.at / "when" / place for place in range(len(columns))]
        given = zip(row.cells, columns, places, strict=True)
        lines.append(Line(row, tuple(read_cell(cell, column, at, formulas.problems) for cell, column, at in given)))
    if sum(len(tests) for line in lines for tests in line.cells) > MAX_TESTS:
        formulas.problems.append((table.at / "rows").problem("decision_table.too_large", limit=str(MAX_TESTS)))
        return None
    about_blank = [
        any(test.kind == "blank" for line in lines for test in line.cells[place]) for place in range(len(columns))
    ]
    lines = [
        msgspec.structs.replace(each, condition=_condition(each, columns, about_blank, scope, formulas))
        for each in lines
    ]
    return None if formulas.found > before else ReadTable(table, columns, tuple(lines))


def compile_table(read: ReadTable, scope: EntityScope, formulas: Formulas, wanted: Type) -> Formula | None:
    """The formula of a table that gives values of the wanted type; None when something is wrong with one of them."""
    table, before = read.table, formulas.found
    if wanted.is_list or wanted.kind not in _GIVES.get(table.hit, _SINGLE):
        formulas.problems.append(table.at.problem("decision_table.kind", hit=table.hit))
        return None
    rows = [(line, _value(line, read, scope, formulas, wanted)) for line in read.lines]
    if formulas.found > before:
        return None
    parts = [(_part(line.condition), _part(value)) for line, value in rows]
    made = _collected(table.hit, parts, wanted) if table.hit in _GIVES else _chosen(parts, wanted)
    return _formula(made, [each for line, value in rows for each in (line.condition, value) if each])


def _columns(table: DecisionTable, scope: EntityScope, formulas: Formulas) -> Iterator[Column]:
    for place, path in enumerate(table.fields):
        if formula := formulas.compile(path, table.at / "fields" / place, scope):
            yield Column(path, formula.type, scope.field(tuple(path.split("."))))


def _value(line: Line, read: ReadTable, scope: EntityScope, formulas: Formulas, wanted: Type) -> Formula | None:
    """What the row gives; None for blank."""
    row, hit = line.row, read.table.hit
    is_otherwise = row.is_default and row is read.table.rows[-1] is not read.table.rows[0]
    if not row.value and hit != "count" and (hit in _GIVES or not is_otherwise):
        formulas.problems.append(row.at.problem("decision_table.no_value"))
    types = () if hit == "count" else (wanted,)
    return formulas.compile(row.value, row.at / "value", scope, *types)


class Piece(msgspec.Struct, frozen=True):
    """Text of a condition, and the cell it stands for."""

    text: str
    at: At
    #: Where in the cell it is written; None when it is not.
    offset: int | None = None


def _condition(
    line: Line, columns: Sequence[Column], about_blank: Sequence[bool], scope: EntityScope, formulas: Formulas
) -> Formula | None:
    """What must hold for the row: all its cells, each of which is compiled alone and points at its own mistakes."""
    cells = []
    for tests, column, strict in zip(line.cells, columns, about_blank, strict=True):
        if tests:
            written = _joined("OR", [_written(test, column.path, is_strict=strict) for test in tests])
            cells.append(_compiled(written, scope, formulas))
    found = [each for each in cells if each is not None]
    if len(found) < 2:  # noqa: PLR2004 - nothing to join
        return found[0] if found else None
    return _formula(_call("AND", logic.AND, BOOLEAN, *(Part(each.text, each.node) for each in found)), found)


def _written(test: Test, path: str, *, is_strict: bool) -> list[Piece]:
    """The test as a formula. `is_strict`: a blank is known not to lie between anything."""

    def around(before: str, operand: Operand | None, behind: str = "") -> list[Piece]:
        own = [Piece(operand.text, test.at, operand.offset)] if operand else []
        return [Piece(before, test.at), *own, *([Piece(behind, test.at)] if behind else [])]

    match test.kind:
        case "blank":
            return around(f"BLANK({path})", None)
        case "filled":
            return around(f"NOT(BLANK({path}))", None)
        case "equal" | "unequal":
            return around(f"{path} {'=' if test.kind == 'equal' else '<>'} ", test.low)
    ends = [around(f"NOT(BLANK({path}))", None)] if is_strict else []
    if test.low:
        ends.append(around(f"{path} {'>=' if test.is_low_in else '>'} ", test.low))
    if test.high:
        ends.append(around(f"{path} {'<=' if test.is_high_in else '<'} ", test.high))
    return _joined("AND", ends)


def _joined(function: str, parts: Sequence[list[Piece]]) -> list[Piece]:
    if len(parts) == 1:
        return parts[0]
    at = parts[0][0].at
    inside = [piece for part in parts for piece in (Piece(", ", at), *part)][1:]
    return [Piece(f"{function}(", at), *inside, Piece(")", at)]


def _compiled(pieces: Sequence[Piece], scope: EntityScope, formulas: Formulas) -> Formula | None:
    """The condition, its mistakes placed in the pieces where they were written."""
    starts = [0]
    for piece in pieces:
        starts.append(starts[-1] + len(piece.text))

    def place(position: int) -> tuple[At, int]:
        number = max(number for number, start in enumerate(starts[:-1]) if start <= position)
        piece = pieces[number]
        return piece.at, 0 if piece.offset is None else max(0, piece.offset + position - starts[number])

    return formulas.compile_at("".join(piece.text for piece in pieces), place, scope, BOOLEAN)


class Part(msgspec.Struct, frozen=True):
    """A part of the table's formula: one that is compiled, a small number, or an operation on parts."""

    text: str
    #: What it is, with places in its own text; of an operation without its arguments.
    node: Typed
    #: The arguments, each with where it begins in the text.
    inside: tuple[tuple[int, "Part"], ...] = ()


def _part(formula: Formula | None) -> Part | None:
    return Part(formula.text, formula.node) if formula else None


def _number(digit: int) -> Part:
    return Part(str(digit), Constant(value=Decimal(digit), type=_DECIMAL, start=0, end=len(str(digit))))


def _call(name: str, operation: Operation, gives: Type, *arguments: Part) -> Part:
    return _applied(f"{name}(", ", ", ")", operation, gives, arguments)


def _applied(
    before: str, between: str, behind: str, operation: Operation, gives: Type, arguments: Sequence[Part]
) -> Part:
    inside, here = [], len(before)
    for part in arguments:
        inside.append((here, part))
        here += len(part.text) + len(between)
    text = before + between.join(part.text for part in arguments) + behind
    return Part(text, Apply(operation=operation, arguments=(), type=gives, start=0, end=len(text)), tuple(inside))


def _placed(part: Part, start: int) -> Typed:
    """The node of a part whose text begins at `start`."""
    node = _moved(part.node, start)
    if not part.inside:
        return node
    return msgspec.structs.replace(node, arguments=tuple(_placed(each, start + place) for place, each in part.inside))


def _moved(node: Typed, by: int) -> Typed:
    moved = msgspec.structs.replace(node, start=node.start + by, end=node.end + by)
    if isinstance(moved, Apply):
        return msgspec.structs.replace(moved, arguments=tuple(_moved(each, by) for each in moved.arguments))
    return moved


def _formula(part: Part, made_of: Sequence[Formula]) -> Formula:
    node = _placed(part, 0)
    reads = frozenset(each.parts for each, _ in walk(node) if isinstance(each, Read))
    through = reads & frozenset().union(*(each.through for each in made_of))
    # Line by line: most lines need few of the rows.
    return Formula(text=part.text, node=node, evaluate=evaluator(node), across=None, reads=reads, through=through)


#: The condition of a row, None when everything passes, and its value, None for blank.
Pair = tuple[Part | None, Part | None]


def _chosen(rows: Sequence[Pair], gives: Type) -> Part:
    """The value of the first row that fits. Rows behind one that fits everything are found elsewhere."""
    blocks = [rows[start : start + BLOCK] for start in range(0, len(rows), BLOCK)]
    made: Part | None = None
    for number, block in reversed([*enumerate(blocks)]):
        if number == len(blocks) - 1:
            made = _nested(block, None, gives)
        else:
            conditions = [condition for condition, _ in block if condition]
            some = _call("OR", logic.OR, BOOLEAN, *conditions)
            made = _if(some, _nested(block, None, gives), made, gives)
    assert made is not None
    return made


def _nested(rows: Sequence[Pair], otherwise: Part | None, gives: Type) -> Part | None:
    for condition, value in reversed(rows):
        otherwise = _if(condition, value, otherwise, gives) if condition else value
    return otherwise


def _if(condition: Part, then: Part | None, otherwise: Part | None, gives: Type) -> Part:
    assert then is not None  # only the last row may leave its value blank, and that has no condition
    return _call("IF", logic.IF, gives, condition, then, *([otherwise] if otherwise else []))


def _collected(hit: str, rows: Sequence[Pair], gives: Type) -> Part:
    """What the rows that fit give, made one."""
    if hit in {"min", "max"}:
        return _extreme(hit, rows, gives)
    one, zero = _number(1), _number(0)
    given = []
    for condition, value in rows:
        counted = one if hit == "count" else value
        assert counted is not None  # a row without a value has been refused
        given.append(_if(condition, counted, zero, gives) if condition else counted)
    return _balanced(given, lambda left, right: _applied("(", " + ", ")", arithmetic.ADD, gives, (left, right)))


def _extreme(hit: str, rows: Sequence[Pair], gives: Type) -> Part:
    """MIN and MAX leave out what is blank, so it must be known first of each row whether it fits."""
    operation = lists.MIN if hit == "min" else lists.MAX
    given = [_if(condition, value, None, gives) if condition else value for condition, value in rows]
    found = _call(hit.upper(), operation, gives, *[each for each in given if each])
    conditions = [condition for condition, _ in rows if condition]
    if not conditions:
        return found
    known = _call("COUNT", lists.COUNT, _DECIMAL, *conditions)
    is_known = _applied("", " = ", "", logic.EQUAL, BOOLEAN, (known, _number(len(conditions))))
    return _if(is_known, found, None, gives)


def _balanced(parts: Iterable[Part], join: Callable[[Part, Part], Part]) -> Part:
    """All parts joined two by two, so that hundreds nest a few levels deep."""
    waiting = [*parts]
    while len(waiting) > 1:
        pairs = [waiting[place : place + 2] for place in range(0, len(waiting), 2)]
        waiting = [reduce(join, pair) for pair in pairs]
    return waiting[0]
