"""What a formula may name (statically) and what it reads when it runs."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, tzinfo
from typing import Any, Protocol

import msgspec

from engine.definition.model import Json
from engine.formula.calendar.china import CHINA
from engine.formula.calendar.working_days import WorkingDays
from engine.formula.tree import Scalar, Type


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """Everything one evaluation may read: nothing else is reachable from a formula."""

    #: Values of the record, as kept.
    values: Mapping[str, Any]
    #: The line under evaluation, when the formula stands in line items.
    line: Mapping[str, Any] | None = None
    #: Which of the lines it is, from 0 on, over all lists where they stand in lines; None unless a value is computed.
    place: int | None = None
    #: Values of every record that paths go through: id → values (with `id`, `number`, `state` beside the fields).
    references: Mapping[str, Mapping[str, Any]] = {}
    #: Of each series (`engine.formula.library.series`) the records before this one, in their order.
    series: Mapping[str, Sequence[Mapping[str, Any]]] = {}
    #: Who is asking: `ME()`.
    actor: str = ""
    #: `NOW()`, aware, UTC; `TODAY()` in the workspace's zone.
    now: datetime | None = None
    today: date | None = None
    #: The workspace's zone: which day and hour a moment has there.
    zone: tzinfo = UTC
    #: `STATE()`.
    state: str = ""
    #: `PROJECT()`: ids of the projects the actor holds the role in; contains "" when it is held in every one.
    projects: frozenset[str] = frozenset()
    #: `WORKDAY` and its kin.
    working_days: WorkingDays = CHINA
    #: Columns of line items as formulas calculate with them, by path, for whoever computes many formulas of one record;
    #: they are filled in as they are read, when nothing in them changes any more.
    columns: dict[tuple[str, ...], tuple[Scalar, ...]] | None = None


class Found(msgspec.Struct, frozen=True):
    """A path that exists: its type and how to read it."""

    type: Type
    #: Gives the value as kept, or already as a `Value`; evaluation turns dates and numbers into theirs.
    read: Callable[[Facts], Json]
    #: Whether it starts at the line under evaluation and not at the record; the browser needs to be told.
    in_line: bool = False
    #: Of a choice, each value as text and its label in the language of the module that it stands in.
    labels: tuple[tuple[str, str], ...] = ()
    #: Whether it has one value for each of the lines among which the formula computes one, in their order.
    of_siblings: bool = False


class Scope(Protocol):
    """The names a formula may use; `engine.compile` makes one for each entity and each line-item list."""

    #: Whether a formula may ask for the records before this one.
    has_series: bool

    def find(self, parts: tuple[str, ...]) -> Found | None:
        """The path, or None when there is no such thing."""

    def known(self, parts: tuple[str, ...]) -> Mapping[str, str]:
        """What could stand where `parts` first goes wrong, for suggestions: key → label, "" where there is none."""
