"""Saving a record under a project that a million others refer to, beside saving it under one that none refers to.

`python -m tests.bench.siblings [--database URL]`. The siblings are copied by SQL, with the project's rollups as the
engine would have kept them. Times are CPU seconds on SQLite, and by the clock on PostgreSQL, where the server works.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from sqlalchemy import func, select, text

from engine.problems import Unknown
from engine.store import editions
from engine.store.session import Workspace
from engine.usecases.actor import Actor
from engine.usecases.clock import new_id, now
from engine.usecases.deployment import Deployment
from engine.usecases.modules.publish import publish_module
from engine.usecases.people.save import Entry, save_person
from engine.usecases.records.create import create
from engine.usecases.records.save import save
from tests.bench.measure import compare, heading
from tests.engine.definitions import MONEY, NUMBER, Doc, a_module, computed, reference

ADMIN: Final = Actor(login="admin")
PROJECT: Final[dict[str, Doc]] = {
    "budget": MONEY,
    "spent": MONEY | {"x-rollup": {"of": "works/expense", "by": "project", "sum": "amount"}},
    "count": NUMBER | {"x-rollup": {"of": "works/expense", "by": "project", "count": True}},
    "rest": computed("budget - spent"),
}
EXPENSE: Final[dict[str, Doc]] = {"project": reference("works/project") | {"x-index": True}, "amount": MONEY}
#: What also takes the greatest, which no difference tells.
GREATEST: Final = MONEY | {"x-rollup": {"of": "works/expense", "by": "project", "max": "amount"}}


RULE: Final = {"key": "ceiling", "assert": "spent <= budget", "message": "Spent {spent}.", "level": "refuse"}


def a_workspace(deployment: Deployment, rollups: dict[str, Doc]) -> Workspace:
    """Projects with a ceiling and these rollups beside the usual ones, and expenses that refer to them."""
    with suppress(Unknown):
        deployment.delete("siblings")
    workspace = deployment.create("siblings", title="Siblings")
    module = a_module(
        PROJECT | rollups, key="works", name="project", entity={"x-rules": [RULE]}, others={"expense": EXPENSE}
    )
    with workspace.write() as session:
        publish_module(session, module, by="")
    save_person(workspace, None, Entry(login="admin", name="admin", roles=("administrator",)))
    return workspace


def multiply(workspace: Workspace, project: str, siblings: int) -> None:
    """Copy the project's one expense until there are so many, and let its rollups tell of all of them."""
    with workspace.write() as session:
        children = editions.layout(session, "works/expense").sheet.table
        names = [each.name for each in children.columns]
        copied = {"id": "'copy-' || i", "number": "NULL"}
        session.connection.execute(
            text(
                f"INSERT INTO {children.name} ({', '.join(names)}) "
                f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :siblings) "
                f"SELECT {', '.join(copied.get(each, each) for each in names)} FROM {children.name}, n "
                f"WHERE {children.name}.project = :project"
            ),
            {"siblings": siblings, "project": project},
        )
        parents = editions.layout(session, "works/project").sheet.table.name
        kept = "spent = spent * :siblings, count = :siblings, rest = budget - spent * :siblings"
        session.connection.execute(
            text(f"UPDATE {parents} SET {kept} WHERE id = :project"), {"siblings": siblings, "project": project}
        )
    with workspace.database.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()


def creating(workspace: Workspace, project: str) -> Callable[[], object]:
    """A new expense of the project."""
    return lambda: create(workspace, ADMIN, "works/expense", {"project": project, "amount": "1.00"})


def changing(workspace: Workspace, project: str) -> Callable[[], object]:
    """Another amount in an expense of the project."""
    record = create(workspace, ADMIN, "works/expense", {"project": project, "amount": "1.00"}).record

    def change() -> None:
        nonlocal record
        amount = "3.00" if record.values["amount"] == 2 else "2.00"
        given = {"amount": amount}
        record = save(workspace, ADMIN, "works/expense", record.id, given, revision=record.revision).record

    return change


def measured(url: str, folder: Path, title: str, rollups: dict[str, Doc], given: argparse.Namespace) -> None:
    """Print both ratios, and hold the project's rollups to what its expenses say."""
    deployment = Deployment(url or f"sqlite:///{folder}", clock=now, new_id=new_id)
    workspace = a_workspace(deployment, rollups)
    full, empty = (create(workspace, ADMIN, "works/project", {"budget": "999999999.00"}).record.id for _ in range(2))
    create(workspace, ADMIN, "works/expense", {"project": full, "amount": "1.00"})
    multiply(workspace, full, given.siblings)
    clock = time.perf_counter if url else time.process_time
    for name, way in (("create", creating), ("change", changing)):
        works = way(workspace, full), way(workspace, empty)
        compare(f"{name}, {title}", *works, rounds=given.rounds, times=given.times, clock=clock)
    with workspace.read() as session:
        child, parent = (editions.layout(session, f"works/{each}").sheet.table for each in ("expense", "project"))
        counted = select(func.count(), func.sum(child.c.amount)).where(child.c.project == full)
        kept = select(parent.c.count, parent.c.spent).where(parent.c.id == full)
        assert session.connection.execute(counted).one() == session.connection.execute(kept).one()
    workspace.database.dispose()
    deployment.delete("siblings")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", default="", help="a PostgreSQL address; a SQLite file otherwise")
    parser.add_argument("--siblings", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--times", type=int, default=10)
    given = parser.parse_args()
    heading(f"{given.siblings:,}", "none")
    with tempfile.TemporaryDirectory() as name:
        measured(given.database, Path(name), "sum and count", {}, given)
        measured(given.database, Path(name), "and the greatest", {"greatest": GREATEST}, given)


if __name__ == "__main__":
    main()
