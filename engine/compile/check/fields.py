"""Fields: their types, what they refer to, and what stands at them that their type cannot keep."""

from collections.abc import Iterable, Iterator, Mapping

from engine.compile.model import CompiledField
from engine.compile.number import PLAIN, is_pattern
from engine.compile.shape import walk
from engine.definition.model import At, Entity, Json
from engine.fields import known_types
from engine.fields.choice import Choice
from engine.fields.field_type import Storage, Unreadable
from engine.fields.multi_choice import MultiChoice
from engine.problems import Problem


def check_fields(entity: Entity, fields: Mapping[str, CompiledField], entities: Iterable[str]) -> Iterator[Problem]:
    """Every mistake in the fields of an entity; `entities` by "module/entity".

    What a foreign schema requires without describing it, or gives as a default, need not mean anything.
    """
    is_foreign = entity.schema.get("x-foreign", False)
    for field in walk(fields):
        yield from _check_type(field, entities)
        yield from _check_number(field)
        yield from _check_rounding(field)
        if field.definition.formula and field.definition.table:
            yield (field.definition.at / "x-table").problem("decision_table.beside_formula")
        for keyword in ("x-formula", "x-default"):
            if field.fields and keyword in field.definition.schema:
                yield (field.definition.at / keyword).problem("formula.nested")
        if not is_foreign:
            yield from _check_required(field.definition.schema, field.fields, field.definition.at)
            yield from _check_default(field)
    if not is_foreign:
        yield from _check_required(entity.schema, fields, entity.at)


def _check_type(field: CompiledField, entities: Iterable[str]) -> Iterator[Problem]:
    written, at = field.definition, field.definition.at
    if written.type and written.type not in known_types():
        yield (at / "x-type").undefined("type", written.type, known_types())
    if (written.type == "reference" or written.reference) and written.reference not in entities:
        yield (at / "x-reference").undefined("entity", written.reference, entities)
    elif written.reference and written.type != "reference":
        yield (at / "x-reference").problem("reference.type", given=field.type.name)
    choice = field.type.choice if isinstance(field.type, MultiChoice) else field.type
    if isinstance(choice, Choice) and not choice.options:
        yield at.problem("choice.empty")


def _check_number(field: CompiledField) -> Iterator[Problem]:
    """A serial number is counted by the pattern at its field, once for a record."""
    pattern = field.definition.rest.get("x-number", PLAIN)
    if field.type.name == "serial_number" and len(field.path) > 1:
        yield field.definition.at.problem("number.in_part")
    if not is_pattern(pattern):
        yield (field.definition.at / "x-number").problem("number.pattern", given=pattern)


def _check_rounding(field: CompiledField) -> Iterator[Problem]:
    """Only a computed number is rounded, and to no more places than its type keeps."""
    at = field.definition.at / "x-rounding"
    if "x-rounding" in field.definition.schema and field.rounding is None:
        yield at.problem("rounding.not_computed")
    elif field.rounding and field.rounding.scale > field.type.scale:
        yield (at / "scale").problem("rounding.scale", given=str(field.rounding.scale), limit=str(field.type.scale))


def _check_required(schema: Mapping[str, Json], fields: Mapping[str, CompiledField], at: At) -> Iterator[Problem]:
    """Names in `required` that are no fields."""
    if "items" in schema:
        schema, at = schema["items"], at / "items"
    for place, key in enumerate(schema.get("required", ()) if fields else ()):
        if key not in fields:
            yield (at / "required" / place).undefined("field", key, fields)


def _check_default(field: CompiledField) -> Iterator[Problem]:
    default = field.definition.schema.get("default")
    if default is not None:
        yield from _unreadable(field, default, field.definition.at / "default")


def _unreadable(field: CompiledField, raw: Json, at: At) -> Iterator[Problem]:
    """What the field's type, or those of the fields in it, do not take."""
    try:
        value = field.type.read(raw)
    except Unreadable as error:
        yield Problem(error.code, at.pointer + error.pointer, error.params, file=at.file)
        return
    if field.type.storage is Storage.COLUMNS:
        yield from _unknown_or_unreadable(field.fields, value, at)
    elif field.type.storage is Storage.TABLE:
        for place, row in enumerate(value):
            yield from _unknown_or_unreadable(field.fields, row, at / place)


def _unknown_or_unreadable(fields: Mapping[str, CompiledField], raw: Json, at: At) -> Iterator[Problem]:
    if not isinstance(raw, Mapping):
        yield at.problem("field.object")
        return
    for key, each in raw.items():
        if key not in fields:
            yield (at / key).undefined("field", key, fields)
        elif each is not None:
            yield from _unreadable(fields[key], each, at / key)
