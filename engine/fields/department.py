"""A department of the company."""

from engine.definition.model import Json
from engine.fields.field_type import Audience, FieldType, Storage
from engine.fields.identity import read_id


class Department(FieldType):
    """A department, kept as its key."""

    name = "department"
    keywords = frozenset()
    widget = "department"
    storage = Storage.TEXT
    target = "department"

    def read(self, raw: Json) -> str:
        """A department's key."""
        return read_id(raw, "field.department")

    def show(self, value: str, audience: Audience) -> str:
        """The department's name."""
        return audience.name(self.target, value)
