"""Look after people: add and change them, their departments, roles and passwords."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import msgspec

from engine.compile.people import PROJECT
from engine.definition.model import Role
from engine.fields.characters import read_text
from engine.fields.field_type import Unreadable
from engine.problems import Invalid, Problem, refuse_if_any
from engine.runtime.organisation import Assignment, Department, Organisation, Person
from engine.store import editions, records
from engine.store.people import directory, sign_in
from engine.store.session import Session, Workspace
from engine.usecases.actor import Actor, administrator
from engine.usecases.modules.in_force import in_force
from engine.usecases.people.sign_in import password_mistakes, set_password

#: Logins are ids: they stand in records, events and definitions, and never change.
LOGIN: Final = re.compile(r"[a-z0-9][a-z0-9_.@-]{0,62}")
KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,62}")


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A person as somebody enters them; roles as `key`, or `key@project` with the project's record id."""

    login: str
    name: str
    department: str = ""
    manager: str = ""
    language: str = ""
    active: bool = True
    roles: tuple[str, ...] = ()
    #: None leaves the present password.
    password: str | None = None
    #: In the file that the person was read from; 0 for none.
    line: int = 0


def organisation(workspace: Workspace, actor: Actor | None = None) -> Organisation:
    """Everybody and every department."""
    with workspace.read(actor.company if actor else None) as session:
        return directory.organisation(session)


def administered(workspace: Workspace, actor: Actor) -> Organisation:
    """The same for an administrator; `NotAllowed` for anybody else."""
    with workspace.read(actor.company) as session:
        administrator(session, actor)
        return directory.organisation(session)


def active_people(workspace: Workspace, actor: Actor) -> list[Person]:
    """Everybody who can be asked something, by name."""
    with workspace.read(actor.company) as session:
        found = directory.organisation(session).people.values()
        return sorted((each for each in found if each.active), key=lambda each: each.name)


def choose_language(workspace: Workspace, actor: Actor, language: str) -> None:
    """Remember in which language the actor reads."""
    with workspace.write(actor.company) as session:
        directory.save_people(session, [msgspec.structs.replace(actor.person(session), language=language)])


def save_person(workspace: Workspace, actor: Actor | None, entry: Entry) -> Person:
    """Add a person, or change one into what is given. Without an actor it is the operator at the command line."""
    with workspace.write(actor.company if actor else None) as session:
        if actor is not None:
            administrator(session, actor)
        known = directory.organisation(session)
        (saved,) = save_people(session, [entry])
        keep_an_administrator(known, [saved])
        return saved


def save_people(session: Session, entries: Iterable[Entry]) -> list[Person]:
    """The same for many at once: all or, with every mistake told, none.

    A role that no module declares yet is taken: modules may be installed after their people are entered.
    """
    entries = list(entries)
    known = directory.organisation(session)
    logins = {*known.people, *(entry.login for entry in entries)}
    projects = _projects(session, entries)
    refuse_if_any(
        Invalid,
        (
            msgspec.structs.replace(problem, line=entry.line)
            for entry in entries
            for problem in _mistakes(entry, known, logins, projects)
        ),
    )
    saved = [
        Person(
            login=entry.login,
            name=entry.name,
            active=entry.active,
            department=entry.department,
            manager=entry.manager,
            language=entry.language,
            assignments=frozenset(_assignment(role, projects) for role in entry.roles),
        )
        for entry in entries
    ]
    directory.save_people(session, saved)
    for entry in entries:
        if entry.password is not None:
            set_password(session, entry.login, entry.password)
        if not entry.active:
            sign_in.dismiss_everywhere(session, entry.login, "session")
            sign_in.dismiss_everywhere(session, entry.login, "token")
    return saved


def keep_an_administrator(known: Organisation, saved: Iterable[Person]) -> None:
    """Refuse unless a workspace that had administrators keeps one: nobody else could make another."""
    after = {**known.people, **{person.login: person for person in saved}}
    lost = next((each for each in known.people.values() if each.is_administrator), None)
    if lost and not any(each.is_administrator for each in after.values()):
        raise Invalid(Problem("person.last_administrator", "/roles" if after[lost.login].active else "/active"))


