"""Exact numbers: how they are read, typed, written and shown. Never float, never rounded in silence."""

import re
from collections.abc import Mapping
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import Final

from babel.numbers import format_decimal

from engine.definition.model import Json
from engine.fields import keywords
from engine.fields.characters import abbreviated, half_width
from engine.fields.field_type import Audience, FieldType, Storage, Unreadable

#: SQLite keeps exact numbers as 64-bit integers scaled by a power of ten; this many digits always fit.
MAX_DIGITS: Final = 18

_CONTEXT: Final = Context(prec=MAX_DIGITS, traps=[InvalidOperation, Inexact])
#: The same for what is rounded.
_ROUNDING: Final = Context(prec=MAX_DIGITS, traps=[InvalidOperation])
#: Decimal places → the smallest number with so many, for `quantize`.
_UNITS: Final = tuple(Decimal((0, (1,), -places)) for places in range(MAX_DIGITS + 1))
#: As in JSON, and with what people leave out or add: "5.", ".5", "+5". An exponent of four digits is past every limit.
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
#: Digits in groups of three, as Excel shows them. "1,30" is none of these, stays as it is and is refused.
_GROUPED: Final = re.compile(r"([+-]?)([0-9]{1,3}(?:[, \xa0][0-9]{3})+)(\.[0-9]*)?")


class Exact(FieldType):
    """What exact numbers have in common: the value has no trailing zeros, and travels as text."""

    keywords = keywords.NUMBER | {"x-rounding"}
    widget = "number"
    json_type = "number"
    storage = Storage.DECIMAL

    def read(self, raw: Json) -> Decimal:
        """A JSON number or its digits as text."""
        return _shortest(read_exact(raw, self.scale))

    def loaded(self, value: Decimal) -> Decimal:
        """Without the zeros that a column fills up with."""
        return _shortest(value)

    def rounded(self, number: Decimal, scale: int, mode: str) -> Decimal:
        """Of a calculated number so many places, written with those that are kept."""
        exact = rounded(number, scale, mode)
        return self.loaded(exact if scale == self.scale else read_exact(exact, self.scale))

    def all_rounded(self, numbers: tuple[Decimal, ...], scale: int, mode: str) -> tuple[Decimal, ...]:
        """The same for every line of a list."""
        if scale != self.scale:
            return tuple([self.rounded(number, scale, mode) for number in numbers])
        unit = _UNITS[scale]
        try:
            exact = [number.quantize(unit, mode, _ROUNDING) for number in numbers]
        except InvalidOperation:
            exact = [rounded(number, scale, mode) for number in numbers]  # says which one is too large
        return self.all_loaded(exact if all(exact) else [each or each.copy_abs() for each in exact])

    def all_loaded(self, numbers: list[Decimal]) -> tuple[Decimal, ...]:
        """Each of the numbers as it is loaded."""
        return tuple(map(_shortest, numbers))

    def written(self, value: Decimal) -> Json:
        """The digits as text, because JavaScript would read a number as a float."""
        return f"{Decimal(value):f}"

    def typed(self, text: str, _audience: Audience) -> str:
        """Without the grouping and the full-width forms that people paste."""
        return ungrouped(text)

    def schema(self) -> Mapping[str, Json]:
        """Text of digits; limits, which mean nothing for text, are noted as `x-minimum` and so on."""
        decimals = rf"(\.[0-9]{{1,{self.scale}}})?" if self.scale else ""
        pattern = f"^-?[0-9]{{1,{MAX_DIGITS - self.scale}}}{decimals}$"
        limits = {f"x-{keyword}": limit for keyword, limit in keywords.assertions(self.field.schema).items()}
        return {**limits, **keywords.annotations(self.field), "type": "string", "pattern": pattern}

    def show(self, value: Decimal, audience: Audience) -> str:
        """Grouped as the audience groups digits."""
        return format_decimal(value, locale=audience.locale, decimal_quantization=False)

    def edited(self, value: Decimal, _audience: Audience) -> str:
        """The digits without grouping."""
        return f"{value:f}"


def read_exact(raw: Json, scale: int) -> Decimal:
    """The number with exactly `scale` decimal places, or `Unreadable`."""
    number = read_number(raw)
    try:
        exact = _CONTEXT.quantize(number, _UNITS[scale])
    except (Inexact, InvalidOperation):
        raise _too_long(number, raw, scale) from None
    return exact or exact.copy_abs()


def rounded(number: Decimal, scale: int, mode: str) -> Decimal:
    """The number with `scale` decimal places, or `Unreadable`; `mode` is one of the decimal module."""
    try:
        exact = number.quantize(_UNITS[scale], mode, _ROUNDING)
    except InvalidOperation:
        raise _too_large(number, number, scale) from None
    return exact or exact.copy_abs()


def read_number(raw: Json) -> Decimal:
    """Any finite number given as JSON number or as text, or `Unreadable`."""
    if isinstance(raw, Decimal) and raw.is_finite():
        return raw
    if isinstance(raw, int) and not isinstance(raw, bool):
        return Decimal(raw)
    if isinstance(raw, str) and _NUMBER.fullmatch(raw):
        return Decimal(raw)
    raise Unreadable("field.number", given=abbreviated(raw))


def ungrouped(text: str) -> str:
    """What a person typed or pasted, as digits for `read_number`: "１,300.5" becomes "1300.5"."""
    text = half_width(text)
    if grouped := _GROUPED.fullmatch(text):
        sign, whole, fraction = grouped.groups(default="")
        return sign + re.sub("[, \xa0]", "", whole) + fraction
    return text


def _too_long(number: Decimal, raw: Json, scale: int) -> Unreadable:
    """Why a number cannot be kept: it has too many decimals, or too many digits before them."""
    if (decimals := _decimals(number)) > scale:
        code = "field.decimals" if scale else "field.whole"
        return Unreadable(code, scale=str(scale), given=abbreviated(raw), count=str(decimals))
    return _too_large(number, raw, scale)


def _too_large(number: Decimal, raw: Json, scale: int) -> Unreadable:
    whole = str(number.adjusted() + 1)
    return Unreadable("field.digits", limit=str(MAX_DIGITS - scale), given=abbreviated(raw), count=whole)


def _decimals(number: Decimal) -> int:
    """How many decimal places a number needs, trailing zeros not counted."""
    _, digits, exponent = number.as_tuple()
    text = "".join(map(str, digits))
    assert isinstance(exponent, int)  # a letter stands there for NaN and Infinity only
    return len(text.rstrip("0")) - len(text) - exponent


def _shortest(number: Decimal) -> Decimal:
    """The same without zeros at the end of its decimals."""
    whole = number.to_integral_value()
    return whole if whole == number else number.normalize()
