"""Records through the API: made, read, changed under a revision, deleted."""

from collections.abc import Callable
from typing import Any

import pytest

from engine.definition.model import Json
from engine.store import events
from engine.usecases.deployment import Workspace
from tests.web.api.caller import Caller, address, problems

ARepair = Callable[..., dict[str, Any]]

#: What somebody sends → what is kept, for a field of each type.
KEPT = {
    "date": ("2026-03-02", "2026-03-02"),
    "began": ("2026-03-02T09:30:00+08:00", "2026-03-02T01:30:00Z"),
    "at": ("09:30", "09:30"),
    "kind": ("upkeep", "upkeep"),
    "hours": (7.5, "7.5"),
    "share": ("0.125", "0.125"),
    "count": (3, 3),
    "urgent": (True, True),
    "skills": (["电工", "焊工"], ["电工", "焊工"]),
    "helper": ("keeper", "keeper"),
    "email": ("zhang.wei@example.com", "zhang.wei@example.com"),
    "phone": ("13800138000", "13800138000"),
    "place": ({"zone": "A 区", "owner": "一分公司"}, {"zone": "A 区", "owner": "一分公司"}),
    "cost": (1300, "1300.00"),
    "remark": ("第一行\r\n第二行", "第一行\n第二行"),
    "extra": ({"泵": [1, 2.50, None, True]}, {"泵": [1, 2.50, None, True]}),
}


def test_a_record_is_made_in_its_initial_state_and_read_back(keeper: Caller, a_repair: ARepair) -> None:
    answer = keeper.post("/plant/repair", {"values": a_repair(hours="3.5")}, status=201)
    made = answer.json
    assert answer.headers["ETag"] == '"1"'
    assert answer.headers["Location"] == f"/api/v1{address(made)}"
    assert (made["entity"], made["edition"], made["revision"]) == ("plant/repair", 1, 1)
    assert (made["state"], made["status"], made["created_by"]) == ("open", "running", "keeper")
    assert made["number"].startswith("WX-")
    assert made["values"]["parts"] == [{"name": "螺栓", "quantity": "2", "price": "1.50", "amount": "3.00"}]
    assert made["values"]["total"] == "3.00"
    read = keeper.call("GET", address(made), status=200)
    assert read.json == made
    assert read.headers["ETag"] == '"1"'


@pytest.mark.parametrize("field", KEPT)
def test_a_value_of_each_type_is_kept_exactly(keeper: Caller, a_repair: ARepair, field: str) -> None:
    sent, kept = KEPT[field]
    made = keeper.create("plant/repair", **a_repair(**{field: sent}))
    assert keeper.get(address(made))["values"][field] == kept


def test_defaults_stand_in_for_what_is_not_sent(keeper: Caller, a_repair: ARepair) -> None:
    values = keeper.create("plant/repair", **a_repair())["values"]
    assert (values["kind"], values["urgent"]) == ("repair", False)


def test_numbers_are_given_out_without_a_gap_where_somebody_was_refused(keeper: Caller, a_repair: ARepair) -> None:
    first = keeper.create("plant/repair", **a_repair())
    keeper.create("plant/repair", status=422, **a_repair(count=101))
    second = keeper.create("plant/repair", **a_repair())
    assert int(second["number"][3:]) == int(first["number"][3:]) + 1


def test_every_mistake_is_told_at_its_own_field(keeper: Caller, a_repair: ARepair) -> None:
    wrong = a_repair(
        colour="red",
        hours="viel",
        count=101,
        kind="sleep",
        date="2026-02-30",
        parts=[{"name": "", "quantity": 0}, {"quantity": "1", "weight": 3}],
        place={"zone": "x" * 21, "axis": "3"},
        helper="nobody",
        machine="none",
        total="1.00",
        reason="因为",
    )
    refused = keeper.create("plant/repair", status=422, **wrong)
    assert sorted(problems(refused)) == sorted(
        [
            ("field.unknown", "/values/colour"),
            ("field.number", "/values/hours"),
            ("field.maximum", "/values/count"),
            ("field.choice", "/values/kind"),
            ("field.date", "/values/date"),
            ("field.required", "/values/parts/0/name"),
            ("field.above", "/values/parts/0/quantity"),
            ("field.required", "/values/parts/1/name"),
            ("field.unknown", "/values/parts/1/weight"),
            ("field.too_long", "/values/place/zone"),
            ("field.unknown", "/values/place/axis"),
            ("user.unknown", "/values/helper"),
            ("reference.unknown", "/values/machine"),
            ("field.read_only", "/values/total"),
            ("field.not_shown", "/values/reason"),
        ]
    )


