"""Who may do what with which record, and see which of its fields: roles × verbs × rows × fields × states."""

from typing import Any

import pytest

from engine.compile.model import CompiledEntity
from engine.definition.model import Json
from engine.runtime.access import Access
from engine.runtime.organisation import Person
from engine.runtime.permit import (
    access,
    button_access,
    hidden_always,
    hidden_ever,
    permit,
    seat_access,
    takes_part,
)
from engine.runtime.record import Record, Run, Seat, Visit
from tests.engine.definitions import (
    END,
    MONEY,
    NUMBER,
    TEXT,
    an_entity,
    approval,
    compiled,
    life,
    lines,
    reference,
    user,
)
from tests.engine.runtime.stage import NOW, a_person, a_record, a_world, an_organisation

ROLES = {
    "roles": [
        {"key": "cashier", "title": "Cashier"},
        {"key": "clerk", "title": "Clerk"},
        {"key": "custodian", "title": "Custodian", "scope": "project"},
    ],
    "requires": {"core": ">=1"},
}
CORE = compiled(key="core", others={"project": {"name": TEXT}})
CLAIM = {
    "name": TEXT,
    "amount": MONEY,
    "n": NUMBER,
    "project": reference("core/project"),
    "items": lines(name=TEXT, price=MONEY),
}
LIN, WU, ADMIN = a_person("lin"), a_person("wu", "cashier"), a_person("chen", "administrator")
STATES = {
    "lead": approval(*user("wu"), passed="open", fields={"amount": "edit", "name": "hidden"}),
    "open": life(close={"to": "done"}),
    "done": END,
}


def a_claim(*grants: dict[str, Any], fields: tuple[dict[str, Any], ...] = (), states: Json = None) -> CompiledEntity:
    each = [{"entity": "claim", **field} for field in fields]
    return an_entity(
        CLAIM,
        module=ROLES,
        neighbours={"core": CORE},
        states=states,
        permissions={"entities": {"claim": list(grants)}, "fields": each},
    )


def grant(role: str, *verbs: str, rows: str = "") -> dict[str, Any]:
    return {"role": role, "verbs": list(verbs)} | ({"rows": rows} if rows else {})


def field(role: str, key: str, level: str, state: str = "") -> dict[str, Any]:
    return {"role": role, "field": key, "access": level} | ({"state": state} if state else {})


WORLD = a_world(an_organisation(LIN, WU, ADMIN))


def against(person: Person, verb: str, entity: CompiledEntity, record: Record | None = None) -> str:
    """The code of what stands against it; "" when nothing does."""
    problem = permit(person, verb, entity, record, WORLD)
    return problem.code if problem else ""


def test_what_is_not_granted_is_not_allowed() -> None:
    entity = a_claim(grant("cashier", "read", "export"))
    record = a_record(entity, created_by="someone")
    assert against(WU, "read", entity, record) == against(WU, "export", entity) == ""
    assert against(WU, "update", entity, record) == against(LIN, "read", entity, record) == "permission.verb"


def test_every_active_person_is_an_employee_and_administrators_may_everything() -> None:
    entity = a_claim(grant("employee", "read"))
    record = a_record(entity)
    assert against(LIN, "read", entity, record) == ""
    assert [against(ADMIN, verb, entity, record) for verb in ("read", "create", "update", "delete", "print")] == [
        ""
    ] * 5
    assert against(a_person("old", "administrator", active=False), "read", entity, record) == "permission.inactive"


def test_a_row_rule_decides_about_each_record() -> None:
    entity = a_claim(
        grant("employee", "read", "update", rows="created_by = ME()"), grant("cashier", "read", rows="n > 5")
    )
    own, large = a_record(entity, created_by="lin"), a_record(entity, {"n": 6}, created_by="li")
    assert against(LIN, "read", entity, own) == against(LIN, "update", entity, own) == ""
    assert against(LIN, "read", entity, large) == "permission.row"
    assert against(WU, "read", entity, large) == ""
    assert against(WU, "update", entity, large) == "permission.row"
    assert against(LIN, "read", entity) == ""


def test_a_row_rule_that_is_blank_or_fails_does_not_hold() -> None:
    entity = a_claim(grant("cashier", "read", rows="1 / n > 0"))
    assert against(WU, "read", entity, a_record(entity, created_by="li")) == "permission.row"
    assert against(WU, "read", entity, a_record(entity, {"n": 0}, created_by="li")) == "permission.row"
    assert against(WU, "read", entity, a_record(entity, {"n": 1}, created_by="li")) == ""


