"""The page about recomputing: what would change, how far it is, what is left, and who may ask."""

import pytest

from engine.usecases.actor import Actor
from engine.usecases.deployment import Workspace
from engine.usecases.jobs.work import go_on, let_go, take
from engine.usecases.modules.publish import publish
from engine.usecases.recompute import batch
from engine.usecases.recompute.start import recompute_now, start
from engine.usecases.records.create import create
from tests.engine.definitions import MONEY, NUMBER, TEXT, computed, files, lines
from tests.web.views import test_modules as installing
from tests.web.views.conftest import Visit
from tests.web.views.pages import Element
from tests.web.views.visitor import FRAGMENT, Visitor, page_of
from web.views.admin import recompute as view

ADMIN = Actor(login="admin")


def shop(tag: str, factor: str, **entity: object) -> dict[str, bytes]:
    """A module of this key; a claim's figures hang on `factor`."""
    fields = {
        "name": {**TEXT, "title": "Name"},
        "items": {
            **lines(
                net=MONEY,
                gross={**computed(f"net * {factor}"), "title": "Gross"},
                note={**computed(f'"{factor}"', TEXT), "title": "Note"},
            ),
            "title": "Items",
        },
        "kind": {**(computed("1.5") if factor == "1" else computed('"two"', TEXT)), "title": "Kind"},
        "total": {**computed("SUM(items.gross)"), "title": "Total"},
        "count": {**computed(f"COUNT(items.net) * {factor}", NUMBER), "title": "Count"},
        "word": {**computed(f'name & "{factor}"', TEXT), "title": "Word"},
    }
    return files(fields, key=tag, entity={"x-title": "name", "title": "Claims", **entity})


@pytest.fixture
def address(workspace: Workspace, tag: str) -> str:
    """The page of a module, three of whose records are older than its formulas."""
    publish(workspace, ADMIN, shop(tag, "1"))
    for name, net in (("one", "1000"), ("<b>two</b>", "20"), ("three", "3000")):
        create(workspace, ADMIN, f"{tag}/claim", {"name": name, "items": [{"net": net}, {"net": "1"}]})
    publish(workspace, ADMIN, shop(tag, "2"))
    return f"/admin/modules/{tag}/recompute"


def rows(page: Element, title: str) -> list[list[str]]:
    """The rows of the table about a field, the last one about all records."""
    table = page.one(role="region", aria_label=title)
    return [[cell.text for cell in row.children if isinstance(cell, Element)] for row in table.all("tr")[1:]]


def facts(part: Element) -> dict[str, str]:
    terms, told = part.all("dt"), part.all("dd")
    return {term.text: each.text for term, each in zip(terms, told, strict=True)}


def button(page: Element, text: str) -> Element:
    return next(each for each in page.one("main").all("form") if text in each.text)


def press(visitor: Visitor, page: Element, text: str) -> Element:
    return visitor.get(visitor.submit(button(page, text), status=303).location)


def test_what_would_change_is_shown_first(visit: Visit, address: str) -> None:
    page = visit("admin").get(address)
    section = page.one("section", aria_label="Claims")
    assert facts(section) == {
        "Would change": "3",
        "Unchanged": "0",
        "Cannot be brought along": "0",
        "In or after approval, stay as they are": "0",
    }
    assert rows(page, "Total") == [
        ["three", "3,001.00", "6,002.00", "+3,001.00"],
        ["one", "1,001.00", "2,002.00", "+1,001.00"],
        ["<b>two</b>", "21.00", "42.00", "+21.00"],
        ["3 records", "4,023.00", "8,046.00", "+4,023.00"],
    ]
    assert rows(page, "Items › Gross")[-1] == ["3 records", "4,023.00", "8,046.00", "+4,023.00"]
    assert rows(page, "Count")[-1] == ["3 records", "6", "12", "+6"]
    assert rows(page, "Word")[0] == ["one", "one1", "one2", ""]
    assert rows(page, "Word")[-1] == ["3 records", ""]
    assert rows(page, "Items › Note")[0] == ["one", "1, 1", "2, 2", ""]
    assert rows(page, "Kind")[0] == ["one", "1.50", "two", ""]
    assert page.all(id="job-title") == []


def test_a_link_leads_to_the_record(visit: Visit, address: str) -> None:
    admin = visit("admin")
    link = admin.get(address).one(role="region", aria_label="Total").all("a")[0]
    assert "three" in admin.get(link["href"]).text


def test_the_page_says_when_it_has_not_looked_at_all(
    visit: Visit, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view, "LOOKED_AT", 2)
    page = visit("admin").get(address)
    assert "Looked at the first 2 of 3 records" in page.text
    assert rows(page, "Total")[-1][0] == "2 records"


