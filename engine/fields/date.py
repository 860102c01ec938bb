"""A day of the calendar."""

import re
from datetime import date
from typing import Final

from babel.dates import format_date

from engine.definition.model import Json
from engine.fields.characters import abbreviated, half_width
from engine.fields.field_type import Audience, FieldType, Storage, Unreadable

#: Years that people mean; beyond them a date is a slip of the finger.
YEARS: Final = range(1900, 3000)

_ISO: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TYPED: Final = re.compile(r"([0-9]{4})(?:-|/|\.|年)([0-9]{1,2})(?:-|/|\.|月)([0-9]{1,2})日?")


class Date(FieldType):
    """A day, kept as "2026-03-02"."""

    name = "date"
    keywords = frozenset({"pattern"})
    widget = "date"
    format = "date"
    storage = Storage.DATE

    def read(self, raw: Json) -> str:
        """A date that exists."""
        if isinstance(raw, str) and _ISO.fullmatch(raw):
            try:
                if date.fromisoformat(raw).year in YEARS:
                    return raw
            except ValueError:
                pass
        raise Unreadable("field.date", given=abbreviated(raw))

    def typed(self, text: str, _audience: Audience) -> str:
        """Also as 2026/3/2, 2026.3.2 or 2026年3月2日."""
        return iso_date(half_width(text))

    def show(self, value: str, audience: Audience) -> str:
        """2026-03-02 in Chinese, 2 Mar 2026 in English."""
        return format_date(date.fromisoformat(value), day_pattern(audience), audience.locale)


def iso_date(text: str) -> str:
    """What people write for a date as "2026-03-02"; other text as it is."""
    if found := _TYPED.fullmatch(text):
        year, month, day = found.groups()
        return f"{year}-{month:0>2}-{day:0>2}"
    return text


def day_pattern(audience: Audience) -> str:
    """How the audience writes a day, as a Unicode date pattern."""
    return "yyyy-MM-dd" if audience.is_chinese else "d MMM yyyy"
