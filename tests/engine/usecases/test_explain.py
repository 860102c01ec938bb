"""An explanation gives away nothing that a list or a form would not."""

import json
from collections.abc import Iterator

from engine.formula.explain import Trace
from engine.usecases.actor import Actor
from engine.usecases.deployment import Workspace
from engine.usecases.modules.publish import publish
from engine.usecases.records.create import create
from engine.usecases.records.explain import explain_value
from engine.usecases.records.save import save
from tests.engine.usecases.test_publish import plant

ADMIN, MECHANIC = Actor(login="admin"), Actor(login="mechanic")
HIDDEN = {"entity": "repair", "role": "mechanic", "field": "parts.price", "access": "hidden"}


def parts(of: Trace) -> Iterator[Trace]:
    yield of
    for each in of.parts:
        yield from parts(each)


def test_a_price_that_is_hidden_stays_hidden_in_the_trace_of_what_it_makes(workspace: Workspace) -> None:
    files = plant()
    permissions = json.loads(files["permissions.json"])
    permissions["fields"].append(HIDDEN)
    publish(workspace, ADMIN, {**files, "permissions.json": json.dumps(permissions).encode()})
    machine = create(workspace, ADMIN, "plant/machine", {"code": "M1", "name": "塔吊"}).record.id
    line = {"name": "螺栓", "quantity": "2"}
    record = create(workspace, MECHANIC, "plant/repair", {"machine": machine, "parts": [line]}).record
    save(workspace, ADMIN, "plant/repair", record.id, {"parts": [line | {"price": "1.50"}]}, revision=record.revision)
    found = explain_value(workspace, MECHANIC, "plant/repair", record.id, "parts.0.amount")
    assert found.trace is not None
    told = {each.text: (each.is_hidden, each.value) for each in parts(found.trace)}
    assert told["quantity"] == (False, 2)
    assert told["price"] == told["quantity * price"] == (True, None)
    assert found.value == found.trace.value == 3
    by_admin = explain_value(workspace, ADMIN, "plant/repair", record.id, "parts.0.amount").trace
    assert by_admin is not None
    assert not any(each.is_hidden for each in parts(by_admin))
