"""Who is asking: one signed-in person, with the workspace's row as their sign-in query brought it along."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from engine.definition.model import Json
from engine.problems import Busy, Invalid, NotAllowed, Problem
from engine.runtime.canonical import digest
from engine.runtime.organisation import Person
from engine.store.events import Answered, Ask
from engine.store.people import directory
from engine.store.session import Company, Session

T = TypeVar("T")


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """A person who is signed in."""

    login: str
    company: Company | None = None
    #: In which they read; "" when they have not chosen.
    language: str = ""

    def person(self, session: Session) -> Person:
        """The person as they are now. `NotAllowed` once they have left."""
        found = directory.organisation(session).people.get(self.login)
        if found is None or not found.active:
            raise NotAllowed(Problem("permission.inactive"))
        return found


def administrator(session: Session, actor: Actor) -> Person:
    """The person, who must administer the workspace."""
    person = actor.person(session)
    if not person.is_administrator:
        raise NotAllowed(Problem("permission.administrator"))
    return person


def ask_under(actor: Actor, key: str, asked: Sequence[Json]) -> Ask | None:
    """The idempotency key of a request with a digest of what is asked under it; None without a key."""
    return Ask(actor.login, key, digest(asked)) if key else None


def twice_at_most(attempt: Callable[[], T], key: str) -> T:
    """What the attempt gives. Under a key a busy database may mean a double of the same request, served meanwhile.

    Then the second attempt finds what the double has left behind.
    """
    try:
        return attempt()
    except Busy:
        if not key:
            raise
        return attempt()


def same_ask(ask: Ask, answered: Answered) -> None:
    """Refuse a key that was used for something else before."""
    if ask.fingerprint != answered.fingerprint:
        raise Invalid(Problem("action.key_reused"))
