"""People, who they are to the company, and how they come in."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine.runtime.organisation import Assignment, Department, Person
from engine.store.people import directory, sign_in
from engine.store.session import Workspace
from engine.store.tables.exact import digest
from engine.store.tables.system_tables import SIGN_IN
from tests.engine.store.builders import NOON, undone

LI_NA = Person(
    login="li.na",
    name="李娜",
    department="site",
    manager="zhang.wei",
    language="zh_CN",
    assignments=frozenset({Assignment("cashier"), Assignment("custodian", "p1"), Assignment("custodian", "p2")}),
)
ZHANG_WEI = Person(login="zhang.wei", name="张伟", active=False)
SITE = Department(key="site", name="现场", parent="company", head="zhang.wei")
SECRET = digest("a secret")


@pytest.fixture
def staffed(workspace: Workspace) -> Workspace:
    """A workspace with two people."""
    with workspace.write() as session:
        directory.save_people(session, [LI_NA, ZHANG_WEI])
        directory.save_departments(session, [SITE])
    return workspace


def test_everybody_comes_back_with_their_roles(staffed: Workspace) -> None:
    with staffed.read() as session:
        found = directory.organisation(session)
    assert found.people == {"li.na": LI_NA, "zhang.wei": ZHANG_WEI}
    assert found.departments == {"site": SITE}


def test_a_person_becomes_what_is_given(staffed: Workspace) -> None:
    changed = Person(login="li.na", name="李娜", assignments=frozenset({Assignment("cashier")}))
    with staffed.write() as session:
        directory.save_people(session, [LI_NA, changed])
        assert directory.organisation(session).people == {"li.na": changed, "zhang.wei": ZHANG_WEI}


def test_the_organisation_is_loaded_once_until_somebody_changes(staffed: Workspace) -> None:
    with staffed.read() as session:
        first = directory.organisation(session)
    with staffed.write() as session:
        assert directory.organisation(session) is first
        directory.save_people(session, [])
        directory.save_departments(session, [])
        assert directory.organisation(session) is first
        directory.save_departments(session, [Department(key="hr", name="人事")])
        assert set(directory.organisation(session).departments) == {"site", "hr"}


def test_a_change_that_is_not_kept_is_forgotten(staffed: Workspace) -> None:
    with undone(staffed) as session:
        directory.save_people(session, [Person(login="eve", name="Eve")])
        assert "eve" in directory.organisation(session).people
    with staffed.read() as session:
        assert "eve" not in directory.organisation(session).people


def test_the_company_is_founded_once_and_can_be_changed(workspace: Workspace) -> None:
    with workspace.write() as session:
        before = session.company
        session.change_company(title="Another", zone="Europe/London", language="en")
        assert session.company.title == "Another"
    with workspace.read() as session:
        after = session.company
    assert (after.title, after.zone, after.language) == ("Another", "Europe/London", "en")
    assert (after.modules_stamp, after.people_stamp) == (before.modules_stamp, before.people_stamp)


def test_a_workspace_can_be_seen_at_another_moment(workspace: Workspace) -> None:
    with workspace.at(NOON).write() as session:
        assert session.now == NOON
    with workspace.read() as session:
        assert session.now > NOON


def test_a_secret_lets_its_person_in_and_brings_the_company_along(staffed: Workspace) -> None:
    with staffed.write() as session:
        sign_in.admit(session, "session", SECRET, login="li.na", expires_at=session.now + timedelta(days=1))
        company = session.company
    with staffed.write() as session:
        visitor = sign_in.visitor(session, "session", SECRET)
        assert visitor is not None
        assert visitor.login == "li.na"
        assert session.company == company
        sign_in.touch(session, SECRET)
        again = sign_in.visitor(session, "session", SECRET)
        assert again is not None
        assert again.seen_at == session.now > visitor.seen_at


@pytest.mark.parametrize(
    ("kind", "secret", "login", "lasts"),
    [
        ("token", SECRET, "li.na", 1),
        ("session", digest("another"), "li.na", 1),
        ("session", SECRET, "zhang.wei", 1),
        ("session", SECRET, "li.na", 0),
    ],
)
def test_another_kind_secret_person_or_time_lets_nobody_in(
    staffed: Workspace, kind: sign_in.Kind, secret: str, login: str, lasts: int
) -> None:
    with staffed.write() as session:
        ends = session.now + timedelta(days=lasts)
        sign_in.admit(session, "session", SECRET, login=login, expires_at=ends)
        assert sign_in.visitor(session, kind, secret) is None


def test_a_secret_without_an_end_is_good_until_it_is_dismissed(staffed: Workspace) -> None:
    other = digest("other")
    with staffed.write() as session:
        for each in (SECRET, other):
            sign_in.admit(session, "token", each, login="li.na")
        sign_in.sweep(session)
        assert sign_in.visitor(session, "token", SECRET)
        sign_in.dismiss(session, SECRET)
        assert sign_in.visitor(session, "token", SECRET) is None
        assert sign_in.visitor(session, "token", other)
        sign_in.dismiss_everywhere(session, "li.na", "session")
        assert sign_in.visitor(session, "token", other)
        sign_in.dismiss_everywhere(session, "li.na", "token")
        assert sign_in.visitor(session, "token", other) is None


def test_what_has_expired_is_swept_away(staffed: Workspace) -> None:
    with staffed.write() as session:
        sign_in.admit(session, "session", "old", login="li.na", expires_at=NOON)
        sign_in.admit(session, "session", SECRET, login="li.na", expires_at=NOON + timedelta(days=1))
        sign_in.admit(session, "token", "for ever", login="li.na")
        sign_in.sweep(session)
        assert set(session.connection.scalars(select(SIGN_IN.c.digest))) == {SECRET, "for ever"}


def test_a_password_is_changed_and_only_active_people_have_one(staffed: Workspace) -> None:
    with staffed.write() as session:
        assert sign_in.password_hash(session, "li.na") == ""
        for each in ("first", "second"):
            sign_in.set_password(session, "li.na", each)
        sign_in.set_password(session, "zhang.wei", "other")
        assert sign_in.password_hash(session, "li.na") == "second"
        assert sign_in.password_hash(session, "zhang.wei") == ""
        directory.save_people(session, [LI_NA])
        assert sign_in.password_hash(session, "li.na") == "second"


def test_failures_add_up_until_they_are_forgiven_or_long_ago(workspace: Workspace) -> None:
    hour = timedelta(hours=1)
    with workspace.write() as session:
        assert sign_in.failures(session, "li.na", hour) == 0
        assert [sign_in.count_failure(session, "li.na", hour) for _ in range(3)] == [1, 2, 3]
        assert sign_in.count_failure(session, "10.0.0.1", hour) == 1
        assert sign_in.failures(session, "li.na", hour) == 3
    with workspace.write() as session:
        assert sign_in.failures(session, "li.na", timedelta(seconds=1)) == 0
        assert sign_in.count_failure(session, "li.na", timedelta(seconds=1)) == 1
        sign_in.forgive(session, "li.na")
        assert sign_in.failures(session, "li.na", hour) == 0
        assert sign_in.failures(session, "10.0.0.1", hour) == 1
