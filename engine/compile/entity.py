"""Builds one entity: its formulas compiled in their scopes, computed fields in order, its workflow's machine."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from engine.compile.check.tables import check_table
from engine.compile.formulas.compiler import BOOLEAN, WORDS, Formulas
from engine.compile.formulas.derived import check_series, derived, series_of
from engine.compile.formulas.order import Path, formulas_of, ordered, paths_through
from engine.compile.formulas.rollups import compile_rollups
from engine.compile.formulas.scope import EntityScope, kind_of
from engine.compile.formulas.tables import compile_table, read_table
from engine.compile.machine import build_machine
from engine.compile.model import (
    CompiledEntity,
    CompiledField,
    CompiledModule,
    CompiledRule,
    CompiledView,
    CompiledWorkflow,
)
from engine.compile.people import person_paths, project_key
from engine.compile.shape import checked_schema, public_schema, walk, with_formulas
from engine.compile.validator import Validator
from engine.definition.model import Entity, Module, Role, View, Workflow
from engine.formula.formula import Formula

#: Attribute of a field, written as text and compiled as a formula → its keyword.
_FORMULAS: Final[Mapping[str, str]] = {
    "formula": "x-formula",
    "default": "x-default",
    "visible": "x-visible",
    "required_when": "x-required",
    "read_only_when": "x-readonly",
}
#: Those of them that give a value of the field; the others are conditions.
_VALUES: Final = frozenset({"formula", "default"})

Shapes = Mapping[str, Mapping[str, CompiledField]]


class EntityBuilder:
    """Builds the entities of one module; mistakes collect in `formulas.problems`."""

    def __init__(
        self,
        module: Module,
        shapes: Shapes,
        around: Mapping[str, CompiledModule],
        roles: Mapping[str, Role],
        formulas: Formulas,
    ) -> None:
        self._module, self._shapes, self._around, self._roles = module, shapes, around, roles
        self._formulas = formulas

    def build(self, entity: Entity) -> CompiledEntity | None:
        """The entity ready to run, or None when something in it is wrong."""
        before = self._formulas.found
        shapes = self._shapes[entity.key]
        scope = EntityScope(shapes, self._neighbour, name=f"{self._module.key}/{entity.key}")
        fields = with_formulas(shapes, self._field_formulas(shapes))
        order, circles = ordered(walk(fields))
        self._formulas.problems.extend(circles)
        self._check_rollups(f"{self._module.key}/{entity.key}", fields)
        changing = derived(fields, order)
        self._formulas.problems.extend(check_series(fields, changing))
        title = self._formulas.compile(entity.title_formula, entity.at / "x-title", scope, *WORDS)
        rules = self._rules(entity, scope)
        row_rules = self._row_rules(entity, scope)
        views = tuple(self._view(each, fields, scope) for each in self._module.views if each.entity == entity.key)
        validator = self._validator(entity, fields)
        workflow = self._workflow(entity, fields, scope)
        if self._formulas.found > before or validator is None:
            return None
        others = (title, *(each for rule in rules for each in (rule.condition, *rule.values)), *row_rules.values())
        at_record: Iterator[tuple[Path, Formula]] = (((), each) for each in others if each is not None)
        return CompiledEntity(
            definition=entity,
            module=self._module.key,
            fields=fields,
            order=order,
            conditional=tuple(each for each in walk(fields) if each.visible or each.required_when),
            rules=rules,
            title=title,
            workflow=workflow,
            views=views,
            grants=tuple(each for each in self._module.grants if each.entity == entity.key),
            field_grants=tuple(each for each in self._module.field_grants if each.entity == entity.key),
            through=paths_through(fields, (*formulas_of(fields), *at_record)),
            derived=changing,
            series=series_of(fields),
            row_rules=row_rules,
            layout=entity.layout,
            validator=validator,
            schema=public_schema(entity, fields),
        )

    def _neighbour(self, name: str) -> Mapping[str, CompiledField] | None:
        module, _, key = name.partition("/")
        if module == self._module.key:
            return self._shapes.get(key)
        entity = self._around[module].entities.get(key) if module in self._around else None
        return entity.fields if entity else None

    def _check_rollups(self, name: str, fields: Mapping[str, CompiledField]) -> None:
        """Whether the rollups mean something, as far as it is known here what they are made of."""
        known = {self._module.key, *self._around}
        for _ in compile_rollups(name, walk(fields), self._neighbour, self._formulas, known):
            pass

    def _field_formulas(self, shapes: Mapping[str, CompiledField]) -> Mapping[Path, Mapping[str, Any]]:
        compiled: dict[Path, dict[str, Formula]] = {}
        for field, around in _with_container(shapes, None):
            computing = EntityScope(shapes, self._neighbour, around, computing=True)
            others = EntityScope(shapes, self._neighbour, around)
            for attribute, keyword in _FORMULAS.items():
                scope = computing if attribute == "formula" else others
                text, at = getattr(field.definition, attribute), field.definition.at / keyword
                wanted = kind_of(field) if attribute in _VALUES else BOOLEAN
                if formula := self._formulas.compile(text, at, scope, wanted):
                    compiled.setdefault(field.path, {})[attribute] = formula
            if formula := self._table(field, computing):
                compiled.setdefault(field.path, {})["formula"] = formula
        return compiled

    def _table(self, field: CompiledField, scope: EntityScope) -> Formula | None:
        """The formula of the field's decision table."""
        table = field.definition.table
        read = read_table(table, scope, self._formulas) if table else None
        if read is None:
            return None
        is_rounded = not (field.rounding and field.rounding.is_last)
        check_table(read, self._formulas, is_rounded=is_rounded)
        return compile_table(read, scope, self._formulas, kind_of(field))

    def _rules(self, entity: Entity, scope: EntityScope) -> tuple[CompiledRule, ...]:
        rules = []
        for rule in entity.rules:
            condition = self._formulas.compile(rule.condition, rule.at / "assert", scope, BOOLEAN)
            values = self._formulas.embedded(_fillable(rule.message), rule.at / "message", scope)
            if condition is not None:
                translations = {language: _fillable(each) for language, each in self._translated(rule.message)}
                rules.append(CompiledRule(rule, condition, _fillable(rule.message), values, translations))
        return tuple(rules)

    def _translated(self, text: str) -> Iterator[tuple[str, str]]:
        for language, texts in self._module.translations.items():
            if text in texts:
                yield language, texts[text]

    def _row_rules(self, entity: Entity, scope: EntityScope) -> Mapping[str, Formula]:
        grants = (each for each in self._module.grants if each.entity == entity.key)
        compiled = {each.rows: self._formulas.compile(each.rows, each.at / "rows", scope, BOOLEAN) for each in grants}
        return {text: formula for text, formula in compiled.items() if formula is not None}

    def _view(self, view: View, fields: Mapping[str, CompiledField], scope: EntityScope) -> CompiledView:
        filter_ = self._formulas.compile(view.filter, view.at / "filter", scope, BOOLEAN)
        conditions = [self._formulas.compile(each.when, each.at / "when", scope, BOOLEAN) for each in view.colours]
        colours = tuple((when, each.colour) for when, each in zip(conditions, view.colours, strict=True) if when)
        through = paths_through(fields, (((), when) for when, _ in colours))
        return CompiledView(definition=view, filter=filter_, colours=colours, through=through)

    def _validator(self, entity: Entity, fields: Mapping[str, CompiledField]) -> Validator | None:
        try:
            return Validator(checked_schema(entity, fields))
        except ValueError as error:
            reason = str(error).partition("\n")[0]
            problem = entity.at.problem("schema.invalid", draft="JSON Schema 2020-12", reason=reason)
            self._formulas.problems.append(problem)
            return None

    def _workflow(
        self, entity: Entity, fields: Mapping[str, CompiledField], scope: EntityScope
    ) -> CompiledWorkflow | None:
        workflow = next((each for each in self._module.workflows if each.key == entity.workflow), None)
        if workflow is None:
            return None
        before = self._formulas.found
        conditions = self._conditions(workflow, scope)
        project = project_key(f"{self._module.key}/{entity.key}", fields)
        paths, wrong = person_paths(workflow.states, scope, project, self._roles)
        self._formulas.problems.extend(wrong)
        if self._formulas.found > before:
            return None
        at_record: Iterator[tuple[Path, Formula]] = (((), each) for each in conditions.values())
        leading = (tuple(path.split(".")) for path in paths if "." in path)
        return CompiledWorkflow(
            definition=workflow,
            states={state.key: state for state in workflow.states},
            roles=self._roles,
            paths=paths,
            machine=build_machine(workflow, conditions),
            conditions=conditions,
            through=paths_through(fields, at_record, leading),
        )

    def _conditions(self, workflow: Workflow, scope: EntityScope) -> Mapping[str, Formula]:
        tables = [
            read for state in workflow.states if state.table if (read := read_table(state.table, scope, self._formulas))
        ]
        rows = {line.row.at.pointer: line.condition for read in tables for line in read.lines}
        for read in tables:
            check_table(read, self._formulas)
        ways = [way for state in workflow.states if state.table is None for ways in state.on.values() for way in ways]
        written = [(way.when, way.at / "when") for way in ways]
        written += [(each.when, each.at / "when") for state in workflow.states for each in state.actions]
        compiled = rows | {text: self._formulas.compile(text, at, scope, BOOLEAN) for text, at in written}
        return {text: formula for text, formula in compiled.items() if formula is not None}


def _fillable(message: str) -> str:
    """The message of a rule. It is itself handed over as `message`, which no value in it may be called, therefore."""
    return message.replace("{message}", "{(message)}")


def _with_container(
    fields: Mapping[str, CompiledField], around: CompiledField | None
) -> Iterator[tuple[CompiledField, CompiledField | None]]:
    """Every field with the line list or object that it stands in."""
    for field in fields.values():
        yield field, around
        yield from _with_container(field.fields, field)
