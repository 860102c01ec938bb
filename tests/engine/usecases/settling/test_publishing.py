"""Rollups when modules change: made anew where they are new or other ones, kept for records of older editions too."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.problems import DefinitionInvalid, Invalid
from engine.usecases.attach import Folder
from engine.usecases.deployment import Deployment
from engine.usecases.modules.publish import publish_module
from engine.usecases.records.create import create
from tests.engine.definitions import MONEY, NUMBER, TEXT, a_module, computed, reference
from tests.engine.usecases.settling.site import ADMIN, CODE, CONTRACT, PROJECT, Site, of_bills, rollup

#: What an older edition of the contract has: no rollups.
PLAIN = {key: CONTRACT[key] for key in ("name", "project", "limit")}
#: A module whose records refer to contracts.
MORE = a_module(
    {"contract": reference("site/contract"), "name": TEXT},
    key="more",
    name="extra",
    module={"requires": {"site": ">=0"}},
)


@pytest.fixture
def site(deployment: Deployment, tmp_path: Path) -> Iterator[Site]:
    """A company whose contracts do not keep up with anything yet."""
    made = Site(
        deployment, Folder(tmp_path / "files"), rules=(), contract=PLAIN, project={"name": TEXT, "budget": MONEY}
    )
    yield made
    assert made.findings() == []
    deployment.delete(made.workspace.slug)


def test_a_new_rollup_is_filled_and_the_levels_above_it(site: Site) -> None:
    project = site.make("project", name="P", budget="50")
    contract = site.make("contract", name="C", project=project, limit="20")
    site.bill(contract, "30", urgent=True)
    site.publish(rules=())
    newer = site.make("contract", name="D", project=project, limit="20")
    site.bill(newer, "1")
    assert site.values("contract", newer, "spent", "bills", "mean", "urgent", "left") == ["1", "1", "1", "False", "19"]
    project = site.make("project", name="Q", budget="70")
    site.change("contract", newer, project=project)
    assert site.values("project", project, "spent", "left") == ["1", "69"]


def test_a_tree_is_filled_from_its_leaves_to_its_roots(site: Site) -> None:
    """Made so that the root has the least id, and a branch the greatest."""
    nothing = CODE | {"below": rollup("site/code", "parent", sum="total", where="own > 1000")}
    site.publish(rules=(), code=nothing)
    root, leaf, branch = (site.make("code", name=name) for name in ("root", "leaf", "branch"))
    site.change("code", branch, parent=root)
    site.change("code", leaf, parent=branch)
    lines_ = [{"quantity": "2", "price": "10", "code": leaf}, {"quantity": "1", "price": "5", "code": root}]
    site.make("bill", items=lines_)
    assert [site.values("code", each, "below", "total") for each in (root, branch)] == [["0", "5"], ["0", "0"]]
    site.publish(rules=())
    assert [site.values("code", each, "below", "total") for each in (root, branch)] == [["20", "25"], ["20", "20"]]


def test_a_tree_that_goes_round_keeps_rollups_from_being_published(site: Site) -> None:
    site.publish(rules=(), code={"name": TEXT, "parent": reference("site/code"), "own": MONEY})
    one = site.make("code", name="one", own="1")
    other = site.make("code", name="other", own="1", parent=one)
    site.change("code", one, parent=other)
    with pytest.raises(Invalid, match=r"rollup\.endless"):
        site.publish(
            rules=(),
            code={
                "name": TEXT,
                "parent": reference("site/code"),
                "own": MONEY,
                "below": rollup("site/code", "parent", sum="own"),
            },
        )


def test_a_record_of_an_older_edition_is_kept_up_with_for_the_day_on_which_it_moves(site: Site) -> None:
    contract = site.make("contract", name="C", limit="20")
    site.bill(contract, "3")
    site.publish(rules=())
    site.bill(contract, "4")
    assert "spent" not in site.get("contract", contract).values
    assert site.findings() == []


def test_another_condition_makes_a_rollup_anew(site: Site) -> None:
    site.publish(rules=())
    contract = site.make("contract", name="C", limit="20")
    site.bill(contract, "3")
    site.bill(contract, "4")
    site.publish(rules=(), contract=CONTRACT | {"spent": of_bills(sum="amount", where="amount > 3")})
    assert site.values("contract", contract, "spent", "left") == ["4", "16"]


def test_a_new_ceiling_stops_the_next_bill_but_not_what_takes_away(site: Site) -> None:
    site.publish(rules=())
    contract = site.make("contract", name="C", limit="20")
    bills = [site.bill(contract, "15") for _ in range(3)]
    site.publish()
    contract_now = site.get("contract", contract)
    assert contract_now.values["left"] == -25
    site.press(bills[0], "void")
    site.drop("bill", bills[1])
    assert site.values("contract", contract, "left") == ["5"]


def test_rollups_of_a_module_that_comes_later_begin_with_it(site: Site) -> None:
    extra = {"extra": rollup("more/extra", "contract", NUMBER, count=True), "much": computed("extra * 2", NUMBER)}
    site.publish(rules=(), contract=CONTRACT | extra)
    contract = site.make("contract", name="C", limit="20")
    assert site.values("contract", contract, "extra", "much") == ["0", "0"]
    with site.workspace.write() as session:
        publish_module(session, MORE, by="")
    create(site.workspace, ADMIN, "more/extra", {"contract": contract})
    assert site.values("contract", contract, "extra", "much") == ["1", "2"]


def test_a_module_whose_records_do_not_fit_a_rollup_is_refused(site: Site) -> None:
    site.publish(rules=(), contract=CONTRACT | {"extra": rollup("more/extra", "contract", sum="name")})
    with site.workspace.write() as session, pytest.raises(DefinitionInvalid, match=r"rollup\.type"):
        publish_module(session, MORE, by="")


def test_rollups_that_go_in_circles_are_refused(site: Site) -> None:
    circle = {
        "project": PROJECT | {"code": reference("site/code"), "codes": rollup("site/code", "project", sum="total")},
        "code": {"project": reference("site/project"), "total": rollup("site/project", "code", sum="codes")},
    }
    with pytest.raises(DefinitionInvalid, match=r"rollup\.circle"):
        site.publish(rules=(), **circle)


def test_what_grows_beyond_its_field_is_refused(site: Site) -> None:
    site.publish(rules=())
    contract = site.make("contract", name="C")
    site.bill(contract, "9999999999999999")
    with pytest.raises(Invalid, match=r"rollup\.room"):
        site.bill(contract, "9999999999999999")
    assert site.values("contract", contract, "bills") == ["1"]
