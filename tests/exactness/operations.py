"""People at work by the thousand: after any number of random operations, `verify` has nothing to tell.

Lines of bills are rolled up to codes, which stand in a tree; bills to contracts, by state, these to projects.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from random import Random
from typing import Any, Final

from engine.definition.model import Json
from engine.definition.read import read
from engine.problems import Refused
from engine.runtime.record import Decision, Record
from engine.usecases.actor import Actor
from engine.usecases.attach import Folder
from engine.usecases.deployment import Workspace
from engine.usecases.modules.publish import publish_module
from engine.usecases.records.act import act
from engine.usecases.records.create import create
from engine.usecases.records.remove import remove
from engine.usecases.records.save import save
from engine.usecases.verify import verify
from tests.engine.definitions import approval, files, life, user
from tests.engine.usecases.settling.site import BILL, CODE, CONTRACT, PROJECT, RULES, of_bills

#: Who writes bills, and who decides on them.
CLERK, BOSS = Actor(login="admin"), Actor(login="vice")
APPROVED: Final = 'STATE() = "approved"'
STATES: Final = {
    "lead": approval(*user("vice"), passed="approved", ops={"return": ["start"]}),
    "approved": life(void={"to": "void"}, reopen={"to": "lead"}),
    "void": {"type": "end", "title": "void", "outcome": "cancelled"},
}
WORKFLOW: Final = {"settings": {"withdraw": {"when": "while_running"}}}
OTHERS: Final = {
    "project": PROJECT,
    "contract": {
        **CONTRACT,
        "spent": of_bills(sum="amount", where=APPROVED),
        "most": of_bills(max="amount", where=APPROVED),
        "asked": of_bills(sum="amount", where='STATE() = "lead"'),
    },
    "code": CODE,
}
#: Records of each entity that something is done to at most; older ones stay as they are, as do bills that have ended.
MOST: Final = {"project": 6, "contract": 20, "code": 25, "bill": 250}
#: Operation → how often it is done beside others.
WEIGHTS: Final[Mapping[str, int]] = {
    "create bill": 18,
    "change bill": 18,
    "move bill": 10,
    "delete bill": 8,
    "submit": 10,
    "resubmit": 5,
    "approve": 14,
    "reject": 3,
    "return": 4,
    "withdraw": 3,
    "void": 2,
    "reopen": 8,
    "create contract": 2,
    "change contract": 5,
    "move contract": 4,
    "delete contract": 2,
    "create project": 1,
    "change project": 2,
    "delete project": 1,
    "create code": 2,
    "move code": 4,
    "delete code": 2,
}


def publish(workspace: Workspace) -> None:
    """The module."""
    ceiling = {
        "key": "contract",
        "title": "contract",
        "type": "object",
        "properties": OTHERS["contract"],
        "x-rules": RULES,
    }
    more = {"entities/contract.json": ceiling}
    made = files(BILL, key="site", name="bill", others=OTHERS, states=STATES, workflow=WORKFLOW, more=more)
    with workspace.write() as session:
        publish_module(session, read(made), by="")


class Works:
    """Records, and somebody who does something to one of them."""

    def __init__(self, workspace: Workspace, shelf: Folder, seed: int) -> None:
        self._workspace, self._shelf, self._chance = workspace, shelf, Random(seed)
        #: Entity → id → the record as this one has last seen it.
        self._known: dict[str, dict[str, Record]] = {each: {} for each in MOST}
        #: Operation → how often it was done, and how often refused, by the code of the refusal.
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self._deeds: Mapping[str, Callable[[], bool]] = {
            **{f"create {each}": self._creating(each) for each in MOST},
            **{f"delete {each}": self._deleting(each) for each in MOST},
            **{f"change {each}": self._changing(each) for each in ("bill", "contract", "project")},
            "move bill": self._moving("bill", "contract", "contract"),
            "move contract": self._moving("contract", "project", "project"),
            "move code": self._moving("code", "parent", "code"),
            "submit": self._pressing("submit", CLERK, "draft"),
            "resubmit": self._pressing("resubmit", CLERK, "start"),
            "withdraw": self._pressing("withdraw", CLERK, "lead"),
            **{each: self._pressing(each, BOSS, "lead") for each in ("approve", "reject", "return")},
            **{each: self._pressing(each, CLERK, "approved") for each in ("void", "reopen")},
        }

    def operate(self, times: int) -> None:
        """Do so many things, whatever they are; what has nothing to be done to is not counted."""
        names, weights = [*WEIGHTS], [*WEIGHTS.values()]
        for each in MOST:
            self._deeds[f"create {each}"]()
        while times:
            (name,) = self._chance.choices(names, weights)
            try:
                if not self._deeds[name]():
                    continue
                self.done[name] += 1
            except Refused as refusal:
                self.refused[f"{name}: {refusal.problems[0].code}"] += 1
            times -= 1

    def findings(self) -> list[str]:
        """What `verify` tells."""
        return [f"{each.code} {each.pointer} {dict(each.params)}" for each in verify(self._workspace, self._shelf)]

    def _any(self, entity: str) -> str | None:
        return self._chance.choice([*self._known[entity]]) if self._known[entity] else None

    def _open(self, entity: str) -> str | None:
        """One that may be changed, as a rule."""
        drafts = [each.id for each in self._known[entity].values() if each.state in {"draft", "start"}]
        return self._chance.choice(drafts) if drafts and self._chance.random() < 0.95 else self._any(entity)

    def _drawn(self, entity: str) -> dict[str, Any]:
        """Values of a record, one of them perhaps left out."""
        chance = self._chance
        values: dict[str, Any] = {"name": chance.choice("abcdefgh")}
        if entity == "bill":
            day = f"2026-0{chance.randint(1, 9)}-{chance.randint(10, 28)}"
            values |= {"contract": self._any("contract"), "date": day, "urgent": chance.random() < 0.2}
            values |= {"items": [self._line() for _ in range(chance.randint(0, 4))]}
        elif entity == "contract":
            values |= {"project": self._any("project"), "limit": str(chance.choice((500, 5_000, 50_000)))}
        elif entity == "code":
            values |= {"parent": self._any("code")}
        else:
            values |= {"budget": str(chance.randint(0, 100_000))}
        if chance.random() < 0.2:
            values.pop(chance.choice([*values]))
        return values

    def _line(self) -> dict[str, Json]:
        chance = self._chance
        line = {
            "quantity": f"{chance.randint(-20, 900)}E-{chance.randint(0, 3)}",
            "price": f"{chance.randint(-50, 30_000)}E-2",
            "code": self._any("code"),
        }
        return {key: value for key, value in line.items() if value is not None and chance.random() < 0.9}

    def _creating(self, entity: str) -> Callable[[], bool]:
        def deed() -> bool:
            if len(known := self._known[entity]) >= MOST[entity]:
                if entity == "bill":
                    return False
                del known[next(iter(known))]
            made = create(self._workspace, CLERK, f"site/{entity}", self._drawn(entity)).record
            known[made.id] = made
            return True

        return deed

    def _changing(self, entity: str) -> Callable[[], bool]:
        def deed() -> bool:
            if (record_id := self._open(entity)) is None:
                return False
            given = self._drawn(entity)
            given.pop({"bill": "contract", "contract": "project"}.get(entity, ""), None)
            self._save(entity, record_id, given)
            return True

        return deed

    def _moving(self, entity: str, field: str, target: str) -> Callable[[], bool]:
        """To another one, or away from all."""

        def deed() -> bool:
            if (record_id := self._open(entity)) is None:
                return False
            self._save(entity, record_id, {field: self._any(target) if self._chance.random() < 0.9 else None})
            return True

        return deed

    def _save(self, entity: str, record_id: str, given: Json) -> None:
        revision = self._known[entity][record_id].revision
        saved = save(self._workspace, CLERK, f"site/{entity}", record_id, given, revision=revision)
        self._known[entity][record_id] = saved.record

    def _deleting(self, entity: str) -> Callable[[], bool]:
        def deed() -> bool:
            if (record_id := self._open(entity)) is None:
                return False
            revision = self._known[entity][record_id].revision
            remove(self._workspace, CLERK, f"site/{entity}", record_id, revision=revision)
            del self._known[entity][record_id]
            return True

        return deed

    def _pressing(self, action: str, actor: Actor, state: str) -> Callable[[], bool]:
        def deed() -> bool:
            bills = [each.id for each in self._known["bill"].values() if each.state == state]
            if not bills:
                return False
            bill = self._chance.choice(bills)
            args = {"target": "start"} if action == "return" else {}
            decision = Decision(actor=actor.login, action=action, comment="so", args=args)
            self._known["bill"][bill] = act(self._workspace, actor, "site/bill", bill, decision).record
            if self._known["bill"][bill].status not in {"draft", "running"}:
                del self._known["bill"][bill]
            return True

        return deed
