"""A telephone number."""

import re
from typing import Final

from engine.definition.model import Json
from engine.fields.characters import abbreviated, half_width, read_text
from engine.fields.field_type import Audience, FieldType, Storage, Unreadable
from engine.fields.keywords import TEXT

_CHINA: Final = re.compile(r"^(\+86|0086)-?")
#: Mobile numbers, and the numbers that companies pay for.
_WHOLE: Final = re.compile(r"1[0-9]{10}|[48]00[0-9]{7}")
#: Area codes have three digits in the biggest cities and four elsewhere; an extension may follow.
_LANDLINE: Final = re.compile(
    r"(0(?:10|2[0-9]|[3-9][0-9]{2}))-?([1-9][0-9]{6,7})(?:(?:-|转|ext\.?|x)([0-9]{1,6}))?", re.IGNORECASE
)
_ABROAD: Final = re.compile(r"\+(?!86)[1-9][0-9]{6,14}")


class Phone(FieldType):
    """A number in one form: 13800138000, 4008208820, 010-12345678-801, and +85223456789 from abroad."""

    name = "phone"
    keywords = TEXT
    widget = "phone"
    storage = Storage.TEXT

    def read(self, raw: Json) -> str:
        """A number of China, with or without +86, or one of another country with its code."""
        text = read_text(raw, "field.phone")
        if number := _number(text):
            return number
        raise Unreadable("field.phone", given=abbreviated(text))

    def typed(self, text: str, _audience: Audience) -> str:
        """Also with full-width digits and signs."""
        return half_width(text)


def _number(text: str) -> str:
    """The number in its one form; "" when it is none."""
    text = re.sub(r"[\s()]", "", text)
    inland = _CHINA.sub("", text)
    digits = inland.replace("-", "")
    if _WHOLE.fullmatch(digits) or _ABROAD.fullmatch(digits):
        return digits
    if inland != text and not inland.startswith("0"):
        inland = f"0{inland}"  # +86 replaces the 0 of the area code
    found = _LANDLINE.fullmatch(inland)
    return "-".join(filter(None, found.groups())) if found else ""
