"""The paths by which a workflow's selectors find people and projects: they must lead to one."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from engine.compile.formulas.scope import EntityScope
from engine.compile.model import CompiledField, PersonPath
from engine.definition.model import At, Role, Selector, State
from engine.problems import Problem

#: The entity that projects are records of.
PROJECT: Final = "core/project"
#: What a path may name in place of a field: whoever began the run.
STARTER: Final = "starter"
#: Selectors whose value is a path → what may stand at its end.
_TARGETS: Final[Mapping[str, frozenset[str]]] = {
    "field": frozenset({"user", "department"}),
    "manager_of": frozenset({"user"}),
    "manager_chain_of": frozenset({"user"}),
    "dept_head_of": frozenset({"user", "department"}),
}


class _Named(NamedTuple):
    """A path in a selector, where it stands, and what it must lead to."""

    path: str
    at: At
    targets: frozenset[str]


def selectors(states: Iterable[State]) -> Iterator[Selector]:
    """Every selector of the states."""
    for state in states:
        if state.seats is not None:
            yield from state.seats.who
            if isinstance(state.seats.on_empty, tuple):
                yield from state.seats.on_empty
        for action in state.actions:
            yield from action.who


def person_paths(
    states: Iterable[State], scope: EntityScope, project: str, roles: Mapping[str, Role]
) -> tuple[Mapping[str, PersonPath], tuple[Problem, ...]]:
    """The paths in the states' selectors, and what is wrong with them.

    `project` is the field that says which project a record belongs to, "" when none does; its path is found under "".
    """
    paths: dict[str, PersonPath] = {}
    problems: list[Problem] = []
    for each in selectors(states):
        is_held_in_project = each.kind == "role" and each.value in roles and roles[each.value].scope == "project"
        if is_held_in_project and not each.options.get("in") and not project:
            problems.append((each.at / "role").problem("selector.which_project", role=str(each.value)))
        for named in _named(each):
            parts = tuple(named.path.split("."))
            found = scope.find(parts)
            if found is None:
                problems.append(named.at.undefined("field", named.path, scope.known(parts)))
            elif (target := scope.target(parts)) not in named.targets:
                problems.append(named.at.problem(_WRONG[named.targets == _PROJECTS], given=named.path))
            else:
                paths[named.path] = PersonPath(target, found.read)
    if project and (found := scope.find((project,))):
        paths[""] = PersonPath(PROJECT, found.read)
    return paths, tuple(problems)


_PROJECTS: Final = frozenset({PROJECT})
_WRONG: Final = {True: "selector.no_project", False: "selector.no_person"}


def _named(selector: Selector) -> Iterator[_Named]:
    is_starter = selector.value == STARTER and selector.kind != "field"
    if selector.kind in _TARGETS and not is_starter:
        yield _Named(str(selector.value), selector.at / selector.kind, _TARGETS[selector.kind])
    if "in" in selector.options:
        yield _Named(str(selector.options["in"]), selector.at / "in", _PROJECTS)


def project_key(name: str, fields: Mapping[str, CompiledField]) -> str:
    """The field that says which project a record of "module/entity" belongs to; a project belongs to itself."""
    if name == PROJECT:
        return "id"
    return next((key for key, field in fields.items() if field.type.target == PROJECT), "")
