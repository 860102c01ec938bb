"""A line of text, kept as it was typed."""

from collections.abc import Mapping

from engine.definition.model import Json
from engine.fields.characters import read_text
from engine.fields.field_type import FieldType, Storage
from engine.fields.keywords import TEXT


class Text(FieldType):
    """A line of text."""

    name = "text"
    keywords = TEXT
    widget = "text"
    storage = Storage.TEXT

    def read(self, raw: Json) -> str:
        """Any text that can be stored."""
        return read_text(raw)

    def checked(self) -> Mapping[str, Json]:
        """With the author's format: JSON Schema knows more of them than there are types."""
        given = self.field.schema.get("format")
        return {**super().checked(), **({"format": given} if given else {})}
