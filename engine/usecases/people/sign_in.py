"""Sign in with a password, recognise who is signed in, sign out; issue tokens for programs."""

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from engine.problems import Invalid, Problem, Throttled, Unauthenticated, Unknown, refuse_if_any
from engine.store.people import directory, sign_in
from engine.store.people.sign_in import Kind
from engine.store.session import Session, Workspace
from engine.usecases.actor import Actor

#: A browser stays signed in this long without being used.
SESSION_LASTS: Final = timedelta(days=14)
#: How often the use of a session is noted: not at every request.
TOUCH_EVERY: Final = timedelta(hours=1)
#: Failures of one login, and of one address, before further attempts wait.
LOGIN_FAILURES: Final = 5
ADDRESS_FAILURES: Final = 50
FAILURES_WITHIN: Final = timedelta(minutes=15)
MIN_PASSWORD: Final = 8
MAX_PASSWORD: Final = 200

_HASHER: Final = PasswordHasher()
#: Verified when there is no such login, so that the answer takes as long.
_NOBODY: Final = _HASHER.hash(secrets.token_hex())


def sign_in_with_password(workspace: Workspace, login: str, password: str, *, address: str) -> str:
    """The secret of a new session. `Unauthenticated` for a wrong login or password, `Throttled` after too many."""
    if not _is_right(workspace, login, password, {_subject(login): LOGIN_FAILURES, address: ADDRESS_FAILURES}):
        raise Unauthenticated(Problem("sign_in.wrong"))
    with workspace.write() as session:
        sign_in.sweep(session)
        sign_in.forgive(session, _subject(login))
        return _admit(session, "session", login, session.now + SESSION_LASTS)


def recognise(workspace: Workspace, kind: Kind, secret: str) -> Actor:
    """Who shows this secret. `Unauthenticated` when nobody is known by it."""
    with workspace.read() as session:
        visitor = sign_in.visitor(session, kind, _digest(secret))
        if visitor is None:
            raise Unauthenticated(Problem("sign_in.needed"))
        person = directory.organisation(session).people[visitor.login]
        actor = Actor(login=person.login, company=session.company, language=person.language)
        is_stale = session.now - visitor.seen_at > TOUCH_EVERY
    if is_stale:
        with workspace.write(actor.company) as session:
            sign_in.touch(session, _digest(secret))
    return actor


def sign_out(workspace: Workspace, secret: str) -> None:
    """Forget the session."""
    with workspace.write() as session:
        sign_in.dismiss(session, _digest(secret))


def issue_token(workspace: Workspace, login: str) -> str:
    """A new API token of the person, shown once; it names the workspace."""
    with workspace.write() as session:
        if login not in directory.organisation(session).people:
            raise Unknown(Problem("user.unknown", "", {"given": login, "known": ""}))
        return f"{workspace.slug}.{_admit(session, 'token', login, None)}"


def change_password(workspace: Workspace, actor: Actor, *, old: str, new: str) -> None:
    """Change one's own password; every session of the person ends. `Throttled` after too many guesses at the old."""
    if not _is_right(workspace, actor.login, old, {_subject(actor.login): LOGIN_FAILURES}):
        raise Invalid(Problem("sign_in.wrong_password", "/old"))
    with workspace.write(actor.company) as session:
        set_password(session, actor.login, new)
        sign_in.dismiss_everywhere(session, actor.login, "session")


def set_password(session: Session, login: str, password: str) -> None:
    """Give somebody a password."""
    refuse_if_any(Invalid, password_mistakes(password, "/new"))
    sign_in.set_password(session, login, _HASHER.hash(password))


def password_mistakes(password: str, pointer: str) -> Iterator[Problem]:
    """What is wrong with a password that somebody wants to have."""
    if len(password) < MIN_PASSWORD:
        yield Problem("sign_in.short_password", pointer, {"limit": str(MIN_PASSWORD)})
    if len(password) > MAX_PASSWORD:
        yield Problem("sign_in.long_password", pointer, {"limit": str(MAX_PASSWORD)})


def set_common_password(session: Session, logins: Iterable[str], password: str) -> None:
    """Give many people of a demo the same password, hashed once."""
    hashed = _HASHER.hash(password)
    for login in logins:
        sign_in.set_password(session, login, hashed)


def _is_right(workspace: Workspace, login: str, password: str, limits: Mapping[str, int]) -> bool:
    """Whether it is the password of an active person. `Throttled` when a subject has failed too often lately."""
    with workspace.read() as session:
        if any(sign_in.failures(session, subject, FAILURES_WITHIN) >= limit for subject, limit in limits.items()):
            raise Throttled(Problem("sign_in.throttled", "", {"minutes": str(FAILURES_WITHIN.seconds // 60)}))
        known = sign_in.password_hash(session, login) if login.isprintable() else ""
    if _matches(known or _NOBODY, password) and known:
        return True
    with workspace.write() as session:
        for subject in limits:
            sign_in.count_failure(session, subject, FAILURES_WITHIN)
    return False


def _subject(login: str) -> str:
    """What failures of a login are counted under: whatever was typed, in bounds."""
    return _digest(f"login:{login}")


def _admit(session: Session, kind: Kind, login: str, expires_at: datetime | None) -> str:
    secret = secrets.token_urlsafe(32)
    sign_in.admit(session, kind, _digest(secret), login=login, expires_at=expires_at)
    return secret


def _matches(known: str, password: str) -> bool:
    try:
        return _HASHER.verify(known, password)
    except (VerificationError, InvalidHashError):
        return False


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
