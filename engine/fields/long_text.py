"""Text of several lines."""

from engine.fields.text import Text


class LongText(Text):
    """Text of several lines."""

    name = "long_text"
    widget = "long_text"
