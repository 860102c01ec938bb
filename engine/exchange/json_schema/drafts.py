"""The drafts of JSON Schema that can be imported: what each keyword of them holds, and how it is said in 2020-12."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from itertools import islice
from typing import Any, Final, TypeAlias

import jsonschema_rs
import msgspec
from jsonschema import (
    Draft4Validator,
    Draft6Validator,
    Draft7Validator,
    Draft201909Validator,
    Draft202012Validator,
)

from engine.definition.model import Json
from engine.problems import Malformed, Problem

#: Steps of a JSON Pointer.
Path: TypeAlias = tuple[str | int, ...]

#: What is no schema at all would otherwise be told so once for each of its values.
MAX_MISTAKES: Final = 100
#: The validator's own words quote what was given, however long it is.
_REASON: Final = 200
_FIRST, _LAST = 4, 2020
#: Keyword → the drafts that know it. What it holds is a schema, or a list of schemas.
_HOLDS_SCHEMAS: Final[Mapping[str, tuple[int, int]]] = {
    **dict.fromkeys(("allOf", "anyOf", "oneOf", "not", "items", "additionalProperties"), (_FIRST, _LAST)),
    **dict.fromkeys(("contains", "propertyNames"), (6, _LAST)),
    **dict.fromkeys(("if", "then", "else"), (7, _LAST)),
    **dict.fromkeys(("unevaluatedItems", "unevaluatedProperties", "contentSchema"), (2019, _LAST)),
    "additionalItems": (_FIRST, 2019),
    "prefixItems": (2020, _LAST),
}
#: What it holds is an object of schemas by name; a dependency may also be a list of names.
_HOLDS_NAMED_SCHEMAS: Final[Mapping[str, tuple[int, int]]] = {
    **dict.fromkeys(("properties", "patternProperties", "definitions"), (_FIRST, _LAST)),
    "dependencies": (_FIRST, 7),
    "dependentSchemas": (2019, _LAST),
    "$defs": (2019, _LAST),
}
#: What it holds is not a schema. Annotations mean the same everywhere and need not stand here.
_HOLDS_VALUES: Final[Mapping[str, tuple[int, int]]] = {
    **dict.fromkeys(
        ("$ref", "type", "enum", "format", "pattern", "required", "uniqueItems", "multipleOf",
         "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength",
         "minItems", "maxItems", "minProperties", "maxProperties"),
        (_FIRST, _LAST),
    ),
    "const": (6, _LAST),
    **dict.fromkeys(("dependentRequired", "minContains", "maxContains", "$anchor"), (2019, _LAST)),
    **dict.fromkeys(("$recursiveRef", "$recursiveAnchor"), (2019, 2019)),
    **dict.fromkeys(("$dynamicRef", "$dynamicAnchor"), (2020, _LAST)),
}  # fmt: skip
_KEYWORDS: Final = {**_HOLDS_SCHEMAS, **_HOLDS_NAMED_SCHEMAS, **_HOLDS_VALUES}

#: Names and containers: what they are for is done once every reference is written out.
_SPENT: Final = frozenset(
    {"$schema", "$id", "$anchor", "$dynamicAnchor", "$recursiveAnchor", "$vocabulary", "definitions", "$defs",
     "$ref", "$dynamicRef", "$recursiveRef"}
)  # fmt: skip
#: Annotation that keeps keywords which say nothing in the schema's own draft, but would in 2020-12 or to us.
IGNORED: Final = "x-ignored"


class Draft(msgspec.Struct, frozen=True, dict=True):
    """One draft of JSON Schema."""

    #: 4, 6, 7, 2019 or 2020.
    number: int
    title: str
    #: What `$schema` says, without an empty fragment.
    uri: str
    metaschema: Mapping[str, Json]

    @property
    def id_keyword(self) -> str:
        """The keyword that gives a schema its URI."""
        return "id" if self.number == _FIRST else "$id"

    @property
    def ref_stands_alone(self) -> bool:
        """Whether everything beside `$ref` is ignored."""
        return self.number <= 7  # noqa: PLR2004 - draft 7

    @cached_property
    def _grammar(self) -> Any:  # noqa: ANN401 - jsonschema_rs has no type of its own for any draft's validator
        return jsonschema_rs.validator_for(dict(self.metaschema), validate_formats=False, offline=True)

    def mistakes(self, schema: Json, at: Path = ()) -> Iterator[Problem]:
        """Why the value that stands at `at` is no schema of this draft."""
        # The later drafts are made of vocabularies, each of which finds the same again.
        found = dict.fromkeys((tuple(each.instance_path), each.message) for each in self._grammar.iter_errors(schema))
        for path, message in islice(found, MAX_MISTAKES):
            params = {"draft": self.title, "reason": message[:_REASON]}
            yield Problem("schema.invalid", pointer_to((*at, *path)), params)

    def knows(self, keyword: str) -> bool:
        """Whether the keyword means in this draft what it means in any."""
        since, until = _KEYWORDS.get(keyword, (_FIRST, _LAST))
        return since <= self.number <= until

    def children(self, schema: Mapping[str, Json]) -> Iterator[tuple[Path, Json]]:
        """The schemas directly inside a schema, with the way to each."""
        for keyword, held in schema.items():
            if not self.knows(keyword):
                continue
            if keyword in _HOLDS_SCHEMAS and is_schema(held):
                yield (keyword,), held
            elif keyword in _HOLDS_SCHEMAS and isinstance(held, list):
                yield from (((keyword, place), each) for place, each in enumerate(held))
            elif keyword in _HOLDS_NAMED_SCHEMAS:
                yield from (((keyword, name), each) for name, each in held.items() if is_schema(each))

    def upgraded(self, schema: Mapping[str, Json], change: Callable[[Path, Json], Json]) -> dict[str, Json]:
        """One schema in the words of 2020-12 without its references; `change` makes the same of the schemas inside."""
        kept, ignored = {}, {}
        for keyword, held in schema.items():
            if not self.knows(keyword) or _is_taken(keyword, held):
                ignored[keyword] = held
            elif keyword not in _SPENT and keyword != self.id_keyword:
                kept[keyword] = _copied(held)
        for path, child in self.children(kept):
            keyword, step = str(path[0]), path[1:]
            if step:
                kept[keyword][step[0]] = change(path, child)
            else:
                kept[keyword] = change(path, child)
        _say_in_2020(kept, self.number)
        return {**kept, IGNORED: ignored} if ignored else kept


def pointer_to(path: Path) -> str:
    """The path as a JSON Pointer."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def is_schema(value: Json) -> bool:
    """Whether the value can stand where a schema is expected."""
    return isinstance(value, dict | bool)


