"""`allOf` written as one schema, as far as that says exactly the same.

A schema is a conjunction of keywords. A member of `allOf` may therefore be split: each of its keywords moves into the
schema around it where the two can be one, and the others stay behind in `allOf`.
"""

from collections.abc import Callable, Hashable, Mapping
from typing import Any, Final

from engine.definition.model import Json

#: Keywords that only have a meaning together, under the one that stands for them.
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "properties": ("properties", "patternProperties", "additionalProperties"),
    "items": ("items", "prefixItems"),
    "contains": ("contains", "minContains", "maxContains"),
    "if": ("if", "then", "else"),
    "enum": ("enum", "enumNames"),
}
_LEADER: Final = {keyword: leader for leader, group in GROUPS.items() for keyword in group}
#: The first two look at everything beside them; what stands beside a reference is read as a variation of its target.
_WHOLE: Final = frozenset({"unevaluatedItems", "unevaluatedProperties", "$ref"})
#: They describe, and the description nearest to the property wins.
_TELLING: Final = frozenset(
    {"title", "description", "default", "examples", "deprecated", "writeOnly", "$comment", "x-ignored",
     "contentEncoding", "contentMediaType", "contentSchema"}
)  # fmt: skip
_NULLS: Final = ({"type": "null"}, {"const": None}, {"enum": [None]})
#: Keywords beside `type` and `enum` that may refuse `null`.
_JUDGES_NULL: Final = frozenset({"const", "not", "allOf", "anyOf", "oneOf", "if", "$ref"})
JSON_TYPES: Final = ("object", "array", "string", "integer", "number", "boolean", "null")


def flattened(schema: Json) -> Json:
    """The schema with its `allOf`, and those of its properties and items, written into it where that is exact."""
    if not isinstance(schema, dict):
        return schema
    merged = _without_all_of(schema)
    if "properties" in merged:
        merged["properties"] = {name: flattened(each) for name, each in merged["properties"].items()}
    if isinstance(merged.get("items"), dict):
        merged["items"] = flattened(merged["items"])
    return merged


def _without_all_of(schema: Mapping[str, Json]) -> dict[str, Json]:
    schema = _without_null_branch(schema)
    merged = {keyword: held for keyword, held in schema.items() if keyword != "allOf"}
    rest = []
    for member in schema.get("allOf", ()):
        if isinstance(member, dict) and _WHOLE.isdisjoint(member):
            parts = _without_all_of(member)
            rest += parts.pop("allOf", [])
            merged, left = _merged(merged, parts)
            rest += [left] if left else []
        elif member is not True:
            rest.append(member)
    return {**merged, "allOf": rest} if rest else merged


def _without_null_branch(schema: Mapping[str, Json]) -> Mapping[str, Json]:
    """The schema without the alternative `null`, which is how generators write that something may be left out."""
    for keyword in ("anyOf", "oneOf"):
        branches = schema.get(keyword, ())
        others = [branch for branch in branches if branch not in _NULLS]
        if len(branches) == 2 and len(others) == 1 and (nullable := _or_null(others[0])):  # noqa: PLR2004 - this, or null
            rest = {word: held for word, held in schema.items() if word != keyword}
            return {**rest, "allOf": [*schema.get("allOf", ()), nullable]}
    return schema


def _or_null(schema: Json) -> dict[str, Json] | None:
    """The schema with `null` allowed; None when that takes more than its `type` and `enum`."""
    if not isinstance(schema, dict) or not _JUDGES_NULL.isdisjoint(schema) or "null" in schema.get("type", ()):
        return None
    listed = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    if "type" not in schema:
        return {**schema, **listed} if listed else None
    named = schema["type"]
    return {**schema, **listed, "type": [*([named] if isinstance(named, str) else named), "null"]}


def _merged(schema: dict[str, Json], member: Mapping[str, Json]) -> tuple[dict[str, Json], dict[str, Json]]:
    """The schema with as much of the member as fits into it, and what is left of the member.

    The properties and items of both may have got an `allOf` of their own, which `flattened` writes into them.
    """
    left: dict[str, Json] = {}
    for group in _groups(member):
        theirs = {keyword: member[keyword] for keyword in group if keyword in member}
        ours = {keyword: schema[keyword] for keyword in group if keyword in schema}
        one = _one(group[0], ours, theirs)
        if one is None:
            left |= theirs
        else:
            schema = {keyword: held for keyword, held in schema.items() if keyword not in group or keyword in one} | one
    return schema, left


