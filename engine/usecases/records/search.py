"""Find records of every kind by number or title."""

from typing import Final

from engine.runtime.permit import permit
from engine.store.people import directory
from engine.store.session import Workspace
from engine.usecases.actor import Actor
from engine.usecases.modules.in_force import in_force
from engine.usecases.records.find import Wish, find_in
from engine.usecases.records.inbox import Slip, Slips

#: Hits of one kind of record, and in all.
EACH: Final = 10
ALL: Final = 50


def search(workspace: Workspace, actor: Actor, text: str) -> Slips:
    """What the actor may read and has the text in its number or title; nothing for no text."""
    with workspace.read(actor.company) as session:
        organisation = directory.organisation(session)
        if not text:
            return Slips((), organisation)
        person = actor.person(session)
        wish = Wish(text=text, sort=("-updated_at",), limit=EACH)
        found = [
            Slip(module, seen)
            for module in in_force(session).values()
            for entity in module.entities.values()
            if permit(person, "read", entity) is None
            for seen in find_in(session, actor, entity.name, wish).sights
        ]
        return Slips(tuple(found[:ALL]), organisation)
