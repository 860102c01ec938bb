"""Words of ours that sentences are filled with; each is translated on its own."""

from typing import Final


def _(word: str) -> str:
    """Mark a word for extraction by Babel."""
    return word


#: Types of formulas as their sentences name them, several joined by " / "; translated like sentences.
TYPE_WORDS: Final = {
    "decimal": _("a number"),
    "text": _("text"),
    "boolean": _("TRUE or FALSE"),
    "date": _("a date"),
    "datetime": _("a date with time"),
    "duration": _("a length of time"),
    "reference": _("a reference"),
    "record": _("a group of fields"),
    "blank": _("nothing"),
    "decimal[]": _("a list of numbers"),
    "text[]": _("a list of texts"),
    "boolean[]": _("a list of TRUE and FALSE"),
    "date[]": _("a list of dates"),
    "datetime[]": _("a list of dates with time"),
    "duration[]": _("a list of lengths of time"),
    "reference[]": _("a list of references"),
    "record[]": _("line items"),
    "blank[]": _("a list of nothing"),
}
#: What may stand where a formula goes wrong; translated like sentences.
EXPECTED_WORDS: Final = (
    _("a value"),
    _("a value or “)”"),
    _("an operator"),
    _("an operator or “)”"),
    _("an operator, “,” or “)”"),
)
#: JSON types of what a program sends; translated like sentences.
JSON_WORDS: Final = {
    "object": _("an object"),
    "string": _("text"),
    "integer": _("a whole number"),
}
