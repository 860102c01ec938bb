"""Line items: a table inside a form."""

from collections.abc import Mapping

from engine.definition.model import Json
from engine.fields import keywords
from engine.fields.characters import abbreviated
from engine.fields.field_type import Audience, FieldType, Storage, Unreadable
from engine.fields.json import dumped, parsed


class Lines(FieldType):
    """A list of objects with the same fields. Whoever reads the list reads each line's fields by their own types."""

    name = "lines"
    keywords = keywords.LIST
    widget = "lines"
    json_type = "array"
    storage = Storage.TABLE

    def read(self, raw: Json) -> list[Json]:
        """The lines as they were given."""
        if isinstance(raw, list):
            return raw
        raise Unreadable("field.lines", given=abbreviated(raw))

    def typed(self, text: str, _audience: Audience) -> Json:
        """A JSON list: many lines are sent in one input."""
        return parsed(text)

    def checked(self) -> Mapping[str, Json]:
        """How many lines there may be."""
        return {keyword: limit for keyword, limit in super().checked().items() if keyword != "items"}

    def show(self, value: list[Json], audience: Audience) -> str:
        """How many lines there are."""
        if audience.is_chinese:
            return f"{len(value)} 行"
        return f"{len(value)} line" if len(value) == 1 else f"{len(value)} lines"

    def edited(self, value: list[Json], _audience: Audience) -> str:
        """A JSON list."""
        return dumped(value)
