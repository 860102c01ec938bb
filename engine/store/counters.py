"""Serial numbers without gaps: a counter each, moved on in the transaction that uses the number."""

from functools import cache

from sqlalchemy.sql.dml import ReturningInsert

from engine.store.session import Session
from engine.store.tables.system_tables import COUNTER
from engine.store.tables.upsert import insert_in, insert_into


def advance(session: Session, name: str) -> int:
    """The next number of the counter, from 1; whoever else wants one waits until this transaction has ended."""
    statement = _advanced(session.connection.dialect.name)
    value: int = session.connection.execute(statement, {"name": name, "value": 1}).scalar_one()
    return value


def hold(session: Session, name: str) -> None:
    """Let whoever else holds the same name wait until this transaction has ended; SQLite has one writer anyway."""
    if session.connection.dialect.name != "sqlite":
        statement = insert_into(session.connection, COUNTER).values(name=f"hold/{name}", value=0)
        kept = {"value": COUNTER.c.value}
        session.connection.execute(statement.on_conflict_do_update(index_elements=[COUNTER.c.name], set_=kept))


@cache
def _advanced(dialect: str) -> ReturningInsert[int]:
    next_one = {"value": COUNTER.c.value + 1}
    statement = insert_in(dialect, COUNTER).on_conflict_do_update(index_elements=[COUNTER.c.name], set_=next_one)
    return statement.returning(COUNTER.c.value)
