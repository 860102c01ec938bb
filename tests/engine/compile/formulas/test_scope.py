"""What a formula may name: its line first, then the record, its system columns, and what lies behind references."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from engine.compile.formulas.scope import SYSTEM, EntityScope, kind_of
from engine.compile.model import CompiledEntity
from engine.definition.model import Json
from engine.formula.formula import compile_formula
from engine.formula.scope import Facts
from tests.engine.compile.refusals import problems
from tests.engine.definitions import (
    COLOUR,
    DATE,
    MOMENT,
    MONEY,
    NUMBER,
    PERSON,
    TAGS,
    TEXT,
    UNIT,
    YES,
    compiled,
    group,
    lines,
    reference,
)

PROJECT = {
    "code": TEXT,
    "budget": MONEY,
    "lead": PERSON,
    "parent": reference("core/project"),
    "phases": lines(name=TEXT, until=DATE),
}
CORE = compiled(key="core", others={"project": PROJECT})
CLAIM = {
    "name": TEXT,
    "count": NUMBER,
    "amount": MONEY,
    "day": DATE,
    "moment": MOMENT,
    "clock": {"title": "Time", "x-type": "time"},
    "paid": YES,
    "colour": COLOUR,
    "level": {"title": "Level", "enum": [1, 2]},
    "mixed": {"title": "Mixed", "enum": [1, "a"]},
    "tags": TAGS,
    "person": PERSON,
    "unit": UNIT,
    "file": {"title": "File", "x-type": "file"},
    "files": {"title": "Files", "x-type": "file", "x-multiple": True},
    "any": {"title": "Anything", "x-type": "json"},
    "project": reference("core/project"),
    "site": group(width=NUMBER, name=TEXT),
    "items": lines(name=TEXT, price=MONEY, project=reference("core/project"), cuts=lines(length=NUMBER)),
    "state": TEXT,
}
MODULE = compiled(CLAIM, neighbours={"core": CORE}, module={"requires": {"core": ">=1"}})


def neighbour(name: str) -> Json:
    module, _, key = name.partition("/")
    return {"core": CORE, "shop": MODULE}[module].entities[key].fields


def scope(line: str = "") -> EntityScope:
    claim = MODULE.entities["claim"]
    return EntityScope(claim.fields, neighbour, claim.fields[line] if line else None, name=claim.name)


def entity() -> CompiledEntity:
    return MODULE.entities["claim"]


def value_of(formula: str, where: str = "", **facts: Json) -> Json:
    return compile_formula(formula, scope(where)).evaluate(Facts(**{"values": {}, **facts}))


@pytest.mark.parametrize(
    ("key", "type_"),
    [
        ("name", "text"),
        ("count", "decimal"),
        ("amount", "decimal"),
        ("day", "date"),
        ("moment", "datetime"),
        ("clock", "text"),
        ("paid", "boolean"),
        ("colour", "text"),
        ("level", "decimal"),
        ("mixed", "record"),
        ("tags", "text[]"),
        ("person", "reference"),
        ("unit", "reference"),
        ("file", "reference"),
        ("files", "reference[]"),
        ("any", "record"),
        ("project", "reference"),
        ("site", "record"),
        ("items", "record[]"),
    ],
)
def test_every_field_has_a_type_in_formulas(key: str, type_: str) -> None:
    assert str(kind_of(entity().fields[key])) == type_


@pytest.mark.parametrize(
    ("path", "type_"),
    [
        ("site.width", "decimal"),
        ("items.price", "decimal[]"),
        ("items.cuts.length", "decimal[]"),
        ("project.budget", "decimal"),
        ("project.parent.parent.code", "text"),
        ("project.phases.until", "date[]"),
        ("items.project.code", "text[]"),
        ("items.project.phases.name", "text[]"),
        ("id", "reference"),
        ("number", "text"),
        ("created_by", "reference"),
        ("created_at", "datetime"),
        ("project.number", "text"),
        ("project.created_by", "reference"),
    ],
)
def test_a_path_leads_through_objects_lines_and_references(path: str, type_: str) -> None:
    found = scope().find(tuple(path.split(".")))
    assert found is not None
    assert str(found.type) == type_
    assert not found.in_line


@pytest.mark.parametrize(
    "path", ["nothing", "name.length", "person.name", "site.id", "items.number", "created_by.name", "id.number"]
)
def test_a_path_that_leads_nowhere_is_not_found(path: str) -> None:
    assert scope().find(tuple(path.split("."))) is None


def test_a_column_of_the_own_line_comes_before_a_field_of_the_record() -> None:
    facts = {"values": {"name": "record", "amount": Decimal(7)}, "line": {"name": "line", "price": Decimal(2)}}
    assert value_of("name", "items", **facts) == "line"
    assert value_of("name", "", **facts) == "record"
    assert value_of("amount * price", "items", **facts) == 14
    assert scope("items").find(("name",)).in_line
    assert not scope("items").find(("amount",)).in_line


def test_a_group_reads_its_own_fields_as_a_line_does_and_is_blank_while_nothing_stands_in_it() -> None:
    assert value_of("width * 2", "site", line={"width": 4}) == 8
    assert value_of("width * 2", "site") is None
    assert value_of("site.width", values={"site": {"width": 3}}) == 3
    assert value_of("site.width") is None


def test_columns_of_the_own_lines_have_siblings_while_a_value_is_computed() -> None:
    claim, siblings = MODULE.entities["claim"], {}
    for line in ("items", "site"):
        own = EntityScope(claim.fields, neighbour, claim.fields[line], computing=True)
        paths = (
            "items.price",
            "items.project.budget",
            "items.cuts.length",
            "items.project.phases.name",
            "items",
            "amount",
        )
        siblings |= {(line, path): own.find(tuple(path.split("."))).of_siblings for path in paths}
    assert {place for place, found in siblings.items() if found} == {
        ("items", "items.price"),
        ("items", "items.project.budget"),
    }
    assert not scope("items").find(("items", "price")).of_siblings


@pytest.mark.parametrize("keyword", ["x-default", "x-readonly", "x-visible", "x-required"])
def test_conditions_and_defaults_do_not_know_their_place_among_the_lines(keyword: str) -> None:
    formula = "ALLOCATE(total, items.net)" + ("" if keyword == "x-default" else " > 1")
    columns = {"net": MONEY, "share": {**MONEY, keyword: formula}}
    ((code, *_),) = problems({"total": MONEY, "items": lines(**columns)})
    assert code == "formula.no_siblings"


def test_the_lines_of_lines_are_siblings_wherever_they_stand() -> None:
    claim = MODULE.entities["claim"]
    own = EntityScope(claim.fields, neighbour, claim.fields["items"].fields["cuts"], computing=True)
    assert own.find(("items", "cuts", "length")).of_siblings
    assert not own.find(("items", "price")).of_siblings


def test_a_field_hides_the_system_column_of_its_name() -> None:
    assert value_of("state", values={"state": "Bavaria"}, state="lead") == "Bavaria"
    assert value_of("STATE()", values={"state": "Bavaria"}, state="lead") == "lead"
    assert value_of("status", values={"status": "running"}) == "running"


def test_what_a_reference_does_not_reach_is_blank_or_an_empty_list() -> None:
    references = {"p1": {"code": "P-1", "parent": "p2", "phases": [{"name": "dig"}]}, "p2": {"code": "P-2"}}
    facts = {"values": {"project": "p1", "items": [{"project": "p2"}, {"project": "p9"}, {}]}, "references": references}
    assert value_of("project.code", **facts) == "P-1"
    assert value_of("project.parent.code", **facts) == "P-2"
    assert value_of("project.parent.parent.code", **facts) is None
    assert value_of("COUNT(project.phases.name)", **facts) == 1
    assert value_of("COUNT(project.parent.phases.name)", **facts) == 0
    assert value_of("COUNT(items.project.code)", **facts) == 1
    assert value_of("COUNT(items.project)", **facts) == 2


def test_values_arrive_as_what_formulas_calculate_with() -> None:
    values = {"day": "2026-03-01", "moment": "2026-03-01T00:00:00Z", "count": 3, "items": [{"price": Decimal("0.5")}]}
    assert value_of("day", values=values) == date(2026, 3, 1)
    assert value_of("moment", values=values) == datetime(2026, 3, 1, tzinfo=UTC)
    assert value_of("count / 2", values=values) == Decimal("1.5")
    assert value_of("SUM(items.price)", values=values) == Decimal("0.5")
    assert value_of("COUNT(items)", values={}) == 0


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("person", "user"),
        ("unit", "department"),
        ("project", "core/project"),
        ("project.lead", "user"),
        ("project.id", "core/project"),
        ("items.project.parent", "core/project"),
        ("created_by", "user"),
        ("id", "shop/claim"),
        ("file", "file"),
        ("name", ""),
        ("number", ""),
        ("nothing", ""),
    ],
)
def test_a_path_tells_what_its_value_is_the_id_of(path: str, target: str) -> None:
    assert scope().target(tuple(path.split("."))) == target


@pytest.mark.parametrize(
    ("path", "line", "known"),
    [
        ("nothing", "", [*CLAIM, *(key for key in SYSTEM if key != "state")]),
        ("site.nothing", "", ["width", "name"]),
        ("site", "", ["width", "name"]),
        ("project.nothing", "", [*PROJECT, *SYSTEM]),
        ("project.parent.nothing", "", [*PROJECT, *SYSTEM]),
        ("items.nothing", "", ["name", "price", "project", "cuts"]),
        ("name.nothing", "", []),
        ("created_by.nothing", "", []),
        ("cuts.nothing", "items", ["length"]),
    ],
)
def test_suggestions_are_what_stands_where_the_path_goes_wrong(path: str, line: str, known: list[str]) -> None:
    assert list(scope(line).known(tuple(path.split(".")))) == known


def test_a_line_suggests_its_columns_beside_the_fields_of_the_record() -> None:
    assert {"price", "amount", "created_by"} <= {*scope("items").known(("nothing",))}


def test_an_entity_that_is_not_there_has_no_fields() -> None:
    alone = EntityScope(entity().fields, lambda _name: None)
    assert alone.find(("project",)) is not None
    assert alone.find(("project", "code")) is None
    assert list(alone.known(("project", "code"))) == []
