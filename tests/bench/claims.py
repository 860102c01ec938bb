"""How much more CPU the engine spends on an expense claim than an application written by hand for nothing else.

`python -m tests.bench.claims [--database URL]` measures both in one run, on the same kind of database; prints ratios.
Times are CPU seconds of this process: what a database server does is left out on PostgreSQL and counted on SQLite.
"""

import argparse
import gc
import hashlib
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import Connection, Table, create_engine, event, insert, select

from engine.problems import Unknown
from engine.store import editions
from engine.usecases.actor import Actor
from engine.usecases.clock import new_id
from engine.usecases.deployment import Workspace
from engine.usecases.modules.publish import publish_module, shipped_modules
from engine.usecases.people.save import Entry, save_person
from engine.usecases.people.sign_in import issue_token
from engine.usecases.records.create import create
from tests.bench import by_hand
from web.app import create_app
from web.settings import Settings

RECORDS = 100_000
EXPENSE = "cost_center/expense"
PEOPLE = {"li": "employee", "wang": "project_manager", "zhao": "vice_president", "admin": "administrator"}
ITEMS = [{"name": f"材料 {n}", "quantity": f"{n}1.1", "price": "21.45"} for n in range(1, 5)]
LARGE = [*ITEMS, {"name": "钢结构", "quantity": "1", "price": "600000.00"}]


class Application:
    """One of the two: how it is asked, and how many statements and commits that took."""

    def __init__(self, client: FlaskClient, base: str, actions: str, tokens: dict[str, str], project: str) -> None:
        self._client, self._base, self._actions, self._tokens = client, base, actions, tokens
        self.project = project
        self.statements = 0

    def call(self, login: str, method: str, path: str, body: Any = None) -> Any:
        """The answer's JSON; anything but success ends the benchmark."""
        headers = {"Authorization": f"Bearer {self._tokens[login]}"}
        answer = self._client.open(f"{self._base}{path}", method=method, json=body, headers=headers)
        assert answer.status_code < 300, answer.get_data(as_text=True)
        return answer.get_json()

    def create(self) -> str:
        """A draft of five lines."""
        values = {"project": self.project, "category": "office", "date": "2026-11-22", "items": LARGE}
        return str(self.call("li", "POST", "", {"values": values})["id"])

    def act(self, login: str, claim: str, action: str) -> None:
        """One action."""
        self.call(login, "POST", f"/{claim}{self._actions}/{action}", {})

    def count(self, connection: Connection, *_rest: Any) -> None:
        """Count a statement."""
        del connection
        self.statements += 1


def create_and_submit(app: Application) -> Callable[[], None]:
    """Two requests."""

    def measured() -> None:
        app.act("li", app.create(), "submit")

    return measured


def two_approvals(app: Application) -> Callable[[], None]:
    """Two requests; what they need is made before the clock starts."""
    claim = app.create()
    app.act("li", claim, "submit")

    def measured() -> None:
        app.act("wang", claim, "approve")
        app.act("zhao", claim, "approve")

    return measured


def ours(url: str, folder: Path) -> tuple[Application, Workspace]:
    """The engine with its shipped modules."""
    app = create_app(Settings(database=url, secret_key="bench", files=folder / "files"))
    deployment = app.extensions["dougong"]
    with suppress(Unknown):
        deployment.delete("bench")
    workspace = deployment.create("bench", title="Bench")
    with workspace.write() as session:
        for module in shipped_modules():
            publish_module(session, module, by="")
    for login, role in PEOPLE.items():
        save_person(workspace, None, Entry(login=login, name=login, roles=(role,)))
    values = {"code": "P1", "name": "滨江一号院", "lead_engineering": "wang", "lead_admin": "admin"}
    project = create(workspace, Actor(login="admin"), "core/project", values).record.id
    tokens = {login: issue_token(workspace, login) for login in PEOPLE}
    made = Application(app.test_client(), f"/api/v1/{EXPENSE}", "/actions", tokens, project)
    event.listen(workspace.database, "before_cursor_execute", made.count)
    return made, workspace


