"""What a checked module becomes: names resolved, formulas compiled, machine built. Nothing here can fail to resolve.

A compiled module is cached by its edition, because published text cannot change.
"""

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP
from typing import Any

import msgspec
from transitions import Machine

from engine.compile.validator import Validator
from engine.definition.model import (
    Entity,
    Field,
    FieldGrant,
    Grant,
    Module,
    Role,
    Rule,
    Section,
    State,
    View,
    Workflow,
)
from engine.fields.field_type import FieldType
from engine.formula.formula import Formula
from engine.formula.library.series import Series
from engine.formula.scope import Facts
from engine.formula.tree import Value


class Rounding(msgspec.Struct, frozen=True):
    """How the result of a formula is brought to the digits that are kept."""

    scale: int
    #: One of those of the decimal module.
    mode: str = ROUND_HALF_UP
    #: Whether what the formula reads is not rounded before: all is added and then rounded.
    is_last: bool = False


class CompiledField(msgspec.Struct, frozen=True, kw_only=True):
    """A field with its type at work."""

    definition: Field
    #: Keys from the entity down: ("items", "amount").
    path: tuple[str, ...]
    type: FieldType
    formula: Formula | None = None
    default: Formula | None = None
    visible: Formula | None = None
    required_when: Formula | None = None
    read_only_when: Formula | None = None
    #: Of a computed number.
    rounding: Rounding | None = None
    fields: Mapping[str, "CompiledField"] = {}

    @property
    def key(self) -> str:
        """Key within the object or line around it."""
        return self.definition.key

    @property
    def is_computed(self) -> bool:
        """Whether nobody types it: a formula, a rollup or a counter fills it."""
        return self.formula is not None or "x-rollup" in self.definition.schema or self.type.automatic


class CompiledRule(msgspec.Struct, frozen=True):
    """A rule, its condition, and the formulas inside its message."""

    definition: Rule
    condition: Formula
    message: str
    #: The formulas between braces in the message.
    values: tuple[Formula, ...]
    #: Language → the message in it.
    translations: Mapping[str, str]


class PersonPath(msgspec.Struct, frozen=True):
    """A path to whoever a field names: a person, or a department, whose head is meant, or a project."""

    #: "user", "department" or the name of the project entity.
    target: str
    read: Callable[[Facts], Value]


class CompiledWorkflow(msgspec.Struct, frozen=True):
    """A workflow and the machine that routes it."""

    definition: Workflow
    states: Mapping[str, State]
    #: Roles that its selectors may name, with their scope.
    roles: Mapping[str, Role]
    #: Dotted paths used by selectors; under "" the record's own project, if it has one.
    paths: Mapping[str, PersonPath]
    #: One unbound machine per edition; fired with a bare object as the model.
    machine: Machine
    #: Condition text → compiled; shared by transitions and actions.
    conditions: Mapping[str, Formula]
    #: Paths through references that conditions and selectors read.
    through: frozenset[tuple[str, ...]]


class CompiledView(msgspec.Struct, frozen=True, kw_only=True):
    """A list and its formulas, as whoever may see every field reads them."""

    definition: View
    #: None when it shows every record.
    filter: Formula | None
    #: Conditions, each with the colour of the rows for which it holds; the first counts.
    colours: tuple[tuple[Formula, str], ...]
    #: Paths through references that the colours read.
    through: frozenset[tuple[str, ...]]

    @property
    def key(self) -> str:
        """Key within the module."""
        return self.definition.key


class CompiledEntity(msgspec.Struct, frozen=True, kw_only=True):
    """Everything known about one kind of record."""

    definition: Entity
    module: str
    fields: Mapping[str, CompiledField]
    #: Computed fields in the order in which they can be computed.
    order: tuple[CompiledField, ...]
    #: Fields that a formula shows, hides or requires.
    conditional: tuple[CompiledField, ...]
    rules: tuple[CompiledRule, ...]
    title: Formula | None
    workflow: CompiledWorkflow | None
    views: tuple[CompiledView, ...]
    grants: tuple[Grant, ...]
    field_grants: tuple[FieldGrant, ...]
    #: Paths through references that any of its formulas reads; the records behind must be loaded first.
    through: frozenset[tuple[str, ...]]
    #: Fields that change when other records do: rollups, and whatever is computed of them.
    derived: frozenset[tuple[str, ...]]
    #: Series of its own records that its formulas read.
    series: tuple[Series, ...]
    #: Row rules of the grants, compiled.
    row_rules: Mapping[str, Formula]
    layout: tuple[Section, ...]
    validator: Validator
    #: Public JSON Schema of the values.
    schema: Mapping[str, Any]

    @property
    def key(self) -> str:
        """Key within the module."""
        return self.definition.key

    @property
    def name(self) -> str:
        """`module/entity`, as references write it."""
        return f"{self.module}/{self.key}"


class CompiledModule(msgspec.Struct, frozen=True, kw_only=True):
    """A module that can run."""

    definition: Module
    entities: Mapping[str, CompiledEntity]
    #: Roles it may name: built in, its own, and those of the modules it requires.
    roles: Mapping[str, Role]

    @property
    def key(self) -> str:
        """Key of the module."""
        return self.definition.key

    def label(self, text: str, locale: str) -> str:
        """A label of this module in the given locale, or as written when it has no translation."""
        return self.definition.translations.get(locale, {}).get(text, text)
