"""What the alternatives of a schema tell about its properties: enough for a form to show them all.

`oneOf`, `anyOf`, `if` and their like go on judging values where they stand. A hint made of them is a schema too. It
refuses nothing that they accept, unless it names a field type (`x-type`), which then judges more than the schema did.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import IntEnum
from typing import Final

from engine.definition.model import Json
from engine.exchange.json_schema.kinds import can_be, distinct, is_nullable, json_type, kind, options, types
from engine.exchange.json_schema.merge import flattened, mark
from engine.fields.choice import listed
from engine.fields.json import dumped

#: Field types among which the first can hold the values of all.
_WIDER: Final = (
    ("text", "email", "date", "datetime"),
    ("long_text", "text", "email", "date", "datetime"),
    ("decimal", "integer"),
    ("boolean",),
    ("object",),
    ("lines",),
    ("multi_choice",),
)
_TELLING: Final = ("title", "description")


class Hold(IntEnum):
    """How much of what several schemas say of a property holds for its values."""

    #: Only under some condition: good for the field type.
    PERHAPS = 0
    #: Alternatives leave the property out and thereby open; nobody means that of a list of values.
    MOSTLY = 1
    #: For every value at least one of them holds.
    ALWAYS = 2


def hinted(schema: Mapping[str, Json]) -> dict[str, Json]:
    """The properties that a schema names elsewhere than in its own `properties`, with a hint for each."""
    found: dict[str, dict[Hold, list[list[Json]]]] = {}
    for branches, hold in _alternatives(schema):
        views = [(branch, _view(branch)) for branch in branches if can_be("object", branch)]
        for name in dict.fromkeys(name for _, view in views for name in view):
            is_everywhere = all(name in view or is_closed(branch, name) for branch, view in views)
            said = [view[name] for _, view in views if name in view]
            found.setdefault(name, {}).setdefault(hold if is_everywhere else min(hold, Hold.MOSTLY), []).append(said)
    return {name: _hint(said) for name, said in found.items()}


def united(said: Sequence[Json], hold: Hold) -> Json:
    """A hint that allows what any of these schemas allows."""
    if hold is Hold.ALWAYS and len({mark(each) for each in said}) == 1:
        return said[0]
    spoken = [each for each in said if types(each)]
    hold = hold if len(spoken) == len(said) else min(hold, Hold.MOSTLY)
    told = {word: each[word] for each in reversed(spoken) for word in _TELLING if word in each}
    is_listed = all(options(each) is not None or each in (True, {}) for each in said)
    if spoken and is_listed and hold is not Hold.PERHAPS:
        is_sure = hold is Hold.ALWAYS and not any("x-type" in each for each in spoken)
        choice = _choice(spoken)
        return {**told, **choice} if is_sure else {**told, "x-type": kind(choice), **choice}
    return {**told, **_widest(spoken, hold)}


def is_closed(schema: Json, name: str) -> bool:
    """Whether the schema refuses a property because it does not name it."""
    if not isinstance(schema, dict) or schema.get("additionalProperties", True) is not False:
        return False
    # Names that a pattern may fit are taken for allowed.
    return name not in schema.get("properties", {}) and not schema.get("patternProperties")


def _alternatives(schema: Mapping[str, Json]) -> Iterator[tuple[Sequence[Json], Hold]]:
    """Schemas beside one another, and how much they hold."""
    if needed := dict.fromkeys(_needed(schema), True):
        yield [{"properties": needed}], Hold.PERHAPS
    for member in schema.get("allOf", ()):
        yield [member], Hold.ALWAYS
    for keyword in ("anyOf", "oneOf"):
        yield schema.get(keyword, ()), Hold.ALWAYS
    if "if" in schema:
        yield [schema[keyword] for keyword in ("if", "then", "else") if keyword in schema], Hold.PERHAPS
    for member in schema.get("dependentSchemas", {}).values():
        yield [member], Hold.PERHAPS


def _needed(schema: Mapping[str, Json]) -> Iterator[str]:
    """Properties that are only known to have to be there, or to make others have to."""
    needs = schema.get("dependentRequired", {})
    for names in (schema.get("required", ()), needs, *needs.values(), schema.get("dependentSchemas", {})):
        yield from (name for name in names if name not in schema.get("properties", {}))


def _view(schema: Json) -> Mapping[str, Json]:
    """Every property that the schema names: its own as they are, the others as its alternatives show them."""
    if not isinstance(schema, dict):
        return {}
    schema = flattened(schema)
    own = {name: each for name, each in schema.get("properties", {}).items() if each is not False}
    return {**hinted(schema), **own}


def _hint(said: Mapping[Hold, list[list[Json]]]) -> Json:
    """What holds most counts; of two things that always hold, one is enough."""
    hold = max(said)
    return united(said[hold][0] if hold is Hold.ALWAYS else [each for some in said[hold] for each in some], hold)


def _choice(spoken: Sequence[dict[str, Json]]) -> dict[str, Json]:
    """Every value that one of the schemas lists, with its title."""
    values = distinct(value for each in spoken for value in options(each) or ())
    titles = {mark(option.value): option.title for each in reversed(spoken) for option in listed(each)}
    names = [titles.get(mark(value)) or (value if isinstance(value, str) else dumped(value)) for value in values]
    null = [None] if any(map(is_nullable, spoken)) else []
    is_titled = any("enumNames" in each or "enum" not in each for each in spoken)
    return {"enum": [*values, *null], **({"enumNames": names} if is_titled else {})}


def _widest(said: Sequence[dict[str, Json]], hold: Hold) -> dict[str, Json]:
    """The field type that can hold the values of all, with what can be said of their insides."""
    kinds = {_plain(each) for each in said}
    name = next((row[0] for row in _WIDER if kinds <= set(row)), "json")
    name = kinds.pop() if len(kinds) == 1 else name
    if not said:
        return {}
    if name == "object":
        return {"x-type": name, "properties": _united_properties(said, hold)}
    if name in {"lines", "multi_choice"}:
        items = united([each["items"] for each in said], hold)
        fits = name == "lines" or "enum" in items
        return {"x-type": name, "items": items} if fits else {"x-type": "json"}
    return {"x-type": name}


def _united_properties(said: Sequence[dict[str, Json]], hold: Hold) -> dict[str, Json]:
    views = [_view(each) for each in said]
    return {
        name: united(
            [view[name] for view in views if name in view],
            hold if all(name in view for view in views) else min(hold, Hold.MOSTLY),
        )
        for name in dict.fromkeys(name for view in views for name in view)
    }


def _plain(schema: dict[str, Json]) -> str:
    """The field type, and for a choice the one that holds its values."""
    name = kind(schema)
    if name != "choice":
        return name
    values = {json_type(value) for value in options(schema) or ()}
    return "text" if values == {"string"} else "integer" if values == {"integer"} else "json"
