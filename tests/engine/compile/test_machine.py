"""The machine knows which way leads on: conditions in order, the states every workflow has, and nothing by name."""

import pytest
from transitions import Machine

from engine.compile.machine import IMPLICIT_STATES, Blank, Failed, advance, trigger
from engine.definition.model import Json
from engine.formula.scope import Facts
from tests.engine.definitions import END, NUMBER, YES, an_entity, approval, choice, handling, life, user

LIN = user("lin")[0]


def a_machine(**states: Json) -> Machine:
    workflow = an_entity({"amount": NUMBER}, states=states).workflow
    assert workflow is not None
    return workflow.machine


def on(machine: Machine, state: str, event: str, **values: Json) -> str | None:
    return advance(machine, state, event, Facts(values=values))


SIZES = a_machine(
    lead=approval(LIN, passed="size"),
    size=choice(("amount >= 50", "boss"), ("amount >= 10", "pay"), "done"),
    boss=approval(LIN, on={"passed": [{"to": "pay"}], "rejected": [{"to": "lead"}]}),
    pay=handling(LIN),
    done=END,
)


@pytest.mark.parametrize(("amount", "target"), [(99, "boss"), (50, "boss"), (49, "pay"), (10, "pay"), (9, "done")])
def test_the_first_way_whose_condition_holds_is_taken(amount: int, target: str) -> None:
    assert on(SIZES, "size", trigger("enter"), amount=amount) == target


def test_a_condition_on_a_blank_value_is_not_false() -> None:
    with pytest.raises(Blank) as blank:
        on(SIZES, "size", trigger("enter"))
    assert blank.value.condition == "amount >= 50"


def by_table(hit: str, *rows: tuple[list[Json], str]) -> Machine:
    """A choice by a table over the amount and whether it is urgent."""
    written = [{"when": cells, "to": target} for cells, target in rows]
    table = {"type": "choice", "table": {"fields": ["amount", "urgent"], "hit": hit, "rows": written}}
    workflow = an_entity({"amount": NUMBER, "urgent": YES}, states={"size": table, "boss": approval(LIN), "done": END})
    assert workflow.workflow is not None
    return workflow.workflow.machine


def test_the_rows_of_a_decision_table_are_ways() -> None:
    machine = by_table("first", ([">= 50"], "boss"), (["10..49", True], "boss"), ([], "done"))
    found = [
        on(machine, "size", trigger("enter"), amount=amount, urgent=urgent)
        for amount, urgent in ((50, False), (49, True), (49, False), (9, True))
    ]
    assert found == ["boss", "boss", "done", "done"]


def test_a_row_that_compares_a_blank_is_not_passed_over() -> None:
    machine = by_table("unique", ([">= 50", True], "boss"), ([], "done"))
    assert on(machine, "size", trigger("enter"), urgent=False) == "done"
    with pytest.raises(Blank) as blank:
        on(machine, "size", trigger("enter"), urgent=True)
    assert blank.value.condition == "AND(amount >= 50, urgent = TRUE)"


def test_a_row_about_blanks_leads_on() -> None:
    machine = by_table("first", (['""'], "boss"), ([">= 50"], "boss"), ([], "done"))
    assert on(machine, "size", trigger("enter")) == "boss"
    assert on(machine, "size", trigger("enter"), amount=5) == "done"


def test_a_condition_that_fails_says_in_which_part() -> None:
    machine = a_machine(size=choice(("1 / amount > 1", "done"), "done"), done=END)
    with pytest.raises(Failed) as failed:
        on(machine, "size", trigger("enter"), amount=0)
    problem = failed.value.problem
    assert (problem.code, problem.params["part"]) == ("formula.division_by_zero", "1 / amount")


def test_the_states_that_every_workflow_has() -> None:
    assert [state for state in SIZES.states if state in IMPLICIT_STATES] == [*IMPLICIT_STATES]
    assert on(SIZES, "draft", "submit") == "lead"
    assert on(SIZES, "start", "resubmit") == "lead"
    for state in ("lead", "pay", "start"):
        assert on(SIZES, state, "withdraw") == "withdrawn"
    for state in ("lead", "pay"):
        assert on(SIZES, state, "return") == "start"


def test_a_refusal_ends_the_run_unless_the_state_leads_it_elsewhere() -> None:
    assert on(SIZES, "lead", trigger("rejected")) == "rejected"
    assert on(SIZES, "pay", trigger("rejected")) == "rejected"
    assert on(SIZES, "boss", trigger("rejected")) == "lead"


@pytest.mark.parametrize(
    ("state", "event"),
    [
        ("lead", "submit"),
        ("draft", "withdraw"),
        ("done", "withdraw"),
        ("size", "return"),
        ("done", trigger("passed")),
        ("rejected", "resubmit"),
        ("lead", "nothing"),
        ("lead", "to_done"),
    ],
)
def test_no_other_way_leads_anywhere(state: str, event: str) -> None:
    assert on(SIZES, state, event) is None


def test_a_button_without_a_way_that_holds_leads_nowhere() -> None:
    machine = a_machine(open=life(close={"to": [("amount > 5", "done")]}), done=END)
    assert on(machine, "open", trigger("close"), amount=6) == "done"
    assert on(machine, "open", trigger("close"), amount=5) is None


def test_buttons_may_be_called_like_anything_in_the_library() -> None:
    names = ("state", "trigger", "events", "models", "to_done", "is_open", "submit", "return", "withdraw")
    machine = a_machine(open=life(**{name: {"to": "done"} for name in names}), done=END)
    assert all(on(machine, "open", trigger(name)) == "done" for name in names)
    assert on(machine, "open", "withdraw") is None


def test_one_machine_serves_all_records_and_remembers_none() -> None:
    assert SIZES.models == []
    assert [on(SIZES, "size", trigger("enter"), amount=amount) for amount in (99, 1, 99)] == ["boss", "done", "boss"]
    assert SIZES.models == []