def _is_taken(keyword: str, held: Json) -> bool:
    """Whether we would read something into the keyword that no validator does."""
    if keyword == "enumNames":
        return not isinstance(held, list) or not all(isinstance(each, str) for each in held)
    return keyword == "readOnly" or keyword.startswith("x-")


def _copied(held: Json) -> Json:
    return held.copy() if isinstance(held, dict | list) else held


def _say_in_2020(schema: dict[str, Json], number: int) -> None:
    """Replace the keywords that 2020-12 spells differently; the schemas inside are done already."""
    if number == _FIRST:
        for exclusive, limit in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
            if schema.pop(exclusive, False) and limit in schema:
                schema[exclusive] = schema.pop(limit)
    if number < _LAST:
        rest = schema.pop("additionalItems", None)
        if isinstance(schema.get("items"), list):
            schema["prefixItems"] = schema.pop("items")
            if rest is not None:
                schema["items"] = rest
    needs = schema.pop("dependencies", {})
    for keyword, is_asked in (("dependentRequired", list), ("dependentSchemas", dict | bool)):
        if part := {name: need for name, need in needs.items() if isinstance(need, is_asked)}:
            schema[keyword] = part


DRAFTS: Final = tuple(
    Draft(number, title, str(validator.META_SCHEMA.get("$id", validator.META_SCHEMA.get("id"))).rstrip("#"),
          validator.META_SCHEMA)
    for number, title, validator in (
        (4, "draft 4", Draft4Validator),
        (6, "draft 6", Draft6Validator),
        (7, "draft 7", Draft7Validator),
        (2019, "2019-09", Draft201909Validator),
        (2020, "2020-12", Draft202012Validator),
    )
)  # fmt: skip


def draft_of(schema: Json, at: Path = (), otherwise: Draft = DRAFTS[-1]) -> Draft:
    """The draft that `$schema` names, in the schema at `at`; raises `Malformed` for one that cannot be imported."""
    given = schema.get("$schema") if isinstance(schema, dict) else None
    if given is None:
        return otherwise
    uri = str(given).removeprefix("https:").removeprefix("http:").rstrip("#")
    for draft in DRAFTS:
        if uri == draft.uri.removeprefix("https:").removeprefix("http:"):
            return draft
    known = ", ".join(draft.uri for draft in DRAFTS)
    raise Malformed(Problem("schema.draft", pointer_to((*at, "$schema")), {"given": str(given), "known": known}))
