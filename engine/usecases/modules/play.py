"""Plays the scenarios of a module: people, records and steps in a workspace with a clock of its own.

Only what a step's `expect` names is judged. Whatever differs is told as a `Mismatch`, and the story goes on.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Final

import msgspec
from isoduration import parse_duration

from engine.compile.model import CompiledEntity, CompiledField
from engine.definition.model import Json, Module
from engine.problems import Refused
from engine.runtime.organisation import ADMINISTRATOR, Department
from engine.runtime.record import Decision, Record
from engine.store import events, records, tasks
from engine.store.events import Entry as Event
from engine.store.people import directory
from engine.store.session import Workspace
from engine.store.tasks import Item
from engine.usecases.actor import Actor
from engine.usecases.modules.in_force import entity_named
from engine.usecases.modules.samples import linked
from engine.usecases.people.save import Entry, save_people
from engine.usecases.records.act import act
from engine.usecases.records.create import create

#: Makes what the story begins with, and looks at records; nothing is ever asked of this person.
STAGEHAND: Final = "stagehand"


class Mismatch(msgspec.Struct, frozen=True):
    """Something is not as the story says."""

    #: Number of the step, from 1.
    step: int
    what: str
    expected: Json
    found: Json

    def __str__(self) -> str:
        """One line."""
        return f"step {self.step}: {self.what}: expected {self.expected!r}, found {self.found!r}"


class Result(msgspec.Struct, frozen=True):
    """How a story went."""

    title: str
    mismatches: tuple[Mismatch, ...]


def scenarios(module: Module) -> Mapping[str, Mapping[str, Json]]:
    """The module's stories by file name."""
    return {path: each for path, each in sorted(module.documents.items()) if path.startswith("scenarios/")}


def play(story: Mapping[str, Json], module: str, workspace: Workspace) -> Result:
    """Play one story of a module in a workspace where it is published and nothing else has happened."""
    stage = _Stage(story, module, workspace)
    stage.set_up()
    found = [each for number, step in enumerate(story["steps"], 1) for each in stage.perform(number, step)]
    return Result(str(story["title"]), tuple(found))


class _Stage:
    def __init__(self, story: Mapping[str, Json], module: str, workspace: Workspace) -> None:
        self._story, self._module, self._workspace = story, module, workspace
        self._now = datetime.fromisoformat(story["now"]) if "now" in story else workspace.clock()
        #: Name in the story → ("module/entity", record id).
        self._records: dict[str, tuple[str, str]] = {}
        #: "module:name" → record id, for references.
        self._ids: dict[str, str] = {}

    @property
    def workspace(self) -> Workspace:
        """The workspace at this moment of the story."""
        return self._workspace.at(self._now)

    def set_up(self) -> None:
        """People first, then the records they refer to, then the roles they hold in projects among those."""
        cast = self._story.get("people", {})
        with self.workspace.write() as session:
            departments = {each["department"] for each in cast.values() if "department" in each}
            heads = {each["head_of"]: login for login, each in cast.items() if "head_of" in each}
            units = (Department(key=key, name=key, head=heads.get(key, "")) for key in sorted(departments | set(heads)))
            directory.save_departments(session, units)
            stagehand = Entry(login=STAGEHAND, name=STAGEHAND, roles=(ADMINISTRATOR,))
            save_people(session, [stagehand, *(_entry(login, each) for login, each in cast.items())])
        for name, each in self._story.get("records", {}).items():
            self._create(STAGEHAND, name, each["entity"], each["values"])
        with self.workspace.write() as session:
            entries = [_entry(login, each, self._ids, self._module) for login, each in cast.items()]
            save_people(session, [Entry(login=STAGEHAND, name=STAGEHAND, active=False), *entries])

    def perform(self, number: int, step: Mapping[str, Json]) -> Iterator[Mismatch]:
        """Do one step and judge it."""
        if "after" in step:
            self._now += parse_duration(step["after"])
        elif "at" in step:
            self._now = datetime.fromisoformat(step["at"])
        else:
            expected = step.get("expect", {})
            refusal = self._try(step)
            name = step.get("check") or step.get("on") or step["id"]
            yield from _judged_refusal(number, expected, refusal)
            if name in self._records:
                yield from self._judged(number, expected, name)
            elif refusal and not {"denied", "problems"} & set(expected):
                yield Mismatch(number, "allowed", True, [str(each) for each in refusal.problems])

    def _try(self, step: Mapping[str, Json]) -> Refused | None:
        try:
            if "create" in step:
                self._create(step["as"], step["id"], step["create"], step.get("values", {}))
            elif "action" in step:
                self._act(step)
        except Refused as refusal:
            return refusal
        return None

    def _create(self, login: str, name: str, entity: str, values: Json) -> None:
        full = entity if "/" in entity else f"{self._module}/{entity}"
        made = create(self.workspace, Actor(login=login), full, self._linked(full, values)).record
        self._records[name] = (full, made.id)
        self._ids[f"{self._module}:{name}"] = made.id

    def _act(self, step: Mapping[str, Json]) -> None:
        entity, record_id = self._records[step["on"]]
        decision = Decision(
            actor=step["as"],
            action=step["action"],
            values=self._linked(entity, step.get("values", {})),
            comment=step.get("comment", ""),
            args=step.get("args", {}),
        )
        act(self.workspace, Actor(login=step["as"]), entity, record_id, decision)

    def _linked(self, entity: str, values: Json) -> Json:
        with self.workspace.read() as session:
            return linked(entity_named(session, entity).fields, values, self._ids, self._module)

    def _judged(self, number: int, expected: Mapping[str, Json], name: str) -> Iterator[Mismatch]:
        entity, record_id = self._records[name]
        with self.workspace.read() as session:
            scene = _Scene(
                entity=entity_named(session, entity),
                record=records.load(session, entity, record_id),
                history=events.history(session, record_id),
                tasks=tasks.of_record(session, record_id),
            )
        for what, wanted in expected.items():
            if what in _FINDERS:
                found = _FINDERS[what](scene, wanted)
                if found != wanted:
                    yield Mismatch(number, f"{name}.{what}", wanted, found)
            elif what not in _OF_THE_STEP:
                yield Mismatch(number, f"{name}.{what}", wanted, "cannot be judged yet")


