"""A number that the system gives, such as BYJ-202603-0001."""

from collections.abc import Mapping

from engine.definition.model import Json
from engine.fields.text import Text


class SerialNumber(Text):
    """Counted up by the pattern `x-number`; nobody types it."""

    name = "serial_number"
    keywords = frozenset({"x-number"})
    widget = "readonly"
    automatic = True

    def schema(self) -> Mapping[str, Json]:
        """Text that can only be read."""
        return {**super().schema(), "readOnly": True}
