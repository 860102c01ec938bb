"""Forms that a government publishes, and one like them: their examples are taken, and every broken copy is refused."""

import copy
import json
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from engine.definition.model import Json
from tests.engine.exchange.json_schema.importing import DRAFT_4, Imported, imported, original
from tests.engine.exchange.json_schema.mutations import mutations

CORPUS: Final = Path(__file__).parents[5] / "shared" / "corpus"
FORMS: Final = ("10-10CG", "21P-0969-SIMPLE")
ALL: Final = (*FORMS, "0873")

PERMIT: Final[dict[str, Json]] = {
    "$schema": DRAFT_4,
    "type": "object",
    "additionalProperties": False,
    "required": ["applicant", "works"],
    "anyOf": [{"required": ["phone"]}, {"required": ["mail"]}],
    "definitions": {
        "name": {
            "type": "object",
            "required": ["first", "last"],
            "properties": {"first": {"type": "string"}, "last": {"type": "string"}},
            "additionalProperties": False,
        },
        "money": {"type": "number", "minimum": 0},
    },
    "properties": {
        "applicant": {"$ref": "#/definitions/name"},
        "phone": {"type": "string", "pattern": "^[0-9]{6,11}$"},
        "mail": {"type": "string", "minLength": 20},
        "zone": {"type": "string", "enum": ["A", "B"]},
        "urgent": {"type": "boolean"},
        "works": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["kind", "cost"],
                "properties": {
                    "kind": {"type": "string", "enum": ["dig", "build"]},
                    "cost": {"$ref": "#/definitions/money"},
                    "days": {"type": "integer", "maximum": 10},
                    "parts": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["code"],
                            "properties": {"code": {"type": "string", "pattern": "^[A-Z]+$"}},
                        },
                    },
                },
            },
        },
    },
}
PERMIT_EXAMPLE: Final = {
    "applicant": {"first": "Wei", "last": "Zhang"},
    "phone": "13800000000",
    "zone": "A",
    "urgent": False,
    "works": [{"kind": "dig", "cost": 12.5, "days": 3, "parts": [{"code": "P"}]}, {"kind": "build", "cost": 0}],
}


@cache
def schema_of(name: str) -> Json:
    if name == "permit":
        return PERMIT
    file = CORPUS / f"va_{name}-schema.json"
    if not file.exists():
        pytest.skip("the published schemas are not here")
    return json.loads(file.read_text())


def example_of(name: str) -> Json:
    schema_of(name)
    return PERMIT_EXAMPLE if name == "permit" else json.loads((CORPUS / f"va_{name}-example.json").read_text())


@cache
def form_of(name: str) -> Imported:
    return imported(schema_of(name))


@pytest.mark.parametrize("name", ["permit", *FORMS])
def test_the_published_example_is_taken(name: str) -> None:
    assert form_of(name).judged(example_of(name)) == ()


@pytest.mark.parametrize("name", ["permit", *FORMS])
def test_a_broken_copy_is_refused_where_it_is_broken(name: str) -> None:
    form, judge, example = form_of(name), original(schema_of(name)), example_of(name)
    refused = 0
    for pointer, broken in mutations(form.entity.fields, example):
        problems = form.judged(broken)
        assert bool(problems) == (not judge.is_valid(broken)), (pointer, problems)
        if problems:
            refused += 1
            assert any(each.pointer.startswith(pointer) for each in problems), (pointer, problems)
    assert refused > 20


@pytest.mark.parametrize("name", ["permit", *FORMS])
def test_a_property_that_nobody_named_is_refused(name: str) -> None:
    broken = copy.deepcopy(example_of(name)) | {"nobody": 1}
    assert [(each.code, each.pointer) for each in form_of(name).judged(broken)] == [("field.unknown", "/nobody")]


@pytest.mark.parametrize("name", ["permit", *ALL])
def test_every_property_is_a_field(name: str) -> None:
    properties = schema_of(name)["properties"]
    assert list(form_of(name).entity.fields) == list(properties)


@pytest.mark.parametrize("name", ALL)
def test_only_what_has_no_one_shape_is_edited_as_json(name: str) -> None:
    in_json = {path for path, type_ in form_of(name).types.items() if type_ == "json"}
    assert in_json == ({"topic.levelTwo"} if name == "0873" else set())


def test_alternatives_of_a_published_form_are_united() -> None:
    form = form_of("0873")
    assert form.types["topic.levelOne"] == "choice"
    assert form.types["topic.vaMedicalCenter"] == "choice"
    assert form.types["veteranInformation.address.country"] == "text"
    assert form.types["veteranInformation.address.state"] == "text"
    level_one = form.entity.fields["topic"].fields["levelOne"].definition
    assert len(level_one.options) == 7
    assert len(form.entity.fields["topic"].fields["vaMedicalCenter"].definition.options) == 1040


def test_alternatives_of_a_published_form_still_judge() -> None:
    form, judge = form_of("0873"), original(schema_of("0873"))
    good = {
        "contactInformation": {
            "address": {"street": "1 Main St", "country": "USA", "state": "WA", "postalCode": "98101"}
        },
        "personalInformation": {"first": "Jane", "last": "Doe"},
        "preferredContactMethod": "mail",
        "topic": {"levelOne": "Caregiver Support Program", "levelTwo": "VA Supportive Services"},
        "inquiryType": "Question",
        "query": "Who?",
        "veteranStatus": {"veteranStatus": "vet"},
    }
    assert judge.is_valid(good)
    assert form.judged(good) == ()
    address = {"street": "1 Main St", "country": "USA", "state": "no such state", "postalCode": "98101"}
    bad = {**good, "contactInformation": {"address": address}}
    assert not judge.is_valid(bad)
    assert [each.pointer for each in form.judged(bad)] == ["/contactInformation/address/state"]