def written_by_hand(url: str) -> tuple[Application, Any]:
    """The other application with the same people and project."""
    database = create_engine(url)
    if database.dialect.name == "sqlite":
        event.listen(database, "connect", lambda connection, _: _set_up(connection))
    by_hand.METADATA.drop_all(database)
    by_hand.METADATA.create_all(database)
    tokens = {login: f"secret-{login}" for login in PEOPLE}
    with database.begin() as connection:
        connection.execute(insert(by_hand.PROJECT).values(id="p1", name="滨江一号院"))
        connection.execute(insert(by_hand.PERSON), [{"login": each, "name": each} for each in PEOPLE])
        held = [{"login": login, "role": role, "project": ""} for login, role in PEOPLE.items()]
        connection.execute(insert(by_hand.ROLE), held)
        digests = {login: hashlib.sha256(secret.encode()).hexdigest() for login, secret in tokens.items()}
        connection.execute(insert(by_hand.TOKEN), [{"login": key, "digest": each} for key, each in digests.items()])
    made = Application(by_hand.application(database).test_client(), "/claims", "", tokens, "p1")
    event.listen(database, "before_cursor_execute", made.count)
    return made, database


def _set_up(connection: Any) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")


def multiply(connection: Connection, tables: dict[Table, str], amount: Any) -> None:
    """Copy the newest record until there are `RECORDS`, with other ids, numbers, days and amounts."""
    main = next(iter(tables))
    pattern = {table: [dict(row) for row in connection.execute(select(table)).mappings()] for table in tables}
    newest = max(pattern[main], key=lambda row: row["number"])
    for start in range(0, RECORDS, 5_000):
        copies: dict[Table, list[dict[str, Any]]] = {table: [] for table in tables}
        for number in range(start, start + 5_000):
            identity = new_id()
            day = f"20{10 + number % 16}-{1 + number % 12:02}-{1 + number % 28:02}"
            row = newest | {"id": identity, "number": f"X-{number:06}", "date": day, "amount": amount(number % 90_000)}
            copies[main].append(row)
            for table, key in list(tables.items())[1:]:
                lines = [each for each in pattern[table] if each[key] == newest["id"]]
                copies[table] += [each | {key: identity} for each in lines]
        for table, rows in copies.items():
            connection.execute(insert(table), rows)


def cpu(measured: Callable[[], None]) -> float:
    """CPU seconds of this process."""
    gc.collect()
    started = time.process_time()
    measured()
    return time.process_time() - started


def compare(name: str, rounds: int, work: Callable[[Application], Callable[[], None]], apps: list[Application]) -> None:
    """Run both in turn and print the median of the ratios, pair by pair."""
    for app in apps:
        for _ in range(3):
            work(app)()
    pairs = [[statistics.median(cpu(work(app)) for _ in range(15)) for app in apps] for _ in range(rounds)]
    counted = []
    for app in apps:
        measured = work(app)
        app.statements = 0
        measured()
        counted.append(app.statements)
    ratio = statistics.median(own / hand for own, hand in pairs)
    own, hand = (statistics.median(column) * 1000 for column in zip(*pairs, strict=True))
    print(f"{name:<42}{own:8.2f} ms{hand:9.2f} ms{ratio:8.2f} ×{counted[0]:6} /{counted[1]:3} statements")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", default="", help="a PostgreSQL address; SQLite files otherwise")
    parser.add_argument("--rounds", type=int, default=9)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        own, workspace = ours(given.database or f"sqlite:///{folder}/own", folder)
        hand, database = written_by_hand(given.database or f"sqlite:///{folder}/hand.sqlite")
        print(f"{'CPU of':<42}{'engine':>11}{'by hand':>12}{'ratio':>9}")
        compare("create + submit, 5 lines", given.rounds, create_and_submit, [own, hand])
        compare("two approvals", given.rounds, two_approvals, [own, hand])
        with workspace.write() as session:
            sheet = editions.layout(session, EXPENSE).sheet
            tables = {sheet.table: "id", **{each.table: "record_id" for each in sheet}}
            multiply(session.connection, tables, Decimal)
        with database.begin() as connection:
            multiply(connection, {by_hand.CLAIM: "id", by_hand.LINE: "claim"}, lambda n: n * 100)
        compare("list: 50 of 100 000, filtered and sorted", given.rounds, listing, [own, hand])
        workspace.database.dispose()
        database.dispose()


def listing(app: Application) -> Callable[[], None]:
    """One request."""
    query = "?filter=amount>=50000&sort=-date,number&limit=50" if app.project != "p1" else "?least=50000"

    def measured() -> None:
        assert len(app.call("li", "GET", query)["items"]) == 50

    return measured


if __name__ == "__main__":
    main()
