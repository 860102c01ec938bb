"""Field types, one file each. To add one: write its class, add it to `FIELD_TYPES`, draw its widget, run the tests."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from engine.definition.model import Field
from engine.fields.boolean import Boolean
from engine.fields.choice import Choice
from engine.fields.date import Date
from engine.fields.datetime import DateTime
from engine.fields.decimal import DecimalNumber
from engine.fields.department import Department
from engine.fields.email import Email
from engine.fields.field_type import FieldType
from engine.fields.file import File
from engine.fields.infer import inferred
from engine.fields.integer import Integer
from engine.fields.json import AnyJson
from engine.fields.lines import Lines
from engine.fields.long_text import LongText
from engine.fields.money import Money
from engine.fields.multi_choice import MultiChoice
from engine.fields.object import Object
from engine.fields.percent import Percent
from engine.fields.phone import Phone
from engine.fields.photo import Photo
from engine.fields.quantity import Quantity
from engine.fields.reference import Reference
from engine.fields.serial_number import SerialNumber
from engine.fields.text import Text
from engine.fields.time import Time
from engine.fields.unknown import Unknown
from engine.fields.url import Url
from engine.fields.user import User

FIELD_TYPES: Final[tuple[type[FieldType], ...]] = (
    Text,
    LongText,
    Integer,
    DecimalNumber,
    Quantity,
    Percent,
    Money,
    Boolean,
    Date,
    DateTime,
    Time,
    Choice,
    MultiChoice,
    User,
    Department,
    Reference,
    Lines,
    Object,
    File,
    Photo,
    SerialNumber,
    Email,
    Phone,
    Url,
    AnyJson,
)

_BY_NAME: Final[Mapping[str, type[FieldType]]] = MappingProxyType({each.name: each for each in FIELD_TYPES})


def field_type(field: Field) -> FieldType:
    """The type of a field: the one it names, or else the one its JSON Schema keywords describe."""
    return _BY_NAME.get(field.type or inferred(field.schema), Unknown)(field)


def known_types() -> tuple[str, ...]:
    """Every value that `x-type` may have."""
    return tuple(_BY_NAME)
