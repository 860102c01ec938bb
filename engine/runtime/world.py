"""What one step of a record may know beside the record itself; all of it is handed in."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, tzinfo
from typing import Any

import msgspec

from engine.compile.formulas.scope import SYSTEM
from engine.compile.model import CompiledEntity
from engine.formula.scope import Facts
from engine.problems import Problem
from engine.runtime.organisation import Organisation
from engine.runtime.record import Record, Values


class World(msgspec.Struct, frozen=True, kw_only=True):
    """The moment, the people, and the records that formulas reach through references."""

    #: Aware, UTC.
    now: datetime
    #: The workspace's, and the day in it.
    zone: tzinfo
    today: date
    organisation: Organisation
    #: Record id → its values with the system columns beside them.
    references: Mapping[str, Values] = {}
    #: Links in the sent values that lead nowhere, found when the references were loaded.
    broken_links: tuple[Problem, ...] = ()
    #: Of each series that formulas of the record read, by its key: the records before it, in their order.
    series: Mapping[str, Sequence[Values]] = {}
    new_id: Callable[[], str]


def seen(entity: CompiledEntity, record: Record, values: Values | None = None) -> dict[str, Any]:
    """The values of a record with its system columns, as formulas see them; a field of the same name hides a column."""
    columns = {key: getattr(record, key) for key in SYSTEM if key not in entity.fields}
    return columns | dict(record.values if values is None else values)


def facts(
    entity: CompiledEntity,
    record: Record,
    world: World,
    *,
    actor: str = "",
    values: Values | None = None,
    projects: frozenset[str] = frozenset(),
) -> Facts:
    """What a formula of the record reads now; `values` stand in for the record's own while they are being changed."""
    return Facts(
        values=seen(entity, record, values),
        references=world.references,
        series=world.series,
        actor=actor,
        now=world.now,
        today=world.today,
        zone=world.zone,
        state=record.state,
        projects=projects,
    )
