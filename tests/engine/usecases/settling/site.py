"""A company for tests of rollups: projects keep up with their contracts, these with their bills and bills' lines."""

import json
import multiprocessing
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal
from typing import Any, Final, TypeVar

from engine.definition.model import Json
from engine.definition.read import read
from engine.problems import Problem
from engine.runtime.record import Decision, Record
from engine.store import records
from engine.usecases.actor import Actor
from engine.usecases.attach import Folder
from engine.usecases.deployment import Deployment, Workspace
from engine.usecases.modules.publish import publish_module
from engine.usecases.records.act import act
from engine.usecases.records.create import create
from engine.usecases.records.remove import remove
from engine.usecases.records.save import save
from engine.usecases.verify import verify
from tests.company import a_company
from tests.engine.definitions import (
    DATE,
    MONEY,
    NUMBER,
    QUANTITY,
    TEXT,
    YES,
    Doc,
    computed,
    files,
    life,
    lines,
    reference,
)

T = TypeVar("T")

ADMIN: Final = Actor(login="admin")
COUNTED: Final = 'AND(STATE() <> "refused", STATE() <> "void")'


def rollup(of: str, by: str, field: Doc = MONEY, **rest: Json) -> dict[str, Any]:
    """A field that keeps up with others."""
    return {**field, "x-rollup": {"of": of, "by": by, **rest}}


def of_bills(field: Doc = MONEY, **rest: Json) -> dict[str, Any]:
    return rollup("site/bill", "contract", field, **rest)


PROJECT: Final = {
    "name": TEXT,
    "budget": MONEY,
    "contracts": rollup("site/contract", "project", NUMBER, count=True),
    "spent": rollup("site/contract", "project", sum="spent"),
    "left": computed("budget - spent"),
}
CONTRACT: Final = {
    "name": TEXT,
    "project": reference("site/project"),
    "limit": MONEY,
    "spent": of_bills(sum="amount", where=COUNTED),
    "bills": of_bills(NUMBER, count=True),
    "least": of_bills(min="amount"),
    "most": of_bills(max="amount", where=COUNTED),
    "mean": of_bills(average="amount"),
    "begun": of_bills(DATE, first="date", order="date"),
    "newest": of_bills(TEXT, last="name"),
    "urgent": of_bills(YES, any="urgent"),
    "pieces": of_bills(QUANTITY, sum="items.quantity", where="price > 1"),
    "left": computed("limit - spent"),
}
BILL: Final = {
    "name": TEXT,
    "contract": reference("site/contract"),
    "date": DATE,
    "urgent": YES,
    "items": lines(quantity=QUANTITY, price=MONEY, code=reference("site/code"), amount=computed("quantity * price")),
    "amount": computed("SUM(items.amount)"),
}
CODE: Final = {
    "name": TEXT,
    "parent": reference("site/code"),
    "own": rollup("site/bill", "items.code", sum="items.amount"),
    "below": rollup("site/code", "parent", sum="total"),
    "total": computed("own + below"),
}
RULES: Final = [
    {"key": "ceiling", "assert": "left >= 0", "level": "refuse", "message": "合同{name}超支 {0 - left} 元"},
    {"key": "nearly", "assert": "spent <= limit * 0.9", "level": "warn", "message": "合同{name}已用 {spent} 元"},
]
STATES: Final = {
    "open": life(reject={"to": "refused"}, void={"to": "void"}),
    "refused": life(reopen={"to": "open"}),
    "void": {"type": "end", "title": "void", "outcome": "cancelled"},
}


def site_files(rules: Sequence[Doc] = RULES, **replaced: Doc) -> dict[str, bytes]:
    """The module's files; the properties of entities may be replaced, by key, and the rules of contracts."""
    bill, contract = replaced.pop("bill", BILL), replaced.pop("contract", CONTRACT)
    others = {"project": PROJECT, "contract": contract, "code": CODE} | replaced
    made = files(bill, key="site", name="bill", others=others, states=STATES)
    title = {"x-title": 'CONCAT(name, " ", left)'} if "left" in contract else {}
    written = {"key": "contract", "title": "contract", "type": "object", "properties": contract}
    made["entities/contract.json"] = json.dumps({**written, **title, "x-rules": rules}).encode()
    return made


class Site:
    """What people do in such a company, in few words."""

    def __init__(self, deployment: Deployment, shelf: Folder, rules: Sequence[Doc] = RULES, **replaced: Doc) -> None:
        self.workspace: Workspace = a_company(deployment, [])
        self.shelf = shelf
        self.publish(rules, **replaced)

    def publish(self, rules: Sequence[Doc] = RULES, **replaced: Doc) -> None:
        with self.workspace.write() as session:
            publish_module(session, read(site_files(rules, **replaced)), by="")

    def make(self, entity: str, **values: Json) -> str:
        return create(self.workspace, ADMIN, f"site/{entity}", values).record.id

    def bill(self, contract: str, amount: str, **values: Json) -> str:
        """A bill of one line."""
        return self.make("bill", contract=contract, items=[{"quantity": "1", "price": amount}], **values)

    def change(self, entity: str, record_id: str, **values: Json) -> None:
        revision = self.get(entity, record_id).revision
        save(self.workspace, ADMIN, f"site/{entity}", record_id, values, revision=revision)

    def press(self, record_id: str, action: str) -> None:
        act(self.workspace, ADMIN, "site/bill", record_id, Decision(actor="admin", action=action))

    def drop(self, entity: str, record_id: str) -> None:
        revision = self.get(entity, record_id).revision
        remove(self.workspace, ADMIN, f"site/{entity}", record_id, revision=revision)

    def get(self, entity: str, record_id: str) -> Record:
        with self.workspace.read() as session:
            return records.load(session, f"site/{entity}", record_id)

    def values(self, entity: str, record_id: str, *keys: str) -> list[Any]:
        """As text, numbers in their shortest form; None for blank."""
        values = self.get(entity, record_id).values
        return [_shown(values[key]) if key in values else None for key in keys]

    def findings(self) -> list[Problem]:
        return list(verify(self.workspace, self.shelf))


def at_once(work: Callable[..., T], asked: Iterable[Sequence[Any]]) -> list[T]:
    """What the work gives in processes of their own, one for each list of arguments."""
    arguments = [*asked]
    with ProcessPoolExecutor(len(arguments), mp_context=multiprocessing.get_context("spawn")) as processes:
        begun = [processes.submit(work, *each) for each in arguments]
        return [each.result() for each in begun]


def _shown(value: Json) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
