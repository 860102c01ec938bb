"""The rollups between all entities in force: worked out once for every stamp of the modules."""

from collections.abc import Mapping

from engine.compile.formulas.compiler import Formulas
from engine.compile.formulas.rollups import Rollups, compile_rollups, linked
from engine.compile.model import CompiledEntity, CompiledField
from engine.problems import Problem
from engine.store import editions
from engine.store.session import Session
from engine.usecases.modules.in_force import in_force


def rollups_in_force(session: Session) -> Rollups:
    """The rollups whose parents and children are in force; what does not fit together is left out."""
    known = editions.modules(session)
    if known.rollups is None:
        known.rollups = rollups_among(session)[0]
    return known.rollups


def rollups_among(session: Session) -> tuple[Rollups, tuple[Problem, ...]]:
    """The same, worked out anew, and what does not fit together among the modules in force."""
    entities: Mapping[str, CompiledEntity] = {
        entity.name: entity for module in in_force(session).values() for entity in module.entities.values()
    }

    def fields(name: str) -> Mapping[str, CompiledField] | None:
        return entities[name].fields if name in entities else None

    formulas = Formulas()
    found = [
        rollup
        for entity in entities.values()
        if entity.derived
        for rollup in compile_rollups(entity.name, entity.fields.values(), fields, formulas, ())
    ]
    rollups, circles = linked(found, [name for name, entity in entities.items() if entity.series])
    return rollups, (*formulas.problems, *circles)
