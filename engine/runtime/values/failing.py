"""What a formula that has failed calculated with, as far as whoever saves the record may see it."""

from collections.abc import Mapping

import msgspec

from engine.compile.model import CompiledEntity
from engine.compile.shape import walk
from engine.definition.model import Json
from engine.formula.explain import failing_operands
from engine.formula.scope import Facts
from engine.formula.typed import Read
from engine.problems import Problem
from engine.runtime.access import Access


def with_operands(entity: CompiledEntity, reading: Facts, access: Access, problem: Problem) -> Problem:
    """The problem with the values that the failing part was given, but those of other records.

    Which part it was gives away what is hidden in it: then not even that is told.
    """
    steps = problem.pointer.split("/")[1:]
    path = tuple(step for step in steps if not step.isdecimal())
    field = next((each for each in walk(entity.fields) if each.path == path), None)
    if not problem.failing or field is None or field.formula is None:
        return problem
    through = field.formula.through

    def may_read(read: Read) -> bool:
        return access.of((*path[:-1], *read.parts) if read.found.in_line else read.parts) != "hidden"

    if len(path) > 1:
        reading = msgspec.structs.replace(reading, line=_holder(reading.values, steps))
    operands = failing_operands(field.formula, reading, may_read, lambda read: read.parts not in through)
    params = {key: each for key, each in problem.params.items() if operands is not None or key != "part"}
    return msgspec.structs.replace(problem, params={**params, "operands": operands} if operands else params)


def _holder(values: Json, steps: list[str]) -> Mapping[str, Json]:
    """The group or line in which the last step stands."""
    for step in steps[:-1]:
        values = values[int(step)] if step.isdecimal() else values.get(step, {})
    return values  # type: ignore[no-any-return]  # pointers of computed fields lead to objects
