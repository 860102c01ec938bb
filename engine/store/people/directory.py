"""The people of a workspace: departments, persons and the roles they hold, kept in memory under their stamp."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

import msgspec
from sqlalchemy import delete, insert, select

from engine.runtime.organisation import Assignment, Department, Organisation, Person
from engine.store.session import Session
from engine.store.tables.system_tables import DEPARTMENT, PERSON, ROLE_ASSIGNMENT
from engine.store.tables.upsert import upsert

_PERSON: Final = tuple(each.name for each in PERSON.columns)


def organisation(session: Session) -> Organisation:
    """Everybody; from memory while nobody has changed."""
    return session.workspace.organisation.at(session.company.people_stamp, lambda: _load(session))


def save_people(session: Session, people: Iterable[Person]) -> None:
    """Add people, or change them into what is given, with the roles they hold. Nobody is ever removed."""
    given = {each.login: each for each in people}
    if not given:
        return
    rows = [{each: getattr(person, each) for each in _PERSON} for person in given.values()]
    session.connection.execute(upsert(session.connection, PERSON), rows)
    session.connection.execute(delete(ROLE_ASSIGNMENT).where(ROLE_ASSIGNMENT.c.person.in_(given)))
    held = [
        {"person": person.login, "role": each.role, "project": each.project}
        for person in given.values()
        for each in sorted(person.assignments)
    ]
    if held:
        session.connection.execute(insert(ROLE_ASSIGNMENT), held)
    session.renew("people_stamp")


def save_departments(session: Session, departments: Iterable[Department]) -> None:
    """Add departments, or change them into what is given."""
    if rows := [msgspec.structs.asdict(each) for each in departments]:
        session.connection.execute(upsert(session.connection, DEPARTMENT), rows)
        session.renew("people_stamp")


def _load(session: Session) -> Organisation:
    held: defaultdict[str, set[Assignment]] = defaultdict(set)
    for row in session.connection.execute(select(ROLE_ASSIGNMENT)):
        held[row.person].add(Assignment(row.role, row.project))
    people = session.connection.execute(select(PERSON)).mappings().all()
    departments = session.connection.execute(select(DEPARTMENT)).mappings().all()
    return Organisation(
        people={row["login"]: Person(**row, assignments=frozenset(held[row["login"]])) for row in people},
        departments={row["key"]: Department(**row) for row in departments},
    )
