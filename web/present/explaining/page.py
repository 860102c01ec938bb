"""How a value comes about, on a page or in a dialog."""

from typing import Any

from flask_babel import gettext

from engine.fields.field_type import Audience
from engine.usecases.records.explain import Explained
from web.present.addresses import address
from web.present.explaining.notes import notes_of, shown
from web.present.explaining.tree import tree_of
from web.words import sentence


def explain_page(found: Explained, audience: Audience) -> dict[str, Any]:
    """Everything `explain.html` calls `explained`."""
    record, field = found.sight.record, found.field
    return {
        "title": audience.label(field.definition.title),
        "line": _line(found.place),
        "record_title": record.title or record.number,
        "back_url": address(record),
        "value": shown(found, found.value, audience),
        "formula": field.formula.text if field.formula else "",
        "tree": tree_of(found, audience),
        "notes": [*notes_of(found, audience, gettext)],
        "url": f"{address(record, 'explain')}?field=",
        "say": sentence,
        "address": address,
    }


def _line(place: str) -> str:
    """The number of the line in which the value stands."""
    numbers = [key for key in place.split(".") if key.isdecimal()]
    return str(int(numbers[-1]) + 1) if numbers else ""
