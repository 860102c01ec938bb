"""Looking at records through a view: its filter, its totals and its colours, with the rights of whoever looks."""

import json
from typing import Any

import pytest

from engine.compile.model import CompiledView
from engine.definition.model import Json
from engine.problems import DefinitionInvalid, Invalid, Unknown
from engine.store import query
from engine.usecases.actor import Actor
from engine.usecases.deployment import Workspace
from engine.usecases.modules.in_force import module_of
from engine.usecases.modules.publish import publish
from engine.usecases.records.create import create
from engine.usecases.records.find import Found, Wish, find
from engine.usecases.records.look import get
from tests.engine.usecases.refusals import refused
from tests.engine.usecases.test_publish import changed, plant

ADMIN, KEEPER, MECHANIC, AUDITOR = (Actor(login=login) for login in ("admin", "keeper", "mechanic", "auditor"))
COLOURS = [
    {"when": "cost > 100", "colour": "red"},
    {"when": "machine.value > 1000", "colour": "yellow"},
    {"when": "total / 0 = 1", "colour": "grey"},
    {"when": "urgent", "colour": "green"},
]


def a_view(workspace: Workspace, **view: Json) -> CompiledView:
    """Publishes a view of repairs."""
    written = {"key": "repair.seen", "entity": "repair", "title": "维修", "columns": ["date", "cost"], **view}
    publish(workspace, ADMIN, {**plant(), "views/repair.seen.json": json.dumps(written).encode()})
    return module_of(workspace, ADMIN, "plant").entities["repair"].views[0]


def a_repair(workspace: Workspace, actor: Actor, machine: str, **values: Json) -> None:
    parts = [{"name": "螺栓", "quantity": "2", "price": "1.50"}]
    create(workspace, actor, "plant/repair", {"machine": machine, "parts": parts, **values})


@pytest.fixture
def repairs(workspace: Workspace) -> Workspace:
    """Of the mechanic: cost 10 and 20 (urgent); of the keeper: 300; and one on a dear machine."""
    return with_repairs(workspace)


def with_repairs(workspace: Workspace) -> Workspace:
    cheap, dear = (
        create(workspace, KEEPER, "plant/machine", {"code": code, "name": code, "value": value}).record.id
        for code, value in (("M1", "1"), ("M2", "5000"))
    )
    a_repair(workspace, MECHANIC, cheap, count=1)
    a_repair(workspace, MECHANIC, cheap, count=2, urgent=True)
    a_repair(workspace, KEEPER, cheap, count=3, cost="300")
    a_repair(workspace, KEEPER, dear, count=4, cost="0.10")
    return workspace


def seen(workspace: Workspace, actor: Actor, view: CompiledView, **wish: Any) -> Found:  # noqa: ANN401
    return find(workspace, actor, "plant/repair", Wish(view=view, sort=("count",), **wish))


def test_totals_are_of_all_the_records_not_of_one_page(repairs: Workspace) -> None:
    view = a_view(repairs, totals={"cost": "sum", "count": "max", "date": "count"})
    found = seen(repairs, KEEPER, view, limit=1, counted=True)
    assert (len(found.sights), found.total) == (1, 4)
    assert {key: str(each) for key, each in found.totals.items()} == {"cost": "300.10", "count": "4", "date": "0"}


def test_the_filter_of_the_view_and_the_rights_of_the_person_hold_for_totals(repairs: Workspace) -> None:
    view = a_view(repairs, filter="count > 1", totals={"count": "sum"})
    assert seen(repairs, KEEPER, view).totals == {"count": 9}
    assert seen(repairs, MECHANIC, view).totals == {"count": 2}


def test_a_field_that_somebody_may_not_see_has_no_total_for_them(repairs: Workspace) -> None:
    view = a_view(repairs, totals={"cost": "sum", "count": "sum"})
    assert seen(repairs, MECHANIC, view).totals.keys() == {"count"}


def test_the_first_colour_whose_condition_holds_counts(repairs: Workspace) -> None:
    view = a_view(repairs, colours=COLOURS)
    assert seen(repairs, KEEPER, view).colours == ("", "green", "red", "yellow")


