"""A whole number."""

from decimal import Decimal

from babel.numbers import format_decimal

from engine.definition.model import Json
from engine.fields.exact import read_exact, rounded, ungrouped
from engine.fields.field_type import Audience, FieldType, Storage
from engine.fields.keywords import NUMBER

#: Up to here digits stay together, so that a year is shown as a year.
_UNGROUPED = 9999


class Integer(FieldType):
    """A whole number of at most 18 digits."""

    name = "integer"
    keywords = NUMBER
    widget = "number"
    json_type = "integer"
    storage = Storage.INTEGER

    def read(self, raw: Json) -> int:
        """An integer, or a number that is one, such as 2.0."""
        return int(read_exact(raw, scale=0))

    def rounded(self, number: Decimal, scale: int, mode: str) -> int:
        """A calculated number without decimals."""
        return int(rounded(number, scale, mode))

    def typed(self, text: str, _audience: Audience) -> str:
        """Without the grouping and the full-width forms that people paste."""
        return ungrouped(text)

    def show(self, value: int, audience: Audience) -> str:
        """Grouped from five digits on."""
        return format_decimal(value, locale=audience.locale) if abs(value) > _UNGROUPED else str(value)
