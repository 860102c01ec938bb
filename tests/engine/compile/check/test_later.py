"""What a definition may already say and nobody runs yet keeps it from being published, each with its place."""

from typing import Any

import pytest

from engine.definition.model import Json
from tests.engine.compile.refusals import later, problems
from tests.engine.definitions import END, MONEY, TEXT, approval, choice, life, user

LIN = user("lin")[0]
CLAIM = {"name": TEXT, "amount": MONEY}


def features(
    states: dict[str, Any] | None = None, properties: dict[str, Any] | None = None, **given: Json
) -> list[str]:
    found = later(properties or CLAIM, states=states, **given)
    assert {code for code, _, _ in found} <= {"definition.later"}
    return [shown for _, _, shown in found]


@pytest.mark.parametrize(
    "state",
    [
        {"type": "wait", "after": "P1D", "on": {"elapsed": [{"to": "done"}]}},
        {"type": "auto", "on": {"done": [{"to": "done"}]}},
        {"type": "cc", "who": [LIN], "on": {"done": [{"to": "done"}]}},
        {"type": "call", "workflow": "claim", "on": {"approved": [{"to": "done"}]}},
    ],
)
def test_types_of_states(state: dict[str, Any]) -> None:
    assert features({"first": state, "done": END})[0] == f'"{state["type"]}"'


def test_branches() -> None:
    region = {"initial": "one", "states": {"one": approval(LIN, passed="#done")}}
    both = {"type": "parallel", "regions": {"a": region, "b": region}, "on": {"joined": [{"to": "done"}]}}
    assert features({"both": both, "done": END}) == ['"parallel"', "{"]


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({"timers": [{"key": "nudge", "after": "P1D", "do": "remind"}]}, "["),
        ({"requires": {"signature": True}}, "true"),
        ({"ops": {"transfer": True}}, "true"),
        ({"ops": {"add_sign": ["before"]}}, "["),
        ({"ops": {"return": ["start", "previous"]}}, '"previous"'),
        ({"on_reject": {"return": "previous"}}, '"previous"'),
        ({"on_reject": {"return": "start", "resubmit": "resume"}}, '"resume"'),
        ({"on": {"passed": [{"to": "done", "effects": [{"call": "erp.book"}]}]}}, "["),
    ],
)
def test_what_states_ask_for(changes: dict[str, Any], shown: str) -> None:
    assert features({"lead": approval(LIN, **changes), "done": END}) == [shown]


@pytest.mark.parametrize(
    ("seats", "shown"),
    [
        ({"mode": "vote"}, '"vote"'),
        ({"threshold": {"percent": 60}}, "{"),
        ({"veto": [LIN]}, "["),
        ({"abstain": True}, "true"),
        ({"on_leaver": "drop"}, '"drop"'),
        ({"on_no_decision": "reject"}, '"reject"'),
    ],
)
def test_how_answers_are_counted(seats: dict[str, Any], shown: str) -> None:
    state = approval(LIN)
    state["seats"] |= seats
    assert features({"lead": state, "done": END}) == [shown]


@pytest.mark.parametrize("selector", [{"starter_choice": True}, {"chosen_by_previous": True}, {"deciders_of": "lead"}])
def test_people_chosen_on_the_way(selector: dict[str, Any]) -> None:
    (value,) = selector.values()
    shown = "true" if value is True else f'"{value}"'
    assert features({"lead": approval(selector), "done": END}) == [shown]
    assert features({"lead": approval(LIN, on_empty={"assign": [selector]}), "done": END}) == [shown]
    assert features({"open": life(close={"to": "done", "who": [selector]}), "done": END}) == [shown]


@pytest.mark.parametrize(
    ("settings", "shown"),
    [
        ({"admin": [LIN]}, "["),
        ({"on_leaver": "manager"}, '"manager"'),
        ({"revoke": {"within": "P3D"}}, "{"),
        ({"urge": {"every": "PT30M"}}, "{"),
        ({"edit_resets_votes": ["amount"]}, "["),
        ({"undo_on_return": True}, "true"),
        ({"return": {"resubmit": "resume"}}, '"resume"'),
    ],
)
def test_settings(settings: dict[str, Any], shown: str) -> None:
    assert features({"lead": approval(LIN), "done": END}, workflow={"settings": settings}) == [shown]


def test_other_views_than_lists_and_reports() -> None:
    assert features(views={"claim.board": {"type": "kanban"}}, module={"menu": [{"title": "R", "report": "r"}]}) == [
        '"kanban"',
        '"r"',
    ]


def test_what_runs_is_not_later_however_much_it_says() -> None:
    rich = approval(
        LIN,
        mode="all",
        self="allow",
        on_empty="reject",
        no_auto=True,
        ops={"return": ["start"], "transfer": False},
        requires={"signature": False, "comment": "always"},
        on_reject={"return": "start", "resubmit": "rerun"},
        fields={"amount": "required"},
        on={"passed": [{"key": "yes", "title": "Yes", "to": "size"}]},
    )
    settings = {
        "self": "manager",
        "dedupe": "once",
        "withdraw": {"when": "never"},
        "return": {"resubmit": "rerun", "across_parallel": "forbid"},
        "undo_on_return": False,
    }
    states = {"lead": rich, "size": choice(("amount > 5", "done"), "done"), "done": END}
    assert features(states, workflow={"settings": settings}) == []
    assert problems(CLAIM, states=states, workflow={"settings": settings}) == []
