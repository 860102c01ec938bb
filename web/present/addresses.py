"""Addresses of records."""

from flask import url_for

from engine.runtime.record import Record


def address(record: Record, page: str = "show", action: str | None = None, back: str | None = None) -> str:
    """A page of the record: show, edit, ask (with an action), confirm_delete, delete; `back` is where one came from."""
    return url_for(
        f"records.{page}", module=record.module, entity=record.entity, record_id=record.id, action=action, back=back
    )
