"""The people of a workspace: who holds what where, who reports to whom, who heads what."""

from tests.engine.runtime.stage import a_person, an_organisation

COMPANY = an_organisation(
    a_person("lin", "cashier", "custodian@p1", "custodian@p2", manager="wu", department="site"),
    a_person("wu", "custodian", manager="chen"),
    a_person("chen", "administrator"),
    a_person("old", "cashier", active=False),
    heads={"site": "wu", "works": "chen"},
    site="works",
)
LIN, WU, OLD = (COMPANY.people[login] for login in ("lin", "wu", "old"))


def test_a_role_is_held_in_the_company_or_in_projects() -> None:
    assert LIN.holds("cashier")
    assert LIN.holds("cashier", "p9")
    assert LIN.holds("custodian")
    assert LIN.holds("custodian", "p1")
    assert not LIN.holds("custodian", "p9")
    assert WU.holds("custodian", "p9")
    assert not WU.holds("cashier")


def test_everybody_who_is_there_is_an_employee_and_whoever_has_left_is_nothing() -> None:
    assert WU.holds("employee")
    assert not OLD.holds("employee")
    assert not OLD.holds("cashier")
    assert COMPANY.people["chen"].is_administrator
    assert not WU.is_administrator


def test_projects_are_those_in_which_a_role_is_held() -> None:
    assert LIN.projects("custodian") == {"p1", "p2"}
    assert WU.projects("custodian") == {""}
    assert LIN.projects("employee") == frozenset()


def test_holders_are_active_and_in_order() -> None:
    assert COMPANY.holders("cashier") == ("lin",)
    assert COMPANY.holders("custodian") == ("lin", "wu")
    assert COMPANY.holders("custodian", "p2") == ("lin", "wu")
    assert COMPANY.holders("custodian", "p9") == ("wu",)
    assert [COMPANY.is_active(login) for login in ("lin", "old", "nobody")] == [True, False, False]


def test_lines_of_managers_and_departments_end() -> None:
    assert [COMPANY.manager("lin", level) for level in (1, 2, 3, 4)] == ["wu", "chen", "", ""]
    assert COMPANY.manager("nobody") == ""
    assert [COMPANY.head("site", up) for up in (0, 1, 2)] == ["wu", "chen", ""]
    assert COMPANY.head("nowhere") == COMPANY.head("nowhere", 1) == COMPANY.head("") == ""
