"""Column types that keep values exactly, on SQLite and on PostgreSQL alike, and the one canonical JSON text.

Money, quantity and percent are never floats: NUMERIC on PostgreSQL, integers scaled by a power of ten on SQLite.
"""

import hashlib
from datetime import UTC, date, datetime
from decimal import Context, Decimal
from typing import Any, Final, TypeVar

import msgspec
from sqlalchemy import BigInteger, Boolean, Date, DateTime, Dialect, Numeric, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

#: What fits both NUMERIC(18, scale) and SQLite's 64-bit integers.
DIGITS: Final = 18

_EXACT: Final = Context(prec=60)
_SQLITE_INSTANT: Final = "%Y-%m-%dT%H:%M:%S.%fZ"

_encode = msgspec.json.Encoder(decimal_format="number", order="sorted").encode
_decode = msgspec.json.Decoder(float_hook=Decimal).decode

T = TypeVar("T")


def canonical(value: object) -> str:
    """JSON text of a value: sorted keys, no spaces, exact numbers. Equal values of equal form have equal texts."""
    return _encode(value).decode()


def parsed(text: str) -> Any:  # noqa: ANN401 - any JSON
    """The value of a JSON text; numbers with a fraction or an exponent are `Decimal`."""
    return _decode(text)


def digest(text: str) -> str:
    """SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


#: Text that compares by code point on both databases.
TEXT: Final = Text().with_variant(Text(collation="C"), "postgresql")


class Exact(TypeDecorator[Decimal]):
    """A decimal number with `scale` places; refuses what it could not give back."""

    impl = Numeric
    cache_ok = True

    def __init__(self, scale: int) -> None:
        """`scale` is the number of decimal places kept, 0 to `DIGITS`."""
        super().__init__(DIGITS, scale)
        self.scale = scale
        self._unit = Decimal((0, (1,), -scale))

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """A scaled integer where there is no exact number."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return dialect.type_descriptor(Numeric(DIGITS, self.scale))

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> Decimal | int | None:
        """Refuse floats, more places than kept and more digits than fit."""
        if value is None:
            return None
        units = self.units(value)
        return units if dialect.name == "sqlite" else Decimal(units).scaleb(-self.scale, _EXACT)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:  # noqa: ANN401 - the driver's
        """Always `scale` places."""
        if value is None:
            return None
        if dialect.name == "sqlite":
            return _EXACT.multiply(value, self._unit)
        return Decimal(value)

    def units(self, value: object) -> int:
        """How many times 10 ** -scale it is; `TypeError` when it is not exact, `ValueError` when it has no place."""
        if not isinstance(value, (Decimal, int)) or isinstance(value, bool):
            message = f"{value!r} is not an exact number"
            raise TypeError(message)
        number = Decimal(value)
        if not number.is_finite() or number.adjusted() >= DIGITS:
            message = f"{value} does not fit {DIGITS} digits"
            raise ValueError(message)
        scaled = number.scaleb(self.scale, _EXACT)
        if scaled != scaled.to_integral_value():
            message = f"{value} has more than {self.scale} decimal places"
            raise ValueError(message)
        if abs(scaled) >= 10**DIGITS:
            message = f"{value} does not fit {DIGITS} digits with {self.scale} decimal places"
            raise ValueError(message)
        return int(scaled)


class Instant(TypeDecorator[datetime]):
    """A moment: aware UTC in and out. SQLite keeps ISO text of fixed width, so that it sorts."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """ISO text where there is no such type."""
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | str | None:
        """Refuse a datetime that does not say its zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"{value} has no time zone"
            raise ValueError(message)
        moment = value.astimezone(UTC)
        return moment.strftime(_SQLITE_INSTANT) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ANN401 - the driver's
        """Aware, UTC."""
        if value is None:
            return None
        if dialect.name == "sqlite":
            return datetime.fromisoformat(value)
        moment: datetime = value
        return moment.astimezone(UTC)


class InstantText(TypeDecorator[str]):
    """A moment as `Record.values` has it: ISO text ending in Z, with a fraction only when there is one."""

    impl = Instant
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Kept as a moment."""
        return None if value is None else datetime.fromisoformat(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """The text again."""
        return None if value is None else value.replace(tzinfo=None).isoformat() + "Z"


class DateText(TypeDecorator[str]):
    """A calendar day as `Record.values` has it: ISO text."""

    impl = Date
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> date | None:  # noqa: ARG002
        """Kept as a date."""
        return None if value is None else date.fromisoformat(value)

    def process_result_value(self, value: date | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """The text again."""
        return None if value is None else value.isoformat()


class JsonText(TypeDecorator[Any]):
    """Any JSON value as canonical text, so that its numbers stay exact."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> str | None:  # noqa: ARG002
        """None is SQL's NULL."""
        return None if value is None else canonical(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ANN401, ARG002 - any JSON
        """The value again."""
        return None if value is None else parsed(value)


class StructText(TypeDecorator[T]):
    """A msgspec Struct as canonical JSON text."""

    impl = Text
    cache_ok = True

    def __init__(self, struct: type[T]) -> None:
        """`struct` is what the text is read as."""
        super().__init__()
        self.struct = struct
        self._decode = msgspec.json.Decoder(struct).decode

    def process_bind_param(self, value: T | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """None is SQL's NULL."""
        return None if value is None else canonical(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> T | None:  # noqa: ARG002
        """The Struct again."""
        return None if value is None else self._decode(value)


BOOLEAN: Final = Boolean()
INTEGER: Final = BigInteger()
