"""Imports a foreign schema as a module that could be published, and asks both sides about documents."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final, NamedTuple

import referencing
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, validators
from jsonschema.protocols import Validator

from engine.compile.build import compile_module
from engine.compile.model import CompiledEntity, CompiledField, CompiledModule
from engine.definition.model import Json
from engine.definition.read import read
from engine.definition.write import write_document
from engine.exchange.json_schema import from_schema
from engine.problems import Problem
from engine.runtime.access import EVERYTHING
from engine.runtime.organisation import Organisation
from engine.runtime.record import Record
from engine.runtime.values.accept import is_blank
from engine.runtime.values.fill import fill
from engine.runtime.world import World

DRAFT_4: Final = "http://json-schema.org/draft-04/schema#"
DRAFT_6: Final = "http://json-schema.org/draft-06/schema#"
DRAFT_7: Final = "http://json-schema.org/draft-07/schema#"
DRAFT_2019: Final = "https://json-schema.org/draft/2019-09/schema"
DRAFT_2020: Final = "https://json-schema.org/draft/2020-12/schema"

#: Field that holds a document which is no object with fields.
WHOLE: Final = "value"


NOW: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
WORLD: Final = World(now=NOW, zone=UTC, today=NOW.date(), organisation=Organisation(), new_id=str)
NEW: Final = Record(
    id="1",
    module="form",
    entity="form",
    edition=1,
    number="FORM-1",
    revision=1,
    state="draft",
    status="draft",
    title="",
    values={},
    created_at=NOW,
    created_by="wei",
    updated_at=NOW,
    updated_by="wei",
)


class Imported(NamedTuple):
    """A module made of a schema."""

    documents: Mapping[str, Json]
    #: entities/form.json.
    schema: Mapping[str, Json]
    #: Of that schema, formats aside.
    validator: Validator
    module: CompiledModule

    @property
    def entity(self) -> CompiledEntity:
        """The entity, ready to run."""
        return self.module.entities["form"]

    @property
    def types(self) -> dict[str, str]:
        """Field type by key; nested keys with dots."""
        return dict(_types(self.entity.fields))

    @property
    def is_wrapped(self) -> bool:
        """Whether the document stands in one field."""
        return "no object with named properties" in self.schema.get("description", "")

    def judged(self, document: Json) -> tuple[Problem, ...]:
        """What the engine has against a document."""
        given = _wrapped(self, exact(document))
        return fill(self.entity, NEW, given, EVERYTHING, world=WORLD, actor="wei").problems

    def allows(self, document: Json) -> bool:
        """What the entity's JSON Schema says about a document."""
        return bool(self.validator.is_valid(_wrapped(self, document)))


def imported(schema: Json) -> Imported:
    """The schema as module `form`; every step that `dougong module check` takes is taken."""
    data = schema if isinstance(schema, bytes) else json.dumps(schema).encode()
    documents = from_schema(data, "form")
    texts = {path: each if isinstance(each, str) else write_document(each, path) for path, each in documents.items()}
    module = compile_module(read({path: text.encode() for path, text in texts.items()}), {})
    entity = documents["entities/form.json"]
    judge = Draft202012Validator(plain(entity), registry=referencing.Registry())
    return Imported(documents, entity, judge, module)


def original(schema: Json) -> Validator:
    """The validator of the schema's own draft."""
    return validators.validator_for(schema, Draft202012Validator)(schema, registry=referencing.Registry())


def documents_for(form: Imported, noise: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    """Documents that fill the form: values of the right JSON type, nothing blank, `noise` where any JSON goes."""
    filled = _filled(form.entity.fields, noise)
    return filled.map(lambda document: document.get(WHOLE)) if form.is_wrapped else filled


def noise_for(schema: Json) -> st.SearchStrategy[Json]:
    """JSON made of the names and values that occur in a schema, and of some that do not."""
    names = sorted({*_names(schema), "other"})
    leaves = st.sampled_from([*_values(schema), "", "x", "12345", 0, 1, 7, -1, 1.5, True, False, None])
    return st.recursive(
        leaves,
        lambda inner: st.dictionaries(st.sampled_from(names), inner, max_size=4) | st.lists(inner, max_size=3),
        max_leaves=6,
    )


def _filled(fields: Mapping[str, CompiledField], noise: st.SearchStrategy[Json]) -> st.SearchStrategy[dict[str, Json]]:
    return st.fixed_dictionaries({}, optional={key: _value(field, noise) for key, field in fields.items()}).filter(bool)


def _value(field: CompiledField, noise: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    options = [option.value for option in field.definition.options if option.value not in (None, "")]
    by_type = {
        "text": st.sampled_from(["x", "xy", "12345", "012345", "a@b.cn", "long enough for most"]),
        "integer": st.integers(-2, 9),
        "decimal": st.integers(-2, 9) | st.sampled_from([0.5, 1.5, 2.25]),
        "boolean": st.booleans(),
        "choice": st.sampled_from([*options, "bogus"]),
        "multi_choice": st.lists(st.sampled_from([*options, "bogus"]), min_size=1, max_size=3),
        "object": _filled(field.fields, noise) if field.fields else noise,
        "lines": st.lists(_filled(field.fields, noise), min_size=1, max_size=3) if field.fields else noise,
        "json": noise.filter(lambda each: not is_blank(each)),
    }
    return by_type[field.type.name]


def exact(value: Json) -> Json:
    """The value as the JSON door reads it: no floats."""
    return json.loads(json.dumps(value), parse_float=Decimal)


def plain(value: Json) -> Json:
    """The value with floats, which the stock validators need."""
    return json.loads(json.dumps(value, default=float))


def _wrapped(form: Imported, document: Json) -> Json:
    return {WHOLE: document} if form.is_wrapped else document


def _types(fields: Mapping[str, CompiledField], before: str = "") -> Iterator[tuple[str, str]]:
    for key, field in fields.items():
        yield before + key, field.type.name
        yield from _types(field.fields, f"{before}{key}.")


def _names(schema: Json) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        yield from (name for name in schema.get("required", ()) if isinstance(name, str))
        for each in schema.values():
            yield from _names(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from _names(each)


def _values(schema: Json) -> Iterator[Json]:
    if isinstance(schema, dict):
        yield from schema.get("enum", ()) if isinstance(schema.get("enum"), list) else ()
        yield from (schema[keyword] for keyword in ("const", "minimum", "maximum", "multipleOf") if keyword in schema)
        for each in schema.values():
            yield from _values(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from _values(each)
