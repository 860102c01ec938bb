"""Which other records formulas need: the paths by which they leave their own, to be loaded before they run."""

from collections.abc import Iterable, Iterator, Mapping

from engine.compile.formulas import Path, reads
from engine.compile.model import CompiledField
from engine.compile.shape import walk
from engine.formula.formula import Formula
from engine.formula.tree import Kind


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
