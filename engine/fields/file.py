"""Attached files."""

import re
from collections.abc import Mapping

from engine.definition.model import Field, Json
from engine.fields.characters import abbreviated
from engine.fields.field_type import Audience, FieldType, Storage, Unreadable
from engine.fields.identity import read_id
from engine.fields.keywords import LIST


class File(FieldType):
    """A file, kept as the id of its attachment; with `x-multiple` or `"type": "array"` a list of them."""

    name = "file"
    keywords = LIST | {"x-multiple"}
    widget = "file"
    target = "file"

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self.is_multiple = field.schema.get("x-multiple", field.schema.get("type") == "array")
        self.storage = Storage.JSON if self.is_multiple else Storage.TEXT

    def read(self, raw: Json) -> Json:
        """An attachment's id, or a list of different ones."""
        if not self.is_multiple:
            return read_id(raw, "field.file")
        if not isinstance(raw, list):
            raise Unreadable("field.list", given=abbreviated(raw))
        ids = [read_id(each, "field.file") for each in raw]
        if twice := [each for place, each in enumerate(ids) if each in ids[:place]]:
            raise Unreadable("field.twice", given=", ".join(twice))
        return ids

    def typed(self, text: str, _audience: Audience) -> Json:
        """Ids with commas between them."""
        return re.split(r"[,\s]+", text.strip()) if self.is_multiple else text.strip()

    def checked(self) -> Mapping[str, Json]:
        """Text, or a list of texts."""
        if not self.is_multiple:
            return super().checked()
        return {**super().checked(), "type": "array", "items": {"type": "string"}}

    def show(self, value: Json, audience: Audience) -> str:
        """The names of the files."""
        ids = value if self.is_multiple else [value]
        return ", ".join(audience.name(self.target, each) for each in ids)

    def edited(self, value: Json, _audience: Audience) -> str:
        """Ids with commas between them."""
        return ", ".join(value) if self.is_multiple else value
