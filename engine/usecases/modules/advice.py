"""What could be better about a module that runs: conditions that the databases leave to Python, record by record."""

from collections.abc import Iterator

from engine.compile.model import CompiledEntity, CompiledModule
from engine.definition.model import At
from engine.definition.text.positions import placed
from engine.formula.formula import Formula
from engine.formula.scope import Facts
from engine.problems import Problem
from engine.store import query
from engine.store.query import Condition
from engine.store.sql.paths import Layouts


def advice(layouts: Layouts, module: CompiledModule) -> tuple[Problem, ...]:
    """Every part of a row rule or of a view's filter that one of the databases cannot answer, at its place."""
    found = (
        problem
        for entity in module.entities.values()
        for formula, at in _asked(entity)
        for problem in _judged(layouts, entity.name, formula, at)
    )
    return tuple(placed(found, module.definition))


def _asked(entity: CompiledEntity) -> Iterator[tuple[Formula, At]]:
    """The conditions under which records are looked for."""
    yield from ((entity.row_rules[each.rows], each.at / "rows") for each in entity.grants if each.rows)
    yield from ((each.filter, each.definition.at / "filter") for each in entity.views if each.filter)


def _judged(layouts: Layouts, entity: str, formula: Formula, at: At) -> Iterator[Problem]:
    for part in query.unanswerable(layouts, entity, Condition(formula, Facts(values={}))):
        given = {"part": formula.text[part.start : part.end], "limit": str(query.CANDIDATES)}
        yield Problem("filter.untranslatable", at.pointer, given, at.file, part.start)
