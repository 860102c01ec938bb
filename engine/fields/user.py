"""A person of the workspace."""

from engine.definition.model import Json
from engine.fields.field_type import Audience, FieldType, Storage
from engine.fields.identity import read_id


class User(FieldType):
    """A person, kept as their login."""

    name = "user"
    keywords = frozenset()
    widget = "person"
    storage = Storage.TEXT
    target = "user"

    def read(self, raw: Json) -> str:
        """A login."""
        return read_id(raw, "field.user")

    def show(self, value: str, audience: Audience) -> str:
        """The person's name."""
        return audience.name(self.target, value)
