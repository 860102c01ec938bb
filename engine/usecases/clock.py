"""Where the time and new ids come from in production; everything below is handed them."""

from datetime import UTC, datetime

import uuid_utils


def now() -> datetime:
    """This moment, aware, UTC."""
    return datetime.now(UTC)  # noqa: TID251 - here it comes from


def new_id() -> str:
    """A UUIDv7: later ones sort after earlier ones."""
    return str(uuid_utils.uuid7())
