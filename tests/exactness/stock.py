"""Records whose values Hypothesis draws, as a database keeps them, and the same as Python sees them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from itertools import count
from typing import Any, Final

import msgspec
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from sqlalchemy import ColumnElement, insert, select

from engine.compile.formulas.scope import EntityScope
from engine.compile.model import CompiledField
from engine.definition.model import Json
from engine.formula.formula import Formula, compile_formula
from engine.formula.scope import Facts
from engine.formula.tree import Kind
from engine.runtime.record import Record
from engine.runtime.world import seen
from engine.store import editions
from engine.store.records import _system
from engine.store.session import Session, Workspace
from engine.store.sql.expression import Translator
from engine.store.sql.paths import record_source
from engine.store.tables.layout import spread
from tests.engine.store.builders import DATE, MONEY, QUANTITY, TEXT, a_record, lines, publish, reference
from tests.exactness.expressions import EVERYTHING, WORDS, Grammar

MOMENT: Final = {"title": "Moment", "x-type": "datetime"}
FLAG: Final = {"title": "Flag", "type": "boolean"}
CHOICES: Final = {"title": "Choices", "x-type": "multi_choice", "type": "array", "items": {"enum": ["a", "b", "ab"]}}
CASE: Final = {
    "a": MONEY,
    "b": QUANTITY,
    "c": {"title": "Count", "type": "integer"},
    "f": {"title": "Rate", "x-type": "percent"},
    **dict.fromkeys("st", TEXT),
    **dict.fromkeys("pq", FLAG),
    **dict.fromkeys("de", DATE),
    **dict.fromkeys("mn", MOMENT),
    "r": reference("stock/thing"),
    "u": {"title": "User", "x-type": "user"},
    "k": CHOICES,
    "items": lines(a=MONEY, b=QUANTITY, d=DATE, s=TEXT, p=FLAG),
}
THING: Final = {"a": MONEY, "s": TEXT, "d": DATE, "above": reference("stock/thing")}

_MORE_LEAVES: Final = {
    "decimal": ("f", "7", "-1", "0.005", "999999999999", "r.above.a"),
    "text": ("r.s", "number", '"b"', "s & t"),
    "date": ("r.d", "DATE(2024, 2, 29)"),
    "datetime": ("created_at",),
    "reference": ("u", "id", "created_by", "r.above"),
}
_MORE_SHAPES: Final = {
    "decimal": (
        "SUM(items.a, items.b)",
        "COUNT(items.p)",
        "COUNT(k)",
        "COUNTIF(items.s, {text})",
        "MAX(items.b, {decimal})",
    ),
    "boolean": ("{text} = k", "BLANK(k)", "BLANK(r)", "{reference} = r", "k <> {text}"),
}
#: The shared shapes over columns of every kind.
GRAMMAR: Final = Grammar(
    {kind: (*leaves, *_MORE_LEAVES.get(kind, ())) for kind, leaves in EVERYTHING.leaves.items()},
    {kind: (*shapes, *_MORE_SHAPES.get(kind, ())) for kind, shapes in EVERYTHING.shapes.items()},
)
#: Records of one draw, and those behind references.
RECORDS: Final = 12
THINGS: Final = 3


def _maybe(values: SearchStrategy[Any]) -> SearchStrategy[Any]:
    return st.none() | values


def _exact(scale: int) -> SearchStrategy[Decimal]:
    """Units of a column: few, as people have them, and as many as fit."""
    edges = (0, 1, -1, 5, 50, 250, -250, 10**scale, -(10**scale), 33, 10**12, 10**17, 10**18 - 1, 1 - 10**18)
    units = st.sampled_from(edges) | st.integers(-99_999, 99_999) | st.integers(1 - 10**18, 10**18 - 1)
    return units.map(lambda each: Decimal(each).scaleb(-scale))


_TEXTS: Final = WORDS.filter(lambda text: text is not None)
_DAYS: Final = st.sampled_from(
    ("1900-01-01", "1969-12-31", "2024-02-29", "2025-12-31", "2026-01-31", "2026-03-01", "2999-12-31")
) | st.dates(date(1900, 1, 1), date(2999, 12, 31)).map(date.isoformat)
_MOMENTS: Final = st.sampled_from(
    ("1900-01-01T00:00:00Z", "2026-02-28T16:30:00Z", "2026-02-28T16:30:00.500000Z", "2999-12-31T23:59:59.999999Z")
) | st.datetimes(datetime(1900, 1, 1), datetime(2999, 12, 31)).map(lambda each: f"{each.isoformat()}Z")  # noqa: DTZ001
_BOTH: Final = st.booleans()
_USERS: Final = st.sampled_from(("li.na", "a", "p1"))
_PLACES: Final = st.integers(0, THINGS - 1)
_NUMBER: Final = {"a": _exact(2), "b": _exact(6)}
_LINE: Final = _NUMBER | {"d": _DAYS, "s": _TEXTS, "p": _BOTH}


def _of(values: Mapping[str, SearchStrategy[Any]]) -> SearchStrategy[dict[str, Any]]:
    drawn = st.fixed_dictionaries({key: _maybe(each) for key, each in values.items()})
    return drawn.map(lambda found: {key: value for key, value in found.items() if value is not None})


class Draw(msgspec.Struct, frozen=True, kw_only=True):
    """Records, formulas about them, and who asks when."""

    texts: tuple[str, ...]
    cases: tuple[Mapping[str, Any], ...]
    things: tuple[Mapping[str, Any], ...]
    now: str
    today: str
    actor: str
    #: Place of the thing in which the role is held; -1 stands for everywhere, -2 for nowhere.
    project: int


def draws(texts: SearchStrategy[str], number: int) -> SearchStrategy[Draw]:
    """So many formulas, and records for them."""
    case = _of(
        _NUMBER
        | {
            "c": _exact(0).map(int),
            "f": _exact(4),
            **dict.fromkeys("st", _TEXTS),
            **dict.fromkeys("pq", _BOTH),
            **dict.fromkeys("de", _DAYS),
            **dict.fromkeys("mn", _MOMENTS),
            "r": _PLACES,
            "u": _USERS,
            "k": st.lists(st.sampled_from(("a", "b", "ab")), unique=True, max_size=3),
            "items": st.lists(_of(_LINE), max_size=3),
            "state": st.sampled_from(("draft", "a", "")),
            "number": st.sampled_from(("N", "a")),
        }
    )
    thing = _of({"a": _exact(2), "s": _TEXTS, "d": _DAYS, "above": _PLACES})
    return st.builds(
        Draw,
        texts=st.tuples(*[texts] * number),
        cases=st.tuples(*[case] * RECORDS),
        things=st.tuples(*[thing] * THINGS),
        now=st.sampled_from(("2026-03-02T04:00:00+00:00", "2026-02-28T16:30:00.500000+00:00")),
        today=st.sampled_from(("2026-03-02", "2024-02-29", "1969-12-31")),
        actor=st.sampled_from(("", "li.na", "a")),
        project=st.integers(-2, THINGS - 1),
    )


class Given(msgspec.Struct, frozen=True):
    """A draw as records with ids of their own."""

    cases: tuple[Record, ...]
    things: tuple[Record, ...]
    facts: Facts


_NUMBERS: Final = count(1)


def given(draw: Draw) -> Given:
    """The records of a draw; their ids were never there before."""
    place = f"{next(_NUMBERS):07}"
    ids = [f"t{place}-{number}" for number in range(THINGS)]
    things = []
    for number, values in enumerate(draw.things):
        above = values.get("above")
        rest = {key: value for key, value in values.items() if key != "above"}
        rest |= {"above": ids[above]} if above is not None and above < number else {}
        things.append(a_record("stock/thing", id=ids[number], values=rest))
    cases = []
    for number, values in enumerate(draw.cases):
        kept = {key: value for key, value in values.items() if key not in {"state", "number"}}
        if "r" in kept:
            kept["r"] = ids[kept["r"]]
        state, own = values.get("state", "draft"), f"{place}-{number:02}"
        called = f"{values['number']}{own}" if "number" in values else ""
        cases.append(a_record("stock/case", id=f"r{own}", state=state, number=called, values=kept))
    projects = {-2: frozenset[str](), -1: frozenset({""})}.get(draw.project) or frozenset(ids[draw.project :][:1])
    facts = Facts(
        values={},
        actor=draw.actor,
        now=datetime.fromisoformat(draw.now),
        today=date.fromisoformat(draw.today),
        projects=frozenset() if draw.project == -2 else projects,
    )
    return Given(tuple(cases), tuple(things), facts)


class Stock:
    """The records in one database."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.name = workspace.database.dialect.name
        publish(workspace, "stock", case=CASE, thing=THING)
        with workspace.read() as session:
            self.entities = editions.compiled(session, editions.edition(session, "stock")).entities

    def formula(self, text: str) -> Formula:
        """A formula about a case."""
        return compile_formula(text, self.scope())

    def scope(self) -> EntityScope:
        """The names of a case."""
        return EntityScope(self._fields("stock/case"), self._fields)

    def _fields(self, name: str) -> Mapping[str, CompiledField]:
        return self.entities[name.removeprefix("stock/")].fields

    def about(self, given: Given) -> Sequence[Facts]:
        """What Python reads of each case."""
        references = {each.id: seen(self.entities["thing"], each) for each in given.things}
        return [
            msgspec.structs.replace(
                given.facts, values=seen(self.entities["case"], each), references=references, state=each.state
            )
            for each in given.cases
        ]

    def put(self, given: Given) -> None:
        """Keep the records."""
        with self.workspace.write() as session:
            for records in (given.things, given.cases):
                self._insert(session, records)

    def _insert(self, session: Session, records: Sequence[Record]) -> None:
        sheet = editions.layout(session, f"stock/{records[0].entity}").sheet
        rows = [spread(sheet, each.id, each.values) for each in records]
        own = [_system(record) | each.own for record, each in zip(records, rows, strict=True)]
        session.connection.execute(insert(sheet.table), own)
        for child in sheet:
            if below := [row for each in rows for row in each.lines[child.table.name]]:
                session.connection.execute(insert(child.table), below)

    def answers(self, given: Given, formulas: Sequence[Formula]) -> list[list[str]]:
        """What the database says to each formula about each case; `Untranslatable` unless it can run them all."""
        with self.workspace.read() as session:
            source = record_source(partial(editions.layout, session), editions.layout(session, "stock/case"))
            translator = Translator(source, given.facts, self.name)
            columns = [_column(translator, each) for each in formulas]
            rows = source.rows.c
            query = select(*(each.label(f"v{place}") for place, (each, _) in enumerate(columns)))
            query = query.where(rows.id.in_([each.id for each in given.cases])).order_by(rows.id)
            found = session.connection.execute(query).all()
        return [[shown(self._read(row[place], scale)) for row in found] for place, (_, scale) in enumerate(columns)]

    def translates(self, formula: Formula, facts: Facts) -> None:
        """Raises `Untranslatable` unless the database can run the formula."""
        with self.workspace.read() as session:
            source = record_source(partial(editions.layout, session), editions.layout(session, "stock/case"))
            _column(Translator(source, facts, self.name), formula)

    def _read(self, value: Any, scale: int | None) -> Any:
        """Units as the number that they are, on SQLite; truth as such."""
        if value is None or scale is None:
            return value
        if scale < 0:
            return bool(value)
        return Decimal(value).scaleb(-scale) if self.name == "sqlite" else value


def _column(translator: Translator, formula: Formula) -> tuple[ColumnElement[Any], int | None]:
    """The formula in SQL, and the scale of its units: None unless it is a number, and -1 for truth."""
    if formula.type.kind is Kind.DECIMAL:
        number = translator.number(formula.node)
        return number.expression, number.scale
    return translator.value(formula.node), -1 if formula.type.kind is Kind.BOOLEAN else None


def shown(value: Json) -> str:
    """A value in words that are equal when the values are; empty text is blank, as it is where text is read."""
    if value is None or value == "":
        return "blank"
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return f"{Decimal(value).normalize():f}" if value else "0"
    return value.isoformat() if isinstance(value, date) else repr(value)
