"""The heart of the import: the form takes a document if and only if the schema that it was made of does."""

from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema.protocols import Validator

from engine.definition.model import Json
from tests.engine.exchange.json_schema.bank import EXACT, NARROWER
from tests.engine.exchange.json_schema.importing import Imported, documents_for, imported, noise_for, original

patient = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])


@cache
def both(name: str) -> tuple[Imported, Validator, st.SearchStrategy[Json]]:
    """The form, the schema's own validator, and noise for documents."""
    schema = {**EXACT, **NARROWER}[name]
    return imported(schema), original(schema), noise_for(schema)


@pytest.mark.parametrize("name", sorted(EXACT))
@patient
@given(data=st.data())
def test_the_entity_says_what_the_schema_says(name: str, data: st.DataObject) -> None:
    form, judge, noise = both(name)
    document = data.draw(documents_for(form, noise) | noise)
    if isinstance(document, dict) or form.is_wrapped:
        assert form.allows(document) == judge.is_valid(document)


@pytest.mark.parametrize("name", sorted(EXACT))
@patient
@given(data=st.data())
def test_the_engine_takes_what_the_schema_takes(name: str, data: st.DataObject) -> None:
    form, judge, noise = both(name)
    document = data.draw(documents_for(form, noise))
    assert (not form.judged(document)) == judge.is_valid(document), form.judged(document)


@pytest.mark.parametrize("name", sorted(NARROWER))
@patient
@given(data=st.data())
def test_what_the_schema_refuses_the_engine_refuses(name: str, data: st.DataObject) -> None:
    form, judge, noise = both(name)
    document = data.draw(documents_for(form, noise) | noise.filter(lambda each: isinstance(each, dict)))
    assert judge.is_valid(document) or form.judged(document)
