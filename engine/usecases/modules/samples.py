"""Plays the samples of modules into a workspace: departments, people, and records that they make and act upon."""

import copy
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from engine.compile.model import CompiledField
from engine.definition.model import Json, Module
from engine.problems import Invalid, Problem
from engine.runtime.organisation import Department
from engine.runtime.record import Decision
from engine.runtime.values.links import links
from engine.store.people import directory
from engine.store.session import Workspace
from engine.usecases.actor import Actor
from engine.usecases.modules.in_force import entity_named
from engine.usecases.people.save import Entry, save_people
from engine.usecases.records.act import act
from engine.usecases.records.create import create


class Player:
    """Makes the records of samples, one module after the other; knows them by the names the samples give them."""

    def __init__(self, workspace: Workspace, administrator: str) -> None:
        """`administrator` makes what no sample names a maker for."""
        self._workspace = workspace
        self._administrator = administrator
        #: "module:name" → record id.
        self.ids: dict[str, str] = {}

    def enter_people(self, module: Module) -> None:
        """Departments and people with their roles; roles in projects follow once the projects are there."""
        for document in _samples(module):
            departments = [Department(**each) for each in document.get("departments", ())]
            with self._workspace.write() as session:
                directory.save_departments(session, departments)
                save_people(session, [_entry(each, _everywhere(each)) for each in document.get("people", ())])

    def make_records(self, module: Module) -> None:
        """Every record of the module's samples, with what people then do to it.

        After each document people get their roles in the projects that are there by then, for the next one to use.
        """
        for document in _samples(module):
            for sample in document.get("records", ()):
                self._make(module.key, sample)
            self._give_project_roles(module)

    def _give_project_roles(self, module: Module) -> None:
        for document in _samples(module):
            with self._workspace.write() as session:
                entered = document.get("people", ())
                save_people(session, [_entry(each, self._in_projects(each, module.key)) for each in entered])

    def _make(self, module: str, sample: Mapping[str, Json]) -> None:
        name = sample["entity"] if "/" in sample["entity"] else f"{module}/{sample['entity']}"
        with self._workspace.read() as session:
            fields = entity_named(session, name).fields
        maker, workspace = Actor(login=sample.get("created_by", self._administrator)), self._at(sample.get("at"))
        made = create(workspace, maker, name, linked(fields, sample["values"], self.ids, module)).record
        self.ids[f"{module}:{sample['id']}"] = made.id
        for step in sample.get("actions", ()):
            decision = Decision(
                actor=step["as"],
                action=step["action"],
                values=linked(fields, step.get("values", {}), self.ids, module),
                comment=step.get("comment", ""),
            )
            act(self._at(step.get("at", sample.get("at"))), Actor(login=step["as"]), name, made.id, decision)

    def _at(self, moment: str | None) -> Workspace:
        """The workspace at another moment."""
        return self._workspace.at(datetime.fromisoformat(moment)) if moment else self._workspace

    def _in_projects(self, entered: Mapping[str, Json], module: str) -> tuple[str, ...]:
        """The roles held everywhere, and those in projects that are there already."""
        roles = (role.partition("@") for role in entered.get("roles", ()))
        named = ((key, project, self.ids.get(f"{module}:{project}", "")) for key, _, project in roles)
        return tuple(f"{key}@{found}" if found else key for key, project, found in named if found or not project)


def linked(fields: Mapping[str, CompiledField], values: Json, ids: Mapping[str, str], module: str) -> Json:
    """The values with the names of other samples replaced by the ids of their records."""
    found = {link.pointer: link.id for link in links(fields, values) if link.type == "reference"}
    replaced = copy.deepcopy(values)
    for pointer, name in found.items():
        identity = ids.get(name if ":" in name else f"{module}:{name}")
        if identity is None:
            raise Invalid(Problem("reference.unknown", pointer, {"given": name}))
        *around, key = pointer.split("/")[1:]
        holder = replaced
        for step in around:
            holder = holder[int(step)] if isinstance(holder, list) else holder[step]
        holder[int(key) if isinstance(holder, list) else key] = identity
    return replaced


def _samples(module: Module) -> Iterator[Mapping[str, Any]]:
    """The sample documents, those with people first."""
    documents = [document for path, document in sorted(module.documents.items()) if path.startswith("samples/")]
    yield from sorted(documents, key=lambda document: "people" not in document)


def _everywhere(entered: Mapping[str, Json]) -> tuple[str, ...]:
    return tuple(role for role in entered.get("roles", ()) if "@" not in role)


def _entry(entered: Mapping[str, Json], roles: tuple[str, ...]) -> Entry:
    return Entry(
        login=entered["login"],
        name=entered["name"],
        department=entered.get("department", ""),
        manager=entered.get("manager", ""),
        roles=roles,
    )
