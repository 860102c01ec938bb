"""Fields with their types at work, before any formula: the ground on which formulas are compiled."""

from collections.abc import Iterator, Mapping
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP
from typing import Final

import msgspec

from engine.compile.model import CompiledField, Rounding
from engine.definition.model import Entity, Field, Json
from engine.fields import field_type
from engine.fields.field_type import Storage

_MODES: Final = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "up": ROUND_UP, "down": ROUND_DOWN}


def shape(entity: Entity) -> Mapping[str, CompiledField]:
    """The fields of an entity by key, nested as they are written."""
    return _shape(entity.fields, ())


def _shape(fields: tuple[Field, ...], path: tuple[str, ...]) -> Mapping[str, CompiledField]:
    return {
        each.key: CompiledField(
            definition=each,
            path=(*path, each.key),
            type=field_type(each),
            rounding=_rounding(each),
            fields=_shape(each.fields, (*path, each.key)),
        )
        for each in fields
    }


def _rounding(field: Field) -> Rounding | None:
    type_ = field_type(field)
    if not (field.formula or field.table) or type_.storage not in {Storage.DECIMAL, Storage.INTEGER}:
        return None
    written = field.rest.get("x-rounding", {})
    asked = written if isinstance(written, Mapping) else {"order": written}
    return Rounding(
        scale=asked.get("scale", type_.scale),
        mode=_MODES[asked.get("mode", "half_up")],
        is_last=asked.get("order") == "sum_then_round",
    )


def walk(fields: Mapping[str, CompiledField]) -> Iterator[CompiledField]:
    """Every field at every depth, outer ones first."""
    for field in fields.values():
        yield field
        yield from walk(field.fields)


def checked_schema(entity: Entity, fields: Mapping[str, CompiledField]) -> Mapping[str, Json]:
    """JSON Schema of the values as kept, for the validator: the fields' own keywords and the author's at every object.

    `required` and unknown keys are left out, because `engine.runtime.accept` judges them with the caller's rights.
    """
    return _object(entity.schema, fields, own=True)


def public_schema(entity: Entity, fields: Mapping[str, CompiledField]) -> Mapping[str, Json]:
    """JSON Schema 2020-12 of the values as the API sends and accepts them."""
    return _object(entity.schema, fields, own=False)


#: Keywords of an object that are not simply about one of its properties.
_WHOLE = (
    "anyOf", "oneOf", "allOf", "not", "if", "then", "else", "dependentRequired", "dependentSchemas",
    "minProperties", "maxProperties", "propertyNames", "patternProperties", "$defs", "definitions",
)  # fmt: skip


def _object(written: Mapping[str, Json], fields: Mapping[str, CompiledField], *, own: bool) -> dict[str, Json]:
    properties = {key: _field(each, own=own) for key, each in fields.items()}
    schema: dict[str, Json] = {"type": "object", "properties": properties}
    schema |= {keyword: written[keyword] for keyword in _WHOLE if keyword in written}
    if not own:
        schema["additionalProperties"] = False
        if required := [key for key, each in fields.items() if _is_always_there(each)]:
            schema["required"] = required
    return schema


def _is_always_there(field: CompiledField) -> bool:
    return field.definition.required and not field.is_computed and not field.definition.visible


def _field(field: CompiledField, *, own: bool) -> Mapping[str, Json]:
    schema = field.type.checked() if own else field.type.schema()
    if field.type.storage is Storage.COLUMNS:
        return {**schema, **_object(field.definition.schema, field.fields, own=own)}
    if field.type.storage is Storage.TABLE:
        return {**schema, "items": _object(field.definition.schema.get("items", {}), field.fields, own=own)}
    return schema


def with_formulas(
    fields: Mapping[str, CompiledField], formulas: Mapping[tuple[str, ...], Mapping[str, Json]]
) -> Mapping[str, CompiledField]:
    """The same fields carrying their compiled formulas, which are given by path and attribute."""
    return {
        key: msgspec.structs.replace(
            field, fields=with_formulas(field.fields, formulas), **formulas.get(field.path, {})
        )
        for key, field in fields.items()
    }
