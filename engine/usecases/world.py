"""Gathers what a step of a record may know: the people, and the records its formulas and links reach."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from engine.compile.model import CompiledEntity
from engine.definition.model import Json
from engine.problems import Problem
from engine.runtime.organisation import Organisation
from engine.runtime.record import Values
from engine.runtime.values.links import Link, goes_through_lines, ids_at, links
from engine.runtime.world import World, seen
from engine.store import attachments, records
from engine.store.people import directory
from engine.store.session import Session
from engine.usecases.modules.in_force import entity_named

#: References are followed this far; no sensible formula goes further.
MAX_HOPS: Final = 8

Paths = Iterable[tuple[str, ...]]


class Sent(NamedTuple):
    """Values as somebody sent them; what they link to has to be there."""

    values: Json
    #: Login.
    by: str
    #: The record they are for; "" when that is new.
    record_id: str = ""


def world_for(session: Session, entity: CompiledEntity, *values: Json, paths: Paths, sent: Sent | None = None) -> World:
    """The world around the values of records, and around those that were sent."""
    organisation = directory.organisation(session)
    sent_values = sent.values if sent else None
    sent_links = tuple(links(entity.fields, sent_values))
    references = _references(session, entity, (*values, sent_values), paths, sent_links)
    return World(
        now=session.now,
        today=today(session),
        zone=zone(session),
        organisation=organisation,
        references=references,
        broken_links=tuple(_broken(sent_links, organisation, references, _files(session, sent, sent_links))),
        new_id=session.new_id,
    )


def today(session: Session) -> date:
    """The day in the workspace's zone."""
    return session.now.astimezone(zone(session)).date()


def zone(session: Session) -> ZoneInfo:
    """The workspace's zone."""
    return ZoneInfo(session.company.zone)


def _references(
    session: Session, entity: CompiledEntity, values: Iterable[Json], paths: Paths, sent: Iterable[Link]
) -> dict[str, Values]:
    """Records by id: all that what was sent links to, and those behind paths; a statement per entity and hop.

    Line items come along where a path goes through them, for a statement more for each list of the entity.
    """
    wanted = [found for each in values for found in ids_at(entity.fields, each, paths)]
    wanted += [(link.target, link.id, ()) for link in sent if link.type == "reference"]
    loaded: dict[str, Values] = {}
    with_lines: set[str] = set()
    for _ in range(MAX_HOPS):
        lined = {
            each for target, each, rest in wanted if goes_through_lines(entity_named(session, target).fields, rest)
        }
        missing = {
            (target, each) for target, each, _ in wanted if each not in (with_lines if each in lined else loaded)
        }
        for target in sorted({target for target, _ in missing}):
            definition = entity_named(session, target)
            ids = [identity for each, identity in missing if each == target]
            has_lines = not lined.isdisjoint(ids)
            with_lines.update(ids if has_lines else ())
            for record in records.load_many(session, target, ids, lines=has_lines).values():
                loaded[record.id] = seen(definition, record)
        wanted = [
            found
            for target, identity, rest in wanted
            if len(rest) > 1 and identity in loaded
            for found in ids_at(entity_named(session, target).fields, loaded[identity], [rest])
        ]
        if not wanted:
            break
    return loaded


def _files(session: Session, sent: Sent | None, found: Iterable[Link]) -> frozenset[str]:
    """Those of the files that may stand in the record: its own, and loose ones of whoever sent them."""
    wanted = [link.id for link in found if link.type in {"file", "photo"}]
    if sent is None or not wanted:
        return frozenset()
    present = attachments.load_many(session, wanted).values()
    return frozenset(
        each.id
        for each in present
        if (each.record_id == sent.record_id if each.record_id else each.created_by == sent.by)
    )


def _broken(
    sent: Iterable[Link], organisation: Organisation, references: Mapping[str, Values], files: Collection[str]
) -> Iterator[Problem]:
    for link in sent:
        there = {
            "reference": link.id in references,
            "user": organisation.is_active(link.id),
            "department": link.id in organisation.departments,
        }.get(link.type, link.id in files)
        if not there:
            yield Problem(f"{link.type}.unknown", link.pointer, {"given": link.id, "known": ""})
