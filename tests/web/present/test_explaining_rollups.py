"""A rollup is told by the records that count, as far as its reader may see them."""

import json
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from engine.definition.model import Json
from engine.fields.field_type import Audience
from engine.usecases.actor import Actor
from engine.usecases.deployment import Workspace
from engine.usecases.modules.publish import publish
from engine.usecases.records.create import create
from engine.usecases.records.explain import Explained, explain_value
from engine.usecases.settling import sources
from tests.company import a_company, a_deployment
from tests.engine.definitions import MONEY, NUMBER, TEXT, reference
from tests.engine.usecases.settling.site import rollup
from tests.engine.usecases.test_publish import small
from web.present.explaining import notes
from web.present.explaining.lines import explain_lines
from web.present.explaining.notes import notes_of
from web.present.explaining.tree import Part, tree_of

ADMIN, CLERK, VICE = Actor(login="admin"), Actor(login="clerk"), Actor(login="vice")
WORK = {
    "name": TEXT,
    "spent": rollup("work/bill", "work", MONEY, sum="amount", where="amount > 1"),
    "secret": rollup("work/bill", "work", MONEY, sum="amount", where="hidden > 1"),
    "bills": rollup("work/bill", "work", NUMBER, count=True),
    "left": {**MONEY, "x-formula": "100 - spent"},
}
BILL = {"title": "账单", "key": "bill", "type": "object", "x-number": "B-{0000}", "x-title": "name"} | {
    "properties": {"name": TEXT, "work": reference("work/work"), "amount": {**MONEY, "title": "金额"}, "hidden": MONEY}
}
GRANTS = {
    "entities": {
        "work": [{"role": "employee", "verbs": ["create", "read", "update"]}],
        "bill": [
            {"role": "employee", "verbs": ["create", "read"], "rows": "created_by = ME()"},
            {"role": "administrator", "verbs": ["create", "read"]},
        ],
    },
    "fields": [{"entity": "bill", "role": "employee", "field": "hidden", "access": "hidden"}],
}


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    deployment = a_deployment(f"sqlite:///{tmp_path}/var")
    made = a_company(deployment, [])
    files = {
        **small("work", **WORK),
        "entities/bill.json": json.dumps(BILL).encode(),
        "permissions.json": json.dumps(GRANTS).encode(),
    }
    publish(made, ADMIN, files)
    yield made
    deployment.close()


@pytest.fixture
def work(workspace: Workspace) -> str:
    """Somebody's work with two bills of the clerk, one of which is too small, and one of the administrator."""
    made = create(workspace, ADMIN, "work/work", {"name": "一标段"}).record.id
    for actor, name, amount in ((CLERK, "钢筋", "30"), (CLERK, "小额", "1"), (ADMIN, "水泥", "20")):
        create(workspace, actor, "work/bill", {"name": name, "work": made, "amount": amount})
    return made


def explained(workspace: Workspace, actor: Actor, work: str, key: str) -> Explained:
    return explain_value(workspace, actor, "work/work", work, key, named=True)


def told(of: Explained) -> Part:
    tree = tree_of(of, audience())
    assert tree is not None
    return tree


def audience() -> Audience:
    return Audience(locale="zh_CN", zone=ZoneInfo("Asia/Shanghai"))


def rows(part: Part) -> list[tuple[str, str, str]]:
    return [(each.number, each.title, each.value) for each in part.rows]


def test_a_sum_is_told_by_the_records_that_count(workspace: Workspace, work: str) -> None:
    found = explained(workspace, ADMIN, work, "spent")
    part = told(found)
    assert (part.text, part.code, part.value) == ("求和(账单.金额)", "SUM(work/bill.amount)", "50.00")
    assert rows(part) == [("B-0001", "钢筋", "30.00"), ("B-0003", "水泥", "20.00")]
    assert [each.record and each.record.entity for each in part.rows] == ["bill", "bill"]
    assert [*notes_of(found, audience(), str)] == ["Only what fulfils this counts: amount > 1."]


def test_what_is_counted_has_no_values_of_its_own(workspace: Workspace, work: str) -> None:
    part = told(explained(workspace, ADMIN, work, "bills"))
    assert (part.text, part.value) == ("计数(账单)", "3")
    assert rows(part) == [("B-0001", "钢筋", ""), ("B-0002", "小额", ""), ("B-0003", "水泥", "")]


def test_records_of_others_are_told_only_by_how_many_they_are(workspace: Workspace, work: str) -> None:
    part = told(explained(workspace, CLERK, work, "spent"))
    assert (rows(part), part.unseen, part.value) == ([("B-0001", "钢筋", "30.00")], 1, "50.00")
    nothing = told(explained(workspace, VICE, work, "bills"))
    assert (rows(nothing), nothing.unseen) == ([], 3)


def test_that_a_record_counts_gives_away_nothing_of_what_is_hidden_in_it(workspace: Workspace, work: str) -> None:
    for hidden in ("2", "0"):
        create(workspace, ADMIN, "work/bill", {"name": "b", "work": work, "amount": "5", "hidden": hidden})
    assert len(told(explained(workspace, ADMIN, work, "secret")).rows) == 1
    assert rows(told(explained(workspace, CLERK, work, "secret"))) == []


def test_of_many_records_the_first_are_told(workspace: Workspace, work: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "LISTED", 1)
    part = told(explained(workspace, ADMIN, work, "bills"))
    assert (len(part.rows), part.more) == (1, 2)
    monkeypatch.setattr(sources, "LOOKED_AT", 2)
    monkeypatch.setattr(notes, "LOOKED_AT", 2)
    found = explained(workspace, ADMIN, work, "bills")
    assert told(found).more == 1
    assert [*notes_of(found, audience(), str)] == [
        f"There are more records than the {sources.LOOKED_AT} that were looked at here."
    ]


def test_a_formula_leads_on_to_the_rollup_that_it_reads(workspace: Workspace, work: str) -> None:
    part = told(explained(workspace, ADMIN, work, "left"))
    assert [(each.code, each.value, each.place) for each in part.parts] == [("spent", "50.00", "spent")]


def test_a_terminal_tells_the_records(workspace: Workspace, work: str) -> None:
    found = explained(workspace, CLERK, work, "spent")
    lines: list[Json] = [*explain_lines(found, audience(), str, str)]
    assert lines[1:] == [
        "  SUM(work/bill.amount) = 50.00",
        "    B-0001 钢筋 = 30.00",
        "    … and 1 not visible to you",
        "Only what fulfils this counts: amount > 1.",
    ]
