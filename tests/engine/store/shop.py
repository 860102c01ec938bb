"""A shop full of items whose values were drawn by lot, as a database keeps them and as Python sees them."""

import random
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import msgspec

from engine.compile.formulas.scope import EntityScope
from engine.compile.model import CompiledField
from engine.formula.errors import FormulaFailed
from engine.formula.formula import Formula, compile_formula
from engine.formula.scope import Facts
from engine.formula.typed import Typed
from engine.runtime.record import Record
from engine.runtime.world import seen
from engine.store import editions
from engine.store.query import Condition, Search, count, find, layouts
from engine.store.session import Workspace
from engine.store.sql.expression import Translator, Verdict
from engine.store.sql.paths import record_source
from tests.engine.store.builders import (
    DATE,
    MONEY,
    NOON,
    QUANTITY,
    TEXT,
    a_record,
    group,
    lines,
    publish,
    reference,
    saved,
)

TODAY = date(2026, 3, 2)
CHOICES = {"title": "Choices", "x-type": "multi_choice", "items": {"enum": ["a", "b", "c"]}, "type": "array"}
ITEM = {
    "name": TEXT,
    "note": TEXT,
    "amount": MONEY,
    "quantity": QUANTITY,
    "rate": {"title": "Rate", "x-type": "percent"},
    "count": {"title": "Count", "type": "integer"},
    "day": DATE,
    "end": DATE,
    "moment": {"title": "Moment", "x-type": "datetime"},
    "done": {"title": "Done", "type": "boolean"},
    "choices": CHOICES,
    "anything": {"title": "Anything", "x-type": "json"},
    "owner": {"title": "Owner", "x-type": "user"},
    "place": group(road=TEXT, width=QUANTITY, spots=lines(name=TEXT)),
    "shelf": reference("shop/shelf"),
    "items": lines(name=TEXT, price=MONEY),
}
SHELF = {
    "name": TEXT,
    "price": MONEY,
    "tags": CHOICES,
    "boxes": lines(name=TEXT),
    "keeper": {"title": "Keeper", "x-type": "user"},
    "above": reference("shop/shelf"),
}

NAMES = ["", "a", "b", "B", "ab", "钢筋", "%_", "z"]
LOGINS = ["li.na", "zhang.wei"]


def some(chance: random.Random, values: Mapping[str, Any]) -> dict[str, Any]:
    """About two thirds of the values, the others absent."""
    return {key: value for key, value in values.items() if chance.random() < 0.66}


def shelves(chance: random.Random) -> Iterator[Record]:
    for number in range(6):
        values = {
            "name": chance.choice(NAMES),
            "price": money(chance),
            "keeper": chance.choice(LOGINS),
            "tags": chance.sample("abc", chance.randrange(4)),
        }
        above = {"above": f"s{chance.randrange(number)}"} if number else {}
        yield a_record("shop/shelf", id=f"s{number}", values=some(chance, values | above), state="open")


def items(chance: random.Random, number: int) -> Iterator[Record]:
    for place in range(number):
        values = {
            "name": chance.choice(NAMES),
            "note": chance.choice(NAMES),
            "amount": money(chance),
            "quantity": Decimal(chance.randrange(-3000, 3000)).scaleb(-3).normalize(),
            "rate": chance.choice([Decimal("0.05"), Decimal("0.1"), Decimal(1)]),
            "count": chance.randrange(-3, 4),
            "day": str(TODAY + timedelta(days=chance.randrange(-3, 4))),
            "end": str(TODAY + timedelta(days=chance.randrange(-3, 4))),
            "moment": (NOON + timedelta(hours=chance.randrange(-2, 3))).isoformat().replace("+00:00", "Z"),
            "done": chance.random() < 0.5,
            "choices": chance.sample(["a", "b", "c"], chance.randrange(4)),
            "anything": chance.choice([{}, [], "", {"a": 1}, [1], "x", Decimal("1.5"), False, 0]),
            "owner": chance.choice(LOGINS),
            "place": some(
                chance,
                {
                    "road": chance.choice(NAMES),
                    "width": Decimal(chance.randrange(3)),
                    "spots": [{"name": chance.choice(NAMES)} for _ in range(chance.randrange(3))],
                },
            ),
            "shelf": f"s{chance.randrange(6)}",
            "items": [
                some(chance, {"name": chance.choice(NAMES), "price": money(chance)}) for _ in range(chance.randrange(3))
            ],
        }
        yield a_record(
            id=f"r{place:03}",
            number=f"N{place}" if place % 3 else "",
            state=chance.choice(["draft", "lead", ""]),
            created_by=chance.choice(LOGINS),
            values=some(chance, values),
        )


