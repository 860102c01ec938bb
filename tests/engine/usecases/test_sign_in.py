"""Passwords, sessions, tokens, and how often somebody may try."""

from datetime import timedelta

import pytest

from engine.problems import Invalid, Throttled, Unauthenticated, Unknown
from engine.usecases.actor import Actor
from engine.usecases.deployment import Workspace
from engine.usecases.people.save import Entry, save_person
from engine.usecases.people.sign_in import (
    ADDRESS_FAILURES,
    FAILURES_WITHIN,
    LOGIN_FAILURES,
    SESSION_LASTS,
    TOUCH_EVERY,
    change_password,
    issue_token,
    recognise,
    sign_in_with_password,
    sign_out,
)
from tests.company import NOON
from tests.engine.usecases.refusals import refused
from tests.web.api.snapshot import snapshot

HOME = "192.0.2.1"
SECRET = "correct horse"  # a password of a test
KEEPER = Entry(login="keeper", name="keeper", roles=("keeper",), password=SECRET)


@pytest.fixture
def office(workspace: Workspace) -> Workspace:
    """A company whose keeper has a password, at noon."""
    save_person(workspace, None, KEEPER)
    return workspace.at(NOON)


def later(workspace: Workspace, by: timedelta) -> Workspace:
    return workspace.at(NOON + by)


def try_in_vain(workspace: Workspace, times: int, login: str = "keeper", address: str = HOME) -> None:
    for _ in range(times):
        with refused(Unauthenticated, "sign_in.wrong"):
            sign_in_with_password(workspace, login, "wrong", address=address)


def test_the_right_password_opens_a_session(office: Workspace) -> None:
    secret = sign_in_with_password(office, "keeper", SECRET, address=HOME)
    assert recognise(office, "session", secret).login == "keeper"


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("keeper", "wrong"), ("keeper", ""), ("keeper", SECRET + "\0"), ("nobody", SECRET), ("mechanic", ""),
        ("mechanic", SECRET), ("", ""), ("\0", SECRET), ("keeper'--", SECRET), ("x" * 100_000, SECRET),
    ],
)  # fmt: skip
def test_a_wrong_login_and_a_wrong_password_are_the_same_refusal(office: Workspace, login: str, password: str) -> None:
    with refused(Unauthenticated, "sign_in.wrong"):
        sign_in_with_password(office, login, password, address=HOME)


def test_neither_passwords_nor_secrets_are_kept_as_they_are(office: Workspace) -> None:
    secret = sign_in_with_password(office, "keeper", SECRET, address=HOME)
    token = issue_token(office, "keeper").partition(".")[2]
    kept = str(snapshot(office))
    with office.database.connect() as connection:
        kept += str(connection.exec_driver_sql("SELECT * FROM sign_in").all())
    assert SECRET not in kept
    assert secret not in kept
    assert token not in kept
    assert "$argon2id$" in kept


def test_a_session_ends_by_itself_and_by_signing_out(office: Workspace) -> None:
    first, second = (sign_in_with_password(office, "keeper", SECRET, address=HOME) for _ in range(2))
    almost = later(office, SESSION_LASTS - timedelta(seconds=1))
    assert recognise(almost, "session", first).login == "keeper"
    with refused(Unauthenticated, "sign_in.needed"):
        recognise(later(office, SESSION_LASTS), "session", first)
    sign_out(office, second)
    with refused(Unauthenticated, "sign_in.needed"):
        recognise(office, "session", second)
    assert recognise(office, "session", first).login == "keeper"


def test_a_session_is_no_token_and_a_token_no_session(office: Workspace) -> None:
    session = sign_in_with_password(office, "keeper", SECRET, address=HOME)
    token = issue_token(office, "keeper").partition(".")[2]
    for kind, secret in (("token", session), ("session", token)):
        with refused(Unauthenticated, "sign_in.needed"):
            recognise(office, kind, secret)  # type: ignore[arg-type]


def test_a_token_names_its_workspace_and_does_not_end_by_itself(office: Workspace) -> None:
    slug, _, secret = issue_token(office, "mechanic").partition(".")
    assert slug == office.slug
    assert recognise(later(office, timedelta(days=4000)), "token", secret).login == "mechanic"
    with refused(Unknown, "user.unknown"):
        issue_token(office, "nobody")


