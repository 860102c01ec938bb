"""A filter of a dozen conditions over 100 000 rows, beside the same question written in SQL by hand.

`python -m tests.bench.filters [--database URL]`. Both count on the same table. Times are CPU seconds on SQLite, and by
the clock on PostgreSQL, where the server works. What translating costs is printed apart: it is paid once a list.
"""

import argparse
import statistics
import tempfile
import time
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import Select, TextClause, func, select, text

from engine.compile.formulas.scope import EntityScope
from engine.formula.formula import Formula, compile_formula
from engine.formula.scope import Facts
from engine.store import editions, query
from engine.store.query import Condition, Search
from engine.store.session import Session
from engine.store.sql.expression import Translator
from engine.store.sql.paths import record_source
from engine.usecases.modules.in_force import entity_named
from tests.bench.claims import EXPENSE, RECORDS, multiply, ours
from tests.bench.measure import compare, heading, seconds

CONDITIONS: Final = (
    "amount >= 1000",
    "amount < 80000.50",
    "amount * 2 <> 4444",
    'category = "office"',
    'state = "draft"',
    'number <> "X-000007"',
    "date >= DATE(2012, 1, 1)",
    "date <= DATE(2025, 6, 30)",
    "date <> DATE(2020, 2, 2)",
    "OR(amount > 5000, date > DATE(2015, 1, 1))",
    "BLANK(reason)",
    'NOT(created_by = "zhao")',
)
BY_HAND: Final = """
    SELECT count(*) FROM cost_center__expense
    WHERE amount >= :least AND amount < :below AND amount * 2 <> :twice AND category = :category AND state = :state
    AND number <> :number AND date >= :since AND date <= :until AND date <> :other_day
    AND (amount > :large OR date > :later) AND (reason IS NULL OR reason = '') AND created_by <> :nobody
"""
AMOUNTS: Final = {"least": "1000", "below": "80000.50", "twice": "4444", "large": "5000"}
DAYS: Final = {"since": "2012-01-01", "until": "2025-06-30", "other_day": "2020-02-02", "later": "2015-01-01"}
TEXTS: Final = {"category": "office", "state": "draft", "number": "X-000007", "nobody": "zhao"}


def asked(session: Session) -> Formula:
    """The filter, compiled as a list compiles it."""
    fields = entity_named(session, EXPENSE).fields
    return compile_formula(f"AND({', '.join(CONDITIONS)})", EntityScope(fields, lambda _name: None, name=EXPENSE))


def by_hand(dialect: str) -> TextClause:
    """The statement, with values as the database keeps them."""
    amounts: dict[str, object] = {key: Decimal(each) for key, each in AMOUNTS.items()}
    days: dict[str, object] = {key: date.fromisoformat(each) for key, each in DAYS.items()}
    if dialect == "sqlite":
        amounts = {key: int(Decimal(each) * 100) for key, each in AMOUNTS.items()}
        days = {**DAYS}
    return text(BY_HAND).bindparams(**amounts, **days, **TEXTS)


def translated(session: Session, formula: Formula) -> Select[int]:
    """The filter as a statement."""
    source = record_source(partial(editions.layout, session), editions.layout(session, EXPENSE))
    condition = Translator(source, Facts(values={}), session.connection.dialect.name).value(formula.node)
    return select(func.count()).select_from(source.rows).where(condition)


def measured(session: Session, given: argparse.Namespace) -> None:
    """Count both ways; they have to find the same."""
    formula = asked(session)
    search = Search(entity=EXPENSE, every=(Condition(formula, Facts(values={})),))
    own, run = partial(query.count, session, search), session.connection.scalar
    sql, hand = partial(run, translated(session, formula)), partial(run, by_hand(session.connection.dialect.name))
    assert 0 < own() == sql() == hand(), (own(), sql(), hand())
    clock = time.perf_counter if given.database else time.process_time
    heading("filter", "by hand")
    what = f"{len(CONDITIONS)} conditions, {RECORDS:,} rows"
    compare(f"{what}: SQL alone", sql, hand, rounds=given.rounds, times=3, clock=clock)
    compare(f"{what}, translated each time", own, hand, rounds=given.rounds, times=3, clock=clock)
    for name, work in (("reading", partial(asked, session)), ("translating", partial(translated, session, formula))):
        spent = statistics.median(seconds(work) for _ in range(3 * given.rounds))
        print(f"{f'{name} the text':<46}{spent * 1000:9.3f} ms")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", default="", help="a PostgreSQL address; a SQLite file otherwise")
    parser.add_argument("--rounds", type=int, default=9)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        app, workspace = ours(given.database or f"sqlite:///{name}/own", Path(name))
        app.create()
        with workspace.write() as session:
            sheet = editions.layout(session, EXPENSE).sheet
            multiply(session.connection, {sheet.table: "id"}, Decimal)
        with workspace.write() as session:
            session.connection.execute(text("ANALYZE"))
            measured(session, given)
        workspace.database.dispose()


if __name__ == "__main__":
    main()
