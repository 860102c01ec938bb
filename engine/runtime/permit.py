"""The one permission function: every door asks it, and "why can I not see this?" is answered by it too.

A role is granted verbs on an entity, perhaps only for some rows; fields narrow it further, perhaps only in one state.
Who has a part in a record's run (its starter, whoever was asked) may read it. Administrators may read and change
everything that its state lets anybody change.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from engine.compile.machine import START
from engine.compile.model import CompiledEntity
from engine.compile.shape import walk
from engine.definition.model import FieldGrant, Grant, State
from engine.formula.errors import FormulaFailed
from engine.problems import Problem
from engine.runtime.access import EDITABLE, Access, Level, merged, narrower
from engine.runtime.organisation import Person
from engine.runtime.record import Record
from engine.runtime.world import World, facts

#: Verbs that change a record.
CHANGES: Final = frozenset({"update", "delete"})


def permit(
    person: Person, verb: str, entity: CompiledEntity, record: Record | None = None, world: World | None = None
) -> Problem | None:
    """None when the person may, else why not. Without a record: whether they may for some record at all."""
    if not person.active:
        return Problem("permission.inactive")
    if record is not None and verb in CHANGES and _is_locked(entity, record, verb):
        return Problem("permission.locked", "", {"state": record.state})
    if person.is_administrator or next(_grants(person, verb, entity, record, world), None):
        return None
    if verb == "read" and record is not None and takes_part(person.login, record):
        return None
    granted = any(verb in grant.verbs and person.holds(grant.role) for grant in entity.grants)
    return Problem("permission.row" if granted else "permission.verb", "", {"verb": verb})


def access(person: Person, entity: CompiledEntity, record: Record, world: World, *, creating: bool = False) -> Access:
    """What the person may see and change, field by field, when they create or save the record themselves.

    Each role counts only where it is granted something: one that may change other records opens no field of this one.
    """
    verb, asked = ("create", None) if creating else ("update", record)
    may_change = permit(person, verb, entity, asked, world) is None
    state = None if creating else _state(entity, record)
    if person.is_administrator:
        return _capped(Access("edit" if may_change else "read"), state)
    changing = _roles(_grants(person, verb, entity, asked, world)) if may_change else frozenset[str]()
    reading = _roles(_grants(person, "read", entity, record, world))
    roles = sorted(changing | reading or _held(person, entity))
    each = [_of_role(entity, role, record.state, "edit" if role in changing else "read") for role in roles]
    rights = _as_asked(person, entity, record, merged(each or [Access("read")]))
    return _capped(rights, state)


def seat_access(person: Person, entity: CompiledEntity, record: Record) -> Access:
    """What the holder of a seat may see and change: what the state says of a field; every other can be read."""
    roles = () if person.is_administrator else sorted(_held(person, entity))
    rights = merged([_of_role(entity, role, record.state, "read") for role in roles] or [Access("read")])
    state = _state(entity, record)
    return Access(rights.default, {**rights.named, **(state.fields if state else {})})


def button_access(person: Person, entity: CompiledEntity, record: Record, world: World) -> Access:
    """What somebody who presses a button of a life cycle may change with it: what its state lets them fill in, too."""
    rights, state = access(person, entity, record, world), _state(entity, record)
    filled = {key: level for key, level in (state.fields if state else {}).items() if level in EDITABLE}
    return Access(rights.default, {**rights.named, **filled})


def hidden_ever(person: Person, entity: CompiledEntity) -> frozenset[str]:
    """Dotted paths of the fields hidden from the person somewhere: a list may not be asked about them.

    That is in some state, or in the records that they may read by one of their roles alone.
    """
    if person.is_administrator:
        return frozenset()
    reading = [grant for grant in entity.grants if "read" in grant.verbs and person.holds(grant.role)]
    everywhere = _roles(grant for grant in reading if not grant.rows)
    fewest = [everywhere] if everywhere else [_roles([grant]) for grant in reading] or [_held(person, entity)]
    return frozenset[str]().union(*(each for roles in fewest for each in _hidden_by_state(entity, roles)))


def hidden_always(person: Person, entity: CompiledEntity) -> frozenset[str]:
    """Dotted paths of the fields hidden from the person in every state: they are not even spoken of."""
    if person.is_administrator:
        return frozenset()
    first, *others = _hidden_by_state(entity, _held(person, entity))
    return first.intersection(*others)


def takes_part(login: str, record: Record) -> bool:
    """Whether the person made the record, started its run or was asked in it."""
    if login == record.created_by:
        return True
    if record.run is None:
        return False
    asked = (seat for visit in record.run.visits for seat in visit.seats)
    return login == record.run.starter or any(login in (seat.owner, seat.holder) for seat in asked)


def _is_locked(entity: CompiledEntity, record: Record, verb: str) -> bool:
    """Whether nobody may change the record by hand because a run is under way or has ended.

    With the starter it may be changed but not deleted; states of a plain life cycle lock nothing.
    """
    if entity.workflow is None or record.status == "draft":
        return False
    if record.state == START:
        return verb == "delete"
    state = _state(entity, record)
    return state is None or state.type != "state"


def _grants(
    person: Person, verb: str, entity: CompiledEntity, record: Record | None, world: World | None
) -> Iterator[Grant]:
    """The grants that let the person do it to this record, or to any at all."""
    for grant in entity.grants:
        if verb not in grant.verbs or not person.holds(grant.role):
            continue
        if not grant.rows or record is None:
            yield grant
        elif world is not None:
            reading = facts(entity, record, world, actor=person.login, projects=person.projects(grant.role))
            try:
                if entity.row_rules[grant.rows].evaluate(reading) is True:
                    yield grant
            except FormulaFailed:
                continue


def _roles(grants: Iterable[Grant]) -> frozenset[str]:
    return frozenset(grant.role for grant in grants)


def _held(person: Person, entity: CompiledEntity) -> frozenset[str]:
    """The person's roles that the entity knows."""
    return _roles(grant for grant in entity.grants if person.holds(grant.role))


