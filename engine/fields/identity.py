"""Ids of people, departments, records and files. Whether there is such a thing is asked by the use cases."""

import re
from typing import Final, TypeGuard

from engine.definition.model import Json
from engine.fields.characters import abbreviated
from engine.fields.field_type import Unreadable

#: Logins, keys and record ids; none is longer, and none has white space, a comma or anything invisible in it.
_ID: Final = re.compile(r"[^\s,\x00-\x20\x7f-\xa0\ud800-\udfff]{1,100}")


def read_id(raw: Json, code: str) -> str:
    """The id, or `Unreadable` with `code`."""
    if not is_id(raw):
        raise Unreadable(code, given=abbreviated(raw))
    return raw


def is_id(raw: Json) -> TypeGuard[str]:
    """Whether this can be the id of anything."""
    return isinstance(raw, str) and _ID.fullmatch(raw) is not None
