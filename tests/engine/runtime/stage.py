"""People, a world and a record that moves: what a step of the pure runtime needs, in a line."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from engine.compile.model import CompiledEntity
from engine.definition.model import Json
from engine.problems import Refused
from engine.runtime.approval.case import Case
from engine.runtime.organisation import Assignment, Department, Organisation, Person
from engine.runtime.record import Decision, Event, Outcome, Record, Task
from engine.runtime.resolve import Choice, blank, choices, create, resolve, save
from engine.runtime.world import World

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")


def a_person(login: str, *roles: str, **given: Json) -> Person:
    """Somebody with roles, each as `role` or `role@project`."""
    held = (role.partition("@") for role in roles)
    assignments = frozenset(Assignment(role, project) for role, _, project in held)
    return Person(login=login, name=login.title(), assignments=assignments, **given)


def an_organisation(*people: Person | str, heads: Mapping[str, str] | None = None, **parents: str) -> Organisation:
    """The people, who may be given by their logins alone, and departments by key with their heads and parents."""
    everybody = [each if isinstance(each, Person) else a_person(each) for each in people]
    keys = {each.department for each in everybody} | {*(heads or {})} | {*parents} - {""}
    units = [
        Department(key=key, name=key, head=(heads or {}).get(key, ""), parent=parents.get(key, "")) for key in keys
    ]
    people_by_login, by_key = {each.login: each for each in everybody}, {each.key: each for each in units}
    return Organisation(people=people_by_login, departments=by_key)


def a_world(organisation: Organisation | None = None, **given: Json) -> World:
    numbers = count(1)
    fresh = World(
        now=NOW,
        zone=ZONE,
        today=NOW.astimezone(ZONE).date(),
        organisation=organisation or an_organisation("lin"),
        new_id=lambda: f"id-{next(numbers)}",
    )
    return msgspec.structs.replace(fresh, **given)


def a_record(entity: CompiledEntity, values: Json = None, **given: Json) -> Record:
    """A record as it is kept; not more of it is said than matters."""
    world = a_world(an_organisation("lin"))
    fresh = blank(entity, 1, world.organisation.people["lin"], world)
    return msgspec.structs.replace(fresh, **{"id": "r1", "values": values or {}, **given})


def codes(refusal: Refused) -> list[tuple[str, str]]:
    assert all(each.sentence for each in refusal.problems)
    return [(each.code, each.pointer) for each in refusal.problems]


class Unexpected(AssertionError):  # noqa: N818 - it says what happened
    """A step was refused that should not have been."""


class Stage:
    """A record on its way, with the tasks and the history that come of its steps; the clock gains an hour a step."""

    def __init__(self, entity: CompiledEntity, *people: Person | str, **given: Json) -> None:
        """`values` are those of the record, `by` makes it; the others as for `an_organisation` and `a_world`."""
        values, by = given.pop("values", {}), given.pop("by", "lin")
        references = given.pop("references", {})
        self.entity = entity
        self.world = a_world(an_organisation(*people, **given), references=references)
        self.history: list[Event] = []
        self.tasks: dict[str, Task] = {}
        maker = self.world.organisation.people[by]
        self.record = blank(entity, 1, maker, self.world)
        administrator = a_person(by, "administrator")
        self._take(create(entity, self.record, values, administrator, self.world))

    def act(self, login: str, action: str, **decision: Json) -> "Stage":
        """Take the action. Raises `Unexpected` when it is refused."""
        try:
            self._take(self._resolved(login, action, decision))
        except Refused as refusal:
            raise Unexpected(f"{login} {action}: {refusal}") from refusal
        return self

    def play(self, steps: str) -> "Stage":
        """Steps such as "lin submit; wu approve", with a word of comment each."""
        for step in steps.split(";"):
            login, action = step.split()
            self.act(login, action, comment="Well.")
        return self

    def save(self, login: str, values: Json) -> "Stage":
        person = self.world.organisation.people[login]
        self._take(save(self.entity, self.record, values, person, self.world))
        return self

    def refused(self, login: str, action: str, **decision: Json) -> list[str]:
        """The codes with which the action is refused, changing nothing; empty when it is not."""
        return [code for code, _ in self.refusal(login, action, **decision)]

    def refusal(self, login: str, action: str, **decision: Json) -> list[tuple[str, str]]:
        """The same with pointers."""
        try:
            self._resolved(login, action, decision)
        except Refused as refusal:
            return codes(refusal)
        return []

    def choices(self, login: str) -> dict[str, Choice]:
        """Every action, and what stands against it."""
        person = self.world.organisation.people[login]
        case = Case(entity=self.entity, record=self.record, person=person, world=self.world)
        return {choice.action: choice for choice in choices(case)}

    def offered(self, login: str) -> list[str]:
        return [action for action, choice in self.choices(login).items() if choice.allowed]

    @property
    def open(self) -> dict[str, list[str]]:
        """Person → the states in which they are asked."""
        found: dict[str, list[str]] = {}
        for task in self.tasks.values():
            if task.status == "open":
                found.setdefault(task.person, []).append(task.state)
        return found

    @property
    def votes(self) -> list[tuple[str, str]]:
        """The seats of the newest visit: who holds it, and what became of it."""
        assert self.record.run is not None
        return [(seat.holder, seat.status) for seat in self.record.run.visits[-1].seats]

    def told(self, kind: str) -> list[Mapping[str, Any]]:
        """What the events of a kind tell, with who did it."""
        return [{"by": each.actor, **each.data} for each in self.history if each.kind == kind]

    def reorganise(self, *people: Person) -> "Stage":
        """People as they are from now on."""
        everybody = {**self.world.organisation.people, **{each.login: each for each in people}}
        organisation = msgspec.structs.replace(self.world.organisation, people=everybody)
        self.world = msgspec.structs.replace(self.world, organisation=organisation)
        return self

    def _resolved(self, login: str, action: str, decision: Mapping[str, Json]) -> Outcome:
        before = msgspec.json.encode(self.record)
        try:
            return resolve(self.entity, self.record, Decision(actor=login, action=action, **decision), self.world)
        finally:
            assert msgspec.json.encode(self.record) == before

    def _take(self, outcome: Outcome) -> None:
        self.record = outcome.record
        self.history.extend(outcome.events)
        self.tasks |= {task.id: task for task in outcome.tasks}
        self.world = msgspec.structs.replace(self.world, now=self.world.now + timedelta(hours=1))
