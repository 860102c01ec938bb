"""Several of the values that the author lists."""

import re
from collections.abc import Mapping

import msgspec

from engine.definition.model import Field, Json
from engine.fields import keywords
from engine.fields.characters import abbreviated
from engine.fields.choice import Choice
from engine.fields.field_type import Audience, FieldType, Storage, Unreadable
from engine.fields.json import dumped, parsed, same

#: What stands between values in a cell of a spreadsheet.
_SEPARATOR = r"\s*[,，、;；\n]\s*"


class MultiChoice(FieldType):
    """A list of values in the order given; each only once unless `uniqueItems` is false."""

    name = "multi_choice"
    keywords = keywords.CHOICE | keywords.LIST
    widget = "choices"
    json_type = "array"
    storage = Storage.JSON

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        #: One of the values.
        self.choice = Choice(msgspec.structs.replace(field, schema=field.schema.get("items", field.schema)))
        self.is_unique = field.schema.get("uniqueItems", True)

    def read(self, raw: Json) -> list[Json]:
        """A list of the author's values."""
        if not isinstance(raw, list):
            raise Unreadable("field.list", given=abbreviated(raw))
        values, refused = [], []
        for each in raw:
            try:
                values.append(self.choice.read(each))
            except Unreadable:
                refused.append(each)
        if refused:
            given = ", ".join(map(abbreviated, refused))
            raise Unreadable("field.choices", given=given, known=self.choice.known(refused[0]))
        if twice := self._twice(values):
            raise Unreadable("field.twice", given=", ".join(map(abbreviated, twice)))
        return values

    def typed(self, text: str, audience: Audience) -> Json:
        """A JSON list, or values or titles with commas between them."""
        document = parsed(text)
        if isinstance(document, list):
            return document
        parts = [text] if self.choice.meant(text, audience) else re.split(_SEPARATOR, text.strip())
        return [self.choice.typed(each, audience) for each in parts if each]

    def schema(self) -> Mapping[str, Json]:
        """A list of the values with their titles."""
        titled = [{"const": each.value, "title": each.title} for each in self.choice.options]
        return {**keywords.annotations(self.field), **self.checked(), "items": {"oneOf": titled}}

    def checked(self) -> Mapping[str, Json]:
        """A list of the values."""
        limits = keywords.assertions(self.field.schema) if "items" in self.field.schema else self.choice.limits()
        values = {"enum": [each.value for each in self.choice.options]}
        return {**limits, "type": "array", "items": values, "uniqueItems": self.is_unique}

    def show(self, value: list[Json], audience: Audience) -> str:
        """The titles."""
        return ("、" if audience.is_chinese else ", ").join(self.choice.show(each, audience) for each in value)

    def edited(self, value: list[Json], audience: Audience) -> str:
        """The values with commas between them, or a JSON list where that could be misunderstood."""
        text = ", ".join(self.choice.edited(each, audience) for each in value)
        return text if self.typed(text, audience) == value else dumped(value)

    def _twice(self, values: list[Json]) -> list[Json]:
        if not self.is_unique:
            return []
        return [each for place, each in enumerate(values) if any(same(each, earlier) for earlier in values[:place])]
