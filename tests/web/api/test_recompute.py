"""Records brought to the formulas in force by a program."""

from collections.abc import Callable

from flask import Flask

from engine.usecases.actor import Actor
from engine.usecases.deployment import Workspace
from engine.usecases.modules.publish import publish
from engine.usecases.people.sign_in import issue_token
from engine.usecases.recompute.start import recompute_now
from tests.engine.definitions import MONEY, TEXT, computed, files
from tests.web.api.caller import Caller, problems

ADMIN = Actor(login="admin")


def shop(tag: str, total: str, **entity: object) -> dict[str, bytes]:
    return files({"name": TEXT, "net": MONEY, "total": computed(total)}, key=tag, entity=entity)


def test_a_program_starts_it_and_watches_it(app: Flask, workspace: Workspace, tag: str) -> None:
    publish(workspace, ADMIN, shop(tag, "net"))
    # Whose description has the module, however many other tests have asked for theirs before.
    admin = Caller(app, issue_token(workspace, "admin"))
    made = [admin.create(f"{tag}/claim", name=net, net=net)["id"] for net in ("10", "30")]
    path = f"/modules/{tag}/recompute"
    assert admin.get(path) == {"outdated": 0, "job": None}
    rule = {"key": "high", "assert": "total < 50", "message": "{total} is too much."}
    publish(workspace, ADMIN, shop(tag, "net * 2", **{"x-rules": [rule]}))
    assert admin.get(path)["outdated"] == 2
    begun = admin.post(path, status=202).json
    assert (begun["outdated"], begun["job"]["state"], begun["job"]["held"]) == (2, "open", False)
    assert problems(admin.post(path, status=409).json) == [("job.open", "")]
    assert list(recompute_now(workspace, tag, "w", pause=lambda: None))
    found = admin.get(path)
    assert found["outdated"] == 1
    counts = {key: found["job"][key] for key in ("state", "total", "done", "changed", "refused", "staying", "problem")}
    assert counts == {
        "state": "done",
        "total": 2,
        "done": 2,
        "changed": 1,
        "refused": 1,
        "staying": 0,
        "problem": None,
    }
    problem = {"code": "rule.high", "pointer": "", "message": "60.00 is too much."}
    assert found["job"]["left"] == [{"entity": f"{tag}/claim", "id": made[1], "problems": [problem]}]
    history = admin.get(f"/{tag}/claim/{made[0]}/events")["items"]
    assert [(each["kind"], each["actor"]) for each in history] == [("created", "admin"), ("recomputed", "")]


def test_a_program_cancels_it(workspace: Workspace, admin: Caller, tag: str) -> None:
    publish(workspace, ADMIN, shop(tag, "net"))
    path = f"/modules/{tag}/recompute"
    admin.post(path, status=202)
    assert admin.call("DELETE", path, status=200).json["job"]["state"] == "cancelled"
    assert admin.call("DELETE", path, status=200).json["job"]["state"] == "cancelled"


def test_only_administrators_ask_for_it(calling: Callable[[str], Caller], admin: Caller) -> None:
    clerk, path = calling("clerk"), "/modules/plant/recompute"
    for method in ("GET", "POST", "DELETE"):
        assert problems(clerk.call(method, path, status=403).json) == [("permission.administrator", "")]
    for method in ("GET", "POST"):
        assert problems(admin.call(method, "/modules/nothing/recompute", status=404).json) == [("module.unknown", "")]
