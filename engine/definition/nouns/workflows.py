"""workflows/<key>.json → `Workflow` with its states."""

from collections.abc import Mapping
from typing import Final

from engine.definition.model import Action, At, Json, Seats, State, Transition, Workflow
from engine.definition.nouns.decision_table import table_from, ways_from
from engine.definition.nouns.people import selectors_from

#: Keys with a place of their own in the noun; the others go into its `rest`.
STATE: Final = frozenset(
    {"type", "title", "seats", "fields", "actions", "table", "on", "ops", "requires", "on_reject", "outcome"}
)
SEATS: Final = frozenset({"who", "mode", "on_empty"})
TRANSITION: Final = frozenset({"key", "when", "to"})


def workflow_from(document: Mapping[str, Json], at: At) -> Workflow:
    """The workflow of a document."""
    return Workflow(
        key=document["key"],
        entity=document["entity"],
        title=document["title"],
        at=at,
        initial=document["initial"],
        states=states_from(document["states"], at / "states"),
        settings=document.get("settings", {}),
        protected=tuple(document.get("protected", ())),
    )


def states_from(documents: Mapping[str, Json], at: At) -> tuple[State, ...]:
    """The states of a workflow, or of a region of a parallel state (`State.rest["regions"]`)."""
    return tuple(_state(key, each, at / key) for key, each in documents.items())


def _state(key: str, document: Mapping[str, Json], at: At) -> State:
    return State(
        key=key,
        type=document["type"],
        title=document.get("title", ""),
        at=at,
        seats=_seats(document["seats"], at / "seats") if "seats" in document else None,
        fields=document.get("fields", {}),
        actions=tuple(_action(name, each, at / "actions" / name) for name, each in document.get("actions", {}).items()),
        table=table_from(document["table"], at / "table") if "table" in document else None,
        on=_ways(document, at),
        ops=document.get("ops", {}),
        requires=document.get("requires", {}),
        on_reject=document.get("on_reject", "end"),
        outcome=document.get("outcome", ""),
        rest=_rest(document, STATE),
    )


def _ways(document: Mapping[str, Json], at: At) -> dict[str, tuple[Transition, ...]]:
    if "table" in document:
        return {"enter": ways_from(document["table"], at / "table")}
    return {
        outcome: tuple(_transition(each, at / "on" / outcome / number) for number, each in enumerate(ways))
        for outcome, ways in document.get("on", {}).items()
    }


def _transition(document: Mapping[str, Json], at: At) -> Transition:
    return Transition(
        to=document["to"],
        at=at,
        key=document.get("key", ""),
        when=document.get("when", ""),
        rest=_rest(document, TRANSITION),
    )


def _action(key: str, document: Mapping[str, Json], at: At) -> Action:
    return Action(
        key=key,
        title=document["title"],
        at=at,
        who=selectors_from(document.get("who", ()), at / "who"),
        when=document.get("when", ""),
        comment=document.get("comment", False),
    )


def _seats(document: Mapping[str, Json], at: At) -> Seats:
    empty = document.get("on_empty", "admin")
    return Seats(
        who=selectors_from(document["who"], at / "who"),
        mode=document.get("mode", "any"),
        on_empty=empty if isinstance(empty, str) else selectors_from(empty["assign"], at / "on_empty" / "assign"),
        rest=_rest(document, SEATS),
    )


def _rest(document: Mapping[str, Json], known: frozenset[str]) -> dict[str, Json]:
    return {key: value for key, value in document.items() if key not in known}