def test_without_a_world_no_row_rule_holds() -> None:
    entity = a_claim(grant("cashier", "update", rows="n > 5"))
    problem = permit(WU, "update", entity, a_record(entity, {"n": 6}))
    assert problem is not None
    assert problem.code == "permission.row"


def test_a_role_held_in_a_project_counts_there() -> None:
    entity = a_claim(grant("custodian", "read", rows="project = PROJECT()"))
    here, there = (
        a_record(entity, {"project": "p1"}, created_by="li"),
        a_record(entity, {"project": "p2"}, created_by="li"),
    )
    one, every = a_person("one", "custodian@p1"), a_person("every", "custodian")
    assert [against(one, "read", entity, each) for each in (here, there)] == ["", "permission.row"]
    assert [against(every, "read", entity, each) for each in (here, there)] == ["", ""]


def test_a_new_record_is_asked_about_as_it_is_filled_in() -> None:
    entity = a_claim(grant("cashier", "create", rows="n > 5"))
    assert against(WU, "create", entity) == ""
    assert against(WU, "create", entity, a_record(entity, {"n": 6})) == ""
    assert against(WU, "create", entity, a_record(entity, {"n": 5})) == "permission.row"


def seat(holder: str, status: str = "open", owner: str = "") -> Seat:
    return Seat(id="s", owner=owner or holder, holder=holder, status=status)  # type: ignore[arg-type]


def under_way(entity: CompiledEntity, *seats: Seat, outcome: str = "", **given: Json) -> Record:
    visit = Visit(id="v", state="lead", opened_at=NOW, seats=seats, outcome=outcome)
    run = Run(starter="lin", started_at=NOW, visits=(visit,))
    return a_record(entity, created_by="li", **{"state": "lead", "status": "running", "run": run, **given})


def test_whoever_takes_part_may_read() -> None:
    entity = a_claim(states=STATES)
    record = under_way(entity, seat("wu", owner="zhao"))
    takers = ["li", "lin", "wu", "zhao"]
    assert [against(a_person(login), "read", entity, record) for login in takers] == [""] * 4
    assert against(a_person("qian"), "read", entity, record) == "permission.verb"
    assert against(a_person("wu"), "print", entity, record) == "permission.verb"
    assert [takes_part(login, a_record(entity)) for login in ("lin", "wu")] == [True, False]


@pytest.mark.parametrize(
    ("state", "status", "update", "delete"),
    [
        ("draft", "draft", "", ""),
        ("lead", "running", "permission.locked", "permission.locked"),
        ("start", "running", "", "permission.locked"),
        ("open", "running", "", ""),
        ("done", "approved", "permission.locked", "permission.locked"),
        ("rejected", "rejected", "permission.locked", "permission.locked"),
        ("withdrawn", "withdrawn", "permission.locked", "permission.locked"),
    ],
)
def test_a_run_locks_the_record_for_everybody(state: str, status: str, update: str, delete: str) -> None:
    entity = a_claim(grant("employee", "read", "update", "delete"), states=STATES)
    record = a_record(entity, state=state, status=status)
    for person in (LIN, ADMIN):
        assert against(person, "update", entity, record) == update
        assert against(person, "delete", entity, record) == delete
        assert against(person, "read", entity, record) == ""


def test_a_record_without_a_workflow_is_never_locked() -> None:
    entity = a_claim(grant("employee", "update", "delete"))
    assert against(LIN, "update", entity, a_record(entity)) == against(LIN, "delete", entity, a_record(entity)) == ""


def rights(person: Person, entity: CompiledEntity, record: Record | None = None, *, creating: bool = False) -> Access:
    return access(person, entity, record or a_record(entity, created_by="li"), WORLD, creating=creating)


def levels(rights: Access, *paths: str) -> list[str]:
    return [rights.of(tuple(path.split("."))) for path in paths]


def test_without_grants_for_fields_they_follow_the_record() -> None:
    entity = a_claim(grant("employee", "read", "create"), grant("cashier", "update"))
    assert rights(LIN, entity) == Access("read")
    assert rights(LIN, entity, creating=True) == Access("edit")
    assert rights(WU, entity) == rights(ADMIN, entity) == Access("edit")
    locked = a_claim(grant("cashier", "update"), states=STATES)
    record = a_record(locked, state="done", status="approved")
    assert rights(WU, locked, record) == rights(ADMIN, locked, record) == Access("read")


