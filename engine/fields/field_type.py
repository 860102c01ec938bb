"""What every field type can do. One file a type; `engine.fields.FIELD_TYPES` lists them.

A type turns what arrives (JSON from the API, text from a form) into the value kept in `Record.values`, says how that
value is stored, and shows it to people. Values are plain JSON, except that exact numbers are `Decimal`.
"""

import enum
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import ClassVar, Protocol
from zoneinfo import ZoneInfo

import msgspec

from engine.definition.model import Field, Json
from engine.fields import keywords
from engine.problems import Problem


class Storage(enum.Enum):
    """What a value needs from a database; `engine.store` knows the column type of each."""

    TEXT = "text"
    #: `int`, at most 18 digits.
    INTEGER = "integer"
    #: `Decimal`, at most 18 digits of which `scale` stand after the point.
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    #: "2026-03-02".
    DATE = "date"
    #: "2026-03-02T01:00:00Z", with ".123000" before the Z when there is a fraction.
    DATETIME = "datetime"
    #: "09:00", or "09:00:30" when there are seconds.
    TIME = "time"
    JSON = "json"
    #: Nested object: the columns of its properties.
    COLUMNS = "columns"
    #: Line items: a child table.
    TABLE = "table"


class Audience(msgspec.Struct, frozen=True):
    """For whom a value is shown, or who typed it."""

    #: Babel locale: "zh_CN" or "en".
    locale: str
    zone: ZoneInfo
    #: Label in the module's base language → the same in the audience's.
    label: Callable[[str], str] = str
    #: (`FieldType.target`, id) → the name people know it by.
    name: Callable[[str, str], str] = lambda _target, identity: identity

    @property
    def is_chinese(self) -> bool:
        """Whether words and dates are written the Chinese way."""
        return self.locale.startswith("zh")


class Unreadable(Exception):  # noqa: N818 - an answer, not an accident
    """A raw value that a type does not accept; carries the code and what would be accepted."""

    def __init__(self, code: str, pointer: str = "", **params: str) -> None:
        """`pointer` is relative to the field."""
        self.code, self.pointer, self.params = code, pointer, params
        super().__init__(code)

    def problem(self, pointer: str) -> Problem:
        """The same as a Problem of the field at `pointer`."""
        return Problem(self.code, pointer + self.pointer, self.params)


class FieldType(Protocol):
    """One field type, made for one field of a definition.

    What most types answer alike is answered here: values are written and stored as they are, and text is trimmed.
    """

    #: Value of `x-type`.
    name: ClassVar[str]
    #: JSON Schema and `x-` keywords it understands beside `engine.fields.keywords.COMMON`.
    keywords: ClassVar[frozenset[str]]
    #: Which template macro draws its input.
    widget: ClassVar[str]
    #: JSON Schema `type` of the value as kept.
    json_type: ClassVar[str] = "string"
    #: JSON Schema `format` that the public schema promises; "" when there is none that fits.
    format: ClassVar[str] = ""
    #: Whether the system fills it and nobody else may.
    automatic: ClassVar[bool] = False
    field: Field
    storage: Storage
    #: Decimal places kept; 0 where that means nothing.
    scale: int = 0
    #: What the value is the id of: "user", "department", "file" or "module/entity"; "" when it is no id.
    target: str = ""

    def __init__(self, field: Field) -> None:
        """Read the keywords of the field."""
        self.field = field

    def read(self, raw: Json) -> Json:
        """The value to keep, in its one normal form, or raise `Unreadable`. `None` never arrives here."""

    def loaded(self, value: Json) -> Json:
        """The value in its normal form, from what a column gives, which has exactly `scale` decimals."""
        return value

    def rounded(self, number: Decimal, scale: int, mode: str) -> Json:  # noqa: ARG002 - few types have places
        """The value to keep of a number that a formula gave; `scale` is at most the type's, `mode` one of decimal's."""
        return self.read(number)

    def all_rounded(self, numbers: tuple[Decimal, ...], scale: int, mode: str) -> tuple[Json, ...]:
        """The same for every line of a list."""
        return tuple([self.rounded(number, scale, mode) for number in numbers])

    def written(self, value: Json) -> Json:
        """The value as the API sends it; `read` gives it back. A `Decimal` in it is sent as a JSON number."""
        return value

    def typed(self, text: str, audience: Audience) -> Json:  # noqa: ARG002 - most texts mean the same to everybody
        """What a person typed, as raw JSON for `read`, which also refuses what could not be understood."""
        return text.strip()

    def schema(self) -> Mapping[str, Json]:
        """JSON Schema 2020-12 of the value as the API sends and accepts it; of a container without its children."""
        promised = {"format": self.format} if self.format else {}
        return {**keywords.annotations(self.field), **self.checked(), **promised}

    def checked(self) -> Mapping[str, Json]:
        """JSON Schema of the value as kept, which `engine.compile` validates; of a container without its children."""
        return keywords.assertions(self.field.schema) | {"type": self.json_type}

    def show(self, value: Json, audience: Audience) -> str:
        """The value as people read it."""
        return self.edited(value, audience)

    def edited(self, value: Json, audience: Audience) -> str:  # noqa: ARG002 - the same
        """The value as text in an input; `typed` understands it again."""
        return str(value)
