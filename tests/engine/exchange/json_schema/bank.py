"""Small schemas of every draft: what people and generators write, and what only standards know."""

from typing import Final

from engine.definition.model import Json
from tests.engine.exchange.json_schema.importing import DRAFT_4, DRAFT_6, DRAFT_7, DRAFT_2019, DRAFT_2020

_NAME: Final = {"type": "string", "minLength": 1, "maxLength": 30}
_PERSON: Final = {"type": "object", "required": ["last"], "properties": {"first": _NAME, "last": _NAME}}

#: Name → schema. The imported entity's JSON Schema says of every document what the schema says.
EXACT: Final[dict[str, Json]] = {
    "draft 4: definitions, exclusive limits, dependencies": {
        "$schema": DRAFT_4,
        "id": "http://example.org/site.json",
        "type": "object",
        "additionalProperties": False,
        "required": ["code"],
        "definitions": {"count": {"type": "integer", "minimum": 0, "exclusiveMinimum": True}},
        "properties": {
            "code": {"type": "string", "pattern": "^[0-9]{5}$"},
            "floors": {"$ref": "#/definitions/count", "maximum": 0},
            "ratio": {"type": "number", "maximum": 1.5, "exclusiveMaximum": False},
            "lift": {"type": "boolean"},
        },
        "dependencies": {"lift": ["floors"], "ratio": {"required": ["lift"]}},
    },
    "draft 4: keywords of later drafts say nothing": {
        "$schema": DRAFT_4,
        "type": "object",
        "properties": {"a": {"type": "string", "const": "x"}, "b": {"type": "string", "not": {"enum": ["x"]}}},
        "if": {"required": ["a"]},
        "then": {"required": ["b"]},
        "propertyNames": {"maxLength": 0},
    },
    "draft 4: items one by one": {
        "$schema": DRAFT_4,
        "type": "object",
        "properties": {
            "pair": {"type": "array", "items": [{"type": "string"}, {"type": "integer"}], "additionalItems": False},
            "open": {"type": "array", "items": [{"type": "string"}]},
            "rows": {"type": "array", "minItems": 1, "items": _PERSON, "additionalItems": False},
        },
    },
    "draft 6: contains, const, names, true and false": {
        "$schema": DRAFT_6,
        "$id": "http://example.org/bag.json",
        "type": "object",
        "properties": {
            "tags": {"type": "array", "contains": {"const": "x"}, "uniqueItems": True},
            "kind": {"const": "x"},
            "any": True,
            "none": False,
        },
        "propertyNames": {"maxLength": 4},
    },
    "draft 7: if, then, else and names of schemas": {
        "$schema": DRAFT_7,
        "$id": "http://example.org/root.json",
        "type": "object",
        "definitions": {
            "zip": {"$id": "#zip", "type": "string", "pattern": "^[0-9]{5}$"},
            "other": {"$id": "other.json", "type": "integer", "definitions": {"big": {"minimum": 7}}},
        },
        "properties": {
            "country": {"type": "string", "enum": ["CN", "US"]},
            "zip": {"$ref": "#zip", "minLength": 99},
            "size": {"$ref": "other.json"},
            "big": {"allOf": [{"$ref": "other.json#/definitions/big"}, {"type": "integer"}]},
        },
        "if": {"properties": {"country": {"const": "US"}}, "required": ["country"]},
        "then": {"required": ["zip"]},
        "else": {"properties": {"size": {"maximum": 0}}},
    },
    "2019-09: a tree that refers to itself": {
        "$schema": DRAFT_2019,
        "$id": "http://example.org/tree.json",
        "$recursiveAnchor": True,
        "type": "object",
        "required": ["name"],
        "properties": {"name": _NAME, "nodes": {"type": "array", "items": {"$recursiveRef": "#"}}},
        "unevaluatedProperties": False,
    },
    "2019-09: siblings of a reference, dependents": {
        "$schema": DRAFT_2019,
        "type": "object",
        "$defs": {"text": {"$anchor": "text", "type": "string", "minLength": 2}},
        "properties": {"a": {"$ref": "#text", "maxLength": 5}, "b": {"$ref": "#/$defs/text"}, "c": {"type": "integer"}},
        "dependentRequired": {"a": ["b"]},
        "dependentSchemas": {"c": {"properties": {"a": False}}},
        "minContains": 3,
    },
    "2020-12: a list whose first items differ": {
        "$schema": DRAFT_2020,
        "type": "object",
        "properties": {
            "row": {"type": "array", "prefixItems": [{"type": "string"}], "items": {"type": "integer"}},
            "some": {"type": "array", "contains": {"type": "integer"}, "minContains": 1, "maxContains": 1},
        },
    },
    "2020-12: a list extended through a dynamic anchor": {
        "$schema": DRAFT_2020,
        "$id": "http://example.org/strings.json",
        "type": "object",
        "properties": {"list": {"$ref": "list.json"}},
        "$defs": {
            "item": {"$dynamicAnchor": "item", "type": "string"},
            "list": {
                "$id": "list.json",
                "type": "array",
                "items": {"$dynamicRef": "#item"},
                "$defs": {"item": {"$dynamicAnchor": "item", "type": "integer"}},
            },
        },
    },
    "people within people": {
        "type": "object",
        "properties": {
            "boss": {"$ref": "#/$defs/person"},
            "staff": {"type": "array", "items": {"$ref": "#/$defs/person"}},
        },
        "$defs": {"person": {**_PERSON, "properties": {**_PERSON["properties"], "deputy": {"$ref": "#/$defs/person"}}}},
    },
    "a reference as the whole schema": {"$ref": "#/$defs/person", "$defs": {"person": _PERSON}},
    "allOf of objects": {
        "type": "object",
        "allOf": [
            {"properties": {"a": {"type": "string", "minLength": 2}, "n": {"type": "number", "minimum": 0}}},
            {"properties": {"a": {"maxLength": 5}, "n": {"type": "integer", "maximum": 7}}, "required": ["a"]},
        ],
        "properties": {"b": {"enum": ["x", "y"]}},
        "required": ["b"],
    },
    "allOf with a closed member": {
        "type": "object",
        "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
        "allOf": [{"properties": {"a": {"minLength": 5}}, "additionalProperties": False}],
    },
    "alternatives that all list the same property": {
        "type": "object",
        "required": ["kind"],
        "oneOf": [
            {"properties": {"kind": {"enum": ["a"]}, "size": {"enum": ["s", "m"]}}},
            {"properties": {"kind": {"enum": ["b"]}, "size": {"enum": ["l"]}}},
        ],
    },
    "alternatives that cannot be one field": {
        "type": "object",
        "anyOf": [
            {"properties": {"level": {"type": "string", "enum": ["x"]}}, "required": ["level"]},
            {"properties": {"level": {"type": "object", "properties": {"a": {"type": "string"}}}}},
        ],
    },
    "one of two must be there": {
        "type": "object",
        "properties": {"mail": {"type": "string"}, "phone": {"type": "string", "minLength": 5}},
        "anyOf": [{"required": ["mail"]}, {"required": ["phone"]}],
    },
    "nothing unevaluated beside alternatives": {
        "type": "object",
        "properties": {"kind": {"enum": ["a", "b"]}},
        "oneOf": [
            {"properties": {"kind": {"const": "a"}, "one": {"type": "string"}}, "required": ["kind"]},
            {"properties": {"kind": {"const": "b"}, "two": {"type": "integer"}}, "required": ["kind"]},
        ],
        "unevaluatedProperties": False,
    },
    "what is not named has a schema too": {
        "type": "object",
        "properties": {"a": {"type": "string"}, "map": {"type": "object", "additionalProperties": {"type": "integer"}}},
        "patternProperties": {"^x": {"type": "integer"}},
        "additionalProperties": {"type": "string"},
        "anyOf": [{"properties": {"b": {"maxLength": 1}}}, {"required": ["a"]}],
    },
    "lists in lists": {
        "type": "object",
        "properties": {
            "orders": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["lines"],
                    "properties": {"lines": {"type": "array", "maxItems": 2, "items": _PERSON}},
                },
            },
            "flags": {"type": "array", "uniqueItems": True, "items": {"type": "string", "enum": ["x", "y"]}},
            "again": {"type": "array", "items": {"enum": ["x", "y"]}},
            "words": {"type": "array", "items": {"type": "string"}},
            "grid": {"type": "array", "items": {"type": "array", "items": {"type": "integer"}}},
        },
    },
    "values that may be null": {
        "type": "object",
        "properties": {
            "a": {"type": ["string", "null"], "minLength": 1},
            "b": {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "null"}], "default": None},
            "c": {"anyOf": [_PERSON, {"type": "null"}]},
            "d": {"enum": ["x", None]},
            "e": {"oneOf": [{"type": "null"}, {"type": "string", "enum": ["x", "y"]}]},
        },
    },
    "titles of values": {
        "type": "object",
        "properties": {
            "a": {"type": "string", "enum": ["x", "y"], "enumNames": ["Ex", "Why"]},
            "b": {"oneOf": [{"const": "x", "title": "Ex"}, {"const": 1, "title": "One"}]},
            "c": {"type": "integer", "enum": [0, 1, 7]},
            "d": {"enum": [True]},
            "e": {"enum": ["x", {"a": 1}]},
        },
    },
    "names that are no keys": {
        "type": "object",
        "properties": {
            "address": {"type": "object", "properties": {"zip code": {"type": "string", "minLength": 5}}},
            "rows": {"type": "array", "items": {"type": "object", "properties": {"a.b": {"type": "integer"}}}},
            "a": {"type": "string"},
        },
    },
    "no name is a key": {
        "type": "object",
        "required": ["1st"],
        "properties": {"1st": {"type": "string", "minLength": 1}},
    },
    "a list": {"type": "array", "minItems": 1, "items": _PERSON},
    "a text": {"type": "string", "pattern": "^x", "minLength": 1},
    "anything": {},
    "everything": True,
    "nothing": False,
    "one thing of several types": {"type": ["object", "array", "string"], "maxProperties": 1, "minLength": 1},
    "what looks around": {"type": "object", "properties": {"a": {"type": "string", "pattern": "^(?!0)[0-9]+$"}}},
}

#: The same, but a form refuses values that the schema leaves to nobody's imagination.
NARROWER: Final[dict[str, Json]] = {
    "properties without a type": {"properties": {"a": {"properties": {"b": {"minLength": 2}}}, "c": {"minimum": 1}}},
    "only some alternatives name it": {
        "type": "object",
        "anyOf": [
            {"properties": {"one": {"type": "string", "enum": ["x", "y"]}, "two": {"type": "integer"}}},
            {"properties": {"one": {"type": "string", "enum": ["z"]}}},
            {},
        ],
    },
    "a type only under a condition": {
        "type": "object",
        "properties": {"a": {"type": "boolean"}},
        "if": {"properties": {"a": {"const": True}}},
        "then": {"properties": {"b": {"type": "string", "enum": ["x"]}}, "required": ["b"]},
    },
}
