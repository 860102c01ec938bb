"""A time of day."""

import re
from collections.abc import Mapping
from datetime import time
from typing import Final

from engine.definition.model import Json
from engine.fields.characters import abbreviated, half_width
from engine.fields.field_type import Audience, FieldType, Storage, Unreadable

_ISO: Final = re.compile(r"[0-9]{2}:[0-9]{2}(:[0-9]{2})?")
_TYPED: Final = re.compile(r"([0-9]{1,2})[:时点]([0-9]{1,2})(?:[:分](?:([0-9]{1,2})秒?)?)?")


class Time(FieldType):
    """A time, kept as "09:00", or as "09:00:30" when it has seconds."""

    name = "time"
    keywords = frozenset({"pattern"})
    widget = "time"
    storage = Storage.TIME

    def read(self, raw: Json) -> str:
        """A time between 00:00 and 23:59:59."""
        if isinstance(raw, str) and _ISO.fullmatch(raw):
            try:
                clock = time.fromisoformat(raw)
            except ValueError:
                pass
            else:
                return clock.isoformat() if clock.second else clock.isoformat("minutes")
        raise Unreadable("field.time", given=abbreviated(raw))

    def typed(self, text: str, _audience: Audience) -> str:
        """Also as 9:00 or 9时30分."""
        return iso_time(half_width(text))

    def schema(self) -> Mapping[str, Json]:
        """With a pattern, because the format `time` of JSON Schema demands an offset."""
        return {"pattern": "^[0-9]{2}:[0-9]{2}(:[0-9]{2})?$", **super().schema()}


def iso_time(text: str) -> str:
    """What people write for a time as "09:00" or "09:00:30"; other text as it is."""
    if found := _TYPED.fullmatch(text):
        return ":".join(f"{part:0>2}" for part in found.groups() if part)
    return text
