"""The names a formula of an entity may use: its fields, its system columns, and whatever lies behind its references."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

from engine.compile.model import CompiledField
from engine.definition.model import Json
from engine.fields.choice import Choice
from engine.fields.field_type import Storage
from engine.fields.multi_choice import MultiChoice
from engine.formula.library.series import Series, series_read
from engine.formula.scope import Facts, Found
from engine.formula.tree import Kind, Type

#: Fields of an entity by name ("module/entity"), or None when there is no such entity.
Neighbours = Callable[[str], Mapping[str, CompiledField] | None]

_KINDS: Final = {
    Storage.TEXT: Kind.TEXT,
    Storage.INTEGER: Kind.DECIMAL,
    Storage.DECIMAL: Kind.DECIMAL,
    Storage.BOOLEAN: Kind.BOOLEAN,
    Storage.DATE: Kind.DATE,
    Storage.DATETIME: Kind.DATETIME,
    Storage.TIME: Kind.TEXT,
    Storage.JSON: Kind.RECORD,
    Storage.COLUMNS: Kind.RECORD,
    Storage.TABLE: Kind.RECORD,
}

#: System columns of every record that formulas may read.
SYSTEM: Final = {
    "id": Kind.REFERENCE,
    "number": Kind.TEXT,
    "state": Kind.TEXT,
    "status": Kind.TEXT,
    "created_by": Kind.REFERENCE,
    "created_at": Kind.DATETIME,
    "updated_at": Kind.DATETIME,
}


def kind_of(field: CompiledField) -> Type:
    """The type of the field's value in formulas; line items, several choices and several files are lists."""
    storage = field.type.storage
    if field.type.target:
        return Type(Kind.REFERENCE, is_list=storage is Storage.JSON)
    if field.type.name == "multi_choice":
        return Type(Kind.TEXT, is_list=True)
    return Type(_KINDS[storage], is_list=storage is Storage.TABLE)


class EntityScope:
    """Scope of a formula that stands at an entity, or in one of its objects or line-item lists when `line` is given."""

    def __init__(
        self,
        fields: Mapping[str, CompiledField],
        neighbours: Neighbours,
        line: CompiledField | None = None,
        *,
        name: str = "",
        computing: bool = False,
    ) -> None:
        """`name` is the entity's ("module/entity"); whoever only compiles formulas need not give it.

        `computing` says that the formula gives the value of a field, when all lines are there.
        """
        self.has_series = computing
        self._has_siblings = computing and line is not None and line.type.storage is Storage.TABLE
        self._fields, self._neighbours, self._line, self._name = fields, neighbours, line, name

    def find(self, parts: tuple[str, ...]) -> Found | None:
        """The path: a column of the own line first, then the record's fields, then its system columns."""
        if series := series_read(parts):
            return self._earlier(series, parts[1:])
        if self._line and (walked := _walk(self._line.fields, parts, self._neighbours)):
            column, labels = walked.read, _labels(self.field(parts))
            return Found(walked.type, lambda facts: column(facts.line or {}, facts), in_line=True, labels=labels)
        if walked := _walk(self._fields, parts, self._neighbours, record=self._name):
            read = walked.read
            labels, of_siblings = _labels(self.field(parts)), self._of_siblings(parts)
            return Found(walked.type, lambda facts: read(facts.values, facts), labels=labels, of_siblings=of_siblings)
        return None

    def _earlier(self, series: Series, parts: tuple[str, ...]) -> Found | None:
        """A field of the records before this one; those that they refer to are not at hand."""

        def rows(facts: Facts) -> Sequence[Mapping[str, Any]]:
            return facts.series.get(series.key, ())

        if not parts:
            return Found(Type(Kind.RECORD), lambda facts: next(iter(rows(facts)), None))
        walked = _walk(self._fields, parts, lambda _name: None, record="")
        if walked is None:
            return None
        read, many = walked.read, Type(walked.type.kind, is_list=True)
        if not series.whole:
            nothing = () if walked.type.is_list else None
            return Found(walked.type, lambda facts: next((read(row, facts) for row in rows(facts)), nothing))
        if walked.type.is_list:
            return Found(many, lambda facts: [value for row in rows(facts) for value in read(row, facts)])
        return Found(many, lambda facts: [read(row, facts) for row in rows(facts)])

    def _of_siblings(self, parts: tuple[str, ...]) -> bool:
        if self._line is None or not self._has_siblings:
            return False
        around, column = parts[: len(self._line.path)], parts[len(self._line.path) :]
        walked = _walk(self._line.fields, column, self._neighbours) if column else None
        return around == self._line.path and walked is not None and not walked.type.is_list

    def target(self, parts: tuple[str, ...]) -> str:
        """What a value at the path is the id of: "user", "department", "module/entity" …; "" when it is no id."""
        walked = _walk(self._fields, parts, self._neighbours, record=self._name)
        return walked.target if walked else ""

    def fields_along(self, parts: tuple[str, ...]) -> tuple[CompiledField, ...]:
        """The fields that a path from the record down goes through; a system column at its end is none."""
        along: list[CompiledField] = []
        fields = self._fields
        for part in parts:
            if part not in fields:
                break
            along.append(fields[part])
            fields = _inner(fields[part], self._neighbours)
        return tuple(along)

    def field(self, parts: tuple[str, ...]) -> CompiledField | None:
        """The field at the end of a path, of the own line first; None for a system column."""
        for start in (self._line.fields if self._line else {}, self._fields):
            field, here = None, start
            for part in parts:
                field = here.get(part)
                here = _inner(field, self._neighbours) if field else {}
            if field is not None:
                return field
        return None

    def known(self, parts: tuple[str, ...]) -> Mapping[str, str]:
        """The keys that exist where the path first goes wrong, each with the label of its field."""
        if parts and series_read(parts):
            return EntityScope(self._fields, lambda _name: None).known(parts[1:])
        here: dict[str, CompiledField | None] = {
            **self._fields,
            **(self._line.fields if self._line else {}),
            **{key: None for key in SYSTEM if key not in self._fields},
        }
        for part in parts:
            if part not in here:
                break
            field = here[part]
            inner = _inner(field, self._neighbours) if field else {}
            here = {**inner, **(dict.fromkeys(SYSTEM) if field and field.type.name == "reference" and inner else {})}
        return {key: each.definition.title if each else "" for key, each in here.items()}