def test_what_must_be_filled_is_asked_for(keeper: Caller) -> None:
    refused = keeper.create("plant/repair", status=422)
    assert problems(refused) == [("field.required", "/values/machine"), ("field.required", "/values/parts")]


def test_a_field_that_a_formula_requires_is_asked_for(keeper: Caller, a_repair: ARepair) -> None:
    refused = keeper.create("plant/repair", status=422, **a_repair(kind="other"))
    assert problems(refused) == [("field.required", "/values/reason")]


def test_a_unique_value_is_taken_once(keeper: Caller, machine: Json) -> None:
    refused = keeper.create("plant/machine", status=422, code=machine["values"]["code"], name="又一台")
    assert problems(refused) == [("field.taken", "/values/code")]


@pytest.mark.parametrize(("language", "said"), [("en", "A day has no 25 hours."), ("zh-CN", "一天没有 25 小时。")])
def test_a_rule_says_what_it_wants_in_the_language_of_the_reader(
    keeper: Caller, a_repair: ARepair, language: str, said: str
) -> None:
    sent = {"json": {"values": a_repair(hours=25)}, "headers": {"Accept-Language": language}}
    refused = keeper.call("POST", "/plant/repair", status=422, **sent).json
    assert refused["problems"] == [{"code": "rule.one_day", "pointer": "/values", "message": said}]


def test_a_rule_that_only_warns_stops_nobody(keeper: Caller, a_repair: ARepair) -> None:
    assert keeper.create("plant/repair", **a_repair(count=21))["values"]["count"] == 21


def test_creating_under_a_key_happens_once(keeper: Caller, a_repair: ARepair, tag: str) -> None:
    first = keeper.create("plant/repair", key=tag, **a_repair())
    assert keeper.create("plant/repair", key=tag, **a_repair()) == first
    assert keeper.get("/plant/repair", count="exact", filter=f'machine.code = "{tag}"')["total"] == 1


def test_a_key_stands_for_one_request(keeper: Caller, mechanic: Caller, a_repair: ARepair, tag: str) -> None:
    first = keeper.create("plant/repair", key=tag, **a_repair())
    refused = keeper.create("plant/repair", key=tag, status=422, **a_repair(count=2))
    assert problems(refused) == [("action.key_reused", "")]
    assert mechanic.create("plant/repair", key=tag, **a_repair())["id"] != first["id"]


def test_a_change_is_laid_over_what_is_there(keeper: Caller, a_repair: ARepair) -> None:
    made = keeper.create("plant/repair", **a_repair(hours=2, count=1, place={"zone": "A", "owner": "甲"}))
    answer = keeper.call(
        "PATCH",
        address(made),
        status=200,
        json={"values": {"hours": None, "count": 2, "place": {"zone": "B"}}},
        headers={"If-Match": '"1"'},
    )
    changed = answer.json
    assert answer.headers["ETag"] == '"2"'
    assert changed["revision"] == 2
    assert "hours" not in changed["values"]
    assert (changed["values"]["count"], changed["values"]["place"]) == (2, {"zone": "B", "owner": "甲"})
    assert keeper.get(address(made)) == changed


def test_lines_are_replaced_whole_and_computed_anew(keeper: Caller, a_repair: ARepair) -> None:
    made = keeper.create("plant/repair", **a_repair())
    parts = [{"name": "轴承", "quantity": "1", "price": "80"}, {"name": "油封", "quantity": "4", "price": "2.25"}]
    values = keeper.patch(address(made), 1, parts=parts)["values"]
    assert [each["amount"] for each in values["parts"]] == ["80.00", "9.00"]
    assert values["total"] == "89.00"


