"""The same expense claim as an application somebody wrote by hand: Flask and SQLAlchemy Core, nothing generic.

It does what `cost_center/expense` does for the benchmark's requests, no less: token, validation, exact amounts, number,
line items, hash-chained events, tasks for whoever holds the role, one transaction a request.
"""

import hashlib
import json
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

import uuid_utils
from flask import Flask, Response, abort, g, request
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    and_,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from engine.usecases.clock import now

METADATA = MetaData()
PERSON = Table("person", METADATA, Column("login", Text, primary_key=True), Column("name", Text))
ROLE = Table("role", METADATA, Column("login", Text), Column("role", Text), Column("project", Text))
TOKEN = Table("token", METADATA, Column("digest", Text, primary_key=True), Column("login", Text))
PROJECT = Table("project", METADATA, Column("id", Text, primary_key=True), Column("name", Text))
COUNTER = Table("counter", METADATA, Column("name", Text, primary_key=True), Column("value", Integer))
CLAIM = Table(
    "claim",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("number", Text, unique=True),
    Column("state", Text),
    Column("title", Text),
    Column("project", Text, ForeignKey("project.id")),
    Column("category", Text),
    Column("date", Text),
    Column("reason", Text),
    Column("amount", BigInteger),
    Column("created_by", Text),
    Column("created_at", Text),
    Column("updated_at", Text),
    Column("seq", Integer),
    Column("hash", Text),
)
LINE = Table(
    "line",
    METADATA,
    Column("claim", Text, ForeignKey("claim.id"), primary_key=True),
    Column("row", Integer, primary_key=True),
    Column("name", Text),
    Column("quantity", BigInteger),
    Column("price", BigInteger),
    Column("amount", BigInteger),
)
TASK = Table(
    "task",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("claim", Text),
    Column("person", Text),
    Column("state", Text),
    Column("status", Text),
    Column("title", Text),
    Column("opened_at", Text),
    Column("closed_at", Text),
)
EVENT = Table(
    "event",
    METADATA,
    Column("claim", Text, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at", Text),
    Column("actor", Text),
    Column("kind", Text),
    Column("data", Text),
    Column("hash", Text),
)
Index("of_creator", CLAIM.c.created_by)
Index("inbox", TASK.c.person, TASK.c.status)
Index("of_claim", TASK.c.claim)

CATEGORIES = {"travel", "office", "meal", "vehicle", "utility", "other", "entertainment"}
CENT = Decimal("0.01")


def application(database: Engine) -> Flask:
    """The application on a database with its tables."""
    app, desk = Flask(__name__), Desk(database)
    app.before_request(desk.recognise)
    app.add_url_rule("/claims", view_func=desk.create, methods=["POST"])
    app.add_url_rule("/claims", view_func=desk.listed)
    app.add_url_rule("/claims/<claim_id>/<action>", view_func=desk.act, methods=["POST"])
    return app


class Desk:
    """The views, and the statements they need."""

    def __init__(self, database: Engine) -> None:
        """On SQLite or PostgreSQL."""
        self._database = database
        self._upsert = {"sqlite": sqlite, "postgresql": postgresql}[database.dialect.name].insert

    def recognise(self) -> None:
        """Whose token it is."""
        secret = request.headers.get("Authorization", "").removeprefix("Bearer ")
        digest = hashlib.sha256(secret.encode()).hexdigest()
        with self._database.connect() as connection:
            found = connection.scalar(select(TOKEN.c.login).where(TOKEN.c.digest == digest))
        g.login = found or abort(401)

    def create(self) -> Response:
        """A new draft."""
        values, problems = _checked(json.loads(request.get_data(), parse_float=Decimal).get("values", {}))
        with self._database.begin() as connection:
            project = connection.execute(select(PROJECT).where(PROJECT.c.id == values.get("project"))).first()
            if project is None:
                problems.append(["/project", "unknown"])
            if problems:
                return _answer({"problems": problems}, 422)
            at = now().isoformat()
            claim = self._claim(connection, values, f"{project.name} {values['date']}", at)
            events, head = _events(claim["id"], 0, "", [("created", g.login, _plain(values))], at)
            connection.execute(insert(CLAIM).values(**claim, seq=1, hash=head))
            connection.execute(insert(LINE), _rows(claim["id"], values["items"]))
            connection.execute(insert(EVENT), events)
        return _answer(_shown(claim, values["items"]), 201)

    def _claim(self, connection: Connection, values: dict[str, Any], title: str, at: str) -> dict[str, Any]:
        month = f"FY-{at[:4]}{at[5:7]}"
        counted = self._upsert(COUNTER).values(name=month, value=1)
        counted = counted.on_conflict_do_update(index_elements=["name"], set_={"value": COUNTER.c.value + 1})
        number = connection.execute(counted.returning(COUNTER.c.value)).scalar_one()
        return {
            "id": str(uuid_utils.uuid7()),
            "number": f"{month}-{number:04}",
            "state": "draft",
            "title": title,
            **{key: values.get(key) for key in ("project", "category", "date", "reason")},
            "amount": int(values["amount"] * 100),
            "created_by": g.login,
            "created_at": at,
            "updated_at": at,
        }

    def act(self, claim_id: str, action: str) -> Response:
        """Submit, approve or reject."""
        comment = json.loads(request.get_data() or b"{}").get("comment", "")
        with self._database.begin() as connection:
            claim = connection.execute(select(CLAIM).where(CLAIM.c.id == claim_id)).mappings().first() or abort(404)
            lines = select(LINE).where(LINE.c.claim == claim_id).order_by(LINE.c.row)
            items = [_item(row) for row in connection.execute(lines).mappings()]
            tasks = select(TASK).where(TASK.c.claim == claim_id, TASK.c.status == "open")
            closed = [dict(row) for row in connection.execute(tasks).mappings()] if action != "submit" else []
            if action == "submit" and (claim["state"] != "draft" or claim["created_by"] != g.login):
                return _answer({"problems": [["", "not_draft"]]}, 409)
            if action != "submit" and g.login not in [row["person"] for row in closed]:
                return _answer({"problems": [["", "not_yours"]]}, 403)
            target = _target(claim, action)
            self._move(connection, claim, target, closed, [(action, g.login, {"comment": comment})])
        return _answer(_shown({**claim, "state": target}, items), 200)

    def _move(
        self, connection: Connection, claim: Any, target: str, closed: list[dict[str, Any]], happened: list[Any]
    ) -> None:
        at, people = now().isoformat(), _people(connection, target, claim["project"])
        happened = [*happened, ("moved", "", {"target": target, "asked": people})]
        events, head = _events(claim["id"], claim["seq"], claim["hash"], happened, at)
        changed = update(CLAIM).where(CLAIM.c.id == claim["id"], CLAIM.c.seq == claim["seq"])
        values = {"state": target, "updated_at": at, "seq": claim["seq"] + len(events), "hash": head}
        connection.execute(changed.values(values))
        connection.execute(insert(EVENT), events)
        for row in closed:
            row |= {"status": "done" if row["person"] == g.login else "cancelled", "closed_at": at}
        opened = [
            {"id": str(uuid_utils.uuid7()), "claim": claim["id"], "person": login, "state": target, "status": "open"}
            | {"title": claim["title"], "opened_at": at, "closed_at": None}
            for login in people
        ]
        if closed + opened:
            statement = self._upsert(TASK)
            kept = {each: statement.excluded[each] for each in ("status", "closed_at")}
            connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=kept), closed + opened)

    def listed(self) -> Response:
        """Fifty of one's own claims from an amount on."""
        asked = select(TASK.c.claim).where(TASK.c.person == g.login)
        mine = or_(CLAIM.c.created_by == g.login, CLAIM.c.id.in_(asked))
        query = select(CLAIM).where(and_(CLAIM.c.amount >= int(Decimal(request.args["least"]) * 100), mine))
        query = query.order_by(CLAIM.c.date.desc(), CLAIM.c.number, CLAIM.c.id).limit(51)
        with self._database.connect() as connection:
            rows = connection.execute(query).mappings().all()[:50]
            by_claim: dict[str, list[dict[str, Any]]] = {row["id"]: [] for row in rows}
            lines = select(LINE).where(LINE.c.claim.in_(by_claim)).order_by(LINE.c.claim, LINE.c.row)
            for row in connection.execute(lines).mappings():
                by_claim[row["claim"]].append(_item(row))
        return _answer({"items": [_shown(row, by_claim[row["id"]]) for row in rows]}, 200)


