"""A nested object: fields that belong together."""

from collections.abc import Iterator, Mapping

from engine.definition.model import Json
from engine.fields import keywords
from engine.fields.field_type import Audience, FieldType, Storage, Unreadable
from engine.fields.json import dumped, parsed

_CHILDREN = frozenset({"properties", "required", "additionalProperties"})


class Object(FieldType):
    """An object with fields. Whoever reads the object reads each field by its own type."""

    name = "object"
    keywords = keywords.OBJECT
    widget = "object"
    json_type = "object"
    storage = Storage.COLUMNS

    def read(self, raw: Json) -> Json:
        """The object as it was given."""
        if isinstance(raw, Mapping):
            return raw
        raise Unreadable("field.object")

    def typed(self, text: str, _audience: Audience) -> Json:
        """A JSON object."""
        return parsed(text)

    def checked(self) -> Mapping[str, Json]:
        """What the author says about the object as a whole."""
        return {keyword: limit for keyword, limit in super().checked().items() if keyword not in _CHILDREN}

    def show(self, value: Mapping[str, Json], _audience: Audience) -> str:
        """The words and numbers in it, in their order."""
        return " ".join(_words(value))

    def edited(self, value: Mapping[str, Json], _audience: Audience) -> str:
        """A JSON object."""
        return dumped(value)


def _words(value: Json) -> Iterator[str]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _words(each)
    elif value is not None:
        yield value if isinstance(value, str) else dumped(value)
