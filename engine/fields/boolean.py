"""Yes or no."""

from typing import Final

from engine.definition.model import Json
from engine.fields.characters import abbreviated, half_width
from engine.fields.field_type import Audience, FieldType, Storage, Unreadable

#: What check boxes send, people type and spreadsheets contain, in lower case.
_TYPED: Final = {
    **dict.fromkeys(("true", "yes", "y", "on", "1", "是", "对", "有", "√", "✓"), True),
    **dict.fromkeys(("false", "no", "n", "off", "0", "否", "错", "无", "×", "✗"), False),
}


class Boolean(FieldType):
    """Yes or no."""

    name = "boolean"
    keywords = frozenset({"enum"})
    widget = "boolean"
    json_type = "boolean"
    storage = Storage.BOOLEAN

    def read(self, raw: Json) -> bool:
        """True or false and nothing that merely resembles them."""
        if isinstance(raw, bool):
            return raw
        raise Unreadable("field.boolean", given=abbreviated(raw))

    def typed(self, text: str, _audience: Audience) -> Json:
        """Yes and no in both languages."""
        return _TYPED.get(half_width(text).lower(), text)

    def show(self, value: bool, audience: Audience) -> str:  # noqa: FBT001 - the value itself
        """Yes or no in the audience's language."""
        if audience.is_chinese:
            return "是" if value else "否"
        return "Yes" if value else "No"

    def edited(self, value: bool, _audience: Audience) -> str:  # noqa: FBT001 - the value itself
        """As JSON writes it."""
        return "true" if value else "false"