def _target(claim: Any, action: str) -> str:
    if action == "submit":
        return "manager"
    if action == "reject":
        return "rejected"
    return "vp" if claim["state"] == "manager" and claim["amount"] >= 500_000_00 else "approved"


def _item(row: Any) -> dict[str, Any]:
    exact = {"price": Decimal(row["price"]) / 100, "amount": Decimal(row["amount"]) / 100}
    return {"name": row["name"], "quantity": Decimal(row["quantity"]).scaleb(-6), **exact}


def _people(connection: Connection, target: str, project: str) -> list[str]:
    role = {"manager": "project_manager", "vp": "vice_president"}.get(target)
    if role is None:
        return []
    held = select(ROLE.c.login).where(ROLE.c.role == role, ROLE.c.project.in_(["", project]))
    return list(connection.scalars(held))


def _checked(given: dict[str, Any]) -> tuple[dict[str, Any], list[list[str]]]:
    problems: list[list[str]] = []
    values = dict(given)
    known = {"project", "category", "date", "reason", "items"}
    problems += [[f"/{key}", "unknown"] for key in given if key not in known]
    problems += [[f"/{key}", "required"] for key in ("project", "items") if not given.get(key)]
    if given.get("category", "office") not in CATEGORIES:
        problems.append(["/category", "choice"])
    values.setdefault("category", "office")
    try:
        values["date"] = date.fromisoformat(given.get("date", "")).isoformat()
    except ValueError:
        problems.append(["/date", "date"])
    items = []
    for number, row in enumerate(given.get("items") or ()):
        quantity, price = _exact(row.get("quantity"), 6), _exact(row.get("price"), 2)
        if quantity is None or quantity <= 0:
            problems.append([f"/items/{number}/quantity", "number"])
        if price is None or price < 0:
            problems.append([f"/items/{number}/price", "number"])
        if not row.get("name") or len(row["name"]) > 80:
            problems.append([f"/items/{number}/name", "text"])
        if quantity is not None and price is not None:
            amount = (quantity * price).quantize(CENT, ROUND_HALF_UP)
            items.append({"name": row.get("name"), "quantity": quantity, "price": price, "amount": amount})
    values["items"] = items
    values["amount"] = sum((row["amount"] for row in items), Decimal("0.00"))
    return values, problems