def _labels(field: CompiledField | None) -> tuple[tuple[str, str], ...]:
    """The options of a choice; none of what is no choice, and none that are neither text nor whole numbers."""
    type_ = field.type if field else None
    choice = type_.choice if isinstance(type_, MultiChoice) else type_
    if not isinstance(choice, Choice) or choice.storage is Storage.JSON:
        return ()
    return tuple((str(option.value), option.title) for option in choice.options)


#: Reads what stands at the rest of a path.
_Reader: TypeAlias = Callable[[Mapping[str, Any], Facts], Json]


class _Walked(NamedTuple):
    """What a path leads to, and how to collect it: a value, or a tuple of them when the type is a list."""

    type: Type
    target: str
    read: _Reader


def _inner(field: CompiledField, neighbours: Neighbours) -> Mapping[str, CompiledField]:
    if field.type.name == "reference":
        return neighbours(field.definition.reference) or {}
    return field.fields


def _walk(
    fields: Mapping[str, CompiledField], parts: tuple[str, ...], neighbours: Neighbours, *, record: str | None = None
) -> _Walked | None:
    """`record` is the name of the entity when the path stands at a whole record, which has system columns."""
    key, *rest = parts
    field = fields.get(key)
    if field is None:
        return None if record is None or rest else _system(key, record)
    own = kind_of(field)
    if not rest:
        return _Walked(own, field.type.target, _list_of(key) if own.is_list else _value_of(key))
    inner, record = _inner(field, neighbours), field.definition.reference if field.type.name == "reference" else None
    walked = _walk(inner, tuple(rest), neighbours, record=record) if inner else None
    if walked is None:
        return None
    return _Walked(Type(walked.type.kind, own.is_list or walked.type.is_list), walked.target, _step(key, own, walked))


def _system(key: str, record: str) -> _Walked | None:
    if key not in SYSTEM:
        return None
    target = {"id": record, "created_by": "user"}.get(key, "")
    return _Walked(Type(SYSTEM[key]), target, _value_of(key))


def _value_of(key: str) -> _Reader:
    return lambda values, _: values.get(key)


def _list_of(key: str) -> _Reader:
    return lambda values, _: tuple(values.get(key) or ())


def _step(key: str, own: Type, walked: _Walked) -> _Reader:
    read = walked.read

    def through_lines(values: Mapping[str, Any], facts: Facts) -> tuple[Json, ...]:
        found = [read(row, facts) for row in values.get(key) or ()]
        return tuple([value for each in found for value in each or ()] if walked.type.is_list else found)

    def through_record(values: Mapping[str, Any], facts: Facts) -> Json:
        target = facts.references.get(values.get(key, ""))
        return None if target is None else read(target, facts)

    def through_object(values: Mapping[str, Any], facts: Facts) -> Json:
        return read(values.get(key) or {}, facts)

    if own.is_list:
        return through_lines
    return through_record if own.kind is Kind.REFERENCE else through_object