def test_whoever_has_left_is_not_let_in_any_more(office: Workspace) -> None:
    session = sign_in_with_password(office, "keeper", SECRET, address=HOME)
    token = issue_token(office, "keeper").partition(".")[2]
    save_person(office, None, Entry(login="keeper", name="keeper", active=False))
    with refused(Unauthenticated, "sign_in.wrong"):
        sign_in_with_password(office, "keeper", SECRET, address=HOME)
    save_person(office, None, Entry(login="keeper", name="keeper"))
    for kind, secret in (("session", session), ("token", token)):
        with refused(Unauthenticated, "sign_in.needed"):
            recognise(office, kind, secret)  # type: ignore[arg-type]


def test_its_use_is_noted_now_and_then(office: Workspace) -> None:
    secret = sign_in_with_password(office, "keeper", SECRET, address=HOME)

    def seen() -> str:
        with office.database.connect() as connection:
            return str(connection.exec_driver_sql("SELECT seen_at FROM sign_in").scalar_one())

    at_first = seen()
    recognise(later(office, TOUCH_EVERY), "session", secret)
    assert seen() == at_first
    recognise(later(office, TOUCH_EVERY + timedelta(seconds=1)), "session", secret)
    assert seen() != at_first


def test_after_some_failures_a_login_has_to_wait(office: Workspace) -> None:
    try_in_vain(office, LOGIN_FAILURES)
    with refused(Throttled, "sign_in.throttled"):
        sign_in_with_password(office, "keeper", SECRET, address="192.0.2.2")
    almost = later(office, FAILURES_WITHIN - timedelta(seconds=1))
    with refused(Throttled, "sign_in.throttled"):
        sign_in_with_password(almost, "keeper", SECRET, address=HOME)
    assert sign_in_with_password(later(office, FAILURES_WITHIN), "keeper", SECRET, address=HOME)


def test_what_waits_is_not_counted_further(office: Workspace) -> None:
    try_in_vain(office, LOGIN_FAILURES)
    for minutes in range(1, 15):
        with refused(Throttled, "sign_in.throttled"):
            sign_in_with_password(later(office, timedelta(minutes=minutes)), "keeper", "wrong", address=HOME)
    assert sign_in_with_password(later(office, FAILURES_WITHIN), "keeper", SECRET, address=HOME)


def test_success_forgives_the_failures_before(office: Workspace) -> None:
    for _ in range(3):
        try_in_vain(office, LOGIN_FAILURES - 1)
        assert sign_in_with_password(office, "keeper", SECRET, address=HOME)


def test_an_address_that_tries_many_logins_has_to_wait_too(office: Workspace) -> None:
    for number in range(ADDRESS_FAILURES):
        try_in_vain(office, 1, f"login{number}")
    with refused(Throttled, "sign_in.throttled"):
        sign_in_with_password(office, "keeper", SECRET, address=HOME)
    assert sign_in_with_password(office, "keeper", SECRET, address="192.0.2.2")


def test_a_password_is_changed_by_whoever_knows_it(office: Workspace) -> None:
    sessions = [sign_in_with_password(office, "keeper", SECRET, address=HOME) for _ in range(2)]
    token = issue_token(office, "keeper").partition(".")[2]
    keeper = Actor(login="keeper")
    with refused(Invalid, "sign_in.wrong_password /old"):
        change_password(office, keeper, old="wrong", new="another secret")
    with refused(Invalid, "sign_in.short_password /new"):
        change_password(office, keeper, old=SECRET, new="short")
    with refused(Invalid, "sign_in.long_password /new"):
        change_password(office, keeper, old=SECRET, new="x" * 10_000)
    assert recognise(office, "session", sessions[0]).login == "keeper"
    change_password(office, keeper, old=SECRET, new="another secret")
    for secret in sessions:
        with refused(Unauthenticated, "sign_in.needed"):
            recognise(office, "session", secret)
    assert recognise(office, "token", token).login == "keeper"
    assert sign_in_with_password(office, "keeper", "another secret", address=HOME)
    with refused(Unauthenticated, "sign_in.wrong"):
        sign_in_with_password(office, "keeper", SECRET, address=HOME)


def test_guessing_the_present_password_is_held_up_as_signing_in_is(office: Workspace) -> None:
    for _ in range(LOGIN_FAILURES):
        with refused(Invalid, "sign_in.wrong_password /old"):
            change_password(office, Actor(login="keeper"), old="wrong", new="another secret")
    with refused(Throttled, "sign_in.throttled"):
        change_password(office, Actor(login="keeper"), old=SECRET, new="another secret")
