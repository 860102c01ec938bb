"""Rollups follow whatever happens to the records that they are made of, in the same transaction, level by level."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.problems import Invalid
from engine.usecases.attach import Folder
from engine.usecases.deployment import Deployment
from engine.usecases.records.create import create
from engine.usecases.records.look import look
from engine.usecases.records.save import save
from tests.engine.usecases.settling.site import ADMIN, Site


@pytest.fixture
def site(deployment: Deployment, tmp_path: Path) -> Iterator[Site]:
    made = Site(deployment, Folder(tmp_path / "files"))
    yield made
    assert made.findings() == []
    deployment.delete(made.workspace.slug)


def test_a_record_that_nothing_refers_to_keeps_nought(site: Site) -> None:
    project = site.make("project", name="P", budget="1000")
    contract = site.make("contract", name="C", project=project, limit="100")
    assert site.values("contract", contract, "spent", "bills", "urgent", "pieces", "left") == [
        "0",
        "0",
        "False",
        "0",
        "100",
    ]
    assert site.values("contract", contract, "least", "most", "mean", "begun", "newest") == [None] * 5
    assert site.values("project", project, "contracts", "spent", "left") == ["1", "0", "1000"]


def test_every_measure_follows_and_so_do_the_levels_above(site: Site) -> None:
    project = site.make("project", name="P", budget="1000")
    contract = site.make("contract", name="C", project=project, limit="100")
    site.bill(contract, "10.50", name="a", date="2026-03-05", urgent=True)
    site.bill(contract, "30.20", name="b", date="2026-03-01")
    keys = ("spent", "bills", "least", "most", "mean", "begun", "newest", "urgent", "pieces", "left")
    expected = ["40.7", "2", "10.5", "30.2", "20.35", "2026-03-01", "b", "True", "2", "59.3"]
    assert site.values("contract", contract, *keys) == expected
    assert site.get("contract", contract).title == "C 59.3"
    assert site.values("project", project, "spent", "left") == ["40.7", "959.3"]


def test_a_changed_a_moved_a_rejected_and_a_deleted_record_are_followed(site: Site) -> None:
    project = site.make("project", name="P", budget="1000")
    one, two = (site.make("contract", name=name, project=project, limit="100") for name in "AB")
    bill = site.bill(one, "10", date="2026-03-01", name="x", urgent=True)
    other = site.bill(one, "5", date="2026-03-02", name="y")
    site.change("bill", bill, items=[{"quantity": "2", "price": "10"}])
    assert site.values("contract", one, "spent", "most", "pieces") == ["25", "20", "3"]
    site.change("bill", bill, contract=two)
    assert site.values("contract", one, "spent", "bills", "urgent", "begun") == ["5", "1", "False", "2026-03-02"]
    assert site.values("contract", two, "spent", "bills", "urgent", "begun") == ["20", "1", "True", "2026-03-01"]
    site.press(bill, "reject")
    assert site.values("contract", two, "spent", "bills", "most", "least") == ["0", "1", None, "20"]
    site.press(bill, "reopen")
    assert site.values("project", project, "spent") == ["25"]
    site.drop("bill", other)
    assert site.values("contract", one, "spent", "bills", "least", "mean", "newest") == ["0", "0", None, None, None]
    assert site.values("project", project, "spent", "left") == ["20", "980"]


def test_lines_are_rolled_up_to_what_each_refers_to_and_up_a_tree(site: Site) -> None:
    contract = site.make("contract", name="C", limit="1000")
    root = site.make("code", name="root")
    branch = site.make("code", name="branch", parent=root)
    leaf, other = (site.make("code", name=name, parent=branch) for name in ("leaf", "other"))
    items = [{"quantity": "2", "price": "10", "code": leaf}, {"quantity": "1", "price": "7", "code": other}]
    bill = site.make("bill", contract=contract, items=items)
    assert [site.values("code", each, "own", "total") for each in (leaf, branch, root)] == [
        ["20", "20"],
        ["0", "27"],
        ["0", "27"],
    ]
    site.change("bill", bill, items=[*items, {"quantity": "1", "price": "3", "code": root}])
    site.change("code", leaf, parent=root)
    assert [site.values("code", each, "total")[0] for each in (leaf, branch, root)] == ["20", "7", "30"]


def test_a_tree_that_goes_in_a_circle_is_refused_even_where_nothing_is_in_it(site: Site) -> None:
    root = site.make("code", name="root")
    branch = site.make("code", name="branch", parent=root)
    leaf = site.make("code", name="leaf", parent=branch)
    for above in (leaf, root):
        with pytest.raises(Invalid) as refusal:
            site.change("code", root, parent=above)
        assert [(each.code, each.pointer) for each in refusal.value.problems] == [
            ("rollup.below_itself", "/values/parent")
        ]
    site.change("code", leaf, parent=root)
    site.change("code", branch, parent=leaf)


def test_a_ceiling_refuses_what_goes_beyond_and_says_by_how_much(site: Site) -> None:
    contract = site.make("contract", name="C", limit="100")
    site.bill(contract, "60")
    with pytest.raises(Invalid) as refusal:
        site.bill(contract, "40.01")
    (problem,) = refusal.value.problems
    assert (problem.code, problem.pointer, problem.params["0 - left"]) == ("rule.ceiling", "/values", "0.01")
    assert site.values("contract", contract, "spent", "bills") == ["60", "1"]


def test_a_rule_that_warns_is_told_and_keeps_nothing_back(site: Site) -> None:
    contract = site.make("contract", name="C", limit="100")
    values = {"contract": contract, "items": [{"quantity": "1", "price": "95"}]}
    seen = create(site.workspace, ADMIN, "site/bill", values)
    assert [(each.code, each.pointer) for each in seen.warnings] == [("rule.nearly", "")]
    assert str(seen.warnings[0].params["spent"]) == "95.00"
    looked = look(site.workspace, ADMIN, "site/contract", contract)
    assert [each.code for each in looked.warnings] == ["rule.nearly"]
    limited = save(site.workspace, ADMIN, "site/contract", contract, {"limit": "96"}, revision=1)
    assert [each.code for each in limited.warnings] == ["rule.nearly"]


def test_a_rollup_that_somebody_has_changed_behind_our_back_is_found(site: Site) -> None:
    contract = site.make("contract", name="C", limit="100")
    bill = site.bill(contract, "10", urgent=True)
    assert site.findings() == []
    with site.workspace.database.begin() as connection:
        connection.execute(text("UPDATE tally SET count = 2 WHERE field = 'urgent'"))
    assert [(each.code, each.pointer) for each in site.findings()] == [("verify.rollup", "/urgent")]
    with site.workspace.database.begin() as connection:
        connection.execute(text("UPDATE tally SET count = 1 WHERE field = 'urgent'"))
        connection.execute(text("UPDATE site__contract SET bills = 5"))
    assert [(each.code, each.pointer) for each in site.findings()] == [("verify.rollup", "/bills")]
    with site.workspace.database.begin() as connection:
        connection.execute(text("UPDATE site__contract SET bills = 1"))
    site.drop("bill", bill)
