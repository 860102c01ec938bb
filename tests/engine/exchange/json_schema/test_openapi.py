"""Every imported form can be described to those who call the API."""

import pytest
from openapi_spec_validator import validate

from engine.usecases.modules.describe import Described, Part
from tests.engine.exchange.json_schema.bank import EXACT, NARROWER
from tests.engine.exchange.json_schema.importing import imported, plain
from web.api.openapi import openapi


@pytest.mark.parametrize("name", sorted(EXACT | NARROWER))
def test_an_imported_form_is_described(name: str) -> None:
    form = imported((EXACT | NARROWER)[name])
    part = Part(entity=form.entity, verbs=("create", "read"), hidden=frozenset())
    description = openapi([Described(module=form.module, edition=1, parts=(part,))])
    validate(plain(description))
    assert "form.form.values" in description["components"]["schemas"]
