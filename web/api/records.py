"""Records of any entity: create, read, change, delete, act, and what is known about them. See also `web.api.lists`."""

from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, request

from engine.definition.model import Json
from engine.problems import Invalid, Problem
from engine.runtime.record import Decision
from engine.sentences import JSON_WORDS
from engine.usecases.records.act import act
from engine.usecases.records.create import create
from engine.usecases.records.explain import explain_value
from engine.usecases.records.look import actions_of, get, history_of, tasks_of
from engine.usecases.records.remove import remove
from engine.usecases.records.save import save
from engine.usecases.sight import Sight
from web.answers import json_answer
from web.api.asked import only
from web.present import as_json
from web.request import actor, body, idempotency_key, revision, workspace

records: Final = Blueprint("api_records", __name__)

#: Keys of an action's body with the JSON type of each and what stands for a missing one.
_ACTION: Final[dict[str, tuple[type, Json]]] = {
    "values": (dict, {}),
    "comment": (str, ""),
    "revision": (int, None),
    "task": (str, ""),
    "args": (dict, {}),
}


@records.post("/<module>/<entity>")
def create_record(module: str, entity: str) -> Response:
    """A new record; 201 with its address and revision."""
    values = _read({"values": (dict, {})})["values"]
    seen = create(workspace(), actor(), f"{module}/{entity}", values, key=idempotency_key())
    answer = _record(seen, HTTPStatus.CREATED)
    answer.headers["Location"] = f"/api/v1/{module}/{entity}/{seen.record.id}"
    return answer


@records.get("/<module>/<entity>/<record_id>")
def read_record(module: str, entity: str, record_id: str) -> Response:
    """The record as the caller may see it."""
    return _record(get(workspace(), actor(), f"{module}/{entity}", record_id))


@records.patch("/<module>/<entity>/<record_id>")
def change_record(module: str, entity: str, record_id: str) -> Response:
    """Lay a patch over the values; needs `If-Match`."""
    expected = revision()
    values = _read({"values": (dict, {})})["values"]
    return _record(save(workspace(), actor(), f"{module}/{entity}", record_id, values, revision=expected))


@records.delete("/<module>/<entity>/<record_id>")
def delete_record(module: str, entity: str, record_id: str) -> Response:
    """Delete the record; needs `If-Match`."""
    remove(workspace(), actor(), f"{module}/{entity}", record_id, revision=revision())
    return Response(status=HTTPStatus.NO_CONTENT)


@records.get("/<module>/<entity>/<record_id>/actions")
def list_actions(module: str, entity: str, record_id: str) -> Response:
    """Every action, whether it is allowed, and if not, why."""
    found = actions_of(workspace(), actor(), f"{module}/{entity}", record_id)
    return json_answer({"items": [as_json.choice_json(each) for each in found]})


@records.post("/<module>/<entity>/<record_id>/actions/<action>")
def take_action(module: str, entity: str, record_id: str, action: str) -> Response:
    """Take the action; the record as it is afterwards."""
    said = _read(_ACTION)
    decision = Decision(actor=actor().login, action=action, key=idempotency_key(), **said)
    return _record(act(workspace(), actor(), f"{module}/{entity}", record_id, decision))


@records.get("/<module>/<entity>/<record_id>/events")
def list_events(module: str, entity: str, record_id: str) -> Response:
    """Everything that ever happened to the record."""
    seen, found = history_of(workspace(), actor(), f"{module}/{entity}", record_id)
    return json_answer({"items": [as_json.event_json(seen, each) for each in found]})


@records.get("/<module>/<entity>/<record_id>/tasks")
def list_tasks(module: str, entity: str, record_id: str) -> Response:
    """The open tasks of the record."""
    found = tasks_of(workspace(), actor(), f"{module}/{entity}", record_id)
    return json_answer({"items": [as_json.task_json(each) for each in found]})


@records.get("/<module>/<entity>/<record_id>/explain")
def explain_field(module: str, entity: str, record_id: str) -> Response:
    """How the value of one field comes about."""
    only("field")
    found = explain_value(workspace(), actor(), f"{module}/{entity}", record_id, request.args.get("field", ""))
    return json_answer(as_json.explained_json(found))


def _read(keys: dict[str, tuple[type, Json]]) -> dict[str, Json]:
    """The body's keys, each of its type; unknown ones are refused, and so is everything wrong at once."""
    sent = body()
    problems = [
        Problem("field.unknown", f"/{key}", {"given": key, "known": ", ".join(keys)}) for key in sent if key not in keys
    ]
    for key, (kind, _) in keys.items():
        value = sent.get(key)
        if value is not None and (not isinstance(value, kind) or isinstance(value, bool)):
            problems.append(Problem("http.body_type", f"/{key}", {"expected": JSON_WORDS[_TYPES[kind]]}))
    if problems:
        raise Invalid(*problems)
    return {key: missing if sent.get(key) is None else sent[key] for key, (_, missing) in keys.items()}


_TYPES: Final[dict[type, str]] = {dict: "object", str: "string", int: "integer"}


def _record(seen: Sight, status: HTTPStatus = HTTPStatus.OK) -> Response:
    answer = json_answer(as_json.record_json(seen), status)
    answer.headers["ETag"] = f'"{seen.record.revision}"'
    return answer