def test_it_is_started_watched_and_ends(
    visit: Visit, workspace: Workspace, tag: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "BATCH", 2)
    admin = visit("admin")
    page = press(admin, admin.get(address), "Recompute")
    assert "Waiting for a worker" in page.one(id="job").text
    assert "0 of 0 records looked at" in page.one(id="job").text
    assert page.one("section", aria_labelledby="job-title")["hx-trigger"] == "every 2s"
    assert page.all("section", aria_label="Claims") == []
    job = take(workspace, "w", f"recompute/{tag}")
    assert job is not None
    job = go_on(workspace, job)
    part = admin.get(address, headers=FRAGMENT)
    assert part.all("h1") == []
    assert "Under way" in part.text
    assert "2 of 3 records looked at" in part.text
    assert (part.one("progress")["max"], part.one("progress")["value"]) == ("3", "2")
    assert job is not None
    go_on(workspace, job)
    part = admin.get(address, headers=FRAGMENT)
    assert "Finished" in part.text
    assert facts(part) == {"Changed": "3", "Unchanged": "0", "Left as they are": "0", "In or after approval": "0"}
    assert not part.one("section").get("hx-trigger")
    assert part.one("a")["href"] == address
    page = admin.get(address)
    assert "All records carry values of the formulas in force." in page.text
    assert not [each for each in page.one("main").all("form") if "Recompute" in each.text]


def test_what_had_to_be_left_is_listed_with_its_reason(
    visit: Visit, workspace: Workspace, tag: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = [{"key": "high", "assert": "total < 100", "message": "{total} is too much."}]
    publish(workspace, ADMIN, shop(tag, "3", **{"x-rules": rules}))
    admin = visit("admin")
    page = admin.get(address)
    assert facts(page.one("section", aria_label="Claims"))["Cannot be brought along"] == "2"
    monkeypatch.setattr(batch, "NAMED", 1)
    assert list(recompute_now(workspace, tag, "w", pause=lambda: None))
    page = admin.get(address)
    part = page.one("section", aria_labelledby="job-title")
    (left,) = part.all("li")
    assert left.text == "one 3003.00 is too much."
    assert "one" in admin.get(left.one("a")["href"]).text
    assert "and 1 more" in part.text


def test_it_is_cancelled_and_started_again(visit: Visit, workspace: Workspace, tag: str, address: str) -> None:
    admin = visit("admin")
    before = admin.get(address)
    page = press(admin, before, "Recompute")
    again = press(admin, before, "Recompute")
    assert "This is under way already" in again.one(id="toasts").text
    page = press(admin, page, "Cancel")
    assert "Cancelled" in page.one(id="job").text
    assert take(workspace, "w", f"recompute/{tag}") is None
    press(admin, page, "Recompute")
    assert take(workspace, "w", f"recompute/{tag}")


def test_a_failure_is_told_and_when_it_is_tried_again(
    visit: Visit, workspace: Workspace, tag: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(workspace, ADMIN, tag)
    job = take(workspace, "w", f"recompute/{tag}")
    assert job is not None
    with monkeypatch.context() as broken:
        broken.setattr(batch, "BATCH", "two")
        assert go_on(workspace, job)
    text = visit("admin").get(address).one(id="job").text
    assert "Something went wrong" in text
    assert "It is tried again at " in text
    let_go(workspace, job)


def test_the_history_of_the_record_says_so(visit: Visit, workspace: Workspace, tag: str, address: str) -> None:
    assert list(recompute_now(workspace, tag, "w", pause=lambda: None))
    page = visit("admin").get(address)
    assert page.all(id="job-title")
    found = visit("admin").get(f"/m/{tag}/claim")
    record = next(each["href"] for each in found.all("a") if f"/m/{tag}/claim/0" in each.get("href"))
    assert "recomputed it by edition 2, before that 1" in visit("admin").get(record).text


def test_who_publishes_other_formulas_sees_it_at_once(visit: Visit, workspace: Workspace, tag: str) -> None:
    admin = visit("admin")

    def packed(factor: str) -> bytes:
        return installing.zipped({path: each.decode() for path, each in shop(tag, factor).items()})

    assert installing.install(admin, packed("1"), status=303).location == installing.MODULES
    create(workspace, ADMIN, f"{tag}/claim", {"name": "one", "items": [{"net": "10"}]})
    gone = installing.install(admin, packed("2"), status=303).location
    assert gone == f"/admin/modules/{tag}/recompute"
    page = admin.get(gone)
    assert f"{tag} is now in force as edition 2" in page.one(id="toasts").text
    assert rows(page, "Total")[-1] == ["1 record", "10.00", "20.00", "+10.00"]
    assert gone in [each["href"] for each in admin.get(installing.MODULES).all("a")]


def test_only_administrators_get_in(visit: Visit, address: str) -> None:
    clerk = visit("clerk")
    clerk.get(address, status=403)
    clerk.get(address, status=403, headers=FRAGMENT)
    for path in (address, f"{address}/cancel"):
        assert "Only an administrator may do this." in page_of(clerk.post(path, {}, status=403)).text
    visit("admin").get("/admin/modules/nothing/recompute", status=404)
    visit("admin").post("/admin/modules/nothing/recompute", {}, status=404)
