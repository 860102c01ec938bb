"""Who is asked when a visit opens, in the binding order of docs/workflow.md §4.1.

Selectors are expanded, people who left and doubles are dropped, the starter's own rule and the rule for nobody are
applied. Opening the seats is the business of `engine.runtime.approval.visits`.
"""

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from engine.compile.machine import START
from engine.compile.model import CompiledWorkflow
from engine.compile.people import STARTER
from engine.definition.model import Selector, State
from engine.formula.scope import Facts
from engine.problems import Conflict, Problem
from engine.runtime.organisation import ADMINISTRATOR, Organisation

#: What the product does when a workflow does not say.
SELF_DEFAULT: Final = "skip"
#: A chain of managers longer than this is a circle.
CHAIN_LIMIT: Final = 50


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """The people asked, in order; or the rule that settled the visit without anybody."""

    people: tuple[str, ...] = ()
    #: Login → why they were not asked.
    dropped: tuple[tuple[str, str], ...] = ()
    #: By which rule others are asked, or nobody: "self_skip", "empty_pass", "empty_reject", "empty_assigned",
    #: "empty_admin", "left_manager", "left_admin"; "" when those are asked whom the definition names.
    rule: str = ""
    #: What the rule makes of the visit: passed, rejected, or "" when people are asked.
    outcome: str = ""


def ask(state: State, workflow: CompiledWorkflow, reading: Facts, starter: str, organisation: Organisation) -> Asked:
    """Who has a seat in a visit to `state`, with every person left out and why. `Conflict` when nobody can be asked."""
    assert state.seats is not None
    rule = str(state.seats.rest.get("self", workflow.definition.settings.get("self", SELF_DEFAULT)))
    asking = _Asking(workflow, reading, starter, rule, organisation)
    named, people = asking.people(state.seats.who)
    if people:
        return asking.asked(people)
    if named and rule == "skip":
        return asking.asked((), "self_skip", "passed")
    on_empty = state.seats.on_empty
    if on_empty in ("pass", "reject"):
        return asking.asked((), f"empty_{on_empty}", "passed" if on_empty == "pass" else "rejected")
    if isinstance(on_empty, tuple):
        _, people = asking.people(on_empty)
        if people:
            return asking.asked(people, "empty_assigned")
    return asking.asked(_administrators(state.title or state.key, organisation, starter, rule), "empty_admin")


def ask_starter(starter: str, organisation: Organisation) -> Asked:
    """Who corrects what was returned: the starter; when they have left, their manager; else the administrators."""
    if organisation.is_active(starter):
        return Asked(people=(starter,))
    dropped, manager = ((starter, "inactive"),), organisation.manager(starter)
    if organisation.is_active(manager):
        return Asked(people=(manager,), dropped=dropped, rule="left_manager")
    return Asked(people=_administrators(START, organisation), dropped=dropped, rule="left_admin")


def _administrators(state: str, organisation: Organisation, starter: str = "", rule: str = "allow") -> tuple[str, ...]:
    """The administrators; the starter among them only when there is no other, or the rule allows it."""
    every = organisation.holders(ADMINISTRATOR)
    others = every if rule == "allow" else tuple(login for login in every if login != starter)
    if not every:
        raise Conflict(Problem("workflow.nobody_to_ask", "", {"state": state}))
    return others or every


class _Asking:
    def __init__(
        self, workflow: CompiledWorkflow, reading: Facts, starter: str, rule: str, organisation: Organisation
    ) -> None:
        self.workflow, self.reading, self.starter = workflow, reading, starter
        self.rule, self.organisation = rule, organisation
        self.dropped: list[tuple[str, str]] = []

    def asked(self, people: tuple[str, ...], rule: str = "", outcome: str = "") -> Asked:
        return Asked(people=people, dropped=tuple(self.dropped), rule=rule, outcome=outcome)

    def people(self, selectors: Iterable[Selector]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Active people, each once; and the same with the starter dealt with by the rule."""
        asked: dict[str, None] = {}
        for selector in selectors:
            for login in filter(None, expand(selector, self.workflow, self.reading, self.starter, self.organisation)):
                if not self.organisation.is_active(login):
                    self.dropped.append((login, "inactive"))
                elif login in asked:
                    self.dropped.append((login, "twice"))
                else:
                    asked[login] = None
        return tuple(asked), self._without_starter(tuple(asked))

    def _without_starter(self, people: tuple[str, ...]) -> tuple[str, ...]:
        """The starter stays, is left out, or is replaced in place."""
        if self.rule == "allow" or self.starter not in people:
            return people
        self.dropped.append((self.starter, f"self_{self.rule}"))
        replacement = tuple(login for login in self._instead() if login not in people)
        place = people.index(self.starter)
        return (*people[:place], *replacement, *people[place + 1 :])

    def _instead(self) -> Iterator[str]:
        person = self.organisation.people[self.starter]
        candidates = {
            "skip": (),
            "manager": (person.manager,),
            "dept_head": (self.organisation.head(person.department),),
            "admin": self.organisation.holders(ADMINISTRATOR),
        }[self.rule]
        return (each for each in candidates if self.organisation.is_active(each))


def expand(
    selector: Selector, workflow: CompiledWorkflow, reading: Facts, starter: str, organisation: Organisation
) -> Iterator[str]:
    """The logins a selector names now; "" where a line of managers or heads ends."""
    value, options = selector.value, selector.options
    if selector.kind == "role":
        yield from _holders(selector, workflow, reading, organisation)
    elif selector.kind == "user":
        yield value
    elif selector.kind == STARTER:
        yield starter
    elif selector.kind == "dept":
        yield from sorted(each.login for each in organisation.people.values() if each.department == value)
    else:
        for found, is_department in _named(selector, workflow, reading, starter):
            if selector.kind == "manager_of":
                yield organisation.manager(found, options.get("level", 1))
            elif selector.kind == "manager_chain_of":
                yield from _chain(found, selector, organisation)
            elif selector.kind == "dept_head_of":
                yield organisation.head(
                    found if is_department else _department(found, organisation), options.get("up", 0)
                )
            else:
                yield organisation.head(found) if is_department else found


def _named(selector: Selector, workflow: CompiledWorkflow, reading: Facts, starter: str) -> Iterator[tuple[str, bool]]:
    """The people or departments that the path of a selector leads to; True for departments."""
    if selector.value == STARTER and selector.kind != "field":
        yield starter, False
        return
    path = workflow.paths[selector.value]
    for found in _listed(path.read(reading)):
        yield found, path.target == "department"


def _department(login: str, organisation: Organisation) -> str:
    person = organisation.people.get(login)
    return person.department if person else ""


def _holders(
    selector: Selector, workflow: CompiledWorkflow, reading: Facts, organisation: Organisation
) -> Iterator[str]:
    role = workflow.roles[selector.value]
    if role.scope == "company":
        yield from organisation.holders(role.key)
        return
    for project in _listed(workflow.paths[selector.options.get("in", "")].read(reading)):
        yield from organisation.holders(role.key, project)


def _chain(login: str, selector: Selector, organisation: Organisation) -> Iterator[str]:
    until, seen = str(selector.options.get("until", "")), {login}
    for _ in range(selector.options.get("levels", CHAIN_LIMIT)):
        login = organisation.manager(login)
        if not login or login in seen:
            return
        seen.add(login)
        yield login
        person = organisation.people.get(login)
        if until and person is not None and person.holds(until):
            return


def _listed(value: object) -> tuple[str, ...]:
    values = value if isinstance(value, tuple) else (value,)
    return tuple(str(each) for each in values if each)
