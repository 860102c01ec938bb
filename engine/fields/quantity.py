"""How much of something: 12.5 m³."""

from engine.fields.exact import Exact


class Quantity(Exact):
    """A quantity with at most 6 decimals."""

    name = "quantity"
    scale = 6