def save_department(workspace: Workspace, actor: Actor | None, department: Department) -> None:
    """Add a department, or change one into what is given."""
    with workspace.write(actor.company if actor else None) as session:
        if actor is not None:
            administrator(session, actor)
        refuse_if_any(Invalid, department_mistakes(department, directory.organisation(session)))
        directory.save_departments(session, [department])


def declared_roles(workspace: Workspace, actor: Actor) -> Mapping[str, Role]:
    """Every role that the modules in force know, by key."""
    with workspace.read(actor.company) as session:
        return {role.key: role for module in in_force(session).values() for role in module.roles.values()}


def entry_of(person: Person) -> Entry:
    """The person as they would be entered."""
    roles = tuple(f"{each.role}@{each.project}" if each.project else each.role for each in sorted(person.assignments))
    return Entry(
        login=person.login,
        name=person.name,
        department=person.department,
        manager=person.manager,
        language=person.language,
        active=person.active,
        roles=roles,
    )


def _mistakes(entry: Entry, known: Organisation, logins: set[str], projects: Mapping[str, str]) -> Iterator[Problem]:
    if not entry.login:
        yield Problem("field.required", "/login")
    elif not LOGIN.fullmatch(entry.login):
        yield Problem("person.login", "/login", {"given": entry.login})
    yield from _name_mistakes(entry.name)
    if entry.department and entry.department not in known.departments:
        yield Problem("department.unknown", "/department", {"given": entry.department})
    if entry.manager and entry.manager not in logins:
        yield Problem("user.unknown", "/manager", {"given": entry.manager})
    if entry.manager and entry.manager == entry.login:
        yield Problem("person.own_manager", "/manager")
    for role in entry.roles:
        key, _, project = role.partition("@")
        if not KEY.fullmatch(key):
            yield Problem("person.role", "/roles", {"given": role})
        if project and project not in projects:
            yield Problem("person.project", "/roles", {"given": project})
    if entry.password is not None:
        yield from password_mistakes(entry.password, "/password")


def department_mistakes(department: Department, known: Organisation) -> Iterator[Problem]:
    """What is wrong with a department among those and the people that are known."""
    if not KEY.fullmatch(department.key):
        yield Problem("person.department", "/key", {"given": department.key})
    yield from _name_mistakes(department.name)
    if department.parent and department.parent not in known.departments:
        yield Problem("department.unknown", "/parent", {"given": department.parent})
    if department.key in _upwards(department.parent, known):
        yield Problem("department.circle", "/parent")
    if department.head and department.head not in known.people:
        yield Problem("user.unknown", "/head", {"given": department.head})


def _name_mistakes(name: str) -> Iterator[Problem]:
    if not name.strip():
        yield Problem("field.required", "/name")
    try:
        read_text(name)
    except Unreadable as error:
        yield error.problem("/name")


def _upwards(key: str, known: Organisation) -> set[str]:
    """The department and those that it is part of."""
    found: set[str] = set()
    while key in known.departments and key not in found:
        found.add(key)
        key = known.departments[key].parent
    return found


def _assignment(role: str, projects: Mapping[str, str]) -> Assignment:
    key, _, project = role.partition("@")
    return Assignment(key, projects[project] if project else "")


def _projects(session: Session, entries: Iterable[Entry]) -> Mapping[str, str]:
    """The projects that roles name behind `@`, by record id or by code: what is written → record id."""
    named = {role.partition("@")[2] for entry in entries for role in entry.roles} - {""}
    if not named or PROJECT.partition("/")[0] not in editions.modules(session).in_force:
        return {}
    by_id = {each: each for each in records.load_many(session, PROJECT, named, lines=False)}
    by_code = {each.values["code"]: each.id for each in records.load_by(session, PROJECT, "code", named)}
    return by_code | by_id