def _groups(schema: Mapping[str, Json]) -> list[tuple[str, ...]]:
    leaders = dict.fromkeys(_LEADER.get(keyword, keyword) for keyword in schema)
    return [GROUPS.get(leader, (leader,)) for leader in leaders]


def _one(leader: str, ours: dict[str, Json], theirs: dict[str, Json]) -> dict[str, Json] | None:
    """Both as one; None when that cannot be said."""
    if not ours:
        return theirs
    if leader in _TELLING or mark(ours) == mark(theirs):
        return ours
    if leader == "properties":
        return _properties(ours, theirs)
    if leader == "items" and ours.keys() == theirs.keys() == {"items"}:
        return {"items": _both(ours["items"], theirs["items"])}
    if leader == "enum":
        return _enum(ours, theirs)
    keyword, combine = leader, _COMBINE.get(leader)
    one = combine(ours[keyword], theirs[keyword]) if combine else None
    return None if one is None else {keyword: one}


def _properties(ours: dict[str, Json], theirs: dict[str, Json]) -> dict[str, Json] | None:
    """Both sets of properties, if neither says anything about the properties that it does not name."""
    if any(each.get("additionalProperties", True) is not True for each in (ours, theirs)):
        return None
    # `"additionalProperties": true` refuses nothing, but `unevaluatedProperties` takes notice of it: it is kept.
    return {**ours, **theirs} | {
        keyword: _united(ours.get(keyword, {}), theirs.get(keyword, {}))
        for keyword in ("properties", "patternProperties")
        if keyword in ours or keyword in theirs
    }


def _united(ours: Mapping[str, Json], theirs: Mapping[str, Json]) -> dict[str, Json]:
    added = {name: _both(ours[name], each) if name in ours else each for name, each in theirs.items()}
    return {**ours, **added}


def _both(ours: Json, theirs: Json) -> Json:
    return {"allOf": [ours, theirs]}


def _types(ours: Json, theirs: Json) -> Json:
    both = types_of(ours) & types_of(theirs)
    named = [name for name in JSON_TYPES if name in both and not (name == "integer" and "number" in both)]
    return (named if len(named) > 1 else named[0]) if named else None


def types_of(written: Json) -> frozenset[str]:
    """The JSON types that `type` allows; every number type includes the integers."""
    names = frozenset([written] if isinstance(written, str) else written)
    return names | {"integer"} if "number" in names else names


def _enum(ours: dict[str, Json], theirs: dict[str, Json]) -> dict[str, Json] | None:
    """The values that both list, with our names for them."""
    if "enum" not in ours or "enum" not in theirs:
        return ours | theirs
    names = ours.get("enumNames", [])
    known = set(map(mark, theirs["enum"]))
    places = [place for place, value in enumerate(ours["enum"]) if mark(value) in known]
    common = {"enum": [ours["enum"][place] for place in places]}
    named = {"enumNames": [names[place] for place in places]} if len(names) == len(ours["enum"]) else {}
    return {**common, **named} if places else None


def _all(ours: list[Json], theirs: list[Json]) -> list[Json]:
    return list(dict.fromkeys([*ours, *theirs]))


def _all_by_name(ours: Mapping[str, list[Json]], theirs: Mapping[str, list[Json]]) -> dict[str, list[Json]]:
    return {**ours, **{name: _all(ours.get(name, []), each) for name, each in theirs.items()}}


_COMBINE: Final[Mapping[str, Callable[[Any, Any], Json]]] = {
    "type": _types,
    "required": _all,
    "dependentRequired": _all_by_name,
    "uniqueItems": lambda ours, theirs: ours or theirs,
    **dict.fromkeys(("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"), max),
    **dict.fromkeys(("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"), min),
}


def mark(value: Json) -> Hashable:
    """Equal for equal JSON values and for no others: 1 is 1.0, but not true."""
    if isinstance(value, list):
        return tuple(map(mark, value))
    if isinstance(value, dict):
        return frozenset((name, mark(each)) for name, each in value.items())
    return isinstance(value, bool), value
