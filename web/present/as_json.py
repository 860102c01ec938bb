"""Records, actions, events and tasks as the API sends them."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec

from engine.compile.model import CompiledField
from engine.definition.model import Json
from engine.fields.field_type import Storage
from engine.formula.explain import Trace
from engine.formula.numbers import plain
from engine.formula.tree import Value
from engine.problems import Problem
from engine.runtime.resolve import Choice
from engine.usecases.attach import Attachment
from engine.usecases.modules.describe import Described
from engine.usecases.records.explain import Explained
from engine.usecases.records.inbox import Item
from engine.usecases.records.look import Entry
from engine.usecases.sight import Sight, visible
from web.words import sentence

_ENCODER = msgspec.json.Encoder(decimal_format="number", order="deterministic")


def encoded(value: Json) -> bytes:
    """JSON text; every Decimal left in the value is written as a number, exactly."""
    return _ENCODER.encode(value)


def record_json(seen: Sight) -> dict[str, Any]:
    """A record as the reader may see it."""
    record = seen.record
    return {
        "id": record.id,
        "number": record.number,
        "entity": f"{record.module}/{record.entity}",
        "edition": record.edition,
        "revision": record.revision,
        "state": record.state,
        "status": record.status,
        "title": record.title,
        "values": values_json(seen.entity.fields, seen.values),
        "created_at": moment(record.created_at),
        "created_by": record.created_by,
        "updated_at": moment(record.updated_at),
    } | ({"warnings": [problem_json(each) for each in seen.warnings]} if seen.warnings else {})


def values_json(fields: Mapping[str, CompiledField], values: Mapping[str, Json]) -> dict[str, Json]:
    """Values as the API also accepts them: exact numbers as decimal strings, where their type says so."""
    return {key: _value(fields[key], value) for key, value in values.items() if key in fields}


def _value(field: CompiledField, value: Json) -> Json:
    if not field.fields:
        return field.type.written(value)
    if field.type.storage is Storage.COLUMNS:
        return values_json(field.fields, value)
    return [values_json(field.fields, row) for row in value]


def choice_json(choice: Choice) -> dict[str, Any]:
    """An action, whether it is allowed, and if not, why."""
    problems = [problem_json(each) for each in choice.problems]
    return {"action": choice.action, "title": choice.title, "allowed": choice.allowed, "problems": problems}


def problem_json(problem: Problem) -> dict[str, str]:
    """A problem in the reader's language."""
    return {"code": problem.code, "pointer": problem.pointer, "message": sentence(problem), **problem.failing}


def explained_json(explained: Explained) -> dict[str, Any]:
    """A value and the trace of its formula."""
    value = None if explained.value is None else _value(explained.field, explained.value)
    return {"value": value, "trace": explained.trace and _trace_json(explained.trace)}


def _trace_json(trace: Trace) -> dict[str, Any]:
    return {
        "text": trace.text,
        "value": _told_value(trace.value),
        "problem": trace.problem and problem_json(trace.problem),
        "hidden": trace.is_hidden,
        "unused": trace.is_unused,
        "parts": [_trace_json(each) for each in trace.parts],
    }


def _told_value(value: Value) -> Json:
    """What a formula calculates with, as JSON; a whole line or group says no more than that it is there."""
    match value:
        case None | bool() | str():
            return value
        case Decimal():
            return plain(value)
        case tuple():
            return [_told_value(each) for each in value]
        case date():
            return value.isoformat().replace("+00:00", "Z")
    return {} if isinstance(value, Mapping) else str(value)


def event_json(seen: Sight, entry: Entry) -> dict[str, Any]:
    """One fact of the history; what it says of fields the reader may not see is left out."""
    return {
        "seq": entry.seq,
        "at": moment(entry.event.at),
        "actor": entry.event.actor,
        "kind": entry.event.kind,
        "data": _told(seen, entry.event.data),
        "prev_hash": entry.prev_hash,
        "hash": entry.hash,
    }


def _told(seen: Sight, data: Mapping[str, Json]) -> dict[str, Json]:
    told = dict(data)
    if "values" in told:
        told["values"] = _shown(seen, told["values"])
    if "fields" in told:
        before, after = (_shown(seen, _side(told["fields"], side)) for side in (0, 1))
        told["fields"] = {key: [before.get(key), after.get(key)] for key in sorted({*before, *after})}
    return told


def _shown(seen: Sight, values: Mapping[str, Json]) -> dict[str, Json]:
    return values_json(seen.entity.fields, visible(seen.entity.fields, values, seen.access))


def _side(changes: Mapping[str, Json], side: int) -> dict[str, Json]:
    return {key: change[side] for key, change in changes.items() if change[side] is not None}


def task_json(item: Item) -> dict[str, Any]:
    """Somebody is asked to act."""
    return {
        "id": item.task.id,
        "person": item.task.person,
        "kind": item.task.kind,
        "state": item.task.state,
        "opened_at": moment(item.task.opened_at),
        "entity": f"{item.module}/{item.entity}",
        "record": item.record_id,
        "number": item.number,
        "title": item.title,
    }


def moment(at: datetime) -> str:
    """An instant as ISO 8601, UTC, to the millisecond."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z"


def module_json(described: Described, locale: str) -> dict[str, Any]:
    """A module and the entities in it that the reader may see, titles in their language."""
    module = described.module
    return {
        "key": module.key,
        "title": module.label(module.definition.title, locale),
        "version": module.definition.version,
        "edition": described.edition,
        "entities": [
            {
                "key": part.entity.key,
                "name": part.entity.name,
                "title": module.label(part.entity.definition.title, locale),
                "verbs": list(part.verbs),
            }
            for part in described.parts
        ],
    }


def file_json(attachment: Attachment) -> dict[str, Any]:
    """An uploaded file."""
    return {
        "id": attachment.id,
        "name": attachment.name,
        "type": attachment.type,
        "size": attachment.size,
        "digest": attachment.digest,
    }
