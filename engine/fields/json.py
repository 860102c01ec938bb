"""JSON of any shape, for what has no input of its own."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

import msgspec

from engine.definition.model import Json
from engine.fields import keywords
from engine.fields.characters import abbreviated, read_text
from engine.fields.field_type import Audience, FieldType, Storage, Unreadable

#: Deeper documents are nobody's form data, and every walk over them would have to fear the end of the stack.
MAX_DEPTH: Final = 32
#: No database and no formula takes longer numbers.
MAX_DIGITS: Final = 40

_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")
_DECODER: Final = msgspec.json.Decoder(float_hook=Decimal)


class NotJson(msgspec.Struct, frozen=True):
    """Text that a person typed in place of JSON; `read` refuses it, while a plain `str` is a JSON string."""

    text: str


class AnyJson(FieldType):
    """Any JSON value that the author's own keywords allow."""

    name = "json"
    keywords = keywords.TEXT | keywords.NUMBER | keywords.LIST | keywords.CHOICE | keywords.OBJECT | keywords.SHAPELESS
    widget = "json"
    storage = Storage.JSON

    def read(self, raw: Json) -> Json:
        """Any JSON value of bounded depth."""
        if isinstance(raw, NotJson):
            raise Unreadable("field.json", given=abbreviated(raw.text))
        return _read(raw, "", MAX_DEPTH)

    def typed(self, text: str, _audience: Audience) -> Json:
        """JSON text."""
        return parsed(text)

    def checked(self) -> Mapping[str, Json]:
        """As the author wrote it."""
        return keywords.assertions(self.field.schema)

    def show(self, value: Json, _audience: Audience) -> str:
        """JSON in one line."""
        return dumped(value)

    def edited(self, value: Json, _audience: Audience) -> str:
        """JSON, indented."""
        return msgspec.json.format(dumped(value), indent=2)


def parsed(text: str) -> Json:
    """The value that JSON text stands for, numbers exact; `NotJson` when it stands for none."""
    try:
        return _DECODER.decode(text)
    except (msgspec.MsgspecError, ArithmeticError, RecursionError, UnicodeError):
        return NotJson(text.strip())


def dumped(value: Json) -> str:
    """The value as JSON text in one line, exact numbers as JSON numbers."""
    return _ENCODER.encode(value).decode()


def same(one: Json, other: Json) -> bool:
    """Whether two JSON values are equal: 1 is 1.0, but neither true nor "1"."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    return bool(one == other)


def _read(raw: Json, pointer: str, depth: int) -> Json:
    if raw is None or isinstance(raw, bool):
        return raw
    if isinstance(raw, str):
        return read_text(raw, pointer=pointer)
    if isinstance(raw, int | Decimal):
        return _read_number(raw, pointer)
    if isinstance(raw, list | dict) and not depth:
        raise Unreadable("field.depth", pointer, limit=str(MAX_DEPTH))
    if isinstance(raw, list):
        return [_read(each, f"{pointer}/{place}", depth - 1) for place, each in enumerate(raw)]
    if isinstance(raw, dict):
        return {
            read_text(key, pointer=pointer): _read(each, f"{pointer}/{_escaped(key)}", depth - 1)
            for key, each in raw.items()
        }
    raise Unreadable("field.json", pointer, given=abbreviated(raw))


def _read_number(raw: int | Decimal, pointer: str) -> int | Decimal:
    number = Decimal(raw)
    if not number.is_finite() or abs(number.adjusted()) >= MAX_DIGITS or len(number.as_tuple().digits) > MAX_DIGITS:
        raise Unreadable("field.json_number", pointer, limit=str(MAX_DIGITS), given=abbreviated(number))
    return raw


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
