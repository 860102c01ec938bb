"""A moment: a date and a time somewhere on earth, kept in UTC."""

import re
from datetime import UTC, datetime
from typing import Final

from babel.dates import format_datetime

from engine.definition.model import Json
from engine.fields.characters import abbreviated, half_width
from engine.fields.date import YEARS, day_pattern, iso_date
from engine.fields.field_type import Audience, FieldType, Storage, Unreadable
from engine.fields.time import iso_time

_LOCAL: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
_NAIVE: Final = re.compile(_LOCAL)
_AWARE: Final = re.compile(_LOCAL + r"(Z|[+-][0-9]{2}:[0-9]{2})")


class DateTime(FieldType):
    """A moment, kept as "2026-03-02T01:00:00Z"."""

    name = "datetime"
    keywords = frozenset({"pattern"})
    widget = "datetime"
    format = "date-time"
    storage = Storage.DATETIME

    def read(self, raw: Json) -> str:
        """A moment with its offset from UTC."""
        if isinstance(raw, str) and _AWARE.fullmatch(raw):
            try:
                moment = datetime.fromisoformat(raw).astimezone(UTC)
            except (ValueError, OverflowError):
                pass
            else:
                if moment.year in YEARS:
                    return _written(moment)
        raise Unreadable("field.datetime", given=abbreviated(raw))

    def typed(self, text: str, audience: Audience) -> str:
        """A date and a time as people write them; without an offset they are meant in the audience's zone."""
        day, *time = re.split(r"[T\s]+", half_width(text).replace("日", "日 "), maxsplit=1)
        text = "T".join((iso_date(day), *map(iso_time, time)))
        if not _NAIVE.fullmatch(text):
            return text
        try:
            moment = datetime.fromisoformat(text).replace(tzinfo=audience.zone)
            return _written(moment.astimezone(UTC))
        except (ValueError, OverflowError):
            return text

    def show(self, value: str, audience: Audience) -> str:
        """In the audience's zone, to the minute."""
        pattern = f"{day_pattern(audience)} HH:mm"
        return format_datetime(_local(value, audience), pattern, locale=audience.locale)

    def edited(self, value: str, audience: Audience) -> str:
        """In the audience's zone; in UTC where that would be ambiguous, because a clock set back repeats an hour."""
        text = _local(value, audience).replace(tzinfo=None).isoformat(" ").removesuffix(":00")
        return text if self.typed(text, audience) == value else value


def _local(value: str, audience: Audience) -> datetime:
    return datetime.fromisoformat(value).astimezone(audience.zone)


def _written(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat() + "Z"
