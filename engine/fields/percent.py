"""A ratio that people read and type as a percentage."""

from decimal import Decimal

from babel.numbers import format_percent

from engine.fields.characters import half_width
from engine.fields.exact import Exact, read_number, ungrouped
from engine.fields.field_type import Audience, Unreadable


class Percent(Exact):
    """A ratio with at most 4 decimals: 0.09 is 9 %."""

    name = "percent"
    scale = 4

    def typed(self, text: str, _audience: Audience) -> str:
        """As Excel understands what is typed into a percentage cell: "9%", "9" and "0.09" are all 9 %."""
        plain = half_width(text)
        digits = ungrouped(plain.removesuffix("%"))
        try:
            number = read_number(digits)
        except Unreadable:
            return text
        is_percentage = plain.endswith("%") or abs(number) >= 1
        return str(_shifted(number, -2)) if is_percentage else digits

    def show(self, value: Decimal, audience: Audience) -> str:
        """The percentage, "9.25%"."""
        return format_percent(value, locale=audience.locale, decimal_quantization=False)

    def edited(self, value: Decimal, _audience: Audience) -> str:
        """The percentage without grouping."""
        return f"{_shifted(value, 2):f}%"


def _shifted(number: Decimal, places: int) -> Decimal:
    """The number with its point moved; exact for any number of digits, which `scaleb` is not."""
    sign, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)  # only finite numbers come here
    return Decimal((sign, digits, exponent + places))