def test_a_colour_tells_nobody_what_they_may_not_see(repairs: Workspace) -> None:
    """Mechanics do not see what repairs cost."""
    view = a_view(repairs, colours=[{"when": "BLANK(cost)", "colour": "blue"}, {"when": "TRUE", "colour": "red"}])
    assert set(seen(repairs, MECHANIC, view).colours) == {"blue"}
    assert seen(repairs, KEEPER, view).colours == ("blue", "blue", "red", "red")


def test_a_view_that_asks_about_hidden_fields_is_refused_to_whom_they_are_hidden(repairs: Workspace) -> None:
    view = a_view(repairs, filter="cost > 100")
    assert len(seen(repairs, KEEPER, view).sights) == 1
    with refused(Invalid, "formula.unknown_field /filter"):
        seen(repairs, MECHANIC, view)


@pytest.mark.parametrize(
    ("view", "problem"),
    [
        ({"filter": "cost >"}, "formula.unfinished /filter"),
        ({"filter": "cost"}, "formula.result /filter"),
        ({"colours": [{"when": "cots > 1", "colour": "red"}]}, "formula.unknown_field /colours/0/when"),
        ({"totals": {"reason": "sum"}}, "view.total /totals/reason"),
    ],
)
def test_a_view_that_could_not_be_shown_is_not_published(
    workspace: Workspace, view: dict[str, Json], problem: str
) -> None:
    with refused(DefinitionInvalid, problem):
        a_view(workspace, **view)


def test_a_view_is_shown_whose_filter_only_python_can_answer(repairs: Workspace) -> None:
    view = a_view(repairs, filter='LEFT(RMB_UPPER(count), 1) <> "贰"', totals={"count": "sum"})
    found = seen(repairs, KEEPER, view, limit=2, counted=True)
    assert [each.values["count"] for each in found.sights] == [1, 3]
    assert (found.total, found.totals) == (3, {"count": 8})
    (last,) = seen(repairs, KEEPER, view, limit=2, after=found.next).sights
    assert last.values["count"] == 4


@pytest.mark.parametrize(
    "rule",
    [
        'AND(count > 1, RMB_UPPER(count) <> "叁元整")',
        'OR(RMB_UPPER(count) = "肆元整", machine.value / (count - 1) > 1)',
        "machine.value / (count - 1) > 1",
        "machine.value * count * machine.value * count > 1 / (count - 2)",
    ],
)
def test_a_list_shows_exactly_the_records_that_may_be_read_one_by_one(workspace: Workspace, rule: str) -> None:
    """Whoever judges, database or Python: a rule that fails gives no right."""
    publish(workspace, ADMIN, ruled(rule))
    repairs = with_repairs(workspace)
    listed = {each.record.id for each in find(repairs, AUDITOR, "plant/repair", Wish()).sights}
    everything = find(repairs, ADMIN, "plant/repair", Wish()).sights
    assert len(everything) == 4
    assert listed == {each.record.id for each in everything if _may_read(repairs, AUDITOR, each.record.id)}
    assert find(repairs, AUDITOR, "plant/repair", Wish(counted=True)).total == len(listed)


def ruled(rule: str) -> dict[str, bytes]:
    """The module with another rule about which repairs auditors may read."""
    return changed("permissions.json", ("OR(urgent, machine.keeper = ME())", json.dumps(rule)[1:-1]))


def _may_read(workspace: Workspace, actor: Actor, record_id: str) -> bool:
    try:
        get(workspace, actor, "plant/repair", record_id)
    except Unknown:
        return False
    return True


def test_a_filter_that_asks_too_much_of_python_is_refused_with_what_to_do(
    repairs: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(query, "CANDIDATES", 2)
    with pytest.raises(Invalid) as refusal:
        find(repairs, ADMIN, "plant/repair", Wish(filters=('RMB_UPPER(count) = "贰元整"',)))
    (problem,) = refusal.value.problems
    assert (problem.code, problem.pointer) == ("filter.too_many", "/filter")
    assert problem.params == {"part": "RMB_UPPER(count)", "limit": "2"}


def test_a_rule_about_rows_that_asks_too_much_of_python_is_not_told_to_whom_it_restricts(
    repairs: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(query, "CANDIDATES", 2)
    publish(repairs, ADMIN, ruled('RMB_UPPER(count) <> "贰元整"'))
    with refused(Invalid, "filter.rows_too_many /filter"):
        find(repairs, AUDITOR, "plant/repair", Wish())
    assert len(find(repairs, AUDITOR, "plant/repair", Wish(filters=("count < 3",))).sights) == 1
