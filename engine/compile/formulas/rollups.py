"""Rollups: what a record keeps of the records that refer to it, or of their line items.

What is rolled up may stand in a module that requires the one it is rolled up in. So a rollup is checked where it is
written as far as its child is known there, and linked anew among all modules in force.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter
from typing import Final, NamedTuple

import msgspec

from engine.compile.formulas.compiler import BOOLEAN, Formulas
from engine.compile.formulas.order import Path
from engine.compile.formulas.scope import EntityScope, Neighbours
from engine.compile.model import CompiledField
from engine.definition.model import At, Json
from engine.fields.field_type import Storage
from engine.formula.formula import Formula
from engine.formula.operations import facts
from engine.formula.tree import walk
from engine.formula.typed import Apply
from engine.problems import Problem

#: Keyword → what it makes of the values of the rows.
SUM, COUNT, AVERAGE, ANY = "sum", "count", "average", "any"
MIN, MAX, FIRST, LAST = "min", "max", "first", "last"
MEASURES: Final = (SUM, COUNT, MIN, MAX, AVERAGE, FIRST, LAST, ANY)
#: Those whose value is one of the rows' own.
CHOSEN: Final = frozenset({MIN, MAX, FIRST, LAST})
#: Those whose value does not tell what it was calculated from.
TALLIED: Final = frozenset({AVERAGE, ANY})
#: What a record keeps that nothing refers to yet; of the other measures nothing.
BEGUN: Final[Mapping[str, Json]] = {SUM: Decimal(0), COUNT: 0, ANY: False}
_NUMBERS: Final = frozenset({Storage.DECIMAL, Storage.INTEGER})
_ORDERED: Final = _NUMBERS | {Storage.DATE, Storage.DATETIME, Storage.TIME}
#: What gives another answer at another time, or for somebody else.
_PASSING: Final = frozenset(each.name for each in (facts.ME, facts.NOW, facts.TODAY, facts.PROJECT))


class Rollup(msgspec.Struct, frozen=True, kw_only=True):
    """One number, date or other value of a record, made of the rows that refer to it."""

    #: "module/entity" that keeps it, and its field there.
    parent: str
    field: CompiledField
    #: "module/entity" whose records, or lines of them, are the rows.
    child: str
    measure: str
    #: The line items that are the rows; () when the records are.
    lines: Path
    #: Reference to the parent: from the record down when `is_by_record`, else from the row.
    by: Path
    is_by_record: bool
    #: What is measured, from the row down; () when rows are counted.
    path: Path
    #: What "first" and "last" go by, from the row down; () is the order in which records were made.
    order: Path
    #: Only rows for which this holds.
    where: Formula | None

    @property
    def key(self) -> str:
        """The parent's field."""
        return self.field.key


class Rollups(msgspec.Struct, frozen=True):
    """The rollups that are in force together."""

    by_child: Mapping[str, tuple[Rollup, ...]] = {}
    by_parent: Mapping[str, tuple[Rollup, ...]] = {}
    #: Every entity that has to do with one, children before parents.
    order: tuple[str, ...] = ()
    #: Entities whose records depend on others of their own: trees that are rolled up, and series.
    chained: frozenset[str] = frozenset()


def compile_rollups(
    name: str, fields: Iterable[CompiledField], neighbours: Neighbours, formulas: Formulas, known: Collection[str]
) -> Iterator[Rollup]:
    """The rollups of the entity `module/entity`, those with mistakes left out.

    Where the child is not there, nothing is said, unless its module is one of `known`.
    """
    for field in fields:
        if "x-rollup" not in field.definition.schema:
            continue
        written, at = field.definition.schema["x-rollup"], field.definition.at / "x-rollup"
        formulas.problems.extend(_misplaced(field, at))
        child = neighbours(written["of"])
        if child is None:
            if written["of"].partition("/")[0] in known:
                formulas.problems.append((at / "of").undefined("entity", written["of"], ()))
            continue
        before = formulas.found
        rollup = _Reading(name, field, child, neighbours, formulas).rollup()
        if rollup is not None and formulas.found == before:
            yield rollup


def linked(rollups: Iterable[Rollup], series: Iterable[str] = ()) -> tuple[Rollups, tuple[Problem, ...]]:
    """The rollups laid out for use, with the entities that have series; a problem where they go in circles."""
    by_child: dict[str, list[Rollup]] = defaultdict(list)
    by_parent: dict[str, list[Rollup]] = defaultdict(list)
    needs: dict[str, set[str]] = defaultdict(set, {name: set() for name in series})
    for each in rollups:
        by_child[each.child].append(each)
        by_parent[each.parent].append(each)
        needs[each.parent] |= {each.child} - {each.parent}
    try:
        order = tuple(TopologicalSorter(needs).static_order())
    except CycleError as error:
        circle: list[str] = error.args[1][::-1]
        at = next(each for each in by_parent[circle[0]] if each.child in circle).field.definition.at / "x-rollup"
        return Rollups(), (at.problem("rollup.circle", circle=" → ".join(circle)),)
    trees = {name for name, found in by_child.items() if any(each.parent == name for each in found)}
    children, parents = ({key: tuple(each) for key, each in found.items()} for found in (by_child, by_parent))
    return Rollups(children, parents, order, frozenset(trees | {*series})), ()


def begun(fields: Mapping[str, CompiledField]) -> dict[str, Json]:
    """The rollups of a record that nothing refers to yet."""
    written = {key: field.definition.schema.get("x-rollup", {}) for key, field in fields.items()}
    return {key: BEGUN[measure] for key, each in written.items() for measure in BEGUN if measure in each}


