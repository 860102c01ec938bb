"""An amount of money in the workspace's currency."""

import re
from decimal import Decimal
from typing import Final

from babel.numbers import format_decimal

from engine.definition.model import Json
from engine.fields.characters import half_width
from engine.fields.exact import Exact, read_exact, ungrouped
from engine.fields.field_type import Audience

_CURRENCY: Final = re.compile(r"^([+-]?)\s*¥\s*|\s*元$")


class Money(Exact):
    """An amount with exactly 2 decimals."""

    name = "money"
    scale = 2

    def read(self, raw: Json) -> Decimal:
        """A JSON number or its digits as text; 5200 is kept as 5200.00."""
        return read_exact(raw, self.scale)

    def loaded(self, value: Decimal) -> Decimal:
        """As the column gives it."""
        return value

    def all_loaded(self, numbers: list[Decimal]) -> tuple[Decimal, ...]:
        """The same for every line of a list."""
        return tuple(numbers)

    def typed(self, text: str, _audience: Audience) -> str:
        """Without the yen sign, too."""
        return ungrouped(_CURRENCY.sub(r"\1", half_width(text)))

    def show(self, value: Decimal, audience: Audience) -> str:
        """Grouped, always with both decimals."""
        return format_decimal(value, "#,##0.00", audience.locale)
