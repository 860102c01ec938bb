"""A workflow as a `transitions` machine: which way leads out of a state, given an outcome and the facts.

One machine per edition, unbound: `advance` fires it with a bare object that holds nothing but the state. Conditions are
closures over compiled formulas, never strings, because the library would import and call what a string names.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from transitions import EventData, Machine

from engine.definition.model import Workflow
from engine.formula.errors import FormulaFailed
from engine.formula.formula import Formula
from engine.formula.scope import Facts
from engine.problems import Problem

#: States every workflow has without naming them.
DRAFT: Final = "draft"
START: Final = "start"
REJECTED: Final = "rejected"
WITHDRAWN: Final = "withdrawn"
IMPLICIT_STATES: Final = (DRAFT, START, REJECTED, WITHDRAWN)

#: Types of states in which people are asked.
ASKING: Final = frozenset({"approval", "handle"})
#: What people can do wherever they are asked; a button of a life cycle beside that needs another key.
APPROVAL_ACTIONS: Final = ("submit", "approve", "reject", "return", "resubmit", "withdraw")
#: The outcome that leads to the implicit end when a state does not route it; in a state where nobody can refuse, a
#: rule can.
_REFUSAL: Final = "rejected"


class Blank(Exception):  # noqa: N818 - becomes a refusal of the action
    """A condition could not be decided because a value it compares is blank."""

    def __init__(self, condition: str) -> None:
        self.condition = condition
        super().__init__(condition)


class Failed(Exception):  # noqa: N818 - becomes a refusal of the action
    """A condition has no value."""

    def __init__(self, problem: Problem) -> None:
        """`problem` names the part of it."""
        self.problem = problem
        super().__init__(problem)


class Place:
    """What the machine moves: a state and nothing else."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


def is_submitted(workflow: Workflow) -> bool:
    """Whether records are sent in and decided upon; else they live in states that are left by buttons alone."""
    return any(
        state.type in ASKING or (state.key == workflow.initial and state.type != "state") for state in workflow.states
    )


def build_machine(workflow: Workflow, conditions: Mapping[str, Formula]) -> Machine:
    """The machine of a checked workflow; `conditions` by their text."""
    machine = Machine(
        model=None,
        states=[*IMPLICIT_STATES, *(state.key for state in workflow.states)],
        initial=DRAFT,
        auto_transitions=False,
        queued=False,
        send_event=True,
    )
    machine.add_transition("submit", DRAFT, workflow.initial)
    machine.add_transition("resubmit", START, workflow.initial)
    for state in workflow.states:
        for outcome, ways in state.on.items():
            for way in ways:
                guard = _guard(conditions[way.when]) if way.when else None
                machine.add_transition(trigger(outcome), state.key, way.to, conditions=guard)
        if state.type in ASKING:
            if _REFUSAL not in state.on:
                machine.add_transition(trigger(_REFUSAL), state.key, REJECTED)
            machine.add_transition("withdraw", state.key, WITHDRAWN)
            machine.add_transition("return", state.key, START)
    machine.add_transition("withdraw", START, WITHDRAWN)
    return machine


def trigger(outcome: str) -> str:
    """The machine's name for an outcome; prefixed, so that no outcome can meet a name of the library."""
    return f"on_{outcome}"


def advance(machine: Machine, state: str, event: str, facts: Facts) -> str | None:
    """The state that `event` leads to, or None when no way out is open. Raises `Blank` and `Failed`."""
    if event not in machine.events or state not in machine.events[event].transitions:
        return None
    place = Place(state)
    return place.state if machine.events[event].trigger(place, facts=facts) else None


def _guard(condition: Formula) -> Callable[[EventData], bool]:
    def holds(event: EventData) -> bool:
        try:
            result: Any = condition.evaluate(event.kwargs["facts"])
        except FormulaFailed as failure:
            raise Failed(failure.problem(condition.text)) from failure
        if result is None:
            raise Blank(condition.text)
        return bool(result)

    return holds