def _misplaced(field: CompiledField, at: At) -> Iterator[Problem]:
    if len(field.path) > 1:
        yield at.problem("rollup.place")
    for keyword in ("x-formula", "x-visible", "x-default", "default"):
        if keyword in field.definition.schema:
            yield at.problem("rollup.beside", given=keyword)


class _Found(NamedTuple):
    """What a path of a rollup leads to; without a field where none is named."""

    key: str
    #: Line items that it goes through, and the rest of it from there.
    lines: Path = ()
    rest: Path = ()
    field: CompiledField | None = None


class _Reading:
    """One rollup being read; mistakes collect in `formulas.problems`."""

    def __init__(
        self,
        name: str,
        field: CompiledField,
        child: Mapping[str, CompiledField],
        neighbours: Neighbours,
        formulas: Formulas,
    ) -> None:
        self._name, self._field, self._child = name, field, child
        self._neighbours, self._formulas = neighbours, formulas
        self._written: Mapping[str, Json] = field.definition.schema["x-rollup"]
        self._at = field.definition.at / "x-rollup"
        self._measure = next(each for each in MEASURES if each in self._written)

    def rollup(self) -> Rollup | None:
        """The rollup; None when a path in it leads nowhere."""
        by, measured, order = (self._found(key) for key in ("by", self._measure, "order"))
        if by is None or measured is None or order is None:
            return None
        lines = max(by.lines, measured.lines, order.lines, key=len)
        self._check_rows(lines, by, measured, order)
        self._check_by(by.field)
        self._check_measured(measured.field)
        self._check_order(order.field)
        return Rollup(
            parent=self._name,
            field=self._field,
            child=self._written["of"],
            measure=self._measure,
            lines=lines,
            by=by.rest,
            is_by_record=by.lines != lines,
            path=measured.rest,
            order=order.rest,
            where=self._where(lines),
        )

    def _check_rows(self, lines: Path, by: "_Found", *others: "_Found") -> None:
        """All paths start at the same lines; only the reference may stand at the record around them."""
        wrong = [each for each in others if each.field and each.lines != lines]
        for each in (*wrong, *([by] if by.lines not in {(), lines} else [])):
            self._wrong(each.key, "rollup.lines", lines=".".join(lines))

    def _found(self, key: str) -> "_Found | None":
        """Where the path leads; None when there is no such field."""
        written = self._written.get(key)
        if not isinstance(written, str):
            return _Found(key)
        parts, lines = tuple(written.split(".")), 0
        fields: Mapping[str, CompiledField] = self._child
        field: CompiledField | None = None
        for depth, part in enumerate(parts):
            field = fields.get(part)
            if field is None:
                self._formulas.problems.append((self._at / key).undefined("field", part, fields))
                return None
            if field.type.storage is Storage.TABLE and depth + 1 < len(parts):
                lines = depth + 1
            fields = field.fields
        return _Found(key, parts[:lines], parts[lines:], field)

    def _check_by(self, field: CompiledField | None) -> None:
        assert field is not None
        is_link = field.type.name == "reference" and field.type.storage is Storage.TEXT
        if not is_link or field.definition.reference != self._name:
            self._wrong("by", "rollup.by", given=self._written["by"], expected=self._name)

    def _check_measured(self, field: CompiledField | None) -> None:
        """What is measured fits what is made of it, and that fits the field which keeps it."""
        own = self._field.type
        if field is None:
            is_fit = own.storage in _NUMBERS
        elif self._measure in {SUM, AVERAGE}:
            is_fit = {own.storage, field.type.storage} <= _NUMBERS
        elif self._measure == ANY:
            is_fit = own.storage is field.type.storage is Storage.BOOLEAN
        else:
            same = (own.storage, own.target, self._field.definition.reference)
            is_fit = same == (field.type.storage, field.type.target, field.definition.reference)
            is_fit &= not field.fields and (self._measure in {FIRST, LAST} or own.storage in _ORDERED)
        if not is_fit:
            given = self._written[self._measure] if field else COUNT
            self._wrong(self._measure, "rollup.type", given=str(given), measure=self._measure)
        elif field and self._measure != AVERAGE and field.type.scale > own.scale:
            params = {"given": str(field.type.scale), "limit": str(own.scale)}
            self._wrong(self._measure, "rollup.scale", **params)

    def _check_order(self, field: CompiledField | None) -> None:
        if "order" in self._written and self._measure not in {FIRST, LAST}:
            self._wrong("order", "rollup.order", given=self._measure)
        elif field and field.type.storage not in _ORDERED | {Storage.TEXT}:
            self._wrong("order", "rollup.type", given=self._written["order"], measure="order")

    def _where(self, lines: Path) -> Formula | None:
        """The condition, which reads the record and its line alone."""
        line: CompiledField | None = None
        for key in lines:
            line = (line.fields if line else self._child)[key]
        scope = EntityScope(self._child, self._neighbours, line, name=self._written["of"])
        formula = self._formulas.compile(self._written.get("where", ""), self._at / "where", scope, BOOLEAN)
        if formula is None:
            return None
        for path in sorted(formula.through):
            self._wrong("where", "rollup.passing", given=".".join(path))
        for node, _ in walk(formula.node):
            if isinstance(node, Apply) and node.operation.name in _PASSING:
                self._wrong("where", "rollup.passing", given=formula.text[node.start : node.end])
        return formula

    def _wrong(self, key: str, code: str, **params: str) -> None:
        self._formulas.problems.append((self._at / key).problem(code, **params))
