"""Where values point to, even while they are as somebody sent them; and which ids paths lead through."""

from engine.runtime.values.links import Link, goes_through_lines, ids_at, links
from tests.engine.definitions import NUMBER, PERSON, TEXT, UNIT, an_entity, group, lines, reference

ENTITY = an_entity(
    {
        "person": PERSON,
        "unit": UNIT,
        "above": reference("shop/claim"),
        "file": {"title": "File", "x-type": "file"},
        "photos": {"title": "Photos", "x-type": "photo", "x-multiple": True},
        "site": group(lead=PERSON, above=reference("shop/claim")),
        "items": lines(person=PERSON, above=reference("shop/claim"), parts=lines(above=reference("shop/claim"))),
        "name": TEXT,
        "count": NUMBER,
    }
)


def test_every_link_is_found_with_its_place() -> None:
    values = {
        "person": "lin",
        "unit": "site",
        "above": "r1",
        "file": "f1",
        "photos": ["f2", "f3"],
        "site": {"lead": "wu"},
        "items": [{"person": "li"}, {"above": "r2", "parts": [{"above": "r3"}]}],
        "name": "lin",
    }
    assert [*links(ENTITY.fields, values)] == [
        Link("user", "", "lin", "/person"),
        Link("department", "", "site", "/unit"),
        Link("reference", "shop/claim", "r1", "/above"),
        Link("file", "", "f1", "/file"),
        Link("photo", "", "f2", "/photos/0"),
        Link("photo", "", "f3", "/photos/1"),
        Link("user", "", "wu", "/site/lead"),
        Link("user", "", "li", "/items/0/person"),
        Link("reference", "shop/claim", "r2", "/items/1/above"),
        Link("reference", "shop/claim", "r3", "/items/1/parts/0/above"),
    ]


def test_what_has_the_wrong_shape_is_passed_over() -> None:
    values = {"person": 5, "above": "", "photos": ["f1", 5], "site": [], "items": "li", "nobody": "x"}
    assert [link.id for link in links(ENTITY.fields, values)] == ["f1"]
    assert [link.id for link in links(ENTITY.fields, {"items": [5, {"person": "li"}], "site": 5})] == ["li"]
    assert [*links(ENTITY.fields, None), *links(ENTITY.fields, [1])] == []


def test_paths_lead_through_ids_with_the_rest_of_the_way() -> None:
    values = {
        "above": "r1",
        "site": {"above": "r2"},
        "items": [{"above": "r3", "parts": [{"above": "r4"}]}, {}, {"above": "r5"}],
    }

    def through(*path: str) -> list[tuple[str, str, tuple[str, ...]]]:
        return [*ids_at(ENTITY.fields, values, [path])]

    assert through("above", "name") == [("shop/claim", "r1", ("name",))]
    assert through("above", "above", "name") == [("shop/claim", "r1", ("above", "name"))]
    assert through("site", "above", "name") == [("shop/claim", "r2", ("name",))]
    assert through("items", "above", "name") == [("shop/claim", "r3", ("name",)), ("shop/claim", "r5", ("name",))]
    assert through("items", "parts", "above", "name") == [("shop/claim", "r4", ("name",))]
    assert through("above") == through("nothing", "name") == through("name", "x") == through("number") == []
    assert [*ids_at(ENTITY.fields, None, [("above", "name")])] == []


def test_a_path_goes_through_lines_until_it_leads_to_another_record() -> None:
    through = ["items", "items.person", "items.above.name", "items.parts"]
    others = ["name", "number", "site.lead", "site.number", "above.items"]
    found = {path: goes_through_lines(ENTITY.fields, tuple(path.split("."))) for path in (*through, *others)}
    assert found == dict.fromkeys(through, True) | dict.fromkeys(others, False)
    assert not goes_through_lines(ENTITY.fields, ())
