"""What a definition may already say and a later version will run: read and checked now, refused when published."""

from collections.abc import Iterator, Mapping
from typing import Final

from engine.compile.machine import START
from engine.compile.people import selectors
from engine.definition.model import At, Json, Module, Seats, State, Workflow
from engine.problems import Problem

STATE_TYPES: Final = frozenset({"parallel", "call", "wait", "auto", "cc"})
SELECTORS: Final = frozenset({"starter_choice", "chosen_by_previous", "deciders_of"})
SETTINGS: Final = frozenset({"admin", "on_leaver", "revoke", "urge", "edit_resets_votes", "undo_on_return"})
VIEW_TYPES: Final = frozenset({"list"})
#: Keys of states, seats and ways that run, of those that the nouns keep as they are written.
RUNNING: Final = frozenset({"no_auto", "self", "title"})


def not_yet(module: Module) -> Iterator[Problem]:
    """Every part of the module that this version does not run yet."""
    for workflow in module.workflows:
        yield from _workflow(workflow)
    for view in module.views:
        if view.type not in VIEW_TYPES:
            yield _later(view.at / "type", view.type)
    for entry in module.menu:
        if entry.report:
            yield _later(entry.at / "report", "report")


def _workflow(workflow: Workflow) -> Iterator[Problem]:
    at = workflow.at / "settings"
    yield from _wanted({name: each for name, each in workflow.settings.items() if name in SETTINGS}, at)
    yield from _resubmission(workflow.settings.get("return", {}), at / "return")
    for state in workflow.states:
        yield from _state(state)
    for selector in selectors(workflow.states):
        if selector.kind in SELECTORS:
            yield _later(selector.at / selector.kind, selector.kind)


def _state(state: State) -> Iterator[Problem]:
    if state.type in STATE_TYPES:
        yield _later(state.at / "type", state.type)
    yield from _wanted(state.rest, state.at)
    yield from _operations(state.ops, state.at / "ops")
    if state.requires.get("signature"):
        yield _later(state.at / "requires" / "signature", "signature")
    if state.seats is not None:
        yield from _seats(state.seats, state.at / "seats")
    for ways in state.on.values():
        for way in ways:
            yield from _wanted(way.rest, way.at)
    if isinstance(state.on_reject, Mapping):
        if state.on_reject["return"] != START:
            yield _later(state.at / "on_reject" / "return", str(state.on_reject["return"]))
        yield from _resubmission(state.on_reject, state.at / "on_reject")


def _operations(ops: Mapping[str, Json], at: At) -> Iterator[Problem]:
    """What else people may do in a state: only a return to the starter, as yet."""
    yield from _wanted({name: each for name, each in ops.items() if name != "return"}, at)
    for place, target in enumerate(ops.get("return", ())):
        if target != START:
            yield _later(at / "return" / place, str(target))


def _resubmission(written: Mapping[str, Json], at: At) -> Iterator[Problem]:
    """What follows a return: the way is walked again."""
    if written.get("resubmit") == "resume":
        yield _later(at / "resubmit", "resume")


def _seats(seats: Seats, at: At) -> Iterator[Problem]:
    if seats.mode == "vote":
        yield _later(at / "mode", "vote")
    yield from _wanted(seats.rest, at)


def _wanted(written: Mapping[str, Json], at: At) -> Iterator[Problem]:
    """What is not run, unless it says no more than that it is not wanted."""
    for name, value in written.items():
        if name not in RUNNING and value is not False:
            yield _later(at / name, name)


def _later(at: At, feature: str) -> Problem:
    return at.problem("definition.later", feature=feature)