def test_a_field_is_narrowed_for_a_role_and_never_wider_than_the_record() -> None:
    grants = grant("employee", "read", rows="n > 5"), grant("cashier", "read", "update")
    limits = field("cashier", "amount", "hidden"), field("cashier", "name", "read"), field("employee", "name", "edit")
    entity = a_claim(*grants, fields=limits)
    assert levels(rights(WU, entity), "amount", "name", "n") == ["hidden", "read", "edit"]
    seen = a_record(entity, {"n": 6}, created_by="li")
    assert levels(rights(LIN, entity, seen), "amount", "name", "n") == ["read", "read", "read"]


def test_a_role_opens_fields_only_where_it_is_granted_something() -> None:
    grants = grant("employee", "read", "update", rows="created_by = ME()"), grant("cashier", "read")
    entity = a_claim(*grants, fields=(field("cashier", "amount", "hidden"),))
    own, other = a_record(entity, created_by="wu"), a_record(entity, created_by="lin")
    assert levels(rights(WU, entity, own), "amount", "name") == ["edit", "edit"]
    assert levels(rights(WU, entity, other), "amount", "name") == ["hidden", "read"]


def test_a_role_that_may_only_read_opens_no_field_that_another_may_change() -> None:
    grants = grant("clerk", "read"), grant("cashier", "read", "update")
    entity = a_claim(*grants, fields=(field("cashier", "amount", "hidden"),))
    both = a_person("both", "clerk", "cashier")
    assert levels(rights(both, entity), "amount", "name") == ["read", "edit"]


def test_of_several_roles_the_one_that_allows_most_counts_at_every_depth() -> None:
    grants = grant("clerk", "read", "update"), grant("cashier", "read", "update")
    limits = (
        field("clerk", "items", "hidden"),
        field("cashier", "items.price", "hidden"),
        field("clerk", "name", "read"),
    )
    entity = a_claim(*grants, fields=limits)
    both = a_person("both", "clerk", "cashier")
    assert levels(rights(both, entity), "items.name", "items.price", "name") == ["edit", "hidden", "edit"]


def test_every_field_can_be_meant_and_single_ones_excepted() -> None:
    limits = field("cashier", "*", "read"), field("cashier", "amount", "edit"), field("cashier", "n", "hidden")
    entity = a_claim(grant("cashier", "read", "update"), fields=limits)
    assert levels(rights(WU, entity), "amount", "n", "name", "items.price") == ["edit", "hidden", "read", "read"]


def test_what_is_said_for_a_state_beats_what_is_said_for_all() -> None:
    limits = (
        field("cashier", "amount", "hidden"),
        field("cashier", "name", "edit"),
        field("cashier", "n", "edit"),
        field("cashier", "*", "read", "open"),
        field("cashier", "n", "edit", "open"),
        field("cashier", "amount", "read", "draft"),
    )
    entity = a_claim(grant("cashier", "read", "update"), fields=limits, states=STATES)
    draft, open_ = a_record(entity, created_by="li"), a_record(entity, created_by="li", state="open", status="running")
    assert levels(rights(WU, entity, draft), "amount", "name", "n", "project") == ["read", "edit", "edit", "edit"]
    assert levels(rights(WU, entity, open_), "amount", "name", "n", "project") == ["hidden", "read", "edit", "read"]


def test_administrators_see_every_field_that_the_state_shows() -> None:
    entity = a_claim(grant("employee", "read"), fields=(field("employee", "amount", "hidden"),))
    assert levels(rights(ADMIN, entity), "amount") == ["edit"]


def test_who_takes_part_without_a_grant_sees_what_their_roles_see() -> None:
    entity = a_claim(grant("cashier", "read", rows="n > 5"), fields=(field("cashier", "amount", "hidden"),))
    record = a_record(entity, created_by="wu")
    assert levels(rights(WU, entity, record), "amount", "name") == ["hidden", "read"]
    assert rights(a_person("qian"), entity, record) == Access("read")


