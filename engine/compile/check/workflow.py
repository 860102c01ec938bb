"""What must hold of a workflow's graph before it may run; E-numbers are those of the checks in docs/workflow.md.

Conditions and the paths inside selectors are checked where they are compiled, in `engine.compile.entity`.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from engine.compile.check.names import check_path
from engine.compile.machine import APPROVAL_ACTIONS, IMPLICIT_STATES, REJECTED, START, WITHDRAWN, is_submitted
from engine.compile.model import CompiledField
from engine.compile.people import selectors
from engine.definition.model import Selector, State, Workflow
from engine.problems import Problem

#: Outcomes that a state of each type may route; a life-cycle state routes its own actions.
OUTCOMES: Final[Mapping[str, frozenset[str]]] = {
    "approval": frozenset({"passed", "rejected"}),
    "handle": frozenset({"passed"}),
    "choice": frozenset({"enter"}),
    "parallel": frozenset({"joined"}),
    "call": frozenset({"approved", "rejected"}),
    "wait": frozenset({"elapsed", "received"}),
    "auto": frozenset({"done", "failed"}),
    "cc": frozenset({"done"}),
    "end": frozenset(),
}
#: Outcomes that may stay unrouted.
OPTIONAL: Final = frozenset({"rejected", "failed", "elapsed", "received"})
#: Where a record rests until somebody or something moves it; other states run through by themselves.
RESTING: Final = frozenset({"approval", "handle", "state", "wait", "call", "parallel", "end"})


def check_workflow(
    workflow: Workflow, roles: Iterable[str], fields: Mapping[str, CompiledField] | None
) -> Iterator[Problem]:
    """Every mistake in the graph and in what it names; `fields` are those of its entity, None when there is none."""
    states = {state.key: state for state in workflow.states}
    if workflow.initial not in states:
        yield (workflow.at / "initial").undefined("state", workflow.initial, states)
    submitted = is_submitted(workflow)
    targets = {*states, REJECTED, *((START,) if submitted else ())}
    for state in workflow.states:
        if state.key in IMPLICIT_STATES:
            yield state.at.problem("workflow.reserved_state", given=state.key, known=", ".join(IMPLICIT_STATES))
        yield from _check_ways(state, targets)
        yield from _check_actions(state, APPROVAL_ACTIONS if submitted else ())
    for selector in selectors(workflow.states):
        yield from _check_roles(selector, roles)
    if fields is not None:
        yield from _check_fields(workflow, fields)
    yield from _check_reach(workflow, states)


def _check_ways(state: State, targets: Iterable[str]) -> Iterator[Problem]:
    is_life_cycle = state.type == "state"
    expected = frozenset(action.key for action in state.actions) if is_life_cycle else OUTCOMES[state.type]
    for outcome, ways in state.on.items():
        at = state.at / "on" / outcome
        if outcome not in expected:
            yield at.undefined("outcome", outcome, expected)
        # A button may be refused; what people have decided must lead on.
        if ways[-1].when and not is_life_cycle:
            yield (ways[-1].at / "when").problem("workflow.no_default")
        for way in ways:
            if way.to not in targets:
                yield (way.at / "to").undefined("state", way.to, targets)
        for way in ways[:-1]:
            if not way.when:
                yield way.at.problem("workflow.hidden_way")
    for missing in sorted(expected - OPTIONAL - set(state.on)):
        yield state.at.problem("workflow.no_way_out", state=state.title or state.key, outcome=missing)


def _check_actions(state: State, reserved: Iterable[str]) -> Iterator[Problem]:
    for action in state.actions:
        if action.key in reserved:
            yield action.at.problem("workflow.reserved_action", given=action.key, known=", ".join(reserved))


def _check_roles(selector: Selector, roles: Iterable[str]) -> Iterator[Problem]:
    if selector.kind == "role" and selector.value not in roles:
        yield (selector.at / "role").undefined("role", str(selector.value), roles)
    until = str(selector.options.get("until", ""))
    if until and until not in roles:
        yield (selector.at / "until").undefined("role", until, roles)


def _check_fields(workflow: Workflow, fields: Mapping[str, CompiledField]) -> Iterator[Problem]:
    """Fields that approvals are about, and those that states let people fill in."""
    for place, path in enumerate(workflow.protected):
        yield from check_path(workflow.at / "protected" / place, path, fields)
    for state in workflow.states:
        for path in state.fields:
            yield from check_path(state.at / "fields" / path, path, fields)


def _check_reach(workflow: Workflow, states: Mapping[str, State]) -> Iterator[Problem]:
    """E3: reachable from the start; E4: an end reachable without a return; E5: no cycle nobody interrupts."""
    ways = {key: {way.to for all_ways in state.on.values() for way in all_ways} for key, state in states.items()}
    reached = _closure({workflow.initial}, ways)
    backwards: dict[str, set[str]] = {}
    for source, targets in ways.items():
        for target in targets:
            backwards.setdefault(target, set()).add(source)
    ends = {key for key, state in states.items() if state.type == "end"} | {REJECTED, WITHDRAWN}
    finishing = _closure(ends, backwards)
    automatic = {key: ways[key] for key, state in states.items() if state.type not in RESTING}
    for state in workflow.states:
        name = state.title or state.key
        if state.key not in reached:
            yield state.at.problem("workflow.unreachable", state=name)
        elif state.key not in finishing:
            yield state.at.problem("workflow.no_end", state=name)
        if state.key in _closure(automatic.get(state.key, set()), automatic):
            yield state.at.problem("workflow.endless", state=name)


def _closure(start: Iterable[str], ways: Mapping[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = list(start)
    while waiting:
        key = waiting.pop()
        if key not in seen:
            seen.add(key)
            waiting.extend(ways.get(key, ()))
    return seen