class _Scene(msgspec.Struct, frozen=True):
    """A record as it stands after a step, seen by nobody in particular."""

    entity: CompiledEntity
    record: Record
    history: tuple[Event, ...]
    tasks: tuple[Item, ...]


#: What `expect` says about the step, not about the record.
_OF_THE_STEP: Final = frozenset({"denied", "problems", "allowed"})


def _judged_refusal(number: int, expected: Mapping[str, Json], refusal: Refused | None) -> Iterator[Mismatch]:
    problems = refusal.problems if refusal else ()
    codes = [each.code for each in problems]
    if "denied" in expected and (not codes or expected["denied"] not in (True, *codes)):
        yield Mismatch(number, "denied", expected["denied"], codes)
    if "problems" in expected:
        found = [[each.code, each.pointer.removeprefix("/values")] for each in problems]
        if sorted(found) != sorted(expected["problems"]):
            yield Mismatch(number, "problems", expected["problems"], found)
    if "allowed" in expected and expected["allowed"] is not (refusal is None):
        yield Mismatch(number, "allowed", expected["allowed"], refusal is None)
    if refusal and not _OF_THE_STEP & set(expected):
        yield Mismatch(number, "refused", None, [str(each) for each in problems])


def _values(scene: _Scene, wanted: Mapping[str, Json]) -> Json:
    """The named values, exact numbers as the API writes them."""
    fields, values = scene.entity.fields, scene.record.values
    return {key: _written(fields[key], values[key]) if key in values else None for key in wanted}


def _written(field: CompiledField, value: Json) -> Json:
    return value if field.fields else field.type.written(value)


def _open(scene: _Scene, _wanted: Json) -> Json:
    found: dict[str, list[str]] = {}
    for item in scene.tasks:
        found.setdefault(item.task.person, []).append(item.task.state)
    return found


def _votes(scene: _Scene, wanted: Mapping[str, Mapping[str, int]]) -> Json:
    visits = scene.record.run.visits if scene.record.run else ()
    newest = {visit.state: visit for visit in visits}
    counted = {
        state: Counter(_VOTES.get(seat.status, "pending") for seat in newest[state].seats if seat.status != "cancelled")
        for state in wanted
        if state in newest
    }
    return {state: {vote: counted.get(state, Counter())[vote] for vote in votes} for state, votes in wanted.items()}


_VOTES: Final = {"approved": "approve", "rejected": "reject", "abstained": "abstain"}


def _events(scene: _Scene) -> list[dict[str, Json]]:
    return [
        {"ev": each.event.kind, "by": each.event.actor, "step": each.event.data.get("state"), **each.event.data}
        for each in scene.history
    ]


def _has(scene: _Scene, wanted: list[Mapping[str, Json]]) -> Json:
    return [each for each in wanted if any(each.items() <= event.items() for event in map(_hashable, _events(scene)))]


def _lacks(scene: _Scene, wanted: list[Mapping[str, Json]]) -> Json:
    had = _has(scene, wanted)
    return [each for each in wanted if each not in had]


def _hashable(event: Mapping[str, Json]) -> dict[str, Json]:
    return {key: value for key, value in event.items() if not isinstance(value, dict | list)}


#: Key of `expect` → what is found in its place.
_FINDERS: Final[Mapping[str, Callable[[_Scene, Json], Json]]] = {
    "values": _values,
    "state": lambda scene, _: scene.record.state,
    "status": lambda scene, _: scene.record.status,
    "edition": lambda scene, _: scene.record.edition,
    "open": _open,
    "votes": _votes,
    "history_has": _has,
    "history_lacks": _lacks,
}


def _entry(login: str, cast: Mapping[str, Json], ids: Mapping[str, str] | None = None, module: str = "") -> Entry:
    """A person of the story; with `ids`, the roles are held in the named project."""
    project = cast.get("project")
    roles = tuple(cast.get("roles", ()))
    if project:
        roles = tuple(f"{role}@{ids[f'{module}:{project}']}" for role in roles) if ids else ()
    return Entry(
        login=login,
        name=str(cast.get("name", login)),
        department=str(cast.get("department", "")),
        manager=str(cast.get("manager", "")),
        active=bool(cast.get("active", True)),
        roles=roles,
    )
