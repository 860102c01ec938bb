"""A record of another entity, or of the same."""

from engine.definition.model import Field, Json
from engine.fields.field_type import Audience, FieldType, Storage
from engine.fields.identity import read_id


class Reference(FieldType):
    """A record, kept as its id."""

    name = "reference"
    keywords = frozenset({"x-reference"})
    widget = "reference"
    storage = Storage.TEXT

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self.target = field.reference

    def read(self, raw: Json) -> str:
        """A record's id."""
        return read_id(raw, "field.reference")

    def show(self, value: str, audience: Audience) -> str:
        """The record's title."""
        return audience.name(self.target, value)