def test_mistakes_in_a_nested_change_stand_at_their_places(keeper: Caller, a_repair: ARepair) -> None:
    made = keeper.create("plant/repair", **a_repair())
    parts = [{"name": "轴承", "quantity": "1"}, {"name": "油封", "quantity": "-4", "price": "x"}]
    refused = keeper.patch(address(made), 1, status=422, parts=parts, place={"zone": 5})
    assert sorted(problems(refused)) == [
        ("field.above", "/values/parts/1/quantity"),
        ("field.number", "/values/parts/1/price"),
        ("field.text", "/values/place/zone"),
    ]
    assert keeper.get(address(made)) == made


def test_saving_the_same_again_changes_nothing(keeper: Caller, a_repair: ARepair) -> None:
    made = keeper.create("plant/repair", **a_repair(hours=2))
    assert keeper.patch(address(made), 1, **made["values"]) == made
    assert len(keeper.get(f"{address(made)}/events")["items"]) == 1


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
@pytest.mark.parametrize(
    ("header", "status", "code"),
    [
        ({"If-Match": '"7"'}, 412, "record.stale"),
        ({"If-Match": "x"}, 400, "http.if_match"),
        ({"If-Match": '"²"'}, 400, "http.if_match"),
        ({"If-Match": '"' + "9" * 400 + '"'}, 400, "http.if_match"),
        ({}, 428, "http.precondition_required"),
    ],
)
def test_a_change_names_the_revision_it_has_seen(
    keeper: Caller, machine: Json, method: str, header: dict[str, str], status: int, code: str
) -> None:
    sent = {"json": {"values": {"name": "改名"}}} if method == "PATCH" else {}
    refused = keeper.call(method, address(machine), status=status, headers=header, **sent)
    assert [found for found, _ in problems(refused.json)] == [code]
    assert keeper.get(address(machine)) == machine


def test_whoever_comes_second_is_told_what_has_changed(keeper: Caller, machine: Json) -> None:
    keeper.patch(address(machine), 1, name="甲")
    refused = keeper.patch(address(machine), 1, status=412, name="乙")
    assert problems(refused) == [("record.stale", "")]
    assert {"1", "2"} <= {*refused["detail"].replace(",", " ").replace(".", " ").split()}
    assert keeper.get(address(machine))["values"]["name"] == "甲"


def test_a_deleted_record_is_gone_and_its_history_stays(
    keeper: Caller, a_repair: ARepair, workspace: Workspace
) -> None:
    made = keeper.create("plant/repair", **a_repair())
    keeper.delete(address(made), 1)
    for path in ("", "/actions", "/events", "/tasks"):
        assert problems(keeper.get(address(made) + path, status=404)) == [("record.unknown", "")]
    keeper.delete(address(made), 1, status=404)
    with workspace.read() as session:
        told = events.history(session, made["id"])
    assert [(each.event.kind, each.event.actor) for each in told] == [("created", "keeper"), ("deleted", "keeper")]
    assert told[1].prev_hash == told[0].hash


def test_what_others_refer_to_stays(keeper: Caller, machine: Json, a_repair: ARepair) -> None:
    keeper.create("plant/repair", **a_repair())
    assert problems(keeper.delete(address(machine), 1, status=409).json) == [("record.in_use", "")]


@pytest.mark.parametrize("path", ["/plant/repair/none", "/plant/nothing", "/nothing/repair", "/plant/nothing/1", "/x"])
def test_what_is_not_there_is_not_found(keeper: Caller, path: str) -> None:
    assert keeper.get(path, status=404)["status"] == 404


def test_other_methods_are_refused(keeper: Caller, machine: Json) -> None:
    refused = keeper.call("PUT", address(machine), status=405, json={})
    assert problems(refused.json) == [("http.method_not_allowed", "")]
    assert "PATCH" in refused.headers["Allow"]


def test_a_rule_that_only_warns_is_told_in_the_answer_and_not_kept(keeper: Caller, a_repair: ARepair) -> None:
    made = keeper.post("/plant/repair", {"values": a_repair(count=21)}, status=201).json
    assert made["warnings"] == [{"code": "rule.busy", "pointer": "", "message": "人太多。"}]
    assert "warnings" not in keeper.call("GET", address(made), status=200).json
