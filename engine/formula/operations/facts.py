"""What does not depend on the record: who asks, when, where."""

from collections.abc import Callable
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any

from engine.formula.scope import Facts
from engine.formula.typed import Operation


def _fact(name: str, read: Callable[[Facts], Any]) -> Operation:
    return Operation(name, lambda _node, _operands: lambda run: read(run.facts))


def _now(facts: Facts) -> datetime | None:
    """In UTC like every moment that is read: arithmetic on a local clock would end elsewhere in the year 9999."""
    return facts.now and facts.now.astimezone(UTC)


ME = _fact("me", attrgetter("actor"))
NOW = _fact("now", _now)
TODAY = _fact("today", attrgetter("today"))
STATE = _fact("state", attrgetter("state"))
PROJECT = _fact("project", lambda facts: tuple(sorted(facts.projects)))
