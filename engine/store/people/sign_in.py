"""Who may come in: passwords, sessions of browsers, tokens of programs, and how often somebody failed.

Of a secret only its SHA-256 is kept (`engine.store.tables.exact.digest`); of a password, what the hasher made of it.
"""

from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

import msgspec
from sqlalchemy import bindparam, case, delete, insert, or_, select, update

from engine.store.session import COMPANY, Session, company_of
from engine.store.tables.system_tables import LOGIN_ATTEMPT, PASSWORD, PERSON, SIGN_IN, WORKSPACE
from engine.store.tables.upsert import insert_into, upsert

Kind: TypeAlias = Literal["session", "token"]


#: Asked at every request, and therefore put together once.
_VISITOR: Final = (
    select(SIGN_IN.c.person, SIGN_IN.c.seen_at, *COMPANY)
    .select_from(SIGN_IN.join(PERSON, SIGN_IN.c.person == PERSON.c.login).join(WORKSPACE, WORKSPACE.c.one == 1))
    .where(SIGN_IN.c.digest == bindparam("digest"), SIGN_IN.c.kind == bindparam("kind"), PERSON.c.active)
    .where(or_(SIGN_IN.c.expires_at.is_(None), SIGN_IN.c.expires_at > bindparam("now")))
)


class Visitor(msgspec.Struct, frozen=True):
    """Somebody who has shown a valid secret."""

    login: str
    #: Aware, UTC; when `touch` last noted it.
    seen_at: datetime


def visitor(session: Session, kind: Kind, secret_digest: str) -> Visitor | None:
    """Whose secret it is, when it has not expired and the person is active; the company comes along."""
    shown = {"digest": secret_digest, "kind": kind, "now": session.now}
    row = session.connection.execute(_VISITOR, shown).mappings().first()
    if row is None:
        return None
    session.company = company_of(row)
    return Visitor(row["person"], row["seen_at"])


def admit(session: Session, kind: Kind, secret_digest: str, *, login: str, expires_at: datetime | None = None) -> None:
    """Let whoever shows the secret in as this person, for ever when `expires_at` is None."""
    row = {"digest": secret_digest, "kind": kind, "person": login, "expires_at": expires_at}
    session.connection.execute(insert(SIGN_IN).values(created_at=session.now, seen_at=session.now, **row))


def touch(session: Session, secret_digest: str) -> None:
    """Note that the secret is being used."""
    session.connection.execute(update(SIGN_IN).where(SIGN_IN.c.digest == secret_digest).values(seen_at=session.now))


def dismiss(session: Session, secret_digest: str) -> None:
    """Forget the secret."""
    session.connection.execute(delete(SIGN_IN).where(SIGN_IN.c.digest == secret_digest))


def dismiss_everywhere(session: Session, login: str, kind: Kind) -> None:
    """Forget every session, or every token, of the person."""
    session.connection.execute(delete(SIGN_IN).where(SIGN_IN.c.person == login, SIGN_IN.c.kind == kind))


def sweep(session: Session) -> None:
    """Forget what has expired."""
    session.connection.execute(delete(SIGN_IN).where(SIGN_IN.c.expires_at <= session.now))


def set_password(session: Session, login: str, password_hash: str) -> None:
    """Keep what the hasher made of the person's password."""
    session.connection.execute(upsert(session.connection, PASSWORD), [{"person": login, "hash": password_hash}])


def password_hash(session: Session, login: str) -> str:
    """What the hasher made of the password of an active person; "" when there is none."""
    query = select(PASSWORD.c.hash).join(PERSON, PASSWORD.c.person == PERSON.c.login)
    return session.connection.scalar(query.where(PERSON.c.login == login, PERSON.c.active)) or ""


def count_failure(session: Session, subject: str, within: timedelta) -> int:
    """Note a failed sign-in of a login or an address; the failures since the first one, `within` at most ago."""
    begun = LOGIN_ATTEMPT.c.since > session.now - within
    statement = (
        insert_into(session.connection, LOGIN_ATTEMPT)
        .values(subject=subject, failures=1, since=session.now)
        .on_conflict_do_update(
            index_elements=[LOGIN_ATTEMPT.c.subject],
            set_={
                "failures": case((begun, LOGIN_ATTEMPT.c.failures + 1), else_=1),
                "since": case((begun, LOGIN_ATTEMPT.c.since), else_=session.now),
            },
        )
        .returning(LOGIN_ATTEMPT.c.failures)
    )
    failures: int = session.connection.execute(statement).scalar_one()
    return failures


def failures(session: Session, subject: str, within: timedelta) -> int:
    """Failed sign-ins in a row, the first of them `within` at most ago."""
    recent = (LOGIN_ATTEMPT.c.subject == subject) & (LOGIN_ATTEMPT.c.since > session.now - within)
    return session.connection.scalar(select(LOGIN_ATTEMPT.c.failures).where(recent)) or 0


def forgive(session: Session, subject: str) -> None:
    """Forget the failures, after a sign-in that went well."""
    session.connection.execute(delete(LOGIN_ATTEMPT).where(LOGIN_ATTEMPT.c.subject == subject))