def _exact(raw: Any, scale: int) -> Decimal | None:
    try:
        value = Decimal(str(raw))
    except InvalidOperation:
        return None
    if not value.is_finite() or value != round(value, scale) or abs(value) >= 10**12:
        return None
    return value


def _rows(claim: str, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"claim": claim, "row": number, "name": row["name"], "quantity": int(row["quantity"].scaleb(6))}
        | {"price": int(row["price"] * 100), "amount": int(row["amount"] * 100)}
        for number, row in enumerate(items, 1)
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return str(value) if isinstance(value, Decimal) else value


def _events(
    claim: str, seq: int, head: str, happened: list[tuple[str, str, Any]], now: str
) -> tuple[list[dict[str, Any]], str]:
    rows = []
    for number, (kind, actor, data) in enumerate(happened, seq + 1):
        text = json.dumps(data, sort_keys=True, ensure_ascii=False)
        head = hashlib.sha256(json.dumps([head, claim, number, now, actor, kind, text]).encode()).hexdigest()
        rows.append(
            {"claim": claim, "seq": number, "at": now, "actor": actor, "kind": kind, "data": text, "hash": head}
        )
    return rows, head


def _shown(claim: Any, items: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        **{key: claim[key] for key in ("id", "number", "state", "title", "created_at", "created_by", "updated_at")},
        "values": {
            **{key: claim[key] for key in ("project", "category", "date", "reason")},
            "amount": f"{Decimal(claim['amount']) / 100:.2f}",
            "items": [
                {"name": row["name"], "quantity": format(row["quantity"].normalize(), "f")}
                | {"price": f"{row['price']:.2f}", "amount": f"{row['amount']:.2f}"}
                for row in items
            ],
        },
    }


def _answer(value: Any, status: int) -> Response:
    return Response(json.dumps(value, ensure_ascii=False), status, mimetype="application/json")
