"""Computed fields in an order in which each finds what it reads, and the records that formulas need to be at hand."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Final, TypeAlias

from engine.compile.model import CompiledField
from engine.compile.shape import walk
from engine.formula import tree
from engine.formula.formula import Formula
from engine.formula.tree import Kind, Type
from engine.formula.typed import Read
from engine.problems import Problem

Path: TypeAlias = tuple[str, ...]

_LINES: Final = Type(Kind.RECORD, is_list=True)


def reads(around: Path, formula: Formula) -> Iterator[tuple[Path, Read]]:
    """What a formula reads, by paths from the record down; `around` is the object or the line list it stands in."""
    for node, _ in tree.walk(formula.node):
        if isinstance(node, Read):
            yield (*around, *node.parts) if node.found.in_line else node.parts, node


def ordered(fields: Iterable[CompiledField]) -> tuple[tuple[CompiledField, ...], tuple[Problem, ...]]:
    """Computed fields so that each comes after those it reads, and a problem for every circle."""
    computed = {field.path: field for field in fields if field.formula is not None}
    inside: dict[Path, list[Path]] = defaultdict(list)
    for path in computed:
        for depth in range(len(path)):
            inside[path[: depth + 1]].append(path)
    needs = {path: dict.fromkeys(_needs(field, inside)) for path, field in computed.items()}
    problems: list[Problem] = []
    while True:
        try:
            return tuple(computed[path] for path in TopologicalSorter(needs).static_order()), tuple(problems)
        except CycleError as error:
            circle: list[Path] = error.args[1][:0:-1]
            problems.append(_circular(circle, computed))
            for path in circle:
                needs[path] = {need: None for need in needs[path] if need not in circle}


def _needs(field: CompiledField, inside: Mapping[Path, Sequence[Path]]) -> Iterator[Path]:
    """The computed fields that must be there before this one; `inside` are the computed fields of each container."""
    assert field.formula is not None
    for path, node in reads(field.path[:-1], field.formula):
        if node.type == _LINES:
            continue  # only asks how many there are
        yield from inside.get(path, ())
        # A path may go through a reference that is itself computed.
        yield from (path[:depth] for depth in range(1, len(path)) if path[:depth] in inside.get(path[:depth], ()))


def _circular(circle: list[Path], computed: Mapping[Path, CompiledField]) -> Problem:
    """The circle, told from its first field on."""
    first = min(range(len(circle)), key=lambda place: list(computed).index(circle[place]))
    turned = [*circle[first:], *circle[:first], circle[first]]
    first_of_all = computed[turned[0]].definition
    at = first_of_all.at / ("x-table" if first_of_all.table else "x-formula")
    return at.problem("formula.circular", circle=" → ".join(map(".".join, turned)))


def formulas_of(fields: Mapping[str, CompiledField]) -> Iterator[tuple[Path, Formula]]:
    """Every formula of the fields, each with the object or the line list it stands in."""
    for field in walk(fields):
        for each in (field.formula, field.default, field.visible, field.required_when, field.read_only_when):
            if each is not None:
                yield field.path[:-1], each


def paths_through(
    fields: Mapping[str, CompiledField], formulas: Iterable[tuple[Path, Formula]], paths: Iterable[Path] = ()
) -> frozenset[Path]:
    """The paths through references in the formulas, and further ones that are known to be such.

    A path through a reference that is itself computed stands also for what that one will point to: the same path, with
    what its formula reads in place of the reference.
    """
    waiting = [*paths]
    for around, formula in formulas:
        waiting += [path for path, node in reads(around, formula) if node.parts in formula.through]
    computed = {field.path: field.formula for field in walk(fields) if field.formula is not None}
    found: set[Path] = set()
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            for depth in range(1, len(path)):
                led = reads(path[: depth - 1], computed[path[:depth]]) if path[:depth] in computed else ()
                waiting += [(*each, *path[depth:]) for each, node in led if node.type.kind is Kind.REFERENCE]
    return frozenset(found)
