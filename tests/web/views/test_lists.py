"""Lists: their rows, cards, totals and colours, and filters that cannot be understood."""

import json
from collections.abc import Iterator

import pytest

from engine.usecases.actor import Actor
from engine.usecases.deployment import Workspace
from engine.usecases.modules.publish import publish
from tests.company import PLANT
from tests.web.views.conftest import Make, Visit
from tests.web.views.pages import Element
from tests.web.views.visitor import FRAGMENT, page_of

REPAIR = "/m/plant/repair"
VIEW = {
    "key": "repair.seen",
    "entity": "repair",
    "title": "维修台账",
    "columns": ["number", "machine", "hours", "total", "kind", "state"],
    "totals": {"total": "sum", "cost": "max"},
    "filters": ["hours", "date", "kind"],
    "colours": [{"when": "urgent", "colour": "red"}],
    "sort": ["count"],
}


@pytest.fixture
def view(workspace: Workspace) -> Iterator[str]:
    """The address of a list with totals and colours; other tests find the module as it was."""
    files = {path.relative_to(PLANT).as_posix(): path.read_bytes() for path in PLANT.rglob("*") if path.is_file()}
    publish(workspace, Actor(login="admin"), {**files, "views/repair.seen.json": json.dumps(VIEW).encode()})
    yield f"{REPAIR}?view={VIEW['key']}"
    publish(workspace, Actor(login="admin"), files)


def rows(page: Element) -> list[Element]:
    return page.one("tbody").all("tr")


def sums(page: Element, where: str) -> list[list[str]]:
    return [each.texts for part in page.all("dl", class_="sums") if where in part.classes for each in part.all("div")]


def test_totals_stand_under_their_columns_and_others_below(visit: Visit, view: str, a_repair: Make) -> None:
    for cost in ("99999999.5", "1"):
        a_repair(hours="23.5", cost=cost)
    page = visit("keeper", "zh_CN").get(f"{view}&f.hours_from=23.5&f.hours_to=23.5")
    assert page.one("tfoot").one("tr").texts == ["合计", "18.00"]
    assert sums(page, "only-desk") == [["成本", "99,999,999.50"]]
    assert sums(page, "only-phone") == [["合计", "18.00"], ["成本", "99,999,999.50"]]


def test_who_may_not_see_a_field_sees_no_total_of_it(visit: Visit, view: str, a_repair: Make) -> None:
    a_repair(by="mechanic")
    page = visit("mechanic", "zh_CN").get(view)
    assert sums(page, "only-desk") == []
    assert [title for title, _ in sums(page, "only-phone")] == ["合计"]


def test_a_row_has_the_colour_of_its_view_in_the_table_and_on_its_card(visit: Visit, view: str, a_repair: Make) -> None:
    urgent, calm = a_repair(by="another", count=1, urgent=True), a_repair(by="another", count=2)
    page = visit("another").get(view)
    colours = {row["data-href"].rsplit("/", 1)[-1]: row.get("data-colour") for row in rows(page)}
    assert (colours[urgent.id], colours[calm.id]) == ("red", "")
    cards = {card.one("a")["href"].rsplit("/", 1)[-1]: card for card in page.one("ul", class_="cards").all("li")}
    assert cards[urgent.id].get("data-colour") == "red"
    assert "12.00" not in cards[calm.id].text
    assert "9.00" in cards[calm.id].text


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_a_filter_that_cannot_be_understood_says_so_and_nothing_is_listed(
    visit: Visit, view: str, a_repair: Make, language: str
) -> None:
    a_repair()
    words = {"zh_CN": "“viel”不是数字", "en": "“viel” is not a number"}[language]
    visitor, address = visit("keeper", language), f"{view}&f.hours_from=viel&f.date_to=bald"
    page = visitor.get(address, status=422)
    told = page.one(id="results").one(class_="problems", role="alert").one("ul").all("li")
    assert len(told) == 2
    assert words in " ".join(each.text for each in told)
    assert not page.all("tbody")
    assert page.one(name="f.hours_from")["value"] == "viel"
    part = page_of(visitor.open("GET", address, status=422, headers=FRAGMENT))
    assert part.one(class_="problems")
    assert not part.all("html")
