"""Checks a module as a whole and builds what can run: every mistake is found, or nothing is built."""

from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from engine.compile.check.access import check_access, check_layout, check_views
from engine.compile.check.fields import check_fields
from engine.compile.check.later import not_yet
from engine.compile.check.names import check_name
from engine.compile.check.workflow import check_workflow
from engine.compile.entity import EntityBuilder, Shapes
from engine.compile.formulas.compiler import Formulas
from engine.compile.model import CompiledModule
from engine.compile.number import is_pattern
from engine.compile.shape import shape
from engine.definition.model import At, Entity, Module, Role
from engine.definition.text.positions import placed
from engine.problems import DefinitionInvalid, Problem, refuse_if_any

#: Roles that every workspace has; modules need not declare them.
BUILT_IN_ROLES: Final = (
    Role(key="employee", title="员工", at=At()),
    Role(key="administrator", title="管理员", at=At()),
)


class Examined(msgspec.Struct, frozen=True):
    """What an examination of a module found."""

    #: Mistakes, each at its line and column.
    problems: tuple[Problem, ...]
    #: What is right but not run by this version; a reason not to publish the module.
    later: tuple[Problem, ...]
    #: The module ready to run; None when there is anything of the two.
    module: CompiledModule | None
    #: What could not be checked; no reason not to publish.
    notes: tuple[Problem, ...] = ()


def compile_module(module: Module, neighbours: Mapping[str, CompiledModule]) -> CompiledModule:
    """The module ready to run. Raises DefinitionInvalid with everything that keeps it from running."""
    examined = examine(module, neighbours)
    refuse_if_any(DefinitionInvalid, (*examined.problems, *examined.later))
    assert examined.module is not None
    return examined.module


def examine(module: Module, neighbours: Mapping[str, CompiledModule]) -> Examined:
    """Check the module as a whole, and build it when nothing stands against that.

    `neighbours` are the compiled modules in force, by key; only those named in `requires` can be referred to.
    """
    around = {key: each for key, each in neighbours.items() if key in module.requires}
    shapes = {entity.key: shape(entity) for entity in module.entities}
    roles = _roles(module, around)
    problems = [*_check_module(module, shapes, neighbours, roles)]
    later = [*not_yet(module)]
    formulas = Formulas()
    builder = EntityBuilder(module, shapes, around, roles, formulas)
    entities = {entity.key: built for entity in module.entities if (built := builder.build(entity))}
    problems += formulas.problems
    compiled = None if problems or later else CompiledModule(definition=module, entities=entities, roles=roles)
    return Examined(
        tuple(placed(problems, module)), tuple(placed(later, module)), compiled, tuple(placed(formulas.notes, module))
    )


def _check_module(
    module: Module, shapes: Shapes, neighbours: Mapping[str, CompiledModule], roles: Mapping[str, Role]
) -> Iterator[Problem]:
    names = {f"{module.key}/{key}" for key in shapes}
    for key in module.requires:
        if key in neighbours:
            names |= {entity.name for entity in neighbours[key].entities.values()}
        else:
            yield (module.at / "requires" / key).undefined("module", key, neighbours)
    for entity in module.entities:
        fields = shapes[entity.key]
        yield from check_fields(entity, fields, names)
        yield from check_layout(entity, fields)
        yield from _check_entity(module, entity)
    for workflow in module.workflows:
        yield from check_name("entity", workflow.at / "entity", workflow.entity, shapes)
        yield from check_workflow(workflow, roles, shapes.get(workflow.entity))
    yield from check_access(module, shapes, roles)
    yield from check_views(module, shapes)


def _check_entity(module: Module, entity: Entity) -> Iterator[Problem]:
    workflows = {workflow.key: workflow for workflow in module.workflows}
    if entity.workflow and entity.workflow not in workflows:
        yield (entity.at / "x-workflow").undefined("workflow", entity.workflow, workflows)
    elif entity.workflow and workflows[entity.workflow].entity != entity.key:
        yield (entity.at / "x-workflow").problem("workflow.other_entity", given=workflows[entity.workflow].entity)
    for workflow in module.workflows:
        if workflow.entity == entity.key and entity.workflow != workflow.key:
            yield (workflow.at / "entity").problem("workflow.not_used", entity=entity.key, workflow=workflow.key)
    if entity.number and not is_pattern(entity.number):
        yield (entity.at / "x-number").problem("number.pattern", given=entity.number)


def _roles(module: Module, around: Mapping[str, CompiledModule]) -> Mapping[str, Role]:
    declared = [*BUILT_IN_ROLES, *(role for each in around.values() for role in each.roles.values()), *module.roles]
    return {role.key: role for role in declared}