def money(chance: random.Random) -> Decimal:
    return Decimal(chance.choice([-250, -1, 0, 1, 99, 100, 250, 10**17])).scaleb(-2)


class Shop:
    """A workspace full of items, and the same items as Python sees them."""

    def __init__(self, workspace: Workspace, number: int = 80) -> None:
        self.workspace = workspace
        publish(workspace, item=ITEM, shelf=SHELF)
        chance = random.Random(7)
        self.shelves, self.items = [*shelves(chance)], [*items(chance, number)]
        saved(workspace, *self.shelves, *self.items)
        with workspace.read() as session:
            self.entities = editions.compiled(session, editions.edition(session, "shop")).entities

    def formula(self, text: str) -> Formula:
        def fields(name: str) -> Mapping[str, CompiledField]:
            return self.entities[name.removeprefix("shop/")].fields

        return compile_formula(text, EntityScope(fields("shop/item"), fields))

    def facts(self, **given: object) -> Facts:
        facts = Facts(values={}, actor="li.na", now=NOON, today=TODAY, projects=frozenset({"s1", "s2"}))
        return msgspec.structs.replace(facts, **given)

    def truth(self, formula: Formula, facts: Facts) -> set[str]:
        """Ids of the items for which the formula is TRUE, and does not fail."""
        references = {each.id: seen(self.entities["shelf"], each) for each in self.shelves}
        found = set()
        for each in self.items:
            values = seen(self.entities["item"], each)
            about = msgspec.structs.replace(facts, values=values, references=references, state=each.state)
            try:
                if formula.evaluate(about) is True:
                    found.add(each.id)
            except FormulaFailed:
                continue
        return found

    def judged(self, condition: Condition) -> set[str]:
        """Ids of the items that the database leaves to Python."""
        judged: set[str] = set()

        def about(given: Sequence[Record], paths: Collection[tuple[str, ...]]) -> list[Facts]:
            judged.update(each.id for each in given)
            return self.about(given, paths)

        with self.workspace.read() as session:
            find(session, Search(entity="shop/item", every=(condition,), about=about), limit=1000)
        return judged

    def translated(self, text: str, how: Callable[[Translator, Typed], Any]) -> Any:  # noqa: ANN401 - what it becomes
        """A formula about items in SQL."""
        with self.workspace.read() as session:
            source = record_source(layouts(session), editions.layout(session, "shop/item"))
            translator = Translator(source, self.facts(), session.connection.dialect.name)
            return how(translator, self.formula(text).node)

    def about(self, given: Sequence[Record], _paths: Collection[tuple[str, ...]]) -> list[Facts]:
        """What formulas read of items."""
        references = {each.id: seen(self.entities["shelf"], each) for each in self.shelves}
        reading = [seen(self.entities["item"], each) for each in given]
        return [
            Facts(values=values, references=references, state=each.state)
            for values, each in zip(reading, given, strict=True)
        ]

    def verdict(self, condition: Condition) -> Verdict:
        """What the database makes of a condition."""
        with self.workspace.read() as session:
            source = record_source(layouts(session), editions.layout(session, "shop/item"))
            dialect = session.connection.dialect.name
            return Translator(source, condition.facts, dialect).verdict(condition.formula.node)

    def found(self, *conditions: Condition) -> set[str]:
        with self.workspace.read() as session:
            search = Search(entity="shop/item", every=conditions, about=self.about)
            page = find(session, search, limit=1000)
            assert count(session, search) == len(page.records)
            return {each.id for each in page.records}

    def value(self, record: Record, path: str) -> Any:  # noqa: ANN401 - whatever the path leads to
        """The value at the end of a path; a record without a number has none."""
        shelves = {each.id: seen(self.entities["shelf"], each) for each in self.shelves}
        found: Any = seen(self.entities["item"], record)
        for key in path.split("."):
            found = (found if isinstance(found, dict) else shelves.get(found, {})).get(key)
        return None if path == "number" and found == "" else found
