"""An e-mail address."""

import re
from typing import Final

from engine.definition.model import Json
from engine.fields.characters import abbreviated, half_width, read_text
from engine.fields.field_type import Audience, FieldType, Storage, Unreadable
from engine.fields.keywords import TEXT

#: Longest address that SMTP can carry (RFC 5321).
_LONGEST: Final = 254
_ADDRESS: Final = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z0-9-]*[A-Za-z][A-Za-z0-9-]*"
)


class Email(FieldType):
    """An address such as zhang.wei@example.com."""

    name = "email"
    keywords = TEXT
    widget = "email"
    format = "email"
    storage = Storage.TEXT

    def read(self, raw: Json) -> str:
        """An address that mail can be sent to over the internet."""
        text = read_text(raw, "field.email")
        if len(text) <= _LONGEST and _ADDRESS.fullmatch(text):
            return text
        raise Unreadable("field.email", given=abbreviated(text))

    def typed(self, text: str, _audience: Audience) -> str:
        """Also with full-width letters and signs."""
        return half_width(text)
