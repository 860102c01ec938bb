"""Records of an entity that follow each other, found by what they have in common and by their order."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, or_, select, true

from engine.definition.model import Json
from engine.formula.library.series import Series
from engine.runtime.record import Record
from engine.store import editions, records
from engine.store.session import Session
from engine.store.tables.layout import Sheet

#: A record that came to nothing is passed over.
VOID: Final = ("rejected", "withdrawn", "cancelled", "revoked")


def earlier(
    session: Session, name: str, series: Series, values: Mapping[str, Json], record_id: str
) -> tuple[Record, ...]:
    """The records of `module/entity` before one with these values and this id, in order; or the last of them alone."""
    sheet = editions.layout(session, name).sheet
    order = sheet.columns[(series.order,)]
    if (same := _same(sheet, series, values)) is None:
        return ()
    here, identity = values[series.order], sheet.table.c.id
    before = or_(order < here, and_(order == here, identity < record_id))
    query = select(sheet.table).where(same, before).order_by(order.desc(), identity.desc())
    if not series.whole:
        query = query.limit(1)
    rows = session.connection.execute(query).mappings().all()
    return records.from_rows(session, name, rows)[::-1]


def later(session: Session, name: str, series: Series, values: Mapping[str, Json], record_id: str) -> tuple[str, ...]:
    """The ids of the records after one with these values and this id, in order; those that came to nothing, too."""
    sheet = editions.layout(session, name).sheet
    order, identity = sheet.columns[(series.order,)], sheet.table.c.id
    if (same := _same(sheet, series, values, void=True)) is None:
        return ()
    here = values[series.order]
    after = or_(order > here, and_(order == here, identity > record_id))
    return tuple(session.connection.scalars(select(identity).where(same, after).order_by(order, identity)))


def _same(
    sheet: Sheet, series: Series, values: Mapping[str, Json], *, void: bool = False
) -> ColumnElement[bool] | None:
    """What the records of the series have in common; None where a value that says so is blank."""
    if any(values.get(key) is None for key in (*series.by, series.order)):
        return None
    counts: ColumnElement[Any] = true() if void else sheet.table.c.status.not_in(VOID)
    return and_(counts, *(sheet.columns[(key,)] == values[key] for key in series.by))
