"""A number with decimals that is neither money nor a quantity nor a percentage."""

from collections.abc import Mapping
from decimal import Decimal

from engine.definition.model import Field, Json
from engine.fields import keywords
from engine.fields.exact import Exact
from engine.fields.field_type import FieldType


class DecimalNumber(Exact):
    """A number with at most `x-scale` decimals, 6 unless said otherwise; what `"type": "number"` becomes."""

    name = "decimal"
    keywords = Exact.keywords | {"x-scale"}
    scale = 6

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self.scale = field.schema.get("x-scale", self.scale)
        self._is_json_number = "number" in keywords.merged(field.schema).get("type", ())

    def written(self, value: Decimal) -> Json:
        """A JSON number where the author's schema promises one."""
        return value if self._is_json_number else super().written(value)

    def schema(self) -> Mapping[str, Json]:
        """As the author wrote it, or text of digits."""
        return FieldType.schema(self) if self._is_json_number else super().schema()
