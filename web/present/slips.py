"""Records in an inbox or on the home page: a title, an amount, who and since when."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import format_timedelta, gettext

from engine.fields.field_type import Audience
from engine.runtime.organisation import Organisation
from engine.usecases.records.inbox import Slip
from web.present.addresses import address
from web.present.wording import Wording


def slip_model(slip: Slip, organisation: Organisation, locale: str, zone: ZoneInfo, now: datetime) -> dict[str, Any]:
    """One line."""
    record, wording = slip.seen.record, Wording(slip.module, locale)
    entity = slip.seen.entity
    maker = organisation.people.get(record.created_by)
    since = slip.task.opened_at if slip.task else record.updated_at
    name = wording.label(entity.definition.title)
    return {
        "id": slip.task.id if slip.task else record.id,
        "record_id": record.id,
        "url": address(record),
        "title": record.title or record.number or name,
        "aside": _amount(slip, Audience(locale=locale, zone=zone, label=wording.label)),
        "text": f"{name} · {record.number}" if record.number else name,
        "who": maker.name if maker else record.created_by,
        "since": _ago(now, since),
        "is_late": False,
        "status": wording.status(entity, record.state, record.status),
        "is_current": False,
    }


def _amount(slip: Slip, audience: Audience) -> str:
    """The first amount in the list of such records, or else in the form."""
    fields, values = slip.seen.entity.fields, slip.seen.values
    columns = [path for view in slip.seen.entity.views[:1] for path in view.definition.columns]
    for key in (*columns, *fields):
        if key in fields and fields[key].type.name == "money" and key in values:
            return fields[key].type.show(values[key], audience)
    return ""


def _ago(now: datetime, then: datetime) -> str:
    return str(gettext("%(time)s ago", time=format_timedelta(now - then)))
