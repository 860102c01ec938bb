"""The nouns of a module as its author wrote it, frozen. Shape only: whether it can run is `engine.compile`'s question.

A `Module` keeps the document of every file, so that writing it out again loses nothing; the other nouns are typed
views of those documents, and `at` says where each stands. Keys never change once published; titles change freely.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Literal, TypeAlias

import msgspec

from engine.problems import Problem, nearest

#: A JSON value. Exact numbers are `Decimal` or `int`; floats never occur.
Json: TypeAlias = Any


class Noun(msgspec.Struct, frozen=True, kw_only=True):
    """A frozen piece of a definition."""


class At(Noun, frozen=True, kw_only=True):
    """Where something stands: file of the module and JSON Pointer into it."""

    file: str = ""
    pointer: str = ""

    def __truediv__(self, step: str | int) -> "At":
        """The place one step further in; the step is escaped as RFC 6901 wants."""
        escaped = str(step).replace("~", "~0").replace("/", "~1")
        return At(file=self.file, pointer=f"{self.pointer}/{escaped}")

    def problem(self, code: str, **params: str) -> Problem:
        """A mistake that stands here."""
        return Problem(code, self.pointer, params, file=self.file)

    def undefined(self, what: str, given: str, known: Iterable[str]) -> Problem:
        """A name that means nothing here, with the names that would: code `<what>.undefined`."""
        return self.problem(f"{what}.undefined", given=given, known=nearest(given, known))


class Option(Noun, frozen=True, kw_only=True):
    """One value a choice may take."""

    value: Json
    title: str


class TableRow(Noun, frozen=True, kw_only=True):
    """A row of a decision table."""

    at: At
    #: For each field of the table a condition as written, or None for any value.
    cells: tuple[Json, ...]
    #: Formula of what a field is then; "" for blank, and in a choice, whose rows lead to states.
    value: str = ""

    @property
    def is_default(self) -> bool:
        """Whether it fits everything."""
        return all(cell is None for cell in self.cells)


class DecisionTable(Noun, frozen=True, kw_only=True):
    """Rows of conditions on the same fields, and what follows from each."""

    at: At
    #: Paths.
    fields: tuple[str, ...]
    #: Whether the first row that fits counts, the only one, or all of them, which become one number.
    hit: Literal["first", "unique", "sum", "min", "max", "count"]
    rows: tuple[TableRow, ...]


class Field(Noun, frozen=True, kw_only=True):
    """One property of an entity, or of its line items."""

    key: str
    title: str
    at: At
    #: The property's JSON Schema with our vocabulary, as written, but references within the document written out.
    schema: Mapping[str, Json]
    #: `x-type`, or "" when `engine.fields` is to infer it from the JSON Schema keywords.
    type: str = ""
    #: Listed in `required` of the object around it.
    required: bool = False
    #: Columns of line items, or properties of a nested object.
    fields: tuple["Field", ...] = ()
    options: tuple[Option, ...] = ()
    #: `x-reference`: "module/entity".
    reference: str = ""
    #: Formulas as written; "" where there is none.
    formula: str = ""
    #: `x-table`.
    table: DecisionTable | None = None
    default: str = ""
    visible: str = ""
    required_when: str = ""
    read_only_when: str = ""
    unique: bool = False
    index: bool = False
    help: str = ""
    #: `x-rollup`, `x-rounding`, `x-scale`, `x-multiple`, `x-number`, as written.
    rest: Mapping[str, Json] = {}


class Rule(Noun, frozen=True, kw_only=True):
    """What must hold whenever a record is saved."""

    key: str
    at: At
    condition: str
    level: Literal["refuse", "warn"]
    message: str


class Section(Noun, frozen=True, kw_only=True):
    """A part of the form."""

    title: str
    columns: int
    fields: tuple[str, ...]


class Entity(Noun, frozen=True, kw_only=True):
    """A kind of record."""

    key: str
    title: str
    at: At
    schema: Mapping[str, Json]
    fields: tuple[Field, ...]
    rules: tuple[Rule, ...] = ()
    #: `x-number`: pattern such as `FY-{YYYY}{MM}-{0000}`.
    number: str = ""
    #: `x-title`: formula.
    title_formula: str = ""
    workflow: str = ""
    layout: tuple[Section, ...] = ()


class Selector(Noun, frozen=True, kw_only=True):
    """Names people: exactly one kind, e.g. `{"role": "cashier"}` or `{"manager_of": "starter", "level": 2}`."""

    kind: str
    value: Json
    at: At
    #: The other keys beside the kind: `in`, `level`, `levels`, `until`, `up`.
    options: Mapping[str, Json] = {}


class Seats(Noun, frozen=True, kw_only=True):
    """Who is asked in an approval state, and how the answers are counted."""

    who: tuple[Selector, ...]
    mode: Literal["any", "all", "sequential", "vote"] = "any"
    #: "admin", "pass", "reject", or selectors to assign instead.
    on_empty: str | tuple[Selector, ...] = "admin"
    #: What a later issue runs (threshold, veto, abstain …), as written.
    rest: Mapping[str, Json] = {}


class Transition(Noun, frozen=True, kw_only=True):
    """One way out of a state; the first whose condition holds is taken."""

    to: str
    at: At
    key: str = ""
    when: str = ""
    rest: Mapping[str, Json] = {}


class Action(Noun, frozen=True, kw_only=True):
    """A button of a life-cycle state."""

    key: str
    title: str
    at: At
    who: tuple[Selector, ...] = ()
    when: str = ""
    comment: bool = False


class State(Noun, frozen=True, kw_only=True):
    """A place where a record can be."""

    key: str
    type: str
    title: str
    at: At
    seats: Seats | None = None
    #: Field key → hidden, read, edit, required.
    fields: Mapping[str, Literal["hidden", "read", "edit", "required"]] = {}
    actions: tuple[Action, ...] = ()
    #: Of a choice: the rows behind its ways.
    table: DecisionTable | None = None
    #: Outcome → transitions in order.
    on: Mapping[str, tuple[Transition, ...]] = {}
    #: Which operations people may use here: `return`, `transfer` …
    ops: Mapping[str, Json] = {}
    #: `signature`, `comment`.
    requires: Mapping[str, Json] = {}
    on_reject: Json = "end"
    #: Of an `end`: approved, rejected …
    outcome: str = ""
    #: What a later issue runs (timers, regions, effects …), as written.
    rest: Mapping[str, Json] = {}


class Workflow(Noun, frozen=True, kw_only=True):
    """States and transitions that records of one entity run through."""

    key: str
    entity: str
    title: str
    at: At
    initial: str
    states: tuple[State, ...]
    settings: Mapping[str, Json] = {}
    protected: tuple[str, ...] = ()


class Colour(Noun, frozen=True, kw_only=True):
    """The colour of the rows for which a condition holds."""

    when: str
    colour: Literal["red", "orange", "yellow", "green", "blue", "grey"]
    at: At


class View(Noun, frozen=True, kw_only=True):
    """A list of records of one entity."""

    key: str
    entity: str
    title: str
    at: At
    type: str = "list"
    columns: tuple[str, ...] = ()
    filter: str = ""
    sort: tuple[str, ...] = ()
    totals: Mapping[str, str] = {}
    #: Fields offered as quick filters above the list.
    filters: tuple[str, ...] = ()
    #: The first whose condition holds colours the row.
    colours: tuple[Colour, ...] = ()


class Report(Noun, frozen=True, kw_only=True):
    """Records of one entity, grouped and measured."""

    key: str
    title: str
    at: At
    #: The entity's key, or "module/entity".
    source: str
    #: Each a `{"sum": path}`, `{"count": true}` …, perhaps with a title, as written.
    measures: tuple[Mapping[str, Json], ...]
    filter: str = ""
    #: Each a path, or `{"field": path, "by": "month"}`.
    rows: tuple[Json, ...] = ()
    columns: tuple[Json, ...] = ()
    chart: Literal["table", "bar", "line", "pie"] = "table"


class Print(Noun, frozen=True, kw_only=True):
    """One record on paper."""

    key: str
    entity: str
    title: str
    at: At
    #: Each a `{"heading": text}`, `{"fields": [path]}` …, as written.
    blocks: tuple[Mapping[str, Json], ...]
    paper: Literal["A3", "A4", "A5"] = "A4"
    orientation: Literal["portrait", "landscape"] = "portrait"
    header: str = ""
    footer: str = ""


class Scenario(Noun, frozen=True, kw_only=True):
    """A story that must hold; its parts as written."""

    title: str
    at: At
    steps: tuple[Mapping[str, Json], ...]
    workflow: str = ""
    #: Publishing is refused while the story fails.
    required: bool = False
    #: When it begins, ISO 8601; "" when that does not matter.
    now: str = ""
    people: Mapping[str, Mapping[str, Json]] = {}
    records: Mapping[str, Mapping[str, Json]] = {}


class Samples(Noun, frozen=True, kw_only=True):
    """People and records of a demonstration, as they are written and in the order in which they are made."""

    at: At
    departments: tuple[Mapping[str, Json], ...] = ()
    people: tuple[Mapping[str, Json], ...] = ()
    records: tuple[Mapping[str, Json], ...] = ()


class Role(Noun, frozen=True, kw_only=True):
    """A named set of people, held in the whole company or per project."""

    key: str
    title: str
    at: At
    scope: Literal["company", "project"] = "company"


class Grant(Noun, frozen=True, kw_only=True):
    """What a role may do with the records of an entity."""

    entity: str
    role: str
    verbs: frozenset[str]
    at: At
    #: Formula that a record must fulfil; "" for every record.
    rows: str = ""


class FieldGrant(Noun, frozen=True, kw_only=True):
    """What a role may do with one field, perhaps only in one state."""

    entity: str
    role: str
    field: str
    access: Literal["hidden", "read", "edit"]
    at: At
    state: str = ""


class MenuEntry(Noun, frozen=True, kw_only=True):
    """A line of the module's menu; names a view or a report."""

    title: str
    at: At
    view: str = ""
    report: str = ""


class Module(Noun, frozen=True, kw_only=True):
    """A module as written: every file's document, and the nouns in them."""

    key: str
    title: str
    at: At
    #: File path inside the module → parsed JSON document.
    documents: Mapping[str, Json]
    #: File path → text as read; positions are found in it, and `.po` files are kept whole.
    texts: Mapping[str, str]
    description: str = ""
    version: str = "1.0.0"
    language: str = "zh_CN"
    #: Module key → version range.
    requires: Mapping[str, str] = {}
    roles: tuple[Role, ...] = ()
    menu: tuple[MenuEntry, ...] = ()
    entities: tuple[Entity, ...] = ()
    workflows: tuple[Workflow, ...] = ()
    views: tuple[View, ...] = ()
    grants: tuple[Grant, ...] = ()
    field_grants: tuple[FieldGrant, ...] = ()
    reports: tuple[Report, ...] = ()
    prints: tuple[Print, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    samples: tuple[Samples, ...] = ()
    #: Language → label in the base language → translated label.
    translations: Mapping[str, Mapping[str, str]] = {}
