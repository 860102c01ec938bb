"""Permissions, views, menu and layout: every role, entity, field, state and view they name must exist."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from engine.compile.check.names import check_name, check_path
from engine.compile.formulas.scope import kind_of
from engine.compile.machine import IMPLICIT_STATES
from engine.compile.model import CompiledField
from engine.definition.model import At, Entity, Module, View
from engine.formula.tree import Kind
from engine.problems import Problem

Shapes = Mapping[str, Mapping[str, CompiledField]]

#: What becomes one of many values of a kind, beside their count.
_MEASURES: Final[Mapping[Kind, frozenset[str]]] = {
    Kind.DECIMAL: frozenset({"sum", "average", "min", "max"}),
    Kind.DATE: frozenset({"min", "max"}),
    Kind.DATETIME: frozenset({"min", "max"}),
}


def check_access(module: Module, shapes: Shapes, roles: Iterable[str]) -> Iterator[Problem]:
    """Every name in permissions.json that means nothing."""
    states = _states(module)
    for grant in module.grants:
        yield from check_name("entity", grant.at, grant.entity, shapes)
        yield from check_name("role", grant.at / "role", grant.role, roles)
    for each in module.field_grants:
        yield from check_name("entity", each.at / "entity", each.entity, shapes)
        yield from check_name("role", each.at / "role", each.role, roles)
        if each.entity not in shapes:
            continue
        if each.field != "*":
            yield from check_path(each.at / "field", each.field, shapes[each.entity])
        if each.state:
            yield from check_name("state", each.at / "state", each.state, states.get(each.entity, ()))


def _states(module: Module) -> Mapping[str, Iterable[str]]:
    """Entity → the states its records can be in."""
    workflows = {workflow.key: workflow for workflow in module.workflows}
    return {
        entity.key: (*(state.key for state in workflows[entity.workflow].states), *IMPLICIT_STATES)
        for entity in module.entities
        if entity.workflow in workflows
    }


def check_views(module: Module, shapes: Shapes) -> Iterator[Problem]:
    """Every column, order and total of a list, and every line of the menu."""
    views = {view.key for view in module.views}
    for view in module.views:
        yield from check_name("entity", view.at / "entity", view.entity, shapes)
        if view.entity in shapes:
            yield from _view(view, shapes[view.entity])
    for entry in module.menu:
        if entry.view:
            yield from check_name("view", entry.at / "view", entry.view, views)


def _view(view: View, fields: Mapping[str, CompiledField]) -> Iterator[Problem]:
    for number, column in enumerate(view.columns):
        yield from check_path(view.at / "columns" / number, column, fields)
    for number, key in enumerate(view.sort):
        yield from check_path(view.at / "sort" / number, key.removeprefix("-"), fields)
    for number, key in enumerate(view.filters):
        yield from check_path(view.at / "filters" / number, key, fields)
    for path, measure in view.totals.items():
        at = view.at / "totals" / path
        wrong = [*check_path(at, path, fields)]
        yield from wrong or _total(at, path, measure, fields)


def _total(at: At, path: str, measure: str, fields: Mapping[str, CompiledField]) -> Iterator[Problem]:
    """A total is of single values of the record, and of a kind that can be measured so."""
    kind: Kind | None = Kind.RECORD
    for key in path.split("."):
        type_ = kind_of(fields[key]) if key in fields and kind is Kind.RECORD else None
        kind = type_.kind if type_ and not type_.is_list else None
        fields = fields[key].fields if kind else fields
    if kind is None or kind is Kind.RECORD or measure not in {"count"} | _MEASURES.get(kind, frozenset()):
        yield at.problem("view.total", given=path, measure=measure)


def check_layout(entity: Entity, fields: Mapping[str, CompiledField]) -> Iterator[Problem]:
    """Every field that the form's sections place, and those they place twice."""
    placed: set[str] = set()
    for number, section in enumerate(entity.layout):
        for place, key in enumerate(section.fields):
            at = entity.at / "x-layout" / number / "fields" / place
            yield from check_name("field", at, key, fields)
            if key in placed:
                yield at.problem("layout.twice", given=key)
            placed.add(key)
