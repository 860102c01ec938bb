"""Where a page of a list ended, as opaque text for whoever asks for the next one."""

import base64
import binascii
from datetime import datetime
from typing import Any

import msgspec

from engine.problems import Malformed, Problem
from engine.store.tables.exact import canonical, parsed


def written(key: list[Any]) -> str:
    """The key of the last item: JSON values, exact."""
    return base64.urlsafe_b64encode(canonical(key).encode()).decode().rstrip("=")


def read(cursor: str, count: int) -> list[Any]:
    """The key again, a list of so many JSON values; `Malformed` when it is none."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        key = parsed(base64.b64decode(padded, altchars=b"-_", validate=True).decode())
    except (UnicodeError, binascii.Error, msgspec.DecodeError):
        raise nowhere() from None
    if not isinstance(key, list) or len(key) != count:
        raise nowhere()
    return key


def moment(value: object) -> datetime:
    """A moment in a key; `ValueError` when it is none."""
    read = datetime.fromisoformat(value) if isinstance(value, str) else None
    if read is None or read.tzinfo is None:
        raise ValueError
    return read


def text(value: object) -> str:
    """A text in a key that a database can be asked for; `ValueError` when it is none."""
    if not isinstance(value, str) or "\0" in value:
        raise ValueError
    return value


def nowhere() -> Malformed:
    """What is said about a cursor that nobody has given out."""
    return Malformed(Problem("list.cursor"))
