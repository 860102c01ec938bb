"""The module around an imported form: everything that `dougong module check` asks for, and nothing to be repaired."""

from typing import Final

import pytest

from engine.definition.model import Json
from engine.definition.read import read
from engine.definition.write import write_document
from engine.exchange.json_schema import from_schema
from tests.engine.exchange.json_schema.importing import imported

TEXT: Final = {"type": "string"}
NAME: Final = {
    "type": "object",
    "required": ["last", "first"],
    "properties": {"first": TEXT, "middle": TEXT, "last": TEXT},
}


def test_a_module_has_a_form_a_list_an_approval_and_rights() -> None:
    documents = imported({"title": "Site visit", "description": "Who came.", "properties": {"who": TEXT}}).documents
    assert sorted(documents) == [
        "entities/form.json",
        "module.json",
        "permissions.json",
        "translations/zh_CN.po",
        "views/form.list.json",
        "workflows/form.json",
    ]
    assert documents["module.json"]["title"] == "Site visit"
    assert documents["module.json"]["description"] == "Who came."
    assert documents["module.json"]["language"] == "en"
    assert documents["module.json"]["menu"] == [{"title": "Site visit", "view": "form.list"}]
    assert documents["entities/form.json"]["x-foreign"] is True


def test_what_is_submitted_is_reviewed_by_the_administrator_and_approved() -> None:
    workflow = imported({"properties": {"a": TEXT}}).entity.workflow
    assert workflow is not None
    assert workflow.definition.initial == "review"
    review = workflow.states["review"]
    assert review.seats is not None
    assert [(each.kind, each.value) for each in review.seats.who] == [("role", "administrator")]
    assert [each.to for each in review.on["passed"]] == ["approved"]
    assert workflow.states["approved"].outcome == "approved"
    assert workflow.definition.settings["self"] == "allow"


def test_everybody_works_with_their_own_records() -> None:
    (grant,) = imported({"properties": {"a": TEXT}}).entity.grants
    assert (grant.role, grant.rows) == ("employee", "created_by = ME()")
    assert grant.verbs == {"create", "read", "update", "delete"}


def test_the_labels_that_are_ours_are_translated() -> None:
    documents = from_schema(b'{"properties": {"a": {}}}', "form")
    texts = {path: each if isinstance(each, str) else write_document(each, path) for path, each in documents.items()}
    module = read({path: text.encode() for path, text in texts.items()})
    assert module.translations["zh_CN"] == {"Review": "审批", "Approved": "已批准"}


def test_records_are_numbered_after_the_key() -> None:
    documents = from_schema(b'{"properties": {"a": {}}}', "care_giver")
    assert documents["entities/care_giver.json"]["x-number"] == "CARE-GIVER-{YYYY}{MM}-{0000}"
    long = from_schema(b'{"properties": {"a": {}}}', "k" * 63)
    assert len(long[f"entities/{'k' * 63}.json"]["x-number"]) <= 60


@pytest.mark.parametrize(
    ("schema", "formula"),
    [
        ({"required": ["b"], "properties": {"a": TEXT, "b": TEXT}}, "b"),
        ({"required": ["a", "b", "c"], "properties": {"a": TEXT, "b": TEXT, "c": TEXT}}, 'CONCAT(a, " ", b)'),
        (
            {"properties": {"who": {"type": "object", "properties": {"name": NAME}}}},
            'CONCAT(who.name.first, " ", who.name.last)',
        ),
        ({"required": ["id", "title"], "properties": {"id": TEXT, "title": TEXT}}, "title"),
        ({"required": ["ssn"], "properties": {"ssn": {"type": "string", "pattern": "^[0-9]{9}$"}}}, None),
        ({"required": ["n"], "properties": {"n": {"type": "integer"}, "a": TEXT}}, None),
        ({"properties": {"rows": {"type": "array", "items": NAME}}}, None),
        ({"required": ["姓名"], "properties": {"姓名": TEXT}}, "姓名"),
        ({"required": ["TRUE"], "properties": {"TRUE": TEXT}}, None),
    ],
)
def test_records_are_called_after_the_texts_that_must_be_filled_in(schema: Json, formula: str | None) -> None:
    form = imported(schema)
    assert form.schema.get("x-title") == formula
    assert (form.entity.title is None) == (formula is None)


def test_the_list_shows_the_outermost_fields_that_fit_a_cell() -> None:
    form = imported(
        {
            "properties": {
                "deep": {"type": "object", "properties": {"inner": TEXT}},
                "rows": {"type": "array", "items": NAME},
                "map": {"type": "object"},
                "long": {"type": "string", "maxLength": 999},
                "day": {"type": "string", "format": "date"},
                "kind": {"enum": ["a"]},
            }
        }
    )
    assert form.documents["views/form.list.json"]["columns"] == ["number", "day", "kind", "deep.inner", "state"]


def test_fields_named_like_system_columns_are_shown_once() -> None:
    form = imported({"properties": {"number": TEXT, "state": TEXT, "a": TEXT}})
    assert form.documents["views/form.list.json"]["columns"] == ["number", "state", "a"]


def test_titles_longer_than_labels_may_be_are_cut() -> None:
    form = imported({"title": "T" * 999, "description": "D" * 9999, "properties": {"a": TEXT}})
    assert form.documents["module.json"]["title"] == "T" * 180
    assert len(form.documents["module.json"]["description"]) == 4000


def test_a_schema_without_title_is_called_by_its_key() -> None:
    documents = from_schema(b'{"title": " ", "properties": {"a": {}}}', "care_giver")
    assert documents["module.json"]["title"] == "Care giver"


def test_a_module_is_written_and_read_without_a_change() -> None:
    documents = imported(
        {"properties": {"a": {"type": "number", "minimum": 0.1}, "b": {"type": "array", "items": NAME}}}
    ).documents
    texts = {path: each if isinstance(each, str) else write_document(each, path) for path, each in documents.items()}
    module = read({path: text.encode() for path, text in texts.items()})
    assert {path: write_document(each, path) for path, each in module.documents.items()} == {
        path: text for path, text in texts.items() if path.endswith(".json")
    }