def test_whoever_is_asked_does_not_see_what_the_state_hides() -> None:
    entity = a_claim(grant("employee", "read"), fields=(field("cashier", "n", "hidden"),), states=STATES)
    asked, done = (
        under_way(entity, seat("wu")),
        under_way(entity, seat("wu", "approved"), outcome="passed", state="open"),
    )
    assert levels(rights(WU, entity, asked), "name", "amount") == ["hidden", "read"]
    assert levels(rights(LIN, entity, asked), "name") == ["read"]
    assert levels(rights(WU, entity, done), "name") == ["read"]
    assert levels(rights(WU, entity, under_way(entity, seat("wu", "waiting"))), "name") == ["read"]


def test_the_holder_of_a_seat_may_change_what_the_state_says_and_read_the_rest() -> None:
    limits = (
        field("employee", "n", "hidden"),
        field("employee", "amount", "hidden"),
        field("cashier", "project", "hidden"),
    )
    entity = a_claim(grant("employee", "read"), grant("cashier", "read"), fields=limits, states=STATES)
    asked = under_way(entity, seat("wu"))
    assert levels(seat_access(WU, entity, asked), "amount", "name", "n", "project", "items") == [
        "edit", "hidden", "read", "read", "read",
    ]  # fmt: skip
    assert levels(seat_access(LIN, entity, asked), "amount", "n") == ["edit", "hidden"]
    assert levels(seat_access(ADMIN, entity, asked), "amount", "n") == ["edit", "read"]
    assert seat_access(WU, a_claim(), a_record(a_claim())) == Access("read")


LIFE = {
    "open": life(close={"to": "done"}) | {"fields": {"name": "read", "amount": "required", "items.price": "hidden"}},
    "done": END,
}


def test_a_state_of_a_life_cycle_narrows_what_is_changed_by_hand() -> None:
    entity = a_claim(grant("cashier", "read", "update"), grant("employee", "read"), states=LIFE)
    record = a_record(entity)
    assert record.state == "open"
    for person in (WU, ADMIN):
        assert levels(rights(person, entity, record), "name", "amount", "items.price", "n") == [
            "read", "edit", "hidden", "edit",
        ]  # fmt: skip
    assert levels(rights(LIN, entity, record), "name", "amount", "items.price") == ["read", "read", "hidden"]
    assert levels(rights(ADMIN, entity, record, creating=True), "name", "items.price") == ["edit", "edit"]


def test_whoever_presses_a_button_fills_in_what_the_state_wants() -> None:
    entity = a_claim(grant("employee", "read"), states=LIFE)
    pressing = button_access(LIN, entity, a_record(entity), WORLD)
    assert levels(pressing, "amount", "name", "n", "items.price") == ["required", "read", "read", "hidden"]
    plain = a_claim(grant("employee", "read"))
    assert button_access(LIN, plain, a_record(plain), WORLD) == Access("read")


def test_what_is_hidden_somewhere_cannot_be_asked_about_and_what_is_hidden_always_is_not_spoken_of() -> None:
    limits = (
        field("employee", "amount", "hidden"),
        field("employee", "n", "hidden", "open"),
        field("cashier", "amount", "read"),
        field("clerk", "*", "hidden"),
        field("clerk", "name", "read"),
    )
    grants = grant("employee", "read"), grant("cashier", "read", rows="n > 5"), grant("clerk", "create")
    entity = a_claim(*grants, fields=limits, states=STATES)
    assert hidden_ever(LIN, entity) == {"amount", "n"}
    assert hidden_always(LIN, entity) == {"amount"}
    # A cashier sees amounts in some records; in the others they would be given away.
    assert hidden_ever(WU, entity) == {"amount", "n"}
    assert hidden_always(WU, entity) == frozenset()
    assert hidden_ever(ADMIN, entity) == hidden_always(ADMIN, entity) == frozenset()


def test_of_roles_that_each_read_some_records_the_strictest_counts() -> None:
    limits = field("clerk", "amount", "hidden"), field("cashier", "items", "hidden")
    entity = a_claim(grant("clerk", "read", rows="n > 5"), grant("cashier", "read", rows="n < 5"), fields=limits)
    both = a_person("both", "clerk", "cashier")
    assert hidden_ever(both, entity) == {"amount", "items", "items.name", "items.price"}
    assert hidden_always(both, entity) == frozenset()


def test_who_reads_nothing_is_hidden_what_all_their_roles_hide() -> None:
    entity = a_claim(grant("clerk", "create"), fields=(field("clerk", "amount", "hidden"),))
    assert hidden_ever(a_person("new", "clerk"), entity) == {"amount"}
    assert hidden_ever(LIN, entity) == frozenset()
