"""Find records of one entity: those a person may read, for which a filter holds, in an order, page by page."""

from collections.abc import Collection, Iterator, Mapping, Sequence

import msgspec

from engine.compile.formulas.scope import SYSTEM, EntityScope
from engine.compile.model import CompiledEntity, CompiledField, CompiledView
from engine.definition.model import Json
from engine.formula.errors import FormulaProblems
from engine.formula.formula import Formula, compile_formula
from engine.formula.scope import Facts
from engine.formula.tree import Kind
from engine.problems import Invalid, NotAllowed, Problem, nearest, refuse_if_any
from engine.runtime.organisation import Person
from engine.runtime.permit import hidden_ever, permit
from engine.runtime.record import Record
from engine.runtime.values.fill import holds
from engine.runtime.world import World, facts
from engine.sentences import TYPE_WORDS
from engine.store import query
from engine.store.query import About, Condition, Search, TooMany
from engine.store.session import Session, Workspace
from engine.usecases.actor import Actor
from engine.usecases.modules.in_force import entity_named
from engine.usecases.names import Names, names_of
from engine.usecases.sight import Sight, listed, row_paths
from engine.usecases.world import today, world_for, zone


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants to see."""

    #: Formulas, each of which must hold.
    filters: tuple[str, ...] = ()
    #: The view that is looked at: its filter holds, too, its totals are measured, its colours chosen.
    view: CompiledView | None = None
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
    #: Dotted path → what the view makes of all the records, not only those of this page.
    totals: Mapping[str, Json] = {}
    #: Colour of each of the records by the view; "" for none.
    colours: tuple[str, ...] = ()


def find(workspace: Workspace, actor: Actor, name: str, wish: Wish) -> Found:
    """A page of what the actor may read. `Invalid` for a filter or an order that means nothing."""
    with workspace.read(actor.company) as session:
        return find_in(session, actor, name, wish)


def find_in(session: Session, actor: Actor, name: str, wish: Wish) -> Found:
    """The same within a session."""
    entity, person = entity_named(session, name), actor.person(session)
    if problem := permit(person, "read", entity):
        raise NotAllowed(problem)
    scope = visible_scope(session, person, entity)
    known = Facts(values={}, actor=person.login, now=session.now, today=today(session), zone=zone(session))
    filters = (wish.view.definition.filter, *wish.filters) if wish.view else wish.filters
    search = Search(
        entity=name,
        every=tuple(Condition(each, known) for each in _filters(scope, filters)),
        some=_readable(entity, person, known),
        asked=person.login,
        text=wish.text,
        sort=_order(scope, wish.sort),
        about=_about(session, entity),
        candidates=query.CANDIDATES,
    )
    try:
        page = query.find(session, search, limit=wish.limit, after=wish.after, skip=wish.skip, lines=wish.lines)
        count, totals = _measured(session, search, wish, scope)
    except TooMany as many:
        raise Invalid(_too_many(many, search)) from None
    paths = row_paths(entity) | (wish.view.through if wish.view else frozenset())
    world = world_for(session, entity, *(each.values for each in page.records), paths=paths)
    names = names_of(session, entity, (each.values for each in page.records)) if wish.named else Names()
    sights = tuple(listed(person, entity_named(session, name, each.edition), each, world) for each in page.records)
    colours = tuple(_colour(wish.view, each, world, person) for each in sights)
    return Found(entity, sights, page.next, count, names, totals, colours)


def _measured(
    session: Session, search: Search, wish: Wish, scope: EntityScope
) -> tuple[int | None, Mapping[str, Json]]:
    """The count, where it is wanted, and the totals of the view, those of fields that the person is shown."""
    written = wish.view.definition.totals if wish.view else {}
    shown = {path: kind for path, kind in written.items() if scope.find((*path.split("."),))}
    if not shown and not wish.counted:
        return None, {}
    found = query.summary(session, search, shown)
    return found.count if wish.counted else None, found.totals


def _colour(view: CompiledView | None, seen: Sight, world: World, person: Person) -> str:
    """The colour of the first condition that holds for what the person sees; one that fails holds not."""
    if view is None or not view.colours:
        return ""
    reading = facts(seen.entity, seen.record, world, actor=person.login, values=seen.values)
    return next((colour for when, colour in view.colours if holds(when, reading)), "")


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


def _about(session: Session, entity: CompiledEntity) -> About:
    """How to read what formulas ask of records, when the database cannot answer them."""

    def about(found: Sequence[Record], paths: Collection[tuple[str, ...]]) -> Sequence[Facts]:
        world = world_for(session, entity, *(each.values for each in found), paths=paths)
        return [facts(entity, each, world) for each in found]

    return about


def _too_many(many: TooMany, search: Search) -> Problem:
    """What to do about it; rules about who may see what are not told to everybody."""
    limit = str(query.CANDIDATES)
    if many.condition in search.every:
        return Problem("filter.too_many", "/filter", {"part": many.part, "limit": limit})
    return Problem("filter.rows_too_many", "/filter", {"limit": limit})


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


def visible_scope(session: Session, person: Person, entity: CompiledEntity) -> EntityScope:
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