def _state(entity: CompiledEntity, record: Record) -> State | None:
    return entity.workflow.states.get(record.state) if entity.workflow else None


def _of_role(entity: CompiledEntity, role: str, state: str, widest: Level) -> Access:
    """What the grants for fields leave of `widest` for one role. What is said for the state beats what is said for all.

    Of what is said for all, a word about every field in the state leaves what is narrower.
    """
    own = [each for each in entity.field_grants if each.role == role]
    always, here = _levels(own, ""), _levels(own, state) if state else {}
    if "*" in here:
        always = {key: narrower(level, here["*"]) for key, level in always.items()}
    levels = {key: narrower(level, widest) for key, level in {**always, **here}.items()}
    return Access(levels.pop("*", widest), levels)


def _levels(grants: Iterable[FieldGrant], state: str) -> dict[str, Level]:
    return {each.field: each.access for each in grants if each.state == state}


def _as_asked(person: Person, entity: CompiledEntity, record: Record, rights: Access) -> Access:
    """Whoever is asked does not see what the state hides from those who decide in it."""
    state, visits = _state(entity, record), record.run.visits if record.run else ()
    open_seats = (seat for visit in visits if not visit.outcome for seat in visit.seats if seat.status == "open")
    if state is None or not any(seat.holder == person.login for seat in open_seats):
        return rights
    return Access(rights.default, {**rights.named, **_hidden(state.fields)})


def _hidden(fields: Mapping[str, Level]) -> dict[str, Level]:
    return {key: level for key, level in fields.items() if level == "hidden"}


def _capped(rights: Access, state: State | None) -> Access:
    """A state of a life cycle narrows what can be changed by hand in it, for everybody."""
    if state is None or state.type != "state":
        return rights
    paths = {key: tuple(key.split(".")) for key in state.fields}
    capped = {key: narrower(rights.own(paths[key]), level) for key, level in state.fields.items()}
    return Access(rights.default, {**rights.named, **capped})


def _hidden_by_state(entity: CompiledEntity, roles: Iterable[str]) -> Iterator[frozenset[str]]:
    """For every state: dotted paths of the fields that all of the roles hide."""
    for state in sorted({"", *(each.state for each in entity.field_grants)}):
        rights = merged([_of_role(entity, role, state, "read") for role in sorted(roles)] or [Access("read")])
        yield frozenset(".".join(each.path) for each in walk(entity.fields) if rights.of(each.path) == "hidden")
