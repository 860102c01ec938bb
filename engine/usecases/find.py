"""Find records of one entity: those a person may read, for which a filter holds, in an order, page by page."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from engine.compile.model import CompiledEntity, CompiledField
from engine.compile.scope import SYSTEM, EntityScope
from engine.formula.errors import FormulaProblems
from engine.formula.formula import Formula, compile_formula
from engine.formula.scope import Facts
from engine.formula.tree import Kind
from engine.problems import Invalid, NotAllowed, Problem, nearest, refuse_if_any
from engine.runtime.organisation import Person
from engine.runtime.permit import hidden_ever, permit
from engine.sentences import TYPE_WORDS
from engine.store import query
from engine.store.query import Condition, Search
from engine.store.session import Session, Workspace
from engine.usecases.actor import Actor
from engine.usecases.modules import entity_named
from engine.usecases.names import Names, names_of
from engine.usecases.sight import Sight, listed, row_paths
from engine.usecases.world import today, world_for


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants to see."""

    #: Formulas, each of which must hold.
    filters: tuple[str, ...] = ()
    sort: tuple[str, ...] = ()
    #: In number or title.
    text: str = ""
    limit: int = 50
    #: Cursor of the page before.
    after: str = ""
    #: Records to pass over instead, for pages with numbers.
    skip: int = 0
    counted: bool = False
    #: Whether line items are wanted, too.
    lines: bool = False
    #: Whether what the records point to should be named.
    named: bool = False


class Found(msgspec.Struct, frozen=True):
    """A page of records."""

    entity: CompiledEntity
    sights: tuple[Sight, ...]
    next: str
    total: int | None = None
    names: Names = Names()


def find(workspace: Workspace, actor: Actor, name: str, wish: Wish) -> Found:
    """A page of what the actor may read. `Invalid` for a filter or an order that means nothing."""
    with workspace.read(actor.company) as session:
        return find_in(session, actor, name, wish)


def find_in(session: Session, actor: Actor, name: str, wish: Wish) -> Found:
    """The same within a session."""
    entity, person = entity_named(session, name), actor.person(session)
    if problem := permit(person, "read", entity):
        raise NotAllowed(problem)
    scope = _visible_scope(session, person, entity)
    facts = Facts(values={}, actor=person.login, now=session.now, today=today(session))
    search = Search(
        entity=name,
        every=tuple(_asked(session, name, Condition(each, facts)) for each in _filters(scope, wish.filters)),
        some=_readable(entity, person, facts),
        asked=person.login,
        text=wish.text,
        sort=_order(scope, wish.sort),
    )
    page = query.find(session, search, limit=wish.limit, after=wish.after, skip=wish.skip, lines=wish.lines)
    total = query.count(session, search) if wish.counted else None
    world = world_for(session, entity, *(each.values for each in page.records), paths=row_paths(entity))
    names = names_of(session, entity, (each.values for each in page.records)) if wish.named else Names()
    sights = (listed(person, entity_named(session, name, each.edition), each, world) for each in page.records)
    return Found(entity, tuple(sights), page.next, total, names)


def _filters(scope: EntityScope, texts: Sequence[str]) -> Iterator[Formula]:
    """The filters compiled; they may not ask about what the person may not see."""
    for text in filter(None, texts):
        try:
            formula = compile_formula(text, scope)
        except FormulaProblems as wrong:
            raise Invalid(
                *(Problem(each.code, "/filter", each.params, offset=each.start) for each in wrong.problems)
            ) from None
        if formula.type.is_list or formula.type.kind not in {Kind.BOOLEAN, Kind.BLANK}:
            params = {"given": TYPE_WORDS[str(formula.type)], "expected": TYPE_WORDS["boolean"]}
            raise Invalid(Problem("formula.result", "/filter", params))
        yield formula


def _asked(session: Session, name: str, condition: Condition) -> Condition:
    """The condition, which the databases can answer; `Invalid` otherwise."""
    if part := query.unanswerable(session, name, condition):
        given = condition.formula.text[part.start : part.end]
        raise Invalid(Problem("filter.untranslatable", "/filter", {"part": given}, offset=part.start))
    return condition


def _readable(entity: CompiledEntity, person: Person, facts: Facts) -> tuple[Condition, ...] | None:
    """One condition per grant under which the person may read; None when nothing restricts them."""
    if person.is_administrator:
        return None
    conditions = []
    for grant in entity.grants:
        if "read" in grant.verbs and person.holds(grant.role):
            if not grant.rows:
                return None
            own = msgspec.structs.replace(facts, projects=person.projects(grant.role))
            conditions.append(Condition(entity.row_rules[grant.rows], own))
    return tuple(conditions)


def _order(scope: EntityScope, sort: Sequence[str]) -> tuple[str, ...]:
    refuse_if_any(
        Invalid, (_unsortable(each.removeprefix("-"), scope) for each in sort if not _is_sortable(each, scope))
    )
    return tuple(sort)


def _is_sortable(key: str, scope: EntityScope) -> bool:
    found = scope.find(tuple(key.removeprefix("-").split(".")))
    return found is not None and not found.type.is_list and found.type.kind is not Kind.RECORD


def _unsortable(path: str, scope: EntityScope) -> Problem:
    known = nearest(path, (*scope.known(()), *SYSTEM))
    return Problem("list.sort", "/sort", {"given": path, "known": known})


def _visible_scope(session: Session, person: Person, entity: CompiledEntity) -> EntityScope:
    """The names by which the person may ask: of fields that they are shown in every state, here and behind references.

    A name that is hidden is as unknown as one that is not there.
    """

    def fields(other: CompiledEntity) -> Mapping[str, CompiledField]:
        return _without(other.fields, hidden_ever(person, other))

    def neighbour(name: str) -> Mapping[str, CompiledField] | None:
        other = entity_named(session, name)
        return None if permit(person, "read", other) else fields(other)

    return EntityScope(fields(entity), neighbour)


def _without(fields: Mapping[str, CompiledField], hidden: frozenset[str]) -> Mapping[str, CompiledField]:
    return {
        key: msgspec.structs.replace(field, fields=_without(field.fields, hidden))
        for key, field in fields.items()
        if ".".join(field.path) not in hidden
    }
