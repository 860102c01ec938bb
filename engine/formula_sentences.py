"""What `engine.sentences` says of formulas: mistakes in their text, and why one has no value."""

from typing import Final


def _(sentence: str) -> str:
    """Mark a sentence for extraction by Babel."""
    return sentence


FORMULA: Final = {
    # A formula.
    "formula.syntax": _("Unexpected “{given}”; expected {expected}."),
    "formula.unfinished": _("The formula ends too early; expected {expected}."),
    "formula.empty": _("The formula is empty."),
    "formula.character": _("“{given}” means nothing in a formula; text stands in double quotes."),
    "formula.text": _("This text has no closing quote, or control characters in it; a quote inside is written twice."),
    "formula.long_number": _("A number has at most {limit} digits."),
    "formula.too_long": _("A formula has at most {limit} characters."),
    "formula.too_deep": _("Nested more than {limit} deep; SUM and CONCAT take many values at once."),
    "formula.too_large": _("A formula has at most {limit} values, operators and functions."),
    "formula.unknown_field": _("There is no field “{given}” here; known: {known}."),
    "formula.no_fields": _("“{given}” has no fields behind a dot."),
    "formula.unknown_function": _("There is no function “{given}”; known: {known}."),
    "formula.later": _("{function} arrives in a later version; what uses it can be checked, but not published yet."),
    "formula.no_choice": _("LABEL takes a field in which something is chosen."),
    "formula.argument_count": _("{function} takes {expected} values, not {given}."),
    "formula.type": _("Expected {expected}, but this is {given}."),
    "formula.no_bands": _(
        "“{given}” needs two columns of numbers: the bounds from which bands begin, then their rates."
    ),
    "formula.no_siblings": _("ALLOCATE divides among lines: it stands in a line, and this must be a column of them."),
    # A formula that has no value.
    "formula.division_by_zero": _("Division by zero."),
    "formula.overflow": _("A number gets too large or too small to be exact."),
    "formula.bad_step": _("MROUND rounds to a step above zero, not {given}."),
    "formula.bad_criterion": _("“{given}” is no criterion for numbers; a number is one, and so is “>=100”."),
    "formula.other_lines": _("Both columns must be of the same lines."),
    "formula.same_bound": _("Two bands begin at {given}."),
    "formula.no_weights": _("There is nothing to divide by: the weights come to zero."),
    "formula.bad_places": _("ROUND takes a whole number of places between -30 and 30, not {given}."),
    "formula.bad_date": _("There is no such date."),
    "formula.bad_time": _("“{given}” is no time of day such as 08:30."),
    "formula.bad_duration": _("“{given}” is no length of time; eight and a half hours are PT8H30M."),
    "formula.not_whole": _("Days, months and characters are counted whole, and {given} is not a whole number."),
    "formula.bad_count": _("A number of characters is 0 or more and a place among them 1 or more, not {given}."),
    "formula.long_text": _("The text gets longer than {limit} characters."),
    "formula.too_many_items": _("The formula reads more than {limit} items."),
    "formula.value": _("The value of “{path}” is not of the kind that the formula expects."),
}
