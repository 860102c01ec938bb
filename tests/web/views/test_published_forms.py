"""Forms that a government publishes as JSON Schema, as modules: opened, filled, refused and approved by page and API.

Left out where their schemas, which are others', are not at hand.
"""

import copy
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from flask import Flask

from engine.definition.model import Json
from engine.definition.write import write_document
from engine.exchange.json_schema import from_schema
from engine.usecases.actor import Actor
from engine.usecases.deployment import Workspace
from engine.usecases.modules.publish import publish
from engine.usecases.people.sign_in import issue_token
from tests.web.api.caller import Caller, problems
from tests.web.views.conftest import Visit
from tests.web.views.visitor import main_form, page_of

CORPUS: Final = Path(__file__).parents[4] / "shared" / "corpus"
ASK: Final = {
    "contactInformation": {"address": {"street": "1 Main St", "country": "USA", "state": "WA", "postalCode": "98101"}},
    "personalInformation": {"first": "Jane", "last": "Doe"},
    "preferredContactMethod": "mail",
    "topic": {"levelOne": "Caregiver Support Program", "levelTwo": "VA Supportive Services"},
    "inquiryType": "Question",
    "query": "Who?",
    "veteranStatus": {"veteranStatus": "vet"},
}


class Published(NamedTuple):
    """A published form, and mistakes in it: pointer → a value that the schema refuses there."""

    schema: str
    example: Json
    wrong: Mapping[str, Json]


FORMS: Final[Mapping[str, Published]] = {
    "caregiver": Published(
        "10-10CG",
        None,
        {"veteran/ssnOrTin": "78", "veteran/address/postalCode": "x", "primaryCaregiver/fullName/first": "x" * 200},
    ),
    "income": Published(
        "21P-0969-SIMPLE", None, {"veteranSocialSecurityNumber": "33-3", "veteranFullName/first": "x" * 200}
    ),
    "ask": Published("0873", ASK, {"contactInformation/address/state": "no such state", "inquiryType": "Riddle"}),
}


@pytest.fixture(params=FORMS)
def key(request: pytest.FixtureRequest, workspace: Workspace) -> str:
    """Key of the module made from a form, in force."""
    made: str = request.param
    file = CORPUS / f"va_{FORMS[made].schema}-schema.json"
    if not file.exists():
        pytest.skip("the published schemas are not here")
    documents = from_schema(file.read_bytes(), made, file.name)
    texts = {path: each if isinstance(each, str) else write_document(each, path) for path, each in documents.items()}
    publish(workspace, Actor(login="admin"), {path: text.encode() for path, text in texts.items()})
    return made


@pytest.fixture
def example(key: str) -> Json:
    form = FORMS[key]
    return form.example or json.loads((CORPUS / f"va_{form.schema}-example.json").read_text())


@pytest.fixture
def admin(app: Flask, workspace: Workspace) -> Caller:
    return Caller(app, issue_token(workspace, "admin"))


def inputs(document: Json, name: str = "") -> Iterator[tuple[str, str | list[str]]]:
    """What somebody types to fill in a document: name of the input → text."""
    if isinstance(document, dict):
        for key, value in document.items():
            yield from inputs(value, f"{name}-{key}" if name else key)
    elif isinstance(document, list) and document and isinstance(document[0], dict):
        yield name, ""
        for place, row in enumerate(document):
            yield from inputs({"_row": "", **row}, f"{name}-{place}")
    elif isinstance(document, list):
        yield name, ["", *document]
    elif isinstance(document, bool):
        yield name, ["", "true"] if document else ""
    else:
        # Its schema gives this one no single shape, so it is edited as JSON.
        yield name, json.dumps(document) if name == "topic-levelTwo" else str(document)


def without_unticked(document: Json) -> Json:
    """A box on a page says no where a document says nothing."""
    if not isinstance(document, dict):
        return document
    inner = {key: without_unticked(each) for key, each in document.items() if each is not False}
    return {key: each for key, each in inner.items() if each != {}}


def broken(document: Json, wrong: Mapping[str, Json]) -> Json:
    made = copy.deepcopy(document)
    for pointer, value in wrong.items():
        *above, last = pointer.split("/")
        holder = made
        for step in above:
            holder = holder[step]
        holder[last] = value
    return made


def test_the_api_takes_the_example_through_submission_to_approval(key: str, example: Json, admin: Caller) -> None:
    record = admin.create(f"{key}/{key}", **example)
    assert record["values"] == example
    record = admin.act(record, "submit")
    assert record["status"] == "running"
    assert admin.act(record, "approve")["status"] == "approved"


def test_the_api_refuses_a_broken_copy_with_every_mistake_at_its_field(key: str, example: Json, admin: Caller) -> None:
    wrong = FORMS[key].wrong
    refusal = admin.create(f"{key}/{key}", status=422, **broken(example, wrong))
    assert {pointer for _, pointer in problems(refusal)} == {f"/values/{pointer}" for pointer in wrong}


def test_the_page_takes_the_example_through_submission_to_approval(
    key: str, example: Json, visit: Visit, admin: Caller
) -> None:
    visitor, base = visit("admin"), f"/m/{key}/{key}"
    typed = dict(inputs(example))
    answer = visitor.submit(main_form(visitor.get(f"{base}/new")), {**typed, "_do": "submit"}, status=303)
    record_id = answer.location.rsplit("/", 1)[-1]
    kept = admin.get(f"/{key}/{key}/{record_id}")["values"]
    assert without_unticked(kept) == example
    visitor.submit(main_form(visitor.get(f"{base}/{record_id}/do/approve")), status=303)
    assert visitor.get(f"{base}/{record_id}").one("main").all(class_="tag")[0].text == "Approved"


def test_the_page_refuses_a_broken_copy_with_every_mistake_at_its_input(key: str, example: Json, visit: Visit) -> None:
    visitor, wrong = visit("admin"), FORMS[key].wrong
    typed = dict(inputs(broken(example, wrong)))
    page = page_of(visitor.submit(main_form(visitor.get(f"/m/{key}/{key}/new")), typed, status=422))
    form = main_form(page)
    names = {pointer.replace("/", "-") for pointer in wrong}
    assert {each["name"] for each in form.within() if each.get("aria-invalid") == "true" and each.get("name")} == names
    for name in names:
        assert form.error_of(name)
    kept = form.fields
    choices = {name for name in names if form.field(name).tag == "select"}
    for name in typed.keys() - choices:
        wanted = [typed[name]] if isinstance(typed[name], str) else typed[name]
        assert kept.getlist(name) == wanted, name
